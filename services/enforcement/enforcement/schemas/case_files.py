"""Penalty cases as they are read, and what the form of a new one needs."""

from chassis.schemas import Choice, Day, Flag, Free, Id, Integer, Moment, Number, Part, Rows, Schema, Text
from enforcement.cases.grounds import MOST_OFFENCES
from enforcement.schemas.cases import OFFENCE
from enforcement.schemas.common import AREA, Listed, Page
from enforcement.schemas.discretion import FactAsked, OffenceShort, WeighingTold
from enforcement.schemas.documents import Acted
from enforcement.words import (
    CASE_ACTS,
    CASE_KINDS,
    CASE_OUTCOMES,
    CASE_SOURCES,
    CASE_STAGES,
    CASE_TURNS,
    CHALLENGE_ENDS,
    CHALLENGES,
    DOCUMENT_KINDS,
    LEVELS,
    ORDER_KINDS,
    ORDER_STAGES,
    PARTY_KINDS,
    VERDICTS,
)

CLOCK_KINDS = {"limit": "期限", "lead": "最早日期"}


class ListCasesRequest(Page):
    stage = Choice("环节", choices=CASE_STAGES, allow_none=True, load_default=None)
    open = Flag("在办", allow_none=True, load_default=None)
    area = Text("辖区", pattern=AREA, allow_none=True, load_default=None)
    project_id = Id("工程", allow_none=True, load_default=None)
    order_id = Id("责令通知", allow_none=True, load_default=None)
    party_id = Id("当事人", allow_none=True, load_default=None)
    mine = Flag("待我办理", load_default=False)


class CaseClockTold(Schema):
    """A period that runs in the case. `days_left`: below 0 once it is past; null where it has ended."""

    clock_id = Text(required=True)
    text = Text("期限", required=True)
    bound = Text("适用对象", required=True)
    clause = Text("依据", required=True)
    kind = Choice(choices=CLOCK_KINDS, required=True)
    started_on = Day("起算日", required=True)
    due_on = Day("截止日", required=True)
    provisional = Flag("暂定", required=True)
    extensions = Integer("延长次数", required=True)
    stands_still = Flag("中止计算", required=True)
    ended_on = Day("办结日", allow_none=True, required=True)
    days_left = Integer("剩余天数", allow_none=True, required=True)
    late_by = Integer("超期天数", required=True)


class CaseItem(Schema):
    case_id = Id(required=True)
    number = Text("案号", allow_none=True, required=True)
    kind = Choice("程序", choices=CASE_KINDS, required=True)
    stage = Choice("环节", choices=CASE_STAGES, required=True)
    agency_id = Id(required=True)
    agency_name = Text("办案机关", required=True)
    area = Text(required=True)
    project_id = Id("工程", allow_none=True, required=True)
    project_name = Text("工程", allow_none=True, required=True)
    order_id = Id(allow_none=True, required=True)
    party_kind = Choice("当事人类别", choices=PARTY_KINDS, required=True)
    party_id = Id(allow_none=True, required=True)
    party_name = Text("当事人", required=True)
    offence_keys = Rows(Text(), "违法行为", required=True)
    conduct = Text("违法行为", required=True)
    clause = Text("依据", allow_none=True, required=True)
    outcome = Choice("结果", choices=CASE_OUTCOMES, allow_none=True, required=True)
    fine = Integer("罚款（元）", allow_none=True, required=True)
    opened_at = Moment("登记时间", required=True)
    decided_at = Moment("决定时间", allow_none=True, required=True)
    decision_number = Text("决定书文号", allow_none=True, required=True)
    closed_at = Moment("结案时间", allow_none=True, required=True)
    turn = Choice("下一步", choices=CASE_TURNS, required=True)
    clock = Part(CaseClockTold, allow_none=True, required=True)


class ListCasesReply(Listed):
    items = Rows(Part(CaseItem), required=True)


class Investigator(Schema):
    officer_id = Id(required=True)
    name = Text("姓名", required=True)
    user_id = Text(allow_none=True, required=True)
    certificate_number = Text("执法证号", required=True)


class Challenge(Schema):
    kind = Choice(choices=CHALLENGES, required=True)
    filed_on = Day(required=True)
    ended_on = Day(allow_none=True, required=True)
    result = Choice(choices=CHALLENGE_ENDS, allow_none=True, required=True)


class Deviation(Schema):
    """How the amount stands to the tier and to what was suggested, in yuan, and why."""

    verdict = Choice(choices=VERDICTS, required=True)
    from_tier = Integer(min=None, required=True)
    from_suggested = Integer(min=None, required=True)
    reason = Text(required=True)
    text = Text(required=True)


class TimelineLine(Schema):
    act = Choice("办理", choices=CASE_ACTS, required=True)
    at = Moment("时间", required=True)
    by = Part(Acted, required=True)
    detail = Free(required=True)


class CasePaper(Schema):
    document_id = Id(required=True)
    kind = Choice("文书", choices=DOCUMENT_KINDS, required=True)
    number = Text("文号", required=True)
    issued_at = Moment("签发时间", required=True)
    opened_at = Moment("当事人首次打开", allow_none=True, required=True)


class CasePaid(Schema):
    receipt = Text("票据号", required=True)
    amount = Text("金额（元）", required=True)
    paid_on = Day("缴款日期", required=True)


class OfficerShort(Schema):
    officer_id = Id(required=True)
    name = Text("姓名", required=True)


class CaseReply(CaseItem):
    """The file of a case. What is for officers only is null for the party; amounts in yuan."""

    source = Choice("来源", choices=CASE_SOURCES, required=True)
    party_number = Text("证件号", allow_none=True, required=True)
    order_number = Text("责令通知", allow_none=True, required=True)
    facts = Free(required=True)
    found_on = Day("发现日期", required=True)
    acted_on = Day("行为终了日期", allow_none=True, required=True)
    grave = Flag(required=True)
    investigators = Rows(Part(Investigator), "办案人员", required=True)
    filed_at = Moment("立案时间", allow_none=True, required=True)
    proposed = Integer("建议罚款", allow_none=True, required=True)
    reviewed_by = Part(Acted, allow_none=True, required=True)
    noticed = Integer("告知罚款", allow_none=True, required=True)
    noticed_at = Moment("告知时间", allow_none=True, required=True)
    notice_served_on = Day("告知书送达", allow_none=True, required=True)
    hearing_right = Flag("有听证权利", required=True)
    waived_on = Day(allow_none=True, required=True)
    hearing_asked_on = Day(allow_none=True, required=True)
    hearing_on = Day("听证日期", allow_none=True, required=True)
    decided_by = Part(Acted, allow_none=True, required=True)
    days_late = Integer("决定超期天数", allow_none=True, required=True)
    served_on = Day("送达日期", allow_none=True, required=True)
    pay_by = Day("缴款截止", allow_none=True, required=True)
    reminded_on = Day("催告日期", allow_none=True, required=True)
    challenges = Rows(Part(Challenge), required=True)
    published_on = Day("公开日期", allow_none=True, required=True)
    removed_on = Day("撤下日期", allow_none=True, required=True)
    weighing = Part(WeighingTold, allow_none=True, required=True)
    deviation = Part(Deviation, allow_none=True, required=True)
    measures = Rows(Text(), "并处", required=True)
    clocks = Rows(Part(CaseClockTold), required=True)
    timeline = Rows(Part(TimelineLine), required=True)
    documents = Rows(Part(CasePaper), required=True)
    payments = Rows(Part(CasePaid), required=True)
    surcharge = Text("加处罚款（元）", required=True)
    paid = Text("已缴（元）", required=True)
    left = Text("尚欠（元）", allow_none=True, required=True)
    overpaid = Text("应退还（元）", allow_none=True, required=True)
    days_overdue = Integer("逾期天数", required=True)
    acts = Rows(Choice(choices=CASE_ACTS), required=True)
    others = Rows(Part(OfficerShort), "可以接替的执法人员", required=True)


class CaseStartRequest(Schema):
    order_id = Id("责令通知", allow_none=True, load_default=None)
    project_id = Id("工程", allow_none=True, load_default=None)
    offence_keys = Rows(Text(max=40, pattern=OFFENCE), "违法行为", max=MOST_OFFENCES, load_default=list)


class FindingShort(Schema):
    """`case_id`: the case that has it already."""

    finding_id = Id(required=True)
    description = Text(max=4000, required=True)
    clause = Text(required=True)
    case_id = Id(allow_none=True, required=True)


class OrderShort(Schema):
    order_id = Id(required=True)
    number = Text(required=True)
    kind = Choice(choices=ORDER_KINDS, required=True)
    stage = Choice(choices=ORDER_STAGES, required=True)
    due_on = Day(required=True)
    addressee_id = Id(required=True)
    findings = Rows(Part(FindingShort), required=True)


class PartyChoice(Schema):
    party_id = Id(required=True)
    name = Text(required=True)


class OfficerChoice(OfficerShort):
    chosen = Flag(required=True)


class SiteChoice(Schema):
    project_id = Id(required=True)
    name = Text(required=True)


class CaseStartReply(Schema):
    """`proved`: what the registers say of the order, which nobody types."""

    order = Part(OrderShort, allow_none=True, required=True)
    project_id = Id(allow_none=True, required=True)
    project_name = Text(allow_none=True, required=True)
    parties = Rows(Part(PartyChoice), required=True)
    officers = Rows(Part(OfficerChoice), required=True)
    offences = Rows(Part(OffenceShort), required=True)
    facts = Rows(Part(FactAsked), required=True)
    proved = Free(required=True)
    sites = Rows(Part(SiteChoice), required=True)


class Difference(Schema):
    label = Text(required=True)
    here = Text(required=True)
    there = Text(required=True)


class NearestCase(Schema):
    """A decided case of the same rule. `case_id`, `party_name`: null where it is another territory's."""

    case_id = Id(allow_none=True, required=True)
    decision_number = Text("决定书文号", required=True)
    agency_name = Text("办案机关", required=True)
    party_name = Text("当事人", allow_none=True, required=True)
    decided_at = Moment("决定时间", required=True)
    tier = Text("档次", required=True)
    level = Choice("裁量等级", choices=LEVELS, required=True)
    fine = Integer("罚款", required=True)
    suggested = Integer("建议数额", required=True)
    distance = Number(required=True)
    differences = Rows(Part(Difference), "不同之处", required=True)


class NearestCasesReply(Schema):
    items = Rows(Part(NearestCase), max=10, required=True)


class FairnessRequest(Schema):
    since = Day("自", allow_none=True, load_default=None)


class FairnessRow(Schema):
    """`mean_apart`, `furthest`: how far fines lie from what was suggested, in percent of that."""

    id = Text(required=True)
    name = Text(required=True)
    agency_name = Text(required=True)
    cases = Integer("案件数", required=True)
    outside = Integer("超出档次", required=True)
    above = Integer("高于建议", required=True)
    below = Integer("低于建议", required=True)
    mean_apart = Number("平均偏离（%）", min=None, required=True)
    furthest = Number("最大偏离（%）", required=True)


class FairnessReply(Schema):
    since = Day(required=True)
    agencies = Rows(Part(FairnessRow), required=True)
    officers = Rows(Part(FairnessRow), required=True)
