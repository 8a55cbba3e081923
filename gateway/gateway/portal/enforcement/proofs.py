"""证据: what proves something about a case, an order or an inspection, why to look twice, more of it, and the bundle."""

from flask import Blueprint, Response, request

from chassis.errors import NotFound, Refusal
from gateway import problems
from gateway.bundles import making
from gateway.bus import Body, Rpc
from gateway.parts import parts
from gateway.portal.asking import ask
from gateway.portal.enforcement import photos
from gateway.portal.locale import say
from gateway.portal.pages import command_key, go, holders, show

blueprint = Blueprint("proofs", __name__)
officers = holders("inspector", "reviewer", "approver", kind="agency")

LIST = Rpc("enforcement", "list_evidence")
ATTACH = Rpc("enforcement", "attach_evidence")
ADDRESS = "/enforcement/evidence/<subject_kind>/<uuid:subject_id>"
OF = {"inspection": "/enforcement/inspections/", "order": "/enforcement/orders/", "case": "/enforcement/cases/"}


@blueprint.get(ADDRESS)
@officers
def proofs(subject_kind: str, subject_id: object) -> Response:
    return _page(subject_kind, str(subject_id))


@blueprint.post(ADDRESS)
@officers
def attach(subject_kind: str, subject_id: object) -> Response:
    """To a case, by its investigators: files are taken as they are."""
    if subject_kind != "case":
        raise NotFound("case_unknown")
    wrong: list[Body] = []
    files = photos.received("files", "case", wrong)
    if not (files or wrong):
        return go(f"/enforcement/evidence/{subject_kind}/{subject_id}")
    if wrong:
        detail = say("有文件不能接收。")
        return _page(subject_kind, str(subject_id), {"status": 422, "detail": detail, "fields": wrong})
    note = request.form.get("note", "").strip()
    told = {"case_id": str(subject_id), "files": [each | {"note": note} for each in files]}
    try:
        ask(ATTACH, told, key=command_key())
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(subject_kind, str(subject_id), problems.document(refusal, problems.status_of(refusal)))
    return go(f"/enforcement/evidence/{subject_kind}/{subject_id}", say("证据已登记"))


def _page(kind: str, subject_id: str, problem: Body | None = None) -> Response:
    if kind not in OF:
        raise NotFound("not_found")
    return show(
        "enforcement/proofs.html",
        status=problem["status"] if problem else 200,
        told=ask(LIST, {"subject_kind": kind, "subject_id": subject_id}),
        kind=kind,
        subject_id=subject_id,
        subject=OF[kind] + subject_id,
        fingerprint=making.fingerprint_of(parts().settings.principal_private_key),
        problem=problem,
    )
