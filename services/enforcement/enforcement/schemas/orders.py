"""Orders, the answers to them, and transfers."""

from chassis.schemas import Choice, Day, Flag, Free, Id, Integer, Moment, Number, Part, Rows, Schema, Text
from enforcement.schemas.common import AREA, Listed, Page
from enforcement.schemas.documents import Acted, DocumentItem
from enforcement.words import (
    CHECKED_BY,
    INSPECTION_KINDS,
    ORDER_ACTS,
    ORDER_KINDS,
    ORDER_STAGES,
    RECTIFICATION_STAGES,
    SEVERITIES,
    TRANSFER_STAGES,
    WAYS,
)

MOST_FINDINGS, MOST_PHOTOS = 100, 30
PURPOSES = {"before": "整改前", "after": "整改后"}
TURNS = {"firm": "待责任单位整改", "agency": "待监督机构复查", "nobody": "已办结"}
STEPS = {"officer": "执法人员", "agency": "监督机构", "city": "上级机构"}
MAY = {
    "save_rectification": "填写整改报告",
    "give_opinion": "出具意见",
    "decide_rectification": "复查",
    "lift_stop": "准予复工",
    "extend_order": "延期",
    "withdraw_order": "撤销",
    "transfer_order": "移交处罚机关",
    "issue_order": "另行责令",
}


class IssueOrderRequest(Schema):
    finding_ids = Rows(Id(), "检查发现", min=1, max=MOST_FINDINGS, required=True)
    kind = Choice("通知种类", choices=ORDER_KINDS, required=True)
    addressee_id = Id("责任单位", required=True)
    due_on = Day("整改期限", required=True)
    demands = Text("整改要求", min=2, max=2000, required=True)
    scope = Text("停工部位", max=200, load_default="")
    on_paper = Flag("书面材料即可，不要求照片", load_default=False)


class OrderRequest(Schema):
    order_id = Id("责令通知", required=True)


class GetOrderRequest(OrderRequest):
    way = Choice("查看方式", choices=WAYS, load_default="api")


class ListOrdersRequest(Page):
    kind = Choice("通知种类", choices=ORDER_KINDS, allow_none=True, load_default=None)
    stage = Choice("状态", choices=ORDER_STAGES, allow_none=True, load_default=None)
    open = Flag("未办结", load_default=False)
    overdue = Flag("逾期未整改", load_default=False)
    escalated = Flag("逾期已报上级", load_default=False)
    stopping = Flag("停工中", load_default=False)
    project_id = Id("工程", allow_none=True, load_default=None)
    addressee_id = Id("责任单位", allow_none=True, load_default=None)
    area = Text("地区", max=40, pattern=AREA, allow_none=True, load_default=None)


class ExtendOrderRequest(OrderRequest):
    due_on = Day("新的整改期限", required=True)
    reason = Text("延期理由", min=2, max=500, required=True)


class ReasonedRequest(OrderRequest):
    reason = Text("理由", min=2, max=500, required=True)


class Place(Schema):
    longitude = Number("经度", min=-180, max=180, required=True)
    latitude = Number("纬度", min=-90, max=90, required=True)
    accuracy = Number("精度（米）", min=0, max=100_000, required=True)


class Photo(Schema):
    """The file is in the blob store before; its id is made where it was taken."""

    evidence_id = Id("照片编号", required=True)
    name = Text("文件名", max=200, required=True)
    sha256 = Text("内容摘要", pattern="[0-9a-f]{64}", required=True)
    purpose = Choice("整改前后", choices=PURPOSES, required=True)
    note = Text("说明", max=200, load_default="")
    taken_at = Moment("拍摄时间", allow_none=True, load_default=None)
    taken_place = Part(Place, "拍摄地点", allow_none=True, load_default=None)


class Answer(Schema):
    finding_id = Id("检查发现", required=True)
    done = Text("整改情况", max=2000, load_default="")
    photos = Rows(Part(Photo), "照片", max=MOST_PHOTOS, load_default=list)


class SaveRectificationRequest(OrderRequest):
    rectification_id = Id("整改报告", required=True)
    answers = Rows(Part(Answer), "整改情况", max=MOST_FINDINGS, required=True)


class RectificationRequest(Schema):
    rectification_id = Id("整改报告", required=True)


class SubmitRectificationRequest(RectificationRequest):
    """With `order_id` and `answers` it is saved before; without, what was saved is submitted."""

    order_id = Id("责令通知", allow_none=True, load_default=None)
    answers = Rows(Part(Answer), "整改情况", max=MOST_FINDINGS, allow_none=True, load_default=None)


class OpinionRequest(RectificationRequest):
    agrees = Flag("同意", required=True)
    remark = Text("意见", max=500, load_default="")


class Again(Schema):
    """What is demanded by the order that follows; empty texts are those of the order before."""

    kind = Choice("通知种类", choices=ORDER_KINDS, required=True)
    due_on = Day("整改期限", required=True)
    demands = Text("整改要求", max=2000, load_default="")
    scope = Text("停工部位", max=200, load_default="")


class DecideRequest(RectificationRequest):
    accepted = Rows(Id(), "复查通过的检查发现", max=MOST_FINDINGS, required=True)
    checked_by = Choice("复查方式", choices=CHECKED_BY, required=True)
    inspection_id = Id("现场复查", allow_none=True, load_default=None)
    opinion = Text("复查意见", max=1000, load_default="")
    lifts = Flag("准予复工", load_default=False)
    again = Part(Again, "再次责令", allow_none=True, load_default=None)


class TransferRequest(OrderRequest):
    transfer_id = Id("移交", required=True)
    to_agency_id = Id("接收机关", required=True)
    facts = Text("涉嫌违法事实", min=10, max=4000, required=True)


class AnswerTransferRequest(Schema):
    transfer_id = Id("移交", required=True)
    takes = Flag("受理", required=True)
    reason = Text("理由", max=500, load_default="")
    case_number = Text("受理机关案号", max=60, allow_none=True, load_default=None)


class ListTransfersRequest(Page):
    incoming = Flag("收到的", load_default=True)
    stage = Choice("状态", choices=TRANSFER_STAGES, allow_none=True, load_default=None)


class OrderActed(Schema):
    order_id = Id(required=True)
    number = Text("文号", required=True)
    stage = Choice("状态", choices=ORDER_STAGES, required=True)
    due_on = Day("整改期限", required=True)
    document_id = Id(required=True)
    is_stopping = Flag("停工中", required=True)


class RectificationTold(Schema):
    rectification_id = Id(required=True)
    order_id = Id(required=True)
    round = Integer("第几轮", required=True)
    stage = Choice("状态", choices=RECTIFICATION_STAGES, required=True)
    saved_at = Moment("保存时间", required=True)
    submitted_at = Moment("提交时间", allow_none=True, required=True)


class DecideReply(Schema):
    order_id = Id(required=True)
    stage = Choice("状态", choices=ORDER_STAGES, required=True)
    rectification_id = Id(required=True)
    rectification_stage = Choice("报告状态", choices=RECTIFICATION_STAGES, required=True)
    closed_findings = Integer("已销号的检查发现", required=True)
    next_order_id = Id(allow_none=True, required=True)
    next_number = Text("再次责令的文号", allow_none=True, required=True)
    lifting_number = Text("复工通知书文号", allow_none=True, required=True)
    recheck_number = Text("复查记录文号", allow_none=True, required=True)


class OrderItem(Schema):
    """Days are working days. `days_left`: while the firm's time runs; `late_by`: past the day when it was reported, settled, or
    today; `agency_days`: how long a report has waited for the agency."""

    order_id = Id(required=True)
    kind = Choice("通知种类", choices=ORDER_KINDS, required=True)
    stage = Choice("状态", choices=ORDER_STAGES, required=True)
    number = Text("文号", required=True)
    project_id = Id("工程", required=True)
    project_name = Text("工程名称", required=True)
    area = Text("地区", required=True)
    agency_id = Id("监督机构", required=True)
    agency_name = Text("监督机构名称", required=True)
    addressee_id = Id("责任单位", required=True)
    addressee_name = Text("责任单位名称", required=True)
    scope = Text("停工部位", required=True)
    issued_at = Moment("签发时间", required=True)
    first_due_on = Day("原整改期限", required=True)
    due_on = Day("整改期限", required=True)
    extensions = Integer("延期次数", required=True)
    reported_at = Moment("提交报告时间", allow_none=True, required=True)
    closed_at = Moment("办结时间", allow_none=True, required=True)
    is_stopping = Flag("停工中", required=True)
    turn = Choice("下一步", choices=TURNS, required=True)
    days_left = Integer("剩余工作日", allow_none=True, required=True)
    is_late = Flag("逾期", required=True)
    late_by = Integer("逾期工作日", required=True)
    agency_days = Integer("待复查工作日", allow_none=True, required=True)


class ListOrdersReply(Listed):
    items = Rows(Part(OrderItem), required=True)


class Demand(Schema):
    finding_id = Id(required=True)
    clause = Text("条款", required=True)
    severity = Choice("等级", choices=SEVERITIES, required=True)
    description = Text("检查发现", required=True)
    part = Text("部位", required=True)
    closed_at = Moment("销号时间", allow_none=True, required=True)
    is_open = Flag("仍待整改", required=True)


class PhotoShown(Photo):
    marks = Rows(Free(), "标记", required=True)


class AnswerShown(Schema):
    finding_id = Id(required=True)
    description = Text("检查发现", required=True)
    done = Text("整改情况", required=True)
    photos = Rows(Part(PhotoShown), required=True)
    is_accepted = Flag("复查通过", allow_none=True, required=True)


class Opinion(Schema):
    agrees = Flag("同意", required=True)
    remark = Text("意见", required=True)
    by = Part(Acted, required=True)
    at = Moment(required=True)


class Round(RectificationTold):
    submitted_by = Part(Acted, allow_none=True, required=True)
    decided_at = Moment("复查时间", allow_none=True, required=True)
    decided_by = Part(Acted, allow_none=True, required=True)
    checked_by = Choice("复查方式", choices=CHECKED_BY, allow_none=True, required=True)
    opinion = Text("复查意见", allow_none=True, required=True)
    supervisor_opinion = Part(Opinion, "监理单位意见", allow_none=True, required=True)
    owner_opinion = Part(Opinion, "建设单位意见", allow_none=True, required=True)
    answers = Rows(Part(AnswerShown), required=True)


class Paper(DocumentItem):
    openings = Integer("查看人数", required=True)
    first_opened_at = Moment("首次查看时间", allow_none=True, required=True)


class Act(Schema):
    act = Choice("事项", choices=ORDER_ACTS, required=True)
    at = Moment("时间", required=True)
    by = Part(Acted, required=True)
    detail = Free("内容", required=True)


class TransferItem(Schema):
    transfer_id = Id(required=True)
    order_id = Id(required=True)
    document_id = Id(required=True)
    number = Text("文号", required=True)
    project_id = Id("工程", required=True)
    from_agency_id = Id("移交机关", required=True)
    to_agency_id = Id("接收机关", required=True)
    party_id = Id("当事人", required=True)
    party_name = Text("当事人名称", required=True)
    facts = Text("涉嫌违法事实", required=True)
    attachments = Rows(Free(), "附件", required=True)
    stage = Choice("状态", choices=TRANSFER_STAGES, required=True)
    sent_at = Moment("移交时间", required=True)
    answered_at = Moment("答复时间", allow_none=True, required=True)
    reason = Text("答复理由", allow_none=True, required=True)
    case_number = Text("受理机关案号", allow_none=True, required=True)


class TransferOfOrder(TransferItem):
    to_agency_name = Text("接收机关名称", required=True)


class TransferListed(TransferOfOrder):
    from_agency_name = Text("移交机关名称", required=True)
    project_name = Text("工程名称", required=True)


class ListTransfersReply(Listed):
    items = Rows(Part(TransferListed), required=True)


class Receiver(Schema):
    agency_id = Id(required=True)
    name = Text(required=True)


class Recheck(Schema):
    inspection_id = Id(required=True)
    kind = Choice("检查类别", choices=INSPECTION_KINDS, required=True)
    started_at = Moment("开始时间", required=True)


class OrderReply(OrderItem):
    """`report`: that on this order, a draft to its firm only; `rounds`: with those on the orders before it, the latest first.
    `may`: what he who asks may do now; `receivers`: to whom he may transfer; `rechecks`: checks of the site since."""

    demands = Text("整改要求", required=True)
    document_id = Id(required=True)
    inspection_id = Id("检查", allow_none=True, required=True)
    issued_by = Part(Acted, required=True)
    follows = Id("前一责令通知", allow_none=True, required=True)
    on_paper = Flag("书面材料即可", required=True)
    lifted_at = Moment("复工时间", allow_none=True, required=True)
    escalated_to = Choice("逾期已提醒至", choices=STEPS, allow_none=True, required=True)
    findings = Rows(Part(Demand), required=True)
    rounds = Rows(Part(Round), required=True)
    report = Part(Round, allow_none=True, required=True)
    documents = Rows(Part(Paper), required=True)
    timeline = Rows(Part(Act), required=True)
    transfers = Rows(Part(TransferOfOrder), required=True)
    may = Rows(Choice(choices=MAY), "可以办理", required=True)
    receivers = Rows(Part(Receiver), required=True)
    rechecks = Rows(Part(Recheck), required=True)
