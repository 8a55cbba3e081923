"""A person's month."""

from attendance.schemas.common import MONTH
from attendance.words import ROLES, STANDINGS, SUSPICION_STAGES, VERDICTS
from chassis.schemas import Choice, Day, Free, Id, Integer, Number, Part, Rows, Schema, Text


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
