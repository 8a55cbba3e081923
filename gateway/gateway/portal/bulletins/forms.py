"""What an editor types for a bulletin or a download, and the files that come with it."""

from dataclasses import dataclass
from typing import Any

from flask import Request

from chassis.errors import Refusal
from gateway import problems
from gateway.api import uploads
from gateway.api.admission import visitor
from gateway.bus import Body

PURPOSE = "publication"
KEPT = "attachment"  # "<sha256> <file name>" of each file that the page holds already


@dataclass(frozen=True)
class Typed:
    """As it stands in the form; `wrong` is what is the matter with a file that came."""

    title: str = ""
    text: str = ""  # a bulletin's body, a download's note
    is_public: bool = False
    files: tuple[Body, ...] = ()  # {"sha256", "file_name"}
    version: int = 0
    wrong: tuple[Body, ...] = ()


def read(request: Request) -> Typed:
    """Files that came along are kept at once: whatever else is wrong, they need not be chosen again."""
    form = request.form
    files = [_held(each) for each in form.getlist(KEPT) if " " in each]
    came, wrong = _received(request)
    version = form.get("version", "")
    return Typed(
        title=form.get("title", "").strip(),
        text=form.get("text", "").strip(),
        is_public=form.get("is_public") == "yes",
        files=(*files, *came),
        version=int(version) if version.isdecimal() else 0,
        wrong=tuple(wrong),
    )


def shown(record: Body, text: str, files: list[Body]) -> Typed:
    """The form as it is filled in before somebody changes the record."""
    held = tuple({"sha256": each["sha256"], "file_name": each["file_name"]} for each in files)
    return Typed(record["title"], text, record["is_public"], held, record["version"])


def problem_of(refusal: Refusal | None, typed: Typed) -> Body:
    """The page's problem: what the service refused, or what is wrong with a file."""
    if refusal is not None:
        return problems.document(refusal, problems.status_of(refusal))
    return {"status": 422, "detail": typed.wrong[0]["message"], "fields": list(typed.wrong), "code": "invalid_fields"}


def _held(text: str) -> Body:
    sha256, _, name = text.partition(" ")
    return {"sha256": sha256, "file_name": name}


def _received(request: Request) -> tuple[list[Body], list[Body]]:
    kept: list[Body] = []
    wrong: list[Body] = []
    for file in request.files.getlist("file"):
        if not file.filename:
            continue
        try:
            content = file.stream.read(uploads.PUBLICATION_LIMIT + 1)
            told: dict[str, Any] = uploads.keep(content, file.filename, visitor(), PURPOSE)
        except Refusal as refusal:
            document = problems.document(refusal, problems.status_of(refusal))
            message = document["fields"][0]["message"] if document["fields"] else document["detail"]
            wrong.append({"path": "file", "message": f"{file.filename}：{message}"})
        else:
            kept.append({"sha256": told["sha256"], "file_name": told["name"]})
    return kept, wrong
