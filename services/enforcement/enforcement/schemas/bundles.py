"""What an evidence bundle is made from."""

from chassis.schemas import Choice, Flag, Free, Id, Integer, Moment, Part, Rows, Schema, Text
from enforcement.schemas.documents import Acted

PROVES = {"finding": "检查发现", "inspection": "检查签字", "rectification": "整改报告", "case": "案件"}
SUBJECTS = {"inspection": "检查", "order": "责令通知", "case": "处罚案件"}


class CollectEvidenceRequest(Schema):
    subject_kind = Choice("对象", choices=SUBJECTS, required=True)
    subject_id = Id("对象编号", required=True)


class Original(Schema):
    sha256 = Text(required=True)
    name = Text("文件名", required=True)
    media_type = Text(allow_none=True, required=True)


class CollectEvidenceReply(Schema):
    """`journal`: the entries about the subject as they are chained; `head`: the number and hash of the newest of all."""

    about = Free(required=True)
    record = Free(required=True)
    journal = Rows(Free(), max=5_000, required=True)
    head = Free(required=True)
    originals = Rows(Part(Original), max=2_000, required=True)
    made_by = Part(Acted, required=True)


class EvidenceItem(Schema):
    evidence_id = Id(required=True)
    name = Text("文件名", required=True)
    sha256 = Text("内容摘要", required=True)
    size = Integer("字节数", required=True)
    media_type = Text("类型", allow_none=True, required=True)
    subject_kind = Choice("证明对象", choices=PROVES, required=True)
    about = Text("所证明的问题", required=True)
    purpose = Text("用途", required=True)
    note = Text("说明", required=True)
    taken_at = Moment("拍摄时间", allow_none=True, required=True)
    taken_place = Free("拍摄地点", allow_none=True, required=True)
    marks = Rows(Free(), "提示", required=True)
    added_at = Moment("登记时间", required=True)
    added_by = Part(Acted, required=True)


class ListEvidenceReply(Schema):
    title = Text(required=True)
    items = Rows(Part(EvidenceItem), max=2_000, required=True)
    may_attach = Flag(required=True)
