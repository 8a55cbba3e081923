"""What is said beside a field or a document on the review page: findings, earlier corrections, changes."""

from collections.abc import Iterable, Mapping
from typing import Any

from gateway.portal.applications import described
from gateway.portal.applications.described import ATTACHMENTS
from gateway.portal.locale import listed, say

# path → {"was", "before": [{"name", "address"}], "is_new", "notes": [{"kind", "text"}]}, as matter_shown.html has it
Marks = dict[str, dict[str, Any]]
ADDED, REMOVED = "added", "removed"


def marks_of(told: Mapping[str, Any]) -> Marks:
    """From filing's reply to print_application: what the checks found, what was asked for last, what changed since."""
    application, marks = told["application"], Marks()
    for finding in application["findings"]:
        _note(marks, finding["path"], finding["severity"], finding["message"])
    for correction in last_corrections(application["steps"]):
        _note(marks, correction["path"], "correction", say("上次要求：%(text)s") % {"text": correction["text"]})
    if changes := application.get("changes"):
        for each in changes["form"]:
            _changed(marks, each, told["matter"], told["labels"])
        for each in changes["attachments"]:
            mark = marks.setdefault(f"{ATTACHMENTS}.{each['code']}", {})
            mark |= {"is_new": True} if each["kind"] == ADDED else _files_before(application, each["before"])
    return marks


def _changed(marks: Marks, change: Mapping[str, Any], matter: Mapping[str, Any], labels: Mapping[str, str]) -> None:
    """A row that was taken out is told at its table: where it stood, another one stands now."""
    path, before = change["path"], described.said(matter, change["path"], change["before"], labels)
    table, _, row = path.rpartition(".")
    if change["kind"] == REMOVED and row.isdecimal():
        _note(marks, table, "removed", say("删去一行：%(text)s") % {"text": before})
    elif change["kind"] == ADDED:
        marks.setdefault(path, {})["is_new"] = True
    else:
        marks.setdefault(path, {})["was"] = before


def _files_before(application: Mapping[str, Any], files: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What lay there in the round that is compared with, to be opened beside what lies there now."""
    base, round_ = f"/api/v1/applications/{application['application_id']}", application["changes"]["against"]
    before = [
        {"name": each["name"], "address": f"{base}/attachments/{each['sha256']}?round={round_}"} for each in files
    ]
    return {"was": listed(each["name"] for each in before), "before": before}


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
