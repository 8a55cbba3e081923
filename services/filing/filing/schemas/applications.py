"""Requests and replies about applications."""

from chassis.schemas import Choice, Day, Flag, Free, Id, Integer, Moment, Part, Rows, Schema, Text, Value
from chassis.searching import SHORTEST
from filing.schemas.common import (
    AREA,
    Actor,
    Attachment,
    Certificate,
    Deadline,
    FileToAttach,
    Finding,
    Listed,
    OfferedAgency,
    Page,
    Person,
)
from filing.workflow import ACT_TITLES, OUTCOME_TITLES, STAGE_TITLES

WORDS = 2000
REASON_TO_LOOK = 5  # letters
CHANGES = {"added": "新增", "removed": "删除", "changed": "修改"}
SORTS = {"changed": "最近变动", "submitted": "最近上报", "deadline": "期限先到"}


class StartApplication(Schema):
    application_id = Id("申请", required=True)
    matter = Text("事项", max=60, required=True)
    form = Free("表单", allow_none=True, load_default=None)
    project_id = Id("工程", allow_none=True, load_default=None)


class SaveDraft(Schema):
    application_id = Id("申请", required=True)
    version = Integer("版本", min=1, required=True)
    form = Free("表单", allow_none=True, load_default=None)
    attachments = Rows(Part(FileToAttach), "材料", max=200, allow_none=True, load_default=None)
    agency_id = Id("受理机构", allow_none=True, load_default=None)


class CheckApplication(Schema):
    application_id = Id("申请", required=True)


class SubmitApplication(Schema):
    application_id = Id("申请", required=True)
    version = Integer("版本", min=1, required=True)


class CountersignApplication(SubmitApplication):
    agrees = Flag("同意", required=True)
    remarks = Text("意见", max=WORDS, load_default="")


class AcceptApplication(SubmitApplication):
    remarks = Text("意见", max=WORDS, load_default="")


class Correction(Schema):
    path = Text("位置", max=200, required=True)
    text = Text("需补正的内容", max=1000, required=True)


class CorrectionTold(Correction):
    """A correction on record. It is `late` (迟到的意见) if the agency had the same content before it in an earlier round,
    the first of them `reviewed_in_round`, and let it pass."""

    late = Flag("迟到的意见")
    reviewed_in_round = Integer("此前审阅于第几次上报", allow_none=True)


class ReturnApplication(SubmitApplication):
    remarks = Text("意见", max=WORDS, load_default="")
    corrections = Rows(Part(Correction), "补正事项", max=200, load_default=list)


class ReviewApplication(SubmitApplication):
    opinion = Text("审核意见", max=WORDS, required=True)


class ApproveApplication(SubmitApplication):
    opinion = Text("审批意见", max=WORDS, load_default="")
    decision = Free("审批结论", allow_none=True, load_default=None)


class RejectApplication(SubmitApplication):
    reason = Text("不予通过的理由", max=WORDS, required=True)


class WithdrawApplication(SubmitApplication):
    reason = Text("撤回原因", max=WORDS, load_default="")


class GetApplication(Schema):
    application_id = Id("申请", required=True)
    round = Integer("第几次上报", min=1, allow_none=True, load_default=None)
    against = Integer("与第几次上报比较", min=1, allow_none=True, load_default=None)


class ListApplications(Page):
    """All filters together. Days are Shanghai days, both ends included. `sort` "deadline" shows only what runs one.
    `backwards` turns the order round."""

    matter = Text("事项", max=60, allow_none=True, load_default=None)
    stage = Choice("环节", choices=STAGE_TITLES, allow_none=True, load_default=None)
    outcome = Choice("结果", choices=OUTCOME_TITLES, allow_none=True, load_default=None)
    open = Flag("在办", allow_none=True, load_default=None)
    decided = Flag("已作决定", allow_none=True, load_default=None)
    late = Flag("超期办结", allow_none=True, load_default=None)
    overdue = Flag("已超期", allow_none=True, load_default=None)
    due_soon = Flag("即将到期", allow_none=True, load_default=None)
    waits_for_me = Flag("待我办理", allow_none=True, load_default=None)
    round = Integer("上报次数", min=1, allow_none=True, load_default=None)
    q = Text("查找", min=SHORTEST, max=60, allow_none=True, load_default=None)
    project_id = Id("工程", allow_none=True, load_default=None)
    machine_id = Id("设备", allow_none=True, load_default=None)
    applicant_id = Id("申请单位", allow_none=True, load_default=None)
    agency_id = Id("受理机构", allow_none=True, load_default=None)
    area = Text("辖区", max=30, pattern=AREA, allow_none=True, load_default=None)
    submitted_from = Day("上报自", allow_none=True, load_default=None)
    submitted_to = Day("上报至", allow_none=True, load_default=None)
    closed_from = Day("办结自", allow_none=True, load_default=None)
    closed_to = Day("办结至", allow_none=True, load_default=None)
    sort = Choice("排序", choices=SORTS, load_default="changed")
    backwards = Flag("倒序", allow_none=True, load_default=None)


class ApplicationReply(Schema):
    """What every command on an application answers."""

    application_id = Id()
    version = Integer()
    stage = Choice(choices=STAGE_TITLES)
    outcome = Choice(choices=OUTCOME_TITLES, allow_none=True)
    round = Integer()
    agency_id = Id(allow_none=True)
    acceptance_number = Text("受理号", allow_none=True)
    due_at = Moment("办理期限", allow_none=True)
    due_provisional = Flag("期限为暂定")


class SubmitReply(ApplicationReply):
    findings = Rows(Part(Finding), "预审")


class CertificateTold(Schema):
    number = Text("编号")
    kind = Text()
    issued_on = Day("发证日期")
    valid_to = Day("有效期至", allow_none=True)


class ApproveReply(ApplicationReply):
    certificate = Part(CertificateTold, "证书", allow_none=True)


class Checked(Schema):
    """What was found, and what a page needs to hand the application in. `agencies`: who may handle it, the first proposed;
    `agency_id` is the one chosen before."""

    application_id = Id()
    matter = Text()
    matter_title = Text("事项")
    stage = Choice("环节", choices=STAGE_TITLES)
    version = Integer()
    agency_id = Id(allow_none=True)
    agencies = Rows(Part(OfferedAgency), "可选的受理机构")
    findings = Rows(Part(Finding), "预审")


class MachineWords(Schema):
    kind = Text("设备类型", allow_none=True)
    model = Text("型号", allow_none=True)
    serial_number = Text("出厂编号", allow_none=True)
    filing_number = Text("备案编号", allow_none=True)


class ApplicationItem(Schema):
    """An application in a list. `workdays_left` or `hours_left` by the unit of its limit, negative past the day."""

    application_id = Id()
    matter = Text()
    matter_title = Text("事项")
    stage = Choice("环节", choices=STAGE_TITLES)
    outcome = Choice("结果", choices=OUTCOME_TITLES, allow_none=True)
    version = Integer()
    round = Integer()
    applicant_id = Id()
    applicant_name = Text("申请单位")
    agency_id = Id(allow_none=True)
    agency_name = Text("办理机构", allow_none=True)
    project_id = Id(allow_none=True)
    project_name = Text("工程", allow_none=True)
    machine_id = Id(allow_none=True)
    machine_words = Part(MachineWords, "设备")
    acceptance_number = Text("受理号", allow_none=True)
    certificate_number = Text("证书编号", allow_none=True)
    created_at = Moment()
    changed_at = Moment()
    submitted_at = Moment("上报时间", allow_none=True)
    closed_at = Moment("办结时间", allow_none=True)
    due_at = Moment("办理期限", allow_none=True)
    due_provisional = Flag("期限为暂定")
    deadline_unit = Text(allow_none=True)
    deadline_limit = Integer(allow_none=True)
    workdays_left = Integer("剩余工作日", allow_none=True)
    hours_left = Integer("剩余小时", allow_none=True)
    overdue = Flag("超期")
    suspended = Flag("计时中止")
    next_to_act = Rows(Part(Actor), "下一步")


class ApplicationPage(Listed):
    items = Rows(Part(ApplicationItem))


class Step(Schema):
    """One act on record."""

    number = Integer()
    round = Integer()
    act = Choice("动作", choices=ACT_TITLES)
    stage_before = Choice(choices=STAGE_TITLES)
    stage_after = Choice(choices=STAGE_TITLES)
    at = Moment("时间")
    user_id = Text()
    user_name = Text("经办人")
    organisation_id = Text()
    organisation_name = Text("单位")
    words = Text("意见")
    detail = Free()


class Submission(Schema):
    round = Integer()
    at = Moment()
    by = Part(Person)
    agency_id = Id()
    findings = Rows(Part(Finding))


class Countersignature(Schema):
    round = Integer()
    role = Text()
    organisation_id = Id()
    organisation_name = Text("会签单位")
    asked_at = Moment()
    due_at = Moment("会签期限")
    due_provisional = Flag()
    overdue = Flag()
    agrees = Flag("同意", allow_none=True)
    remarks = Text("意见")
    signed_at = Moment(allow_none=True)
    signed_by = Part(Person, allow_none=True)


class FieldChange(Schema):
    path = Text("位置")
    kind = Choice("变化", choices=CHANGES)
    before = Value("原内容", allow_none=True)
    after = Value("现内容", allow_none=True)


class FileNamed(Schema):
    name = Text("文件名")
    sha256 = Text("文件摘要")


class FileChange(Schema):
    code = Text("材料代码")
    kind = Choice("变化", choices=CHANGES)
    before = Rows(Part(FileNamed), "原文件")
    after = Rows(Part(FileNamed), "现文件")


class Changes(Schema):
    """What is other in what is shown than it was in round `against`."""

    against = Integer("与第几次上报比较")
    form = Rows(Part(FieldChange), "表单")
    attachments = Rows(Part(FileChange), "材料")


class ApplicationDetail(ApplicationItem):
    """One application with everything on record. `acts`: what this user may do with it now. `round_shown`: which round's
    form and attachments these are, null for the applicant's working copy."""

    form = Free("表单")
    attachments = Rows(Part(Attachment), "材料", max=200)
    round_shown = Integer("所示为第几次上报", allow_none=True)
    findings = Rows(Part(Finding), "预审")
    remarks = Text("退回意见")
    corrections = Rows(Part(CorrectionTold), "补正事项")
    people = Rows(Free(), "人员")
    machine = Free("设备", allow_none=True)
    changes = Part(Changes, "与前次上报的差异", allow_none=True)
    deadline = Part(Deadline, "法定时限", allow_none=True)
    submissions = Rows(Part(Submission), "历次上报")
    countersignatures = Rows(Part(Countersignature), "会签")
    steps = Rows(Part(Step), "办理过程")
    decision = Free("审批结论", allow_none=True)
    certificate = Part(Certificate, "证书", allow_none=True)
    acts = Rows(Text(), "可办理的动作")
    may_unmask = Flag("可查看完整手机号", load_default=False)


class UnmaskApplication(Schema):
    application_id = Id("办件", required=True)
    round = Integer("第几次上报（缺省为最近）", min=1, allow_none=True, load_default=None)
    reason = Text("查看理由", min=REASON_TO_LOOK, max=500, required=True)


class PhoneOfForm(Schema):
    path = Text("位置")
    number = Text("手机号")


class UnmaskedApplication(Schema):
    application_id = Id("办件")
    phones = Rows(Part(PhoneOfForm), "手机号", max=500)
