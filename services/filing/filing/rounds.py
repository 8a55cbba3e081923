"""What changed between two rounds of an application, and which objections come late (pure).

An agency has to tell everything that is to be corrected at once (一次性告知: 行政许可法 Art. 32, 393号 and 76号 follow it).
An objection to what it already had before it, let pass, and got back unchanged is therefore marked as late (迟到的意见): it
stays valid, but everybody sees that it could have been raised before.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
FORM, ATTACHMENTS = "form", "attachments"
Content = Any


@dataclass(frozen=True)
class Round:
    """What was handed in, and the paths of what the agency objected to; None if it has not returned this round."""

    number: int
    form: Mapping[str, Any]
    attachments: Sequence[Mapping[str, Any]]
    objected: frozenset[str] | None = None


def reviewed_before(rounds: Sequence[Round], path: str) -> int | None:
    """The first round in which the agency had the content at `path` of the last round before it as it is now, and never
    objected to it; None if the objection comes in time, or is to nothing that stood there."""
    *earlier, now = rounds
    since = None
    for each in reversed(earlier):
        if not is_unchanged(each, now, path):
            break
        if each.objected is None:  # returned by a countersigner: the agency has not seen it
            continue
        if any(_overlap(path, other) for other in each.objected):
            return None
        since = each.number
    return since


def is_unchanged(before: Round, now: Round, path: str) -> bool:
    """Whether the content at a path is the same; a row that has only moved within its table is."""
    kind, *steps = path.split(".")
    if kind == ATTACHMENTS and steps:
        return _files(before.attachments, steps[0]) == _files(now.attachments, steps[0])
    return kind == FORM and bool(steps) and _same(before.form, now.form, steps)


def field_changes(before: Content, now: Content, path: str = FORM) -> list[dict[str, Any]]:
    """Each field that differs: {"path", "kind", "before", "after"}; rows of a table one by one."""
    if before == now:
        return []
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        names = dict.fromkeys((*now, *before))
        return [each for name in names for each in field_changes(before.get(name), now.get(name), f"{path}.{name}")]
    if _are_tables(before, now):
        return _row_changes(before, now, path)
    kind = ADDED if before is None else REMOVED if now is None else CHANGED
    return [{"path": path, "kind": kind, "before": before, "after": now}]


def file_changes(before: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each document of which other files are there now, or the same in another order: {"code", "kind", "before", "after"}."""
    changes = []
    for code in dict.fromkeys(each["code"] for each in (*now, *before)):
        old, new = ([_file(each) for each in files if each["code"] == code] for files in (before, now))
        if [each["sha256"] for each in old] != [each["sha256"] for each in new]:
            kind = ADDED if not old else REMOVED if not new else CHANGED
            changes.append({"code": code, "kind": kind, "before": old, "after": new})
    return changes


def _row_changes(before: Sequence[Content], now: Sequence[Content], path: str) -> list[dict[str, Any]]:
    """Of a table: in rows of equal number field by field, else which rows came and which went."""
    if len(before) == len(now):
        pairs = enumerate(zip(before, now, strict=True))
        return [each for place, (old, new) in pairs for each in field_changes(old, new, f"{path}.{place}")]
    came = [(place, None, row) for place, row in enumerate(now) if row not in before]
    went = [(place, row, None) for place, row in enumerate(before) if row not in now]
    return [each for place, old, new in (*came, *went) for each in field_changes(old, new, f"{path}.{place}")]


def _same(before: Content, now: Content, steps: Sequence[str]) -> bool:
    if not steps:
        return bool(before == now)
    step, *rest = steps
    if isinstance(now, Mapping) and isinstance(before, Mapping):
        return _same(before.get(step), now.get(step), rest)
    if _are_tables(before, now) and step.isdigit():
        old, new = _row(before, int(step)), _row(now, int(step))
        return (new is not None and new in before) or _same(old, new, rest)
    return bool(before == now)


def _are_tables(*lists: Content) -> bool:
    """Lists of rows; a list of anything else (a line of a boundary) is one value."""
    return all(isinstance(each, list) and all(isinstance(row, Mapping) for row in each) for each in lists)


def _row(rows: Sequence[Content], place: int) -> Content:
    return rows[place] if place < len(rows) else None


def _files(attachments: Iterable[Mapping[str, Any]], code: str) -> list[str]:
    return [each["sha256"] for each in attachments if each["code"] == code]


def _file(each: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": each["name"], "sha256": each["sha256"]}


def _overlap(one: str, other: str) -> bool:
    """Whether one path is the other or lies in it."""
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")
