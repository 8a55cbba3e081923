"""What is found against a claim: codes with data, errors and warnings, all of them at once (pure)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from equipment import bans, service_life
from equipment.terms import Acceptance, Inspection, Specification

ERROR = "error"
WARNING = "warning"

# 393号 Art. 35: thirty calendar days, counted from acceptance.
REGISTRATION_DUE = timedelta(days=30)
ENDS_SOON = timedelta(days=90)
# A report without a date of its own holds a year (domain facts §2.2).
INSPECTION_YEARS = 1


@dataclass(frozen=True)
class Finding:
    """`path` is the part of the claim that is to blame, in dots; empty if none is."""

    code: str
    severity: str = ERROR
    detail: dict[str, Any] = field(default_factory=dict)
    path: str = ""

    def dump(self) -> dict[str, Any]:
        return {"code": self.code, "severity": self.severity, "detail": self.detail, "path": self.path}


def fitness(machine: Specification, on: date, path: str) -> Iterator[Finding]:
    """R-E2: banned, past its life, failed its assessment; a warning when its life ends within 90 days.

    `path` is "particulars", whose fields are then named, or "machine", which was picked as a whole.
    """
    ban = bans.ban_on(machine, on)
    if ban:
        yield Finding(
            "machine_banned", detail={"document": ban.document, "reason": ban.reason}, path=_within(path, "model")
        )
    if machine.assessment and not machine.assessment.passed:
        detail = {"report_number": machine.assessment.report_number, "on": machine.assessment.on.isoformat()}
        yield Finding("machine_failed_inspection", detail=detail, path=_within(path, "assessment"))
    end = service_life.ends_on(machine, on)
    if end is None:
        return
    if on > end:
        yield Finding("machine_over_age", detail=_age(machine, on), path=_within(path, "made_on"))
    elif end - on <= ENDS_SOON:
        yield Finding("machine_life_ends_soon", WARNING, {"service_ends_on": end.isoformat()}, _within(path, "made_on"))


def particulars(machine: Specification, on: date) -> Iterator[Finding]:
    """What the kind demands of its description, so that its life can be reckoned; and no day in the future."""
    if machine.kind == "T" and machine.rated_moment_knm is None:
        yield Finding("machine_kind_needs_rated_moment", detail={"kind": "T"}, path="particulars.rated_moment_knm")
    if machine.kind == "S" and machine.hoist_drive is None:
        yield Finding("machine_kind_needs_hoist_drive", detail={"kind": "S"}, path="particulars.hoist_drive")
    if machine.made_on > on:
        yield Finding("made_in_future", detail={"made_on": machine.made_on.isoformat()}, path="particulars.made_on")


def inspection(report: Inspection | None, on: date) -> Iterator[Finding]:
    """R6: inspected, passed, still valid."""
    path = "evidence.inspection"
    if report is None or report.on > on:
        yield Finding("inspection_missing", path=path)
        return
    detail = {"report_number": report.report_number, "on": report.on.isoformat()}
    if not report.passed:
        yield Finding("inspection_failed", detail=detail, path=path)
    end = inspection_ends_on(report)
    if end < on:
        yield Finding("inspection_expired", detail={**detail, "valid_to": end.isoformat()}, path=path)


def inspection_ends_on(report: Inspection) -> date:
    return report.valid_to or service_life.anniversary(report.on, INSPECTION_YEARS)


def acceptance(record: Acceptance | None, on: date) -> Iterator[Finding]:
    """R7: accepted and passed; later than thirty days after it is a flag, no refusal (393号 Art. 62(5))."""
    path = "evidence.acceptance"
    if record is None or record.on > on:
        yield Finding("acceptance_missing", path=path)
        return
    detail = {"on": record.on.isoformat()}
    if not record.passed:
        yield Finding("acceptance_failed", detail=detail, path=path)
    elif on - record.on > REGISTRATION_DUE:
        due = record.on + REGISTRATION_DUE
        yield Finding("registered_late", WARNING, {**detail, "due": due.isoformat()}, path)


def _age(machine: Specification, on: date) -> dict[str, Any]:
    limit = service_life.limit_of(machine, on)
    valid_to = service_life.assessment_ends_on(machine.assessment, limit.assessment_years, on)
    return {
        "limit_years": limit.years,
        "made_on": machine.made_on.isoformat(),
        "assessment_valid_to": valid_to.isoformat() if valid_to else None,
    }


def _within(path: str, name: str) -> str:
    return f"{path}.{name}" if path == "particulars" else path
