"""Penalty cases: opened, and every step of theirs."""

from chassis.schemas import (
    Choice,
    Day,
    Flag,
    Free,
    Id,
    IdentityNumber,
    Integer,
    Moment,
    Number,
    Part,
    Rows,
    Schema,
    Text,
)
from enforcement.cases.grounds import MOST_OFFENCES
from enforcement.schemas.inspections import FindingPhoto
from enforcement.schemas.orders import MOST_PHOTOS
from enforcement.words import (
    CASE_ANSWERS,
    CASE_SOURCES,
    CASE_STAGES,
    CHALLENGE_ENDS,
    CHALLENGES,
    HOW_SERVED,
    SUSPENSIONS,
)

RICHEST = 10**12  # yuan
OFFENCE = r"[0-9a-z]+(-[0-9a-z]+){0,4}"
DECISIONS = {"penalty": "给予处罚", "no_penalty": "不予处罚"}


class CaseBegun(Schema):
    """What a case is about: an order, or a site, or neither; a firm as the party by its id, or by its full name or credit code,
    or a person by name."""

    order_id = Id("责令通知", allow_none=True, load_default=None)
    project_id = Id("工程", allow_none=True, load_default=None)
    party_id = Id("当事人（单位）", allow_none=True, load_default=None)
    party_firm = Text("当事人（其他单位）", max=100, load_default="")
    party_name = Text("当事人（个人）", max=60, load_default="")
    party_number = IdentityNumber("身份证号", load_default="")
    offence_keys = Rows(Text(max=40, pattern=OFFENCE), "违法行为", min=1, max=MOST_OFFENCES, required=True)
    finding_ids = Rows(Id(), "检查发现", max=100, load_default=list)
    facts = Free("裁量事实", load_default=dict)
    officer_ids = Rows(Id(), "办案人员", max=10, required=True)
    description = Text("违法事实", min=5, max=2000, required=True)


class OpenCaseRequest(CaseBegun):
    transfer_id = Id("移交", allow_none=True, load_default=None)
    source = Choice("案件来源", choices=CASE_SOURCES, load_default="inspection")


class DecideOnTheSpotRequest(CaseBegun):
    """`amount` None: as the calculator suggests. `leased_serial`, `signed_at`: where a phone numbered it without coverage."""

    source = Choice("案件来源", choices=CASE_SOURCES, load_default="inspection")
    leased_serial = Integer("预留文号", min=1, allow_none=True, load_default=None)
    signed_at = Moment("签署时间", allow_none=True, load_default=None)
    amount = Integer("罚款数额（元）", min=0, max=RICHEST, allow_none=True, load_default=None)
    reason = Text("裁量理由", max=1000, load_default="")
    handed_to = Text("当场交付何人", min=2, max=60, required=True)


class CaseRequest(Schema):
    case_id = Id("案件", required=True)


class CaseMoved(Schema):
    """`number`: of the paper that this step issued."""

    case_id = Id(required=True)
    stage = Choice(choices=CASE_STAGES, required=True)
    number = Text("文号", allow_none=True, required=True)


class FileCaseRequest(CaseRequest):
    opinion = Text("立案意见", min=2, max=1000, required=True)


class WithReason(CaseRequest):
    reason = Text("理由", min=5, max=1000, required=True)


class ExtendCaseRequest(WithReason):
    collectively = Flag("已经集体讨论决定（决定期限第二次延长时须填）", load_default=False)


class SuspendCaseRequest(WithReason):
    ground = Choice("事由", choices=SUSPENSIONS, required=True)


class ResumeCaseRequest(CaseRequest):
    text = Text("结果（检测、鉴定结论或者公告情况）", min=2, max=1000, required=True)


class ReplaceInvestigatorsRequest(WithReason):
    leaves = Id("退出的办案人员", required=True)
    comes = Id("接替的办案人员", required=True)


class ConcludeInvestigationRequest(CaseRequest):
    """`amount` None: as the calculator suggests; `facts` None: as entered before."""

    conclusion = Text("调查结论（事实、证据、依据）", min=5, max=4000, required=True)
    facts = Free("裁量事实", allow_none=True, load_default=None)
    amount = Integer("建议罚款（元，不填为计算结果）", min=0, max=RICHEST, allow_none=True, load_default=None)
    grave = Flag("情节严重，并用加重措施", load_default=False)
    reason = Text("裁量理由（超出档次的须写明）", max=1000, load_default="")


class ReviewCaseRequest(CaseRequest):
    agrees = Flag("同意", required=True)
    opinion = Text("审核意见", min=2, max=2000, required=True)


class NotifyPartyRequest(CaseRequest):
    facts_found = Text("拟认定的事实和证据", min=5, max=4000, required=True)
    handed_to = Text("当场交付何人（没有当场交付的不填）", max=60, load_default="")


class ServeCaseRequest(CaseRequest):
    how = Choice("送达方式", choices=HOW_SERVED, required=True)
    served_on = Day("送达日期（电子送达的不填）", allow_none=True, load_default=None)
    handed_to = Text("受送达人（电子送达的不填）", max=60, load_default="")


class AnswerNoticeRequest(CaseRequest):
    answer = Choice("答复", choices=CASE_ANSWERS, required=True)
    text = Text("陈述、申辩内容，听证理由或者放弃的凭据", max=4000, load_default="")


class AttachEvidenceRequest(CaseRequest):
    files = Rows(Part(FindingPhoto), "证据文件", min=1, max=MOST_PHOTOS, required=True)


class HoldEvidenceRequest(CaseRequest):
    items = Text("登记保存的物品、资料及其存放地点", min=5, max=2000, required=True)
    reason = Text("理由（可能灭失或者以后难以取得）", min=5, max=1000, required=True)


class SettleEvidenceRequest(CaseRequest):
    text = Text("处理决定（退还、送检、依法查封扣押等）", min=5, max=2000, required=True)


class RecordDiscussionRequest(CaseRequest):
    participants = Text("参加人员", min=5, max=500, required=True)
    conclusion = Text("讨论意见和结论", min=5, max=4000, required=True)


class SetHearingRequest(CaseRequest):
    held_on = Day("听证日期（七个工作日以后）", required=True)
    place = Text("听证地点", min=2, max=100, required=True)


class RecordHearingRequest(CaseRequest):
    summary = Text("听证笔录摘要和听证意见", min=5, max=4000, required=True)


class DecideCaseRequest(CaseRequest):
    """`amount` None: as notified."""

    outcome = Choice("决定", choices=DECISIONS, load_default="penalty")
    amount = Integer("罚款数额（元，不填为告知数额）", min=0, max=RICHEST, allow_none=True, load_default=None)
    reason = Text("裁量理由（超出档次的须写明）", max=1000, load_default="")
    facts_found = Text("认定的事实和采纳申辩的情况", min=5, max=4000, required=True)


class RecordPaymentRequest(CaseRequest):
    amount = Number("金额（元）", min=0.01, max=RICHEST, required=True)
    paid_on = Day("缴款日期", required=True)
    receipt = Text("票据号", min=4, max=40, required=True)


class GrantTimeRequest(CaseRequest):
    pay_by = Day("最后一期的截止日期", required=True)
    plan = Text("理由和分期安排", min=5, max=1000, required=True)


class RemindPartyRequest(CaseRequest):
    text = Text("催告内容", min=5, max=1000, load_default="请在收到本催告书之日起十日内履行处罚决定。")
    handed_to = Text("当场交付何人（没有当场交付的不填）", max=60, load_default="")


class ApplyToCourtRequest(CaseRequest):
    court = Text("受理法院", min=4, max=60, required=True)


class RecordChallengeRequest(CaseRequest):
    kind = Choice("种类", choices=CHALLENGES, required=True)
    filed_on = Day("提出日期", required=True)


class EndChallengeRequest(CaseRequest):
    result = Choice("结果", choices=CHALLENGE_ENDS, required=True)
    ended_on = Day("结果作出日期", required=True)
    amount = Integer("变更后的罚款（元，变更的须填）", min=0, max=RICHEST, allow_none=True, load_default=None)


class PublishCaseRequest(CaseRequest):
    published_on = Day("公开日期", required=True)
    where = Text("公开网址或者栏目", min=2, max=300, required=True)


class CloseCaseRequest(CaseRequest):
    summary = Text("结案意见", min=2, max=1000, required=True)
    execution_ended = Flag("人民法院已裁定终结执行（尚欠的不再执行）", load_default=False)
