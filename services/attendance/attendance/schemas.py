"""Requests and replies. The contract is generated from here."""

from attendance.words import LEAVE_STAGES, ROLES, STANDINGS, VERDICTS
from chassis.schemas import Choice, Day, Flag, Free, Id, Integer, Moment, Number, Part, Rows, Schema, Text

# A territory's path: province, city, county, zone; some units stand directly below the province.
AREA = r"[0-9]{2}(\.[0-9]{4,6}){0,3}"
MONTH = r"20[0-9]{2}-(0[1-9]|1[0-2])"


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


class ListDevicesRequest(Schema):
    person_id = Id("人员", allow_none=True, load_default=None)


class DeviceItem(Schema):
    device_id = Id(required=True)
    person_id = Id(required=True)
    label = Text(required=True)
    opened_at = Moment("开通时间", required=True)
    closed_at = Moment("关闭时间", allow_none=True, required=True)


class ListDevicesReply(Schema):
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


class MonthRequest(Schema):
    person_id = Id("人员", required=True)
    month = Text("月份（如 2026-11）", pattern=MONTH, required=True)


class ReasonTold(Schema):
    """A code with its figures; minutes are those of the Shanghai day."""

    code = Text(required=True)
    told = Free(required=True)


class DayTold(Schema):
    """`first_in`, `last_out` are minutes of the day, null where he was never surely inside; the truth lies between
    `least_minutes` and `most_minutes`."""

    day = Day(required=True)
    verdict = Choice("认定", choices=VERDICTS, required=True)
    first_in = Integer("首次到岗", allow_none=True, required=True)
    last_out = Integer("最后离岗", allow_none=True, required=True)
    least_minutes = Integer("在场时长（至少）", required=True)
    most_minutes = Integer("在场时长（至多）", required=True)
    reasons = Rows(Part(ReasonTold), required=True)


class ExcludedDay(Schema):
    day = Day(required=True)
    reason = Text(required=True)


class RuleTold(Schema):
    of = Text(required=True)
    document = Text("依据", required=True)
    clause = Text(required=True)
    day_basis = Text(required=True)


class DutyMonth(Schema):
    """`rate` is that of the days surely valid, `highest_rate` with every unknown day counted too; both null where no day
    counts. `standing` tells whether the month reaches what is `required` (percent)."""

    project_id = Id(required=True)
    project_name = Text(required=True)
    role = Choice(choices=ROLES, required=True)
    days = Rows(Part(DayTold), required=True)
    valid = Integer("有效天数", required=True)
    undecided = Integer("待定天数", required=True)
    denominator = Integer("应到天数", required=True)
    excluded = Rows(Part(ExcludedDay), required=True)
    rate = Number("到岗率", allow_none=True, required=True)
    highest_rate = Number(allow_none=True, required=True)
    required = Integer("应达到", required=True)
    standing = Choice(choices=STANDINGS, required=True)
    rule = Part(RuleTold, required=True)


class MonthReply(Schema):
    person_id = Id(required=True)
    month = Text(required=True)
    duties = Rows(Part(DutyMonth), required=True)


class BoardRequest(Schema):
    area = Text("区域", pattern=AREA, allow_none=True, load_default=None)
    project_id = Id("工程", allow_none=True, load_default=None)


class BoardCounts(Schema):
    """Of the people due now: how many were inside within the last half hour, how many sent nothing today, and when the
    newest position of any of them was taken."""

    due = Integer("应在岗", required=True)
    there = Integer("在岗", required=True)
    never_seen = Integer("今日无定位", required=True)
    newest = Moment("最新定位", allow_none=True, required=True)


class BoardPlace(BoardCounts):
    place = Text(required=True)
    sites = Integer("工程数", required=True)


class BoardSite(BoardCounts):
    project_id = Id(required=True)
    project_name = Text(required=True)
    area = Text(required=True)


class BoardPerson(Schema):
    person_id = Id(required=True)
    role = Choice(choices=ROLES, required=True)
    last_inside_at = Moment(allow_none=True, required=True)
    last_seen_at = Moment(allow_none=True, required=True)


class BoardReply(Schema):
    """`places` one step below the area, the area's own sites under itself; `sites` of a city or county, the emptiest
    first; `people` of the one site that was asked for."""

    area = Text(required=True)
    at = Moment(required=True)
    places = Rows(Part(BoardPlace), required=True)
    sites = Rows(Part(BoardSite), required=True)
    people = Rows(Part(BoardPerson), required=True)


class AskLeaveRequest(Schema):
    person_id = Id("人员", required=True)
    project_id = Id("工程", required=True)
    first = Day("自", required=True)
    last = Day("至", required=True)
    reason = Text("事由", min=2, max=200, required=True)
    deputy_id = Id("代管人员", allow_none=True, load_default=None)


class LeaveReply(Schema):
    leave_id = Id(required=True)
    stage = Choice(choices=LEAVE_STAGES, required=True)


class LeaveRequest(Schema):
    leave_id = Id("请假", required=True)


class DecideLeaveRequest(LeaveRequest):
    approves = Flag("同意", required=True)
    opinion = Text("意见", max=200, load_default="")


class ListLeavesRequest(Schema):
    person_id = Id("人员", allow_none=True, load_default=None)
    project_id = Id("工程", allow_none=True, load_default=None)
    stage = Choice("状态", choices=LEAVE_STAGES, allow_none=True, load_default=None)


class LeaveItem(Schema):
    leave_id = Id(required=True)
    person_id = Id(required=True)
    project_id = Id(required=True)
    project_name = Text(required=True)
    first = Day("自", required=True)
    last = Day("至", required=True)
    reason = Text("事由", required=True)
    deputy_id = Id("代管人员", allow_none=True, required=True)
    stage = Choice("状态", choices=LEAVE_STAGES, required=True)
    asked_by = Text("申请单位", required=True)
    asked_at = Moment("申请时间", required=True)
    decided_at = Moment("决定时间", allow_none=True, required=True)
    opinion = Text("意见", allow_none=True, required=True)


class ListLeavesReply(Schema):
    items = Rows(Part(LeaveItem), required=True)
