"""The attachments of a form: what the page holds already, in order, and files that a browser without scripts sends along."""

import json
from collections.abc import Iterable
from typing import Any

from flask import Request

from chassis.errors import Refusal
from gateway import problems
from gateway.api import uploads
from gateway.api.admission import visitor

HELD = "_attachment"  # once a file, in order: {"code", "sha256", "name", "size", "media_type"} as JSON
FILES = "_file."  # _file.N1: files for the document N1
MOVES = ("up", "down", "drop")
TOLD = ("code", "sha256", "name", "size", "media_type")

Body = dict[str, Any]
Kept = list[Body]


def held(request: Request) -> Kept:
    """The files that the page holds; what is no description of a file is passed over, and filing looks at the rest."""
    found = [_file(each) for each in request.form.getlist(HELD)]
    return [each for each in found if each is not None]


def received(request: Request) -> tuple[Kept, list[Body]]:
    """Files that came along, kept, and a problem for each that cannot be: {"path", "message"}."""
    kept: Kept = []
    wrong: list[Body] = []
    for field in request.files:
        code = field.removeprefix(FILES)
        for file in request.files.getlist(field):
            if not file.filename or not field.startswith(FILES):
                continue
            try:
                content = file.stream.read(uploads.ATTACHMENT_LIMIT + 1)
                kept.append({"code": code} | uploads.keep(content, file.filename, visitor()))
            except Refusal as refusal:
                told = problems.document(refusal, problems.status_of(refusal))
                message = told["fields"][0]["message"] if told["fields"] else told["detail"]
                wrong.append({"path": f"attachments.{code}", "message": f"{file.filename}：{message}"})
    return kept, wrong


def to_ask(kept: Iterable[Body]) -> list[Body]:
    """As filing is told: size and type it looks up itself."""
    return [{name: each[name] for name in ("code", "sha256", "name")} for each in kept]


def moved(kept: Kept, act: str, place: str) -> Kept:
    """With one file a place up or down among those of its document, or taken away, where that is what was asked for."""
    if act not in MOVES or not place.isdecimal() or int(place) >= len(kept):
        return kept
    at, rest = int(place), list(kept)
    if act == "drop":
        del rest[at]
        return rest
    same = [number for number, each in enumerate(kept) if each["code"] == kept[at]["code"]]
    other = same.index(at) + (-1 if act == "up" else 1)
    if 0 <= other < len(same):
        rest[at], rest[same[other]] = rest[same[other]], rest[at]
    return rest


def _file(text: str) -> Body | None:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or not all(isinstance(told.get(name), str) for name in ("code", "sha256", "name")):
        return None
    found = {name: told.get(name) for name in TOLD}
    return found | {"size": found["size"] if isinstance(found["size"], int) else 0}
