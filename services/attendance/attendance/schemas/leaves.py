"""Leave."""

from attendance.schemas.common import Listed, Page
from attendance.words import LEAVE_STAGES
from chassis.schemas import Choice, Day, Flag, Id, Moment, Part, Rows, Schema, Text


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


class ListLeavesRequest(Page):
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


class ListLeavesReply(Listed):
    items = Rows(Part(LeaveItem), required=True)
