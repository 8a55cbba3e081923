"""Files that come in: known by their content, never by their name; refused before anything is kept.

An attachment holds 600 KB at most (614,400 bytes: the seed's figure); a longer one is to be split and numbered by the
applicant. It is a PDF, a JPEG or a PNG. A workbook for an import, and what an agency publishes, have limits of their own.
"""

import io
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePosixPath

import puremagic
from flask import Request
from werkzeug.datastructures import FileStorage

from chassis import media
from chassis.errors import Forbidden, Invalid
from chassis.media import JPEG, LETTER, PDF, PNG, WORKBOOK, Wanted
from gateway import uploaded
from gateway.api import reading
from gateway.api.reading import Body
from gateway.parts import parts
from gateway.refusals import TooLarge, WrongType
from gateway.visitors import Visitor

MEGABYTE = 1024 * 1024
ATTACHMENT_LIMIT = 614_400
WORKBOOK_LIMIT = 5 * MEGABYTE  # what personnel reads (its sheet.MOST_BYTES)
PUBLICATION_LIMIT = 20 * MEGABYTE
# Boundaries and headers of a multipart body around its one file.
WRAPPING = 16 * 1024
NAME_LENGTH = 200

ATTACHMENTS = (PDF, JPEG, PNG)


@dataclass(frozen=True, kw_only=True)
class Purpose:
    """`scope`: what a key needs for it. `roles`: one of them is needed, where any are named; then also an account."""

    file: Wanted
    scope: str
    roles: frozenset[str] = frozenset()
    keep_for: timedelta = timedelta(days=7)  # unused; what is used stays


# Of agencies and of firms: not who has no account yet.
PEOPLE_AT_WORK = frozenset({"administrator", "clerk", "acceptor", "reviewer", "approver", "inspector"})
PURPOSES = {
    "attachment": Purpose(
        file=Wanted(ATTACHMENTS, ATTACHMENT_LIMIT, "attachment_too_large"), scope="applications:write"
    ),
    # Full of identity numbers, and of no use once it has been read.
    "import": Purpose(
        file=Wanted((WORKBOOK,), WORKBOOK_LIMIT, "workbook_too_large"),
        scope="people:write",
        roles=frozenset({"administrator", "clerk"}),
        keep_for=timedelta(days=1),
    ),
    # What a firm shows of its own works: who chose the wrong file is told so at once.
    "photo": Purpose(
        file=Wanted(ATTACHMENTS, PUBLICATION_LIMIT, "evidence_too_large"),
        scope="enforcement:write",
        roles=PEOPLE_AT_WORK,
    ),
    # What proves something is taken as it is, of whatever type: enforcement marks what is odd about it, and says why.
    "evidence": Purpose(
        file=Wanted((), PUBLICATION_LIMIT, "evidence_too_large"), scope="enforcement:write", roles=PEOPLE_AT_WORK
    ),
    "publication": Purpose(
        file=Wanted((*ATTACHMENTS, WORKBOOK, LETTER), PUBLICATION_LIMIT, "publication_too_large"),
        scope="bulletins:write",
        roles=frozenset({"editor"}),
    ),
}


def receive(request: Request, query: Body, visitor: Visitor) -> Body:
    """Keep the file that a request brings: {"sha256", "size", "media_type", "name"}.

    The body is the file itself (its name in the query's `name`) or multipart with the one field `file`. Somebody who
    is about to register may send attachments too; all else only who has an account with the role for it. What one
    may send in a day has an end (gateway.uploaded).
    """
    name, purpose = str(query.get("name") or ""), _purpose(query)
    _permit(visitor, purpose)
    if (request.mimetype or "") == "multipart/form-data":
        content, name = _from_form(request, purpose.file)
    else:
        content = _from_body(request, purpose.file)
    return _keep(content, name, visitor, purpose)


def keep(content: bytes, name: str, visitor: Visitor, purpose: str = "attachment") -> Body:
    """A file that came with a page's form, kept if it is what the purpose takes; refuses as `receive` does."""
    wanted = PURPOSES[purpose]
    _permit(visitor, wanted)
    return _keep(_limited(content, wanted.file), name, visitor, wanted)


def _keep(content: bytes, name: str, visitor: Visitor, purpose: Purpose) -> Body:
    if not content:
        raise Invalid.field("file", "file_empty")
    kind = type_of(content)
    if purpose.file.types and kind not in purpose.file.types:
        raise WrongType("file_type_refused", accepted=list(purpose.file.types), found=_looks_like(content))
    owner, limit = _owner(visitor)
    sha256 = uploaded.keep(parts(), content, owner, limit, purpose.keep_for)
    return {"sha256": sha256, "size": len(content), "media_type": kind, "name": _clean(name)}


def _permit(visitor: Visitor, purpose: Purpose) -> None:
    if purpose.roles and not purpose.roles & set(visitor.signed_in.roles):
        raise Forbidden("not_permitted", act="upload")
    if visitor.key is not None and purpose.scope not in visitor.key.scopes:
        raise Forbidden("scope_missing", needed=purpose.scope)


def _owner(visitor: Visitor) -> tuple[str, int]:
    """Whose files are counted together, and how many bytes he may send in a day."""
    settings = parts().settings
    if visitor.account is not None:
        return f"account:{visitor.account.id}", settings.upload_mb_per_account * MEGABYTE
    return f"address:{visitor.address}", settings.upload_mb_per_address * MEGABYTE


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


def _from_body(request: Request, wanted: Wanted) -> bytes:
    reading.refuse_longer(request, wanted.limit, wanted.too_large)
    return _limited(request.stream.read(wanted.limit + 1), wanted)


def _from_form(request: Request, wanted: Wanted) -> tuple[bytes, str]:
    reading.refuse_longer(request, wanted.limit + WRAPPING, wanted.too_large)
    request.max_content_length = wanted.limit + WRAPPING
    request.max_form_memory_size = wanted.limit + WRAPPING
    file: FileStorage | None = request.files.get("file")
    if file is None or len(request.files) != 1 or request.form:
        raise Invalid.field("file", "file_expected")
    return _limited(file.stream.read(wanted.limit + 1), wanted), file.filename or ""


def _limited(content: bytes, wanted: Wanted) -> bytes:
    if len(content) > wanted.limit:
        raise TooLarge(wanted.too_large, limit=wanted.limit)
    return content


def _clean(name: str) -> str:
    """The bare name, without folders and signs that a header or a page could stumble over."""
    bare = PurePosixPath(name.replace("\\", "/")).name
    return "".join(each for each in bare if each.isprintable() and each not in '"<>:|?*')[-NAME_LENGTH:]
