"""The calculator: offences, the facts that it asks, and what it answers."""

from chassis.schemas import Choice, Day, Flag, Free, Id, Integer, Part, Rows, Schema, Text, Value
from enforcement.cases.grounds import MOST_OFFENCES
from enforcement.discretion import SUBJECTS
from enforcement.schemas.cases import OFFENCE, RICHEST
from enforcement.words import LEVELS, PARTY_KINDS, VERDICTS

SHAPES = {"D": "责令改正时即可处罚", "R": "逾期未改正的才能处罚"}


class TraceLine(Schema):
    step = Text(required=True)
    text = Text(max=4000, required=True)
    clause = Text(required=True)
    in_force = Day(required=True)


class WeighedRefusal(Schema):
    code = Text(required=True)
    text = Text(required=True)
    detail = Free(required=True)


class MeasureTold(Schema):
    code = Text(required=True)
    text = Text(required=True)
    hearing = Flag(required=True)
    days = Rows(Integer(), allow_none=True, required=True)


class Yielding(Schema):
    offence_key = Text(required=True)
    clause = Text(required=True)


class WeighingTold(Schema):
    """What the calculator answers: every line with its clause and the day since which that holds; `text` is the whole trace."""

    offence_key = Text(required=True)
    clause = Text("依据", required=True)
    subject = Choice(choices=SUBJECTS, required=True)
    party = Choice(choices=PARTY_KINDS, required=True)
    on = Day(required=True)
    law_day = Day(required=True)
    legal_low = Integer("法定下限", required=True)
    legal_high = Integer("法定上限", required=True)
    is_provisional = Flag(required=True)
    lines = Rows(Part(TraceLine), required=True)
    refusals = Rows(Part(WeighedRefusal), required=True)
    tier = Text(required=True)
    tier_low = Integer(required=True)
    tier_high = Integer(required=True)
    level = Choice(choices=LEVELS, required=True)
    result_low = Integer(required=True)
    result_high = Integer(required=True)
    suggested = Integer("建议数额", required=True)
    may_reduce = Flag(required=True)
    may_exempt = Flag(required=True)
    measures = Rows(Part(MeasureTold), required=True)
    measures_grave = Rows(Part(MeasureTold), required=True)
    needs = Rows(Text(), required=True)
    text = Text(max=20000, required=True)
    several = Text(required=True)
    yielding = Rows(Part(Yielding), required=True)


class OffenceItem(Schema):
    offence_key = Text(required=True)
    clause = Text("依据", required=True)
    subject = Choice("违法主体", choices=SUBJECTS, required=True)
    party = Choice(choices=PARTY_KINDS, required=True)
    conduct = Text("违法行为", max=4000, required=True)
    shape = Choice("处罚方式", choices=SHAPES, required=True)
    confirmed = Flag(required=True)
    decided_by = Text(required=True)


class ListOffencesRequest(Schema):
    pass


class ListOffencesReply(Schema):
    items = Rows(Part(OffenceItem), required=True)


class FactAsked(Schema):
    """One field of a facts form. `kind`: number, money (whole yuan), flag, choice, day or text."""

    name = Text(required=True)
    kind = Text(required=True)
    label = Text(required=True)
    help = Text(required=True)
    default = Value(allow_none=True, required=True)
    required = Flag(required=True)
    at_least = Integer(allow_none=True, required=True)
    choices = Free(required=True)


class OffenceRequest(Schema):
    offence_key = Text("违法行为", max=40, pattern=OFFENCE, required=True)


class OffenceShort(Schema):
    offence_key = Text(required=True)
    clause = Text("依据", required=True)
    conduct = Text("违法行为", max=4000, required=True)
    subject = Choice("违法主体", choices=SUBJECTS, required=True)
    shape = Choice("处罚方式", choices=SHAPES, required=True)


class OffenceReply(OffenceShort):
    facts = Rows(Part(FactAsked), required=True)


class WeighPenaltyRequest(Schema):
    """`on`: the day of the decision, today where none is said; `amount`: one to be judged by the weighing."""

    offence_keys = Rows(Text(max=40, pattern=OFFENCE), "违法行为", min=1, max=MOST_OFFENCES, required=True)
    facts = Free("裁量事实", load_default=dict)
    on = Day("计算日期", allow_none=True, load_default=None)
    amount = Integer("拟处罚款（元）", min=0, max=RICHEST, allow_none=True, load_default=None)


class JudgedTold(Schema):
    verdict = Choice(choices=VERDICTS | {"never": "不得作出"}, required=True)
    text = Text(required=True)
    needs = Rows(Text(), required=True)


class WeighCaseRequest(Schema):
    case_id = Id("案件", required=True)
    facts = Free("裁量事实", load_default=dict)
    amount = Integer("拟处罚款（元）", min=0, max=RICHEST, allow_none=True, load_default=None)


class WeighPenaltyReply(Schema):
    weighing = Part(WeighingTold, required=True)
    judged = Part(JudgedTold, allow_none=True, required=True)
