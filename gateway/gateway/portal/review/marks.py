"""What is said beside a field or a document on the review page: findings, earlier corrections, changes (pure)."""

from collections.abc import Iterable, Mapping
from typing import Any

Marks = dict[str, dict[str, Any]]  # path → {"was", "is_new", "notes": [{"kind", "text"}]}, as matter_shown.html has it


def marks_of(application: Mapping[str, Any]) -> Marks:
    """Findings of the check, and what the last return asked to have mended."""
    marks: Marks = {}
    for finding in application["findings"]:
        _note(marks, finding["path"], finding["severity"], finding["message"])
    for correction in last_corrections(application["steps"]):
        _note(marks, correction["path"], "correction", f"上次要求：{correction['text']}")
    return marks


def last_corrections(steps: Iterable[Mapping[str, Any]]) -> list[Mapping[str, str]]:
    """The list that the newest return came with."""
    returned = [each for each in steps if each["act"] == "return"]
    found: list[Mapping[str, str]] = returned[-1]["detail"].get("corrections", []) if returned else []
    return found


def remarks_before(steps: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Steps in which somebody said something, the newest first."""
    said = [each for each in steps if each["words"] or each["detail"].get("corrections")]
    return said[::-1]


def since(steps: Iterable[Mapping[str, Any]], seen: int) -> list[Mapping[str, Any]]:
    """What was done after the step that the officer saw last."""
    return [each for each in steps if each["number"] > seen]


def _note(marks: Marks, path: str, kind: str, text: str) -> None:
    mark = marks.setdefault(path, {})
    mark.setdefault("notes", []).append({"kind": kind, "text": text})
