"""What an evidence bundle is made from."""

from chassis.schemas import Choice, Free, Id, Part, Rows, Schema, Text
from enforcement.schemas.documents import Acted

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
