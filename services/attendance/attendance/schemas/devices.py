"""Phones."""

from attendance.schemas.common import Listed, Page
from chassis.schemas import Id, Integer, Moment, Part, Rows, Schema, Text


class OpenDeviceRequest(Schema):
    person_id = Id("人员", required=True)
    label = Text("手机说明", max=60, load_default="")


class OpenDeviceReply(Schema):
    """`device` and `person` are the numbers under which the positions of this phone travel."""

    device_id = Id(required=True)
    device = Integer(required=True)
    person = Integer(required=True)


class DeviceRequest(Schema):
    device_id = Id("手机", required=True)


class CloseDeviceReply(Schema):
    device_id = Id(required=True)
    closed_at = Moment(required=True)


class ListDevicesRequest(Page):
    person_id = Id("人员", allow_none=True, load_default=None)


class DeviceItem(Schema):
    device_id = Id(required=True)
    person_id = Id(required=True)
    label = Text(required=True)
    opened_at = Moment("开通时间", required=True)
    closed_at = Moment("关闭时间", allow_none=True, required=True)


class ListDevicesReply(Listed):
    items = Rows(Part(DeviceItem), required=True)


class Gap(Schema):
    """Both ends are missing themselves."""

    first = Integer(required=True)
    last = Integer(required=True)


class MissingReply(Schema):
    """`last` is the highest number that has arrived, `more` how many gaps there are beyond those told."""

    device_id = Id(required=True)
    last = Integer(allow_none=True, required=True)
    missing = Rows(Part(Gap), required=True)
    more = Integer(required=True)
