"""Beacons."""

from attendance.schemas.common import Listed, Page
from chassis.schemas import Choice, Flag, Id, Integer, Moment, Part, Rows, Schema, Text

UUID = r"[0-9A-Fa-f]{8}-?([0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12}"
LARGEST = 65_535


class PlaceBeaconRequest(Schema):
    project_id = Id("工程", required=True)
    uuid = Text("UUID", max=36, pattern=UUID, required=True)
    major = Integer("Major", min=0, max=LARGEST, required=True)
    minor = Integer("Minor", min=0, max=LARGEST, required=True)
    label = Text("信标名称", min=1, max=60, required=True)
    place = Text("安装位置", min=2, max=200, required=True)


class PlaceBeaconReply(Schema):
    beacon_id = Id(required=True)
    placed_at = Moment("安装时间", required=True)


class BeaconRequest(Schema):
    beacon_id = Id("信标", required=True)


class RemoveBeaconReply(Schema):
    beacon_id = Id(required=True)
    removed_at = Moment("撤除时间", required=True)


class ListBeaconsRequest(Page):
    project_id = Id("工程", allow_none=True, load_default=None)
    standing = Flag("仅在用", load_default=False)


class BeaconItem(Schema):
    """`placed_by`, `removed_by`: which organisation's people did it."""

    beacon_id = Id(required=True)
    project_id = Id(required=True)
    project_name = Text("工程", required=True)
    uuid = Text("UUID", required=True)
    major = Integer("Major", required=True)
    minor = Integer("Minor", required=True)
    label = Text("信标名称", required=True)
    place = Text("安装位置", required=True)
    placed_at = Moment("安装时间", required=True)
    placed_by = Text("安装单位", required=True)
    removed_at = Moment("撤除时间", allow_none=True, required=True)
    removed_by = Text("撤除单位", allow_none=True, required=True)
    acts = Rows(Choice(choices={"remove_beacon": "撤除信标"}), required=True)


class ListBeaconsReply(Listed):
    items = Rows(Part(BeaconItem), required=True)
