"""Evidence bundles (证据包): one file that proves itself, of a case, an order or an inspection."""

from flask import Response

from chassis.schemas import Choice, Id, Schema
from gateway.api.admission import as_whom
from gateway.api.routes import Call, Local, Route, get
from gateway.api.v1 import files
from gateway.bundles import making
from gateway.bus import Rpc
from gateway.parts import parts

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


ROUTES: tuple[Route, ...] = (
    get(
        "/evidence-bundles/{subject_kind}/{subject_id}",
        Local(bundle, Bundled, fronts=COLLECT),
        "导出证据包（监督机构）",
        scope="enforcement",
        media_type=ZIP,
    ),
)
