"""Photos on a form that is sent and drawn again: those that came along are kept at once, those that the page holds come back."""

import json
from typing import Any

from flask import request

from chassis.errors import Refusal
from chassis.identifiers import new_id
from gateway import problems
from gateway.api import uploads
from gateway.api.admission import visitor
from gateway.bus import Body

PURPOSE = "evidence"
KEPT = ("evidence_id", "name", "sha256", "purpose", "note", "taken_at", "taken_place")


def held(field: str) -> list[Body]:
    """Those that the page holds already; what is no description of a photo is passed over: enforcement looks at the rest."""
    return [photo for each in request.form.getlist(field) if (photo := _read(each)) is not None]


def received(field: str, purpose: str, wrong: list[Body]) -> list[Body]:
    """Those that came along, kept in the blob store; what is wrong with one that cannot be kept goes to `wrong`."""
    kept: list[Body] = []
    for file in request.files.getlist(field):
        if not file.filename:
            continue
        try:
            content = file.stream.read(uploads.PURPOSES[PURPOSE].file.limit + 1)
            told = uploads.keep(content, file.filename, visitor(), PURPOSE)
        except Refusal as refusal:
            problem = problems.document(refusal, problems.status_of(refusal))
            message = problem["fields"][0]["message"] if problem["fields"] else problem["detail"]
            wrong.append({"path": field, "message": f"{file.filename}：{message}"})
        else:
            kept.append(
                {"evidence_id": new_id(), "name": told["name"], "sha256": told["sha256"], "purpose": purpose}
                | {"note": "", "taken_at": None, "taken_place": None}
            )
    return kept


def plain(photo: Body) -> Body:
    """As it is sent to enforcement."""
    return {name: photo.get(name) for name in KEPT}


def _read(text: str) -> Body | None:
    try:
        told: Any = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return plain(told) if isinstance(told, dict) else None
