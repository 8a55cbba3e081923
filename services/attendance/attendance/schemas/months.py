"""A person's month; reopened, and corrected."""

from attendance.schemas.common import MONTH
from attendance.words import CORRECTED_TO, ROLES, STANDINGS, SUSPICION_STAGES, VERDICTS
from chassis.schemas import Choice, Day, Flag, Free, Id, Integer, Moment, Number, Part, Rows, Schema, Text


class MonthRequest(Schema):
    person_id = Id("人员", required=True)
    month = Text("月份（如 2026-11）", pattern=MONTH, required=True)


class ReasonTold(Schema):
    """A code with its figures; minutes are those of the Shanghai day."""

    code = Text(required=True)
    told = Free(required=True)


class DayTold(Schema):
    """`first_in`, `last_out` are minutes of the day, null where he was never surely inside; the truth lies between
    `least_minutes` and `most_minutes`. `suspicion`: how far an inquiry into the day's positions has come, if there is one."""

    day = Day(required=True)
    verdict = Choice("认定", choices=VERDICTS, required=True)
    first_in = Integer("首次到岗", allow_none=True, required=True)
    last_out = Integer("最后离岗", allow_none=True, required=True)
    least_minutes = Integer("在场时长（至少）", required=True)
    most_minutes = Integer("在场时长（至多）", required=True)
    reasons = Rows(Part(ReasonTold), required=True)
    suspicion = Choice("定位存疑", choices=SUSPICION_STAGES, allow_none=True, required=True)


class ExcludedDay(Schema):
    day = Day(required=True)
    reason = Text(required=True)


class RuleTold(Schema):
    of = Text(required=True)
    document = Text("依据", required=True)
    clause = Text(required=True)
    day_basis = Text(required=True)


class Figures(Schema):
    """`rate` is that of the days surely valid, `highest_rate` with every unknown day counted too; both null where no day
    counts. `standing` tells whether the whole month reaches what is `required` (percent)."""

    valid = Integer("有效天数", required=True)
    undecided = Integer("待定天数", required=True)
    denominator = Integer("应到天数", required=True)
    rate = Number("到岗率", allow_none=True, required=True)
    highest_rate = Number(allow_none=True, required=True)
    required = Integer("应达到", required=True)
    standing = Choice(choices=STANDINGS, required=True)


class Earlier(Figures):
    """What the month had come to when it was closed before, and who reopened it."""

    revision = Integer(required=True)
    closed_at = Moment("封存时间", required=True)
    reopened_at = Moment("重新开放时间", required=True)
    reopened_by = Text("重新开放人", required=True)
    reason = Text("理由", required=True)


class CorrectionTold(Schema):
    """An officer's entry, and the one that withdrew it where one did."""

    correction_id = Id(required=True)
    day = Day(required=True)
    verdict = Choice("更正为", choices=CORRECTED_TO, required=True)
    reason = Text("理由", required=True)
    document = Text("依据文书", required=True)
    entered_at = Moment(required=True)
    entered_by = Text(required=True)
    withdrawn_at = Moment(allow_none=True, required=True)
    withdrawn_by = Text(allow_none=True, required=True)
    withdrawn_because = Text(allow_none=True, required=True)


class DutyMonth(Figures):
    """Of a closed month (`closed_at`) all is told as it was written down then; `now` is what today's reckoning would say
    where that differs. An open one counts what arrives until `closes_on`, that day included."""

    project_id = Id(required=True)
    project_name = Text(required=True)
    role = Choice(choices=ROLES, required=True)
    days = Rows(Part(DayTold), required=True)
    excluded = Rows(Part(ExcludedDay), required=True)
    rule = Part(RuleTold, required=True)
    closed_at = Moment("封存时间", allow_none=True, required=True)
    closes_on = Day("封存前最后一日", required=True)
    revision = Integer("第几次封存", required=True)
    now = Part(Figures, allow_none=True, required=True)
    earlier = Rows(Part(Earlier), required=True)
    corrections = Rows(Part(CorrectionTold), required=True)
    may_reopen = Flag(required=True)
    may_correct = Flag(required=True)


class ReopenMonthRequest(Schema):
    project_id = Id("工程", required=True)
    month = Text("月份（如 2026-11）", pattern=MONTH, required=True)
    reason = Text("理由", min=5, max=200, required=True)


class ReopenMonthReply(Schema):
    project_id = Id(required=True)
    month = Text(required=True)
    revision = Integer(required=True)
    closes_on = Day(required=True)


class CorrectDayRequest(Schema):
    person_id = Id("人员", required=True)
    project_id = Id("工程", required=True)
    day = Day("日期", required=True)
    verdict = Choice("更正为", choices=CORRECTED_TO, required=True)
    reason = Text("理由", min=5, max=200, required=True)
    document = Text("依据文书（名称、文号）", min=2, max=120, required=True)


class WithdrawCorrectionRequest(Schema):
    correction_id = Id("更正", required=True)
    reason = Text("理由", min=5, max=200, required=True)


class CorrectionReply(Schema):
    correction_id = Id(required=True)


class MonthReply(Schema):
    person_id = Id(required=True)
    month = Text(required=True)
    duties = Rows(Part(DutyMonth), required=True)
