"""Files that are handed in or published: looked at as they are kept, whatever is said of them (R-F13, T32)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from chassis.errors import FieldErrors
from chassis.media import JPEG, LETTER, PDF, PNG, WORKBOOK, Kept, Wanted, objection

ATTACHMENT = Wanted((PDF, JPEG, PNG), 614_400, "attachment_too_large")  # bytes: 600 KB (seed; domain.md §9.3)
PUBLICATION = Wanted((PDF, JPEG, PNG, WORKBOOK, LETTER), 20 * 1024 * 1024, "publication_too_large")

# Of a file by its SHA-256, what it is; None where there is none.
Look = Callable[[str], Kept | None]
Looked = Mapping[str, Kept | None]


def nothing_kept(_: str) -> Kept | None:
    """The look of a process that takes in no files."""
    return None


def look_at(look: Look, files: Iterable[Mapping[str, Any]]) -> Looked:
    """All of them, before a transaction begins: the store may be across a network."""
    return {sha256: look(sha256) for sha256 in {each["sha256"] for each in files}}


def faults(files: Sequence[Mapping[str, Any]], looked: Looked, wanted: Wanted, path: str) -> FieldErrors:
    """What is wrong with each file, at its place below `path`."""
    found = {f"{path}.{n}.sha256": objection(looked[each["sha256"]], wanted) for n, each in enumerate(files)}
    return {place: [rule] for place, rule in found.items() if rule is not None}


def as_kept(files: Iterable[Mapping[str, Any]], looked: Looked) -> list[dict[str, Any]]:
    """The same with size and type as they are; `faults` must have found none."""
    return [dict(each) | _particulars(looked[each["sha256"]]) for each in files]


def _particulars(kept: Kept | None) -> dict[str, Any]:
    return {} if kept is None else {"size": kept.size, "media_type": kept.media_type}
