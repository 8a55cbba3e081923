"""The form of an inspection under way: what is typed, read and drawn again, and what of it is sent to enforcement.

Each finding says what becomes of it (nothing, an order to put right, a partial or a full stop); the findings of one kind make
one order, whose day, addressee and words stand once below.
"""

from datetime import datetime, timedelta
from typing import Any

from flask import request

from chassis.clock import day_of
from chassis.identifiers import new_id
from gateway.bus import Body
from gateway.portal.enforcement import photos

ROWS = 1  # of findings that an empty form begins with
DAYS = {"rectify": 7, "partial_stop": 3, "full_stop": 3}
DEMANDS = {
    "rectify": "对所列问题逐条整改，并在期限内提交安全整改报告。",
    "partial_stop": "停工部位立即停止施工，隐患消除并经复查同意前不得复工。",
    "full_stop": "立即停止全部施工作业，隐患消除并经复查同意前不得复工。",
}
PLACE = ("longitude", "latitude", "accuracy")
FINDING = ("clause_key", "severity", "description", "part", "treatment")
ORDER = ("due_on", "addressee", "demands", "scope")
SIGNED = ("name", "role", "reason", "witnesses")


def place(typed: Body) -> Body | None:
    """Where the phone was, if it told."""
    try:
        return {name: float(typed[name]) for name in PLACE}
    except (KeyError, ValueError):
        return None


def blank(visit: Body, now: datetime) -> Body:
    """With one empty finding, and the days and words that orders usually have."""
    return {
        "remark": "",
        "off": {},
        "missing": [],
        "checked": [],
        "findings": [_row({}) for _ in range(ROWS)],
        "orders": {
            kind: {
                "due_on": (day_of(now) + timedelta(days=days)).isoformat(),
                "addressee": "contractor",
                "demands": DEMANDS[kind],
                "scope": "",
            }
            for kind, days in DAYS.items()
        },
        "signed": [],
        "site": dict.fromkeys(SIGNED, "") | {"refused": False},
        "place": None,
    }


def read(rules: Body) -> tuple[Body, list[Body]]:
    """What the page holds, with the photos that came along; and what is wrong with each photo that cannot be kept."""
    form = request.form
    wrong: list[Body] = []
    items = [item["key"] for table in rules["tables"] for item in table["items"]]
    typed: Body = {
        "remark": form.get("remark", "").strip(),
        "off": {key: value for key in items if (value := form.get(f"off.{key}", "").strip())},
        "missing": [key for key in items if form.get(f"missing.{key}")],
        "checked": form.getlist("checked"),
        "findings": [_finding(name, wrong) for name in form.getlist("_finding")],
        "orders": {kind: {name: form.get(f"{kind}.{name}", "").strip() for name in ORDER} for kind in DAYS},
        "signed": form.getlist("signed"),
        "site": {name: form.get(f"site.{name}", "").strip() for name in SIGNED}
        | {"refused": bool(form.get("site.refused"))},
        "place": place(form.to_dict()),
    }
    return typed, wrong


def change(typed: Body, act: str, which: str) -> None:
    """Another row, or one row or photo less."""
    if act == "add":
        typed["findings"].append(_row({}))
        return
    typed["findings"] = [each for each in typed["findings"] if each["finding_id"] != which] or [_row({})]
    for each in typed["findings"]:
        each["photos"] = [photo for photo in each["photos"] if photo["evidence_id"] != which]


def asked(visit: Body, typed: Body, now: datetime) -> Body:
    """What enforcement is told: rows that are empty count for nothing."""
    findings = _filled(typed)
    at = now.isoformat()
    return {
        "inspection_id": visit["inspection_id"],
        "ended_at": at,
        "ended_place": typed["place"],
        "remark": typed["remark"],
        "tables": _tables(typed),
        "findings": [{name: value for name, value in each.items() if name not in ("treatment",)} for each in findings],
        "orders": [
            {"kind": kind, "finding_ids": ids} | typed["orders"][kind]
            for kind in DAYS
            if (ids := [each["finding_id"] for each in findings if each["treatment"] == kind])
        ],
        "signatures": [{"officer_id": each, "signed_at": at} for each in typed["signed"]],
        "site_signature": typed["site"] | {"signed_at": at},
    }


def at_rows(problem: Body, typed: Body) -> Body:
    """findings.0.clause_key → the field of that row; orders.1.due_on → the day of that kind."""
    findings = _filled(typed)
    kinds = [kind for kind in DAYS if any(each["treatment"] == kind for each in findings)]
    fields = []
    for each in problem["fields"]:
        steps = each["path"].split(".")
        place_ = int(steps[1]) if len(steps) > 2 and steps[1].isdecimal() else -1
        if steps[0] == "findings" and 0 <= place_ < len(findings):
            each = each | {"path": f"{steps[2]}.{findings[place_]['finding_id']}"}
        elif steps[0] == "orders" and 0 <= place_ < len(kinds):
            each = each | {"path": f"{kinds[place_]}.{steps[2]}"}
        elif steps[0] == "site_signature":
            each = each | {"path": f"site.{steps[-1]}"}
        fields.append(each)
    return problem | {"fields": fields}


def _tables(typed: Body) -> list[Body]:
    """Those that were ticked, and those of which something was filled in."""
    touched = {key.rsplit("-", 1)[0] for key in (*typed["off"], *typed["missing"])}
    return [
        {
            "table": table,
            "off": [
                {"item": key, "points": _number(value)}
                for key, value in typed["off"].items()
                if key.rsplit("-", 1)[0] == table
            ],
            "missing": [key for key in typed["missing"] if key.rsplit("-", 1)[0] == table],
        }
        for table in dict.fromkeys([*typed["checked"], *sorted(touched)])
    ]


def _number(text: str) -> Any:
    """A number, or what was typed: enforcement says what is wrong with it."""
    try:
        return float(text)
    except ValueError:
        return text


def _filled(typed: Body) -> list[Body]:
    return [each for each in typed["findings"] if each["clause_key"] or each["description"] or each["photos"]]


def _finding(name: str, wrong: list[Body]) -> Body:
    row = _row({each: request.form.get(f"{each}.{name}", "").strip() for each in FINDING} | {"finding_id": name})
    row["photos"] = photos.held(f"photo.{name}") + photos.received(f"photos.{name}", "finding", wrong)
    return row


def _row(told: Body) -> Body:
    empty = {"finding_id": new_id(), "clause_key": "", "severity": "general", "description": "", "part": ""}
    return empty | {"treatment": "rectify", "photos": []} | told
