"""Evidence bundles (证据包): one file that proves itself, of a case, an order or an inspection."""

from flask import Response

from chassis.errors import NotFound
from chassis.schemas import Choice, Id, Schema, Text
from gateway.api.admission import as_whom
from gateway.api.routes import Call, Local, Route, get
from gateway.api.v1 import files
from gateway.bundles import making
from gateway.bus import Rpc
from gateway.parts import parts

LIST = Rpc("enforcement", "list_evidence")
COLLECT = Rpc("enforcement", "collect_evidence", 5.0)
ZIP = "application/zip"
SUBJECTS = {"inspection": "检查", "order": "责令通知", "case": "处罚案件"}


class Bundled(Schema):
    subject_kind = Choice("对象", choices=SUBJECTS, required=True)
    subject_id = Id("对象编号", required=True)


def bundle(call: Call) -> Response:
    """Enforcement tells and writes down that it was exported; the files come out of the blob store, one after the other."""
    told = parts().bus.call(COLLECT, call.request, as_whom(call.visitor))
    key = parts().settings.principal_private_key
    made = making.make(told, parts().blobs.get, key, parts().clock())
    return files.sent(made, ZIP, f"证据包-{told['about']['title']}.zip")


class EvidenceFile(Bundled):
    sha256 = Text("内容摘要", pattern="[0-9a-f]{64}", required=True)


def evidence_file(call: Call) -> Response:
    """Who may see the subject may see its evidence; enforcement says whether he may."""
    sha256 = str(call.request["sha256"])
    asked = {name: call.request[name] for name in ("subject_kind", "subject_id")}
    told = parts().bus.call(LIST, asked, as_whom(call.visitor))
    for each in told["items"]:
        if each["sha256"] == sha256:
            return files.kept(sha256, each["name"])
    raise NotFound("file_missing")


ROUTES: tuple[Route, ...] = (
    get("/evidence/{subject_kind}/{subject_id}", LIST, "证据清单（监督机构）", scope="enforcement"),
    get(
        "/evidence/{subject_kind}/{subject_id}/{sha256}",
        Local(evidence_file, EvidenceFile),
        "证据原件（监督机构）",
        scope="enforcement",
        media_type=files.ANY_FILE,
    ),
    get(
        "/evidence-bundles/{subject_kind}/{subject_id}",
        Local(bundle, Bundled, fronts=COLLECT),
        "导出证据包（监督机构）",
        scope="enforcement",
        media_type=ZIP,
    ),
)
