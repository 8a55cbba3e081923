"""Documents and their numbers."""

from chassis.schemas import Choice, Day, Flag, Free, Id, Integer, Moment, Part, Rows, Schema, Text
from enforcement.schemas.common import Listed, Page
from enforcement.words import DOCUMENT_KINDS, SIGNED_ON_SITE, WAYS

MOST_LEASED = 50
SERVED = {"direct": "直接送达", "left": "留置送达", "post": "邮寄送达", "notice": "公告送达"}
VOID_REASONS = {"block_lapsed": "预留号段到期未用"}
SUBJECTS = {"inspection": "检查", "order": "责令通知", "case": "处罚案件"}


class LeaseNumbersRequest(Schema):
    kind = Choice("文书种类", choices=SIGNED_ON_SITE, required=True)
    count = Integer("个数", min=1, max=MOST_LEASED, required=True)


class LeaseNumbersReply(Schema):
    block_id = Id(required=True)
    kind = Choice(choices=DOCUMENT_KINDS, required=True)
    year = Integer(required=True)
    first = Integer(required=True)
    last = Integer(required=True)
    numbers = Rows(Text(), required=True)
    lapses_at = Moment("有效期至", required=True)


class DocumentRequest(Schema):
    document_id = Id("文书", required=True)
    way = Choice("查看方式", choices=WAYS, load_default="api")


class ListDocumentsRequest(Page):
    kind = Choice("文书种类", choices=DOCUMENT_KINDS, allow_none=True, load_default=None)
    project_id = Id("工程", allow_none=True, load_default=None)
    subject_id = Id("所属事项", allow_none=True, load_default=None)
    unserved = Flag("未送达", load_default=False)


class ServeOnPaperRequest(Schema):
    document_id = Id("文书", required=True)
    handed_to = Text("受送达人", min=2, max=60, required=True)
    served_at = Moment("送达时间", required=True)
    how = Choice("送达方式", choices=SERVED, required=True)


class Acted(Schema):
    """Who acted: a user of an organisation."""

    user_id = Text(required=True)
    user_name = Text(required=True)
    organisation_id = Text(required=True)
    organisation_name = Text(required=True)


class DocumentItem(Schema):
    document_id = Id(required=True)
    kind = Choice("文书种类", choices=DOCUMENT_KINDS, required=True)
    number = Text("文号", required=True)
    subject_kind = Choice(choices=SUBJECTS, required=True)
    subject_id = Id(required=True)
    project_id = Id("工程", allow_none=True, required=True)
    addressee_id = Id("受送达单位", allow_none=True, required=True)
    issued_at = Moment("签发时间", required=True)
    issued_by = Part(Acted, required=True)
    signed_at = Moment("现场签署时间", allow_none=True, required=True)
    served_on_paper = Free("纸质送达", allow_none=True, required=True)


class Opening(Schema):
    opened_at = Moment("查看时间", required=True)
    by = Part(Acted, required=True)
    way = Choice("查看方式", choices=WAYS, required=True)


class DocumentListed(DocumentItem):
    project_name = Text("工程名称", required=True)
    addressee_name = Text("受送达单位名称", required=True)


class DocumentReply(DocumentListed):
    """`openings`: who of the addressee's opened it, each person's first time: the proof of service."""

    content = Free(required=True)
    hash = Text("文书摘要（SHA-256）", required=True)
    openings = Rows(Part(Opening), required=True)
    may_serve = Flag("可登记纸质送达", required=True)


class DocumentInList(DocumentListed):
    first_opened_at = Moment("受送达单位首次查看", allow_none=True, required=True)


class ListDocumentsReply(Listed):
    items = Rows(Part(DocumentInList), required=True)


class VerifyDocumentRequest(Schema):
    code = Text("验证码", pattern=r"[0-9A-Fa-f]{20}", required=True)


class VerifyDocumentReply(Schema):
    title = Text("文书名称", required=True)
    withdrawn = Flag("已撤销", required=True)
    number = Text("文号", required=True)
    agency_name = Text("签发机关", required=True)
    issued_on = Day("签发日期", required=True)


class ListNumbersRequest(Schema):
    year = Integer("年度", min=2000, max=2100, allow_none=True, load_default=None)


class BlockLeased(Schema):
    first = Integer(required=True)
    last = Integer(required=True)
    leased_to = Text("领用人", required=True)
    lapses_at = Moment("有效期至", required=True)


class SerialVoid(Schema):
    serial = Integer(required=True)
    reason = Choice("原因", choices=VOID_REASONS, required=True)
    on = Day("作废日期", required=True)
    by = Text("领用人", required=True)


class NumberSeriesItem(Schema):
    kind = Choice("文书种类", choices=DOCUMENT_KINDS, required=True)
    last = Integer("最后一号", required=True)
    documents = Integer("已签发", required=True)
    blocks = Rows(Part(BlockLeased), "预留号段", required=True)
    void = Rows(Part(SerialVoid), "作废", required=True)
    unexplained = Rows(Integer(), "去向不明", max=100_000, required=True)


class ListNumbersReply(Schema):
    year = Integer("年度", required=True)
    series = Rows(Part(NumberSeriesItem), required=True)
