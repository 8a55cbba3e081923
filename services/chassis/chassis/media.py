"""What a file is by its content alone, never by its name or by what its sender says (pure)."""

import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, BinaryIO

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LETTER = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# How each begins. Ends are not looked at: cameras and printers append things of their own.
SIGNATURES = {PDF: b"%PDF-", JPEG: b"\xff\xd8\xff", PNG: b"\x89PNG\r\n\x1a\n"}
LONGEST_SIGNATURE = max(map(len, SIGNATURES.values()))
# What a document of Office is by the part that it must hold; one that holds macros is none of them.
OFFICE = {"xl/workbook.xml": WORKBOOK, "word/document.xml": LETTER}
# What a document of Office may unpack to: one of 10 MB can hold a bomb of gigabytes.
UNPACKED_LIMIT = 100 * 1024 * 1024


@dataclass(frozen=True)
class Kept:
    """A file as it is: its bytes counted, its media type by content (None: none that we know)."""

    size: int
    media_type: str | None


@dataclass(frozen=True)
class Wanted:
    """What is taken at a place: types, at most `limit` bytes, and the code by which a larger one is refused."""

    types: tuple[str, ...]
    limit: int
    too_large: str


def type_of(file: BinaryIO) -> str | None:
    """The media type of a file that can be read from any place in it: one of those above, or None."""
    beginning = file.read(LONGEST_SIGNATURE)
    for kind, signature in SIGNATURES.items():
        if beginning.startswith(signature):
            return kind
    return _office(file) if beginning.startswith(b"PK\x03\x04") else None


def objection(kept: Kept | None, wanted: Wanted) -> dict[str, Any] | None:
    """The rule that a file breaks, with its figures; None where it may be taken."""
    if kept is None:
        return {"rule": "file_missing"}
    if kept.size > wanted.limit:
        return {"rule": wanted.too_large, "limit": wanted.limit}
    if kept.media_type not in wanted.types:
        return {"rule": "file_type_refused", "accepted": list(wanted.types), "found": kept.media_type}
    return None


def _office(file: BinaryIO) -> str | None:
    try:
        entries = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    names: Collection[str] = {entry.filename for entry in entries}
    too_much = sum(entry.file_size for entry in entries) > UNPACKED_LIMIT
    if too_much or "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        return None
    return next((kind for part, kind in OFFICE.items() if part in names), None)
