"""Inspections: begun, completed, read; the check library."""

from chassis.schemas import Choice, Day, Flag, Free, Id, Integer, Moment, Number, Part, Rows, Schema, Text
from enforcement.schemas.common import AREA, Listed, Page
from enforcement.schemas.documents import DocumentItem
from enforcement.schemas.orders import MOST_FINDINGS, MOST_PHOTOS, Place
from enforcement.words import GRADES, INSPECTION_KINDS, INSPECTION_STAGES, ORDER_KINDS, SEVERITIES

SHA256 = "[0-9a-f]{64}"
ADDRESSEES = {"contractor": "施工单位", "owner": "建设单位", "supervisor": "监理单位"}
CLAUSE_KINDS = {"check_item": "检查项目", "major_hazard": "重大事故隐患", "offence": "法规条款"}
WHY_ZERO = {"guarantee_item": "有保证项目得零分", "guarantee_subtotal": "保证项目小计不足40分"}
MOST_OFFICERS, MOST_ORDERS = 10, 10
KEY = r"[A-Za-z0-9.-]{1,40}"


class LibraryRequest(Schema):
    on = Day("检查日期", allow_none=True, load_default=None)


class CheckItem(Schema):
    key = Text(required=True)
    name = Text("检查项目", required=True)
    points = Integer("应得分数", required=True)
    is_guarantee = Flag("保证项目", required=True)


class CheckTable(Schema):
    key = Text("表号", required=True)
    name = Text("检查表", required=True)
    group = Text("汇总项目", required=True)
    items = Rows(Part(CheckItem), required=True)


class ClauseItem(Schema):
    key = Text(required=True)
    kind = Choice("条款类别", choices=CLAUSE_KINDS, required=True)
    reference = Text("依据", required=True)
    text = Text("内容", required=True)
    since = Day("施行日期", required=True)
    confirmed = Flag("已核对原文", required=True)


class LibraryReply(Schema):
    version = Text("检查库版本", required=True)
    documents = Rows(Text(), required=True)
    tables = Rows(Part(CheckTable), required=True)
    clauses = Rows(Part(ClauseItem), required=True)


class StartInspectionRequest(Schema):
    inspection_id = Id("检查", required=True)
    project_id = Id("工程", required=True)
    kind = Choice("检查类别", choices=INSPECTION_KINDS, required=True)
    plan_id = Id("检查计划", allow_none=True, load_default=None)
    rechecks = Id("所复查的责令通知", allow_none=True, load_default=None)
    officer_ids = Rows(Id(), "执法人员", min=1, max=MOST_OFFICERS, required=True)
    started_at = Moment("开始时间", required=True)
    place = Part(Place, "开始地点", allow_none=True, load_default=None)


class StartedReply(Schema):
    inspection_id = Id(required=True)
    stage = Choice("状态", choices=INSPECTION_STAGES, required=True)
    marks = Rows(Free(), "提示", required=True)


class AbandonInspectionRequest(Schema):
    inspection_id = Id("检查", required=True)
    reason = Text("中止原因", min=2, max=200, required=True)


class ItemOff(Schema):
    item = Text("检查项目", pattern=KEY, required=True)
    points = Number("扣分", min=0, max=100, required=True)


class TableChecked(Schema):
    """Points taken off, and items that the site does not have (缺项)."""

    table = Text("检查表", pattern=KEY, required=True)
    off = Rows(Part(ItemOff), "扣分", max=20, load_default=list)
    missing = Rows(Text(pattern=KEY), "缺项", max=20, load_default=list)


class FindingPhoto(Schema):
    """The file is in the blob store before; its id is made where it was taken."""

    evidence_id = Id("照片编号", required=True)
    name = Text("文件名", max=200, required=True)
    sha256 = Text("内容摘要", pattern=SHA256, required=True)
    purpose = Text("用途", max=20, load_default="finding")
    note = Text("说明", max=200, load_default="")
    taken_at = Moment("拍摄时间", allow_none=True, load_default=None)
    taken_place = Part(Place, "拍摄地点", allow_none=True, load_default=None)


class FindingTold(Schema):
    finding_id = Id("检查发现", required=True)
    clause_key = Text("依据条款", pattern=KEY, required=True)
    severity = Choice("严重程度", choices=SEVERITIES, required=True)
    description = Text("问题描述", min=2, max=1000, required=True)
    part = Text("部位", max=100, load_default="")
    photos = Rows(Part(FindingPhoto), "照片", max=MOST_PHOTOS, load_default=list)


class OrderDrafted(Schema):
    """`leased_serial`, `signed_at`: where the phone numbered it without coverage."""

    kind = Choice("通知种类", choices=ORDER_KINDS, required=True)
    addressee = Choice("责任单位", choices=ADDRESSEES, required=True)
    finding_ids = Rows(Id(), "检查发现", min=1, max=MOST_FINDINGS, required=True)
    due_on = Day("整改期限", required=True)
    demands = Text("整改要求", min=2, max=2000, required=True)
    scope = Text("停工部位", max=200, load_default="")
    on_paper = Flag("书面材料即可，不要求照片", load_default=False)
    leased_serial = Integer("预留文号", min=1, allow_none=True, load_default=None)
    signed_at = Moment("签署时间", allow_none=True, load_default=None)


class OfficerSigned(Schema):
    officer_id = Id("执法人员", required=True)
    signed_at = Moment("签字时间", required=True)
    sha256 = Text("签名图", pattern=SHA256, allow_none=True, load_default=None)


class SiteSigned(Schema):
    """Of the site: who signed, or that it was refused, why, and before whom."""

    refused = Flag("拒绝签字", required=True)
    name = Text("现场负责人", max=60, load_default="")
    role = Text("职务", max=60, load_default="")
    reason = Text("拒签原因", max=200, load_default="")
    witnesses = Text("见证人", max=100, load_default="")
    signed_at = Moment("签字时间", required=True)
    sha256 = Text("签名图", pattern=SHA256, allow_none=True, load_default=None)


class CompleteInspectionRequest(Schema):
    inspection_id = Id("检查", required=True)
    ended_at = Moment("结束时间", required=True)
    ended_place = Part(Place, "结束地点", allow_none=True, load_default=None)
    remark = Text("检查情况", max=2000, load_default="")
    tables = Rows(Part(TableChecked), "检查表", max=30, load_default=list)
    findings = Rows(Part(FindingTold), "检查发现", max=MOST_FINDINGS, load_default=list)
    orders = Rows(Part(OrderDrafted), "责令通知", max=MOST_ORDERS, load_default=list)
    signatures = Rows(Part(OfficerSigned), "执法人员签字", max=MOST_OFFICERS, required=True)
    site_signature = Part(SiteSigned, "现场签字", required=True)
    leased_serial = Integer("预留文号", min=1, allow_none=True, load_default=None)


class OrderMade(Schema):
    order_id = Id(required=True)
    number = Text("文号", required=True)
    due_on = Day("整改期限", required=True)


class CompletedReply(StartedReply):
    number = Text("文号", required=True)
    document_id = Id(required=True)
    score = Number("得分", allow_none=True, required=True)
    grade = Choice("等级", choices=GRADES, allow_none=True, required=True)
    orders = Rows(Part(OrderMade), required=True)
    seal = Text("封存摘要（SHA-256）", required=True)


class InspectionRequest(Schema):
    inspection_id = Id("检查", required=True)


class ListInspectionsRequest(Page):
    kind = Choice("检查类别", choices=INSPECTION_KINDS, allow_none=True, load_default=None)
    stage = Choice("状态", choices=INSPECTION_STAGES, allow_none=True, load_default=None)
    grade = Choice("等级", choices=GRADES, allow_none=True, load_default=None)
    project_id = Id("工程", allow_none=True, load_default=None)
    officer_id = Id("执法人员", allow_none=True, load_default=None)
    plan_id = Id("检查计划", allow_none=True, load_default=None)
    area = Text("地区", max=40, pattern=AREA, allow_none=True, load_default=None)
    first = Day("起始日期", allow_none=True, load_default=None)
    last = Day("截止日期", allow_none=True, load_default=None)


class OfficerNamed(Schema):
    officer_id = Id(required=True)
    name = Text("姓名", required=True)
    certificate_number = Text("执法证号", required=True)


class InspectionItem(Schema):
    inspection_id = Id(required=True)
    kind = Choice("检查类别", choices=INSPECTION_KINDS, required=True)
    stage = Choice("状态", choices=INSPECTION_STAGES, required=True)
    project_id = Id(required=True)
    project_name = Text("工程", required=True)
    area = Text("地区", required=True)
    started_at = Moment("开始时间", required=True)
    ended_at = Moment("结束时间", allow_none=True, required=True)
    officers = Rows(Part(OfficerNamed), "执法人员", required=True)
    findings_count = Integer("发现问题", required=True)
    score = Number("得分", allow_none=True, required=True)
    grade = Choice("等级", choices=GRADES, allow_none=True, required=True)
    marks = Rows(Free(), "提示", required=True)
    is_mine = Flag(required=True)


class ListInspectionsReply(Listed):
    items = Rows(Part(InspectionItem), required=True)


class TableScored(Schema):
    key = Text("表号", required=True)
    name = Text("检查表", required=True)
    score = Number("得分", required=True)
    why_zero = Choice("零分原因", choices=WHY_ZERO, allow_none=True, required=True)


class GroupScored(Schema):
    name = Text("汇总项目", required=True)
    weight = Integer("应得分", required=True)
    points = Number("实得分", required=True)


class PhotoItem(Schema):
    """`media_type`: by content; None where the file never came."""

    evidence_id = Id(required=True)
    name = Text("文件名", required=True)
    sha256 = Text("内容摘要", required=True)
    media_type = Text("文件类型", allow_none=True, required=True)
    taken_at = Moment("拍摄时间", allow_none=True, required=True)
    marks = Rows(Free(), "提示", required=True)


class FindingItem(Schema):
    finding_id = Id(required=True)
    inspection_id = Id(required=True)
    project_id = Id(required=True)
    clause_key = Text(required=True)
    clause = Text("依据条款", required=True)
    severity = Choice("严重程度", choices=SEVERITIES, required=True)
    description = Text("问题描述", required=True)
    part = Text("部位", required=True)
    found_on = Day("发现日期", required=True)
    order_id = Id(allow_none=True, required=True)
    closed_at = Moment("整改完成", allow_none=True, required=True)


class FindingWithPhotos(FindingItem):
    photos = Rows(Part(PhotoItem), "照片", required=True)


class OrderNamed(Schema):
    order_id = Id(required=True)
    number = Text("文号", required=True)
    kind = Choice("通知种类", choices=ORDER_KINDS, required=True)
    due_on = Day("整改期限", required=True)


class InspectionReply(InspectionItem):
    """`site_signature`: who signed for the site, or that it was refused, with the reason."""

    plan_id = Id(allow_none=True, required=True)
    rechecks = Id(allow_none=True, required=True)
    parties = Free("参建单位", required=True)
    remark = Text("检查情况", required=True)
    library = Text("检查库版本", allow_none=True, required=True)
    tables = Rows(Part(TableScored), required=True)
    groups = Rows(Part(GroupScored), required=True)
    findings = Rows(Part(FindingWithPhotos), required=True)
    orders = Rows(Part(OrderNamed), required=True)
    documents = Rows(Part(DocumentItem), required=True)
    signatures = Rows(Free(), required=True)
    site_signature = Free("现场签字", allow_none=True, required=True)
    seal = Text("封存摘要（SHA-256）", allow_none=True, required=True)
    sealed_at = Moment("封存时间", allow_none=True, required=True)


class ListFindingsRequest(Page):
    project_id = Id("工程", allow_none=True, load_default=None)
    severity = Choice("严重程度", choices=SEVERITIES, allow_none=True, load_default=None)
    clause_key = Text("依据条款", pattern=KEY, allow_none=True, load_default=None)
    open = Flag("未整改完成", load_default=False)
    closed = Flag("已整改", load_default=False)
    repeated = Flag("反复出现", load_default=False)
    area = Text("地区", max=40, pattern=AREA, allow_none=True, load_default=None)
    first = Day("起始日期", allow_none=True, load_default=None)
    last = Day("截止日期", allow_none=True, load_default=None)


class FindingListed(FindingItem):
    """`is_repeated`: the same site against the same clause within half a year before."""

    project_name = Text("工程", required=True)
    order_number = Text("责令通知", allow_none=True, required=True)
    is_repeated = Flag("反复出现", required=True)


class ListFindingsReply(Listed):
    items = Rows(Part(FindingListed), required=True)
