"""Leadership shifts (现场带班)."""

from attendance.schemas.common import MONTH, Listed, Page
from attendance.words import LEADING, SHIFT_STAGES, STANDINGS
from chassis.schemas import Choice, Day, Flag, Id, Integer, Moment, Number, Part, Rows, Schema, Text

TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]"


class RecordShiftRequest(Schema):
    person_id = Id("带班人员", required=True)
    project_id = Id("工程", required=True)
    leads_as = Choice("带班身份", choices=LEADING, required=True)
    day = Day("日期", required=True)
    starts = Text("开始时间", pattern=TIME, required=True)
    ends = Text("结束时间", pattern=TIME, required=True)
    checked = Text("检查内容", min=5, max=1000, required=True)
    found = Text("发现问题及处理（没有的写“无”）", min=1, max=1000, required=True)


class ShiftReply(Schema):
    shift_id = Id(required=True)
    stage = Choice(choices=SHIFT_STAGES, required=True)


class ShiftRequest(Schema):
    shift_id = Id("带班记录", required=True)


class DecideShiftRequest(ShiftRequest):
    confirms = Flag("属实，予以确认", required=True)
    remark = Text("意见（退回的须说明理由）", max=200, load_default="")


class ListShiftsRequest(Page):
    person_id = Id("人员", allow_none=True, load_default=None)
    project_id = Id("工程", allow_none=True, load_default=None)
    stage = Choice("状态", choices=SHIFT_STAGES, allow_none=True, load_default=None)


class ShiftItem(Schema):
    """`inside_minutes`: minutes of the shift with a position surely on the site; null where none came that day."""

    shift_id = Id(required=True)
    person_id = Id(required=True)
    project_id = Id(required=True)
    project_name = Text(required=True)
    leads_as = Choice("带班身份", choices=LEADING, required=True)
    day = Day("日期", required=True)
    starts = Text("开始时间", required=True)
    ends = Text("结束时间", required=True)
    checked = Text("检查内容", required=True)
    found = Text("发现问题及处理", required=True)
    inside_minutes = Integer("定位佐证", allow_none=True, required=True)
    stage = Choice("状态", choices=SHIFT_STAGES, required=True)
    recorded_by = Text("登记单位", required=True)
    recorded_at = Moment("登记时间", required=True)
    decided_by = Text("确认单位", required=True)
    decided_at = Moment("确认时间", allow_none=True, required=True)
    remark = Text("意见", allow_none=True, required=True)
    may_decide = Flag(required=True)
    may_withdraw = Flag(required=True)


class ListShiftsReply(Listed):
    items = Rows(Part(ShiftItem), required=True)


class LeaderMonthRequest(Schema):
    person_id = Id("人员", required=True)
    month = Text("月份（如 2026-11）", pattern=MONTH, required=True)


class RecordLeaderLeaveRequest(Schema):
    person_id = Id("企业负责人", required=True)
    first = Day("自", required=True)
    last = Day("至（含当日）", required=True)
    reason = Text("事由", min=2, max=200, required=True)


class WithdrawLeaderLeaveRequest(Schema):
    leave_id = Id("休假记录", required=True)


class LeaderLeaveReply(Schema):
    leave_id = Id(required=True)


class LeaderLeaveItem(Schema):
    leave_id = Id(required=True)
    first = Day("自", required=True)
    last = Day("至（含当日）", required=True)
    reason = Text("事由", required=True)
    recorded_by = Text("登记单位", required=True)
    recorded_at = Moment("登记时间", required=True)
    may_withdraw = Flag(required=True)


class LeaderMonthReply(Schema):
    """`days`: with a confirmed shift, on whatever site; `waiting`: with one that nobody has confirmed yet; `working_days`:
    without those of `leave`; `provisional` while the notice of the year's working days is not known (调休)."""

    person_id = Id(required=True)
    month = Text(required=True)
    days = Integer("带班天数", required=True)
    waiting = Integer("待确认天数", required=True)
    working_days = Integer("当月工作日", required=True)
    provisional = Flag("工作日暂定", required=True)
    rate = Number("带班率", allow_none=True, required=True)
    required = Integer("应达到", required=True)
    standing = Choice(choices=STANDINGS, required=True)
    document = Text("依据", required=True)
    clause = Text(required=True)
    shifts = Rows(Part(ShiftItem), required=True)
    leave = Rows(Part(LeaderLeaveItem), "休假", required=True)
    may_record_leave = Flag(required=True)
