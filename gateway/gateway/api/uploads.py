"""Files that come in: known by their content, never by their name; refused before anything is kept.

An attachment holds 600 KB at most (614,400 bytes: the seed's figure); a longer one is to be split and numbered by the
applicant. It is a PDF, a JPEG or a PNG. A workbook for an import, and what an agency publishes, have limits of their own.
"""

import io
from dataclasses import dataclass
from pathlib import PurePosixPath

import puremagic
from flask import Request
from werkzeug.datastructures import FileStorage

from chassis import media
from chassis.errors import Invalid
from chassis.media import JPEG, LETTER, PDF, PNG, WORKBOOK, Wanted
from gateway.api import reading
from gateway.api.reading import Body
from gateway.parts import parts
from gateway.refusals import TooLarge, WrongType
from gateway.visitors import Visitor

ATTACHMENT_LIMIT = 614_400
WORKBOOK_LIMIT = 10 * 1024 * 1024
PUBLICATION_LIMIT = 20 * 1024 * 1024
# Boundaries and headers of a multipart body around its one file.
WRAPPING = 16 * 1024
NAME_LENGTH = 200

ATTACHMENTS = (PDF, JPEG, PNG)


@dataclass(frozen=True)
class Purpose(Wanted):
    for_accounts: bool = False


PURPOSES = {
    "attachment": Purpose(ATTACHMENTS, ATTACHMENT_LIMIT, "attachment_too_large"),
    "import": Purpose((WORKBOOK,), WORKBOOK_LIMIT, "workbook_too_large", for_accounts=True),
    "publication": Purpose(
        (*ATTACHMENTS, WORKBOOK, LETTER), PUBLICATION_LIMIT, "publication_too_large", for_accounts=True
    ),
}


def receive(request: Request, query: Body, visitor: Visitor) -> Body:
    """Keep the file that a request brings: {"sha256", "size", "media_type", "name"}.

    The body is the file itself (its name in the query's `name`) or multipart with the one field `file`. Somebody who
    is about to register may send attachments too; all else only who has an account.
    """
    name, purpose = str(query.get("name") or ""), _purpose(query)
    if purpose.for_accounts:
        _ = visitor.signed_in
    if (request.mimetype or "") == "multipart/form-data":
        content, name = _from_form(request, purpose)
    else:
        content = _from_body(request, purpose)
    return _keep(content, name, purpose)


def keep(content: bytes, name: str, purpose: str = "attachment") -> Body:
    """A file that came with a page's form, kept if it is what the purpose takes; refuses as `receive` does."""
    wanted = PURPOSES[purpose]
    return _keep(_limited(content, wanted), name, wanted)


def _keep(content: bytes, name: str, purpose: Purpose) -> Body:
    if not content:
        raise Invalid.field("file", "file_empty")
    kind = type_of(content)
    if kind not in purpose.types:
        raise WrongType("file_type_refused", accepted=list(purpose.types), found=_looks_like(content))
    sha256 = parts().blobs.put(content)
    return {"sha256": sha256, "size": len(content), "media_type": kind, "name": _clean(name)}


def type_of(content: bytes) -> str | None:
    """The media type by content alone: one of those we take, or None."""
    return media.type_of(io.BytesIO(content))


def _looks_like(content: bytes) -> str | None:
    """What a refused file seems to be, to be told to whoever sent it."""
    try:
        return str(puremagic.from_string(content, mime=True)) or None
    except (puremagic.PureError, ValueError):
        return None


def _purpose(query: Body) -> Purpose:
    purpose = PURPOSES.get(query.get("purpose") or "attachment")
    if purpose is None:
        raise Invalid.field("purpose", "not_a_choice", choices=list(PURPOSES))
    return purpose


def _from_body(request: Request, purpose: Purpose) -> bytes:
    reading.refuse_longer(request, purpose.limit, purpose.too_large)
    return _limited(request.stream.read(purpose.limit + 1), purpose)


def _from_form(request: Request, purpose: Purpose) -> tuple[bytes, str]:
    reading.refuse_longer(request, purpose.limit + WRAPPING, purpose.too_large)
    request.max_content_length = purpose.limit + WRAPPING
    request.max_form_memory_size = purpose.limit + WRAPPING
    file: FileStorage | None = request.files.get("file")
    if file is None or len(request.files) != 1 or request.form:
        raise Invalid.field("file", "file_expected")
    return _limited(file.stream.read(purpose.limit + 1), purpose), file.filename or ""


def _limited(content: bytes, purpose: Purpose) -> bytes:
    if len(content) > purpose.limit:
        raise TooLarge(purpose.too_large, limit=purpose.limit)
    return content


def _clean(name: str) -> str:
    """The bare name, without folders and signs that a header or a page could stumble over."""
    bare = PurePosixPath(name.replace("\\", "/")).name
    return "".join(each for each in bare if each.isprintable() and each not in '"<>:|?*')[-NAME_LENGTH:]
