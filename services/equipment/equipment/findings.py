"""What is found against a machine or its papers, all of it at once (pure). Paths are those of filing's forms."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from chassis.findings import Finding, error, warning
from equipment import bans, service_life
from equipment.terms import Acceptance, Inspection, Specification

PICKED = "form.machine_id"

ENDS_SOON = timedelta(days=90)
# A report that names no last day holds a year (domain facts §2.2).
INSPECTION_YEARS = 1
HOISTS = ("S", "L")


def fitness(machine: Specification, on: date, path: str = "") -> Iterator[Finding]:
    """R-E2: banned, past its life, failed its assessment; a warning when its life ends within 90 days.

    All are told of the field `path`; by default each of the field of the filing's form that it comes from.
    """
    ban = bans.ban_on(machine, on)
    if ban:
        yield error("machine_banned", path or "form.model", document=ban.document, reason=ban.reason)
    assessment = machine.assessment
    if assessment and not assessment.passed:
        papers = {"report_number": assessment.report_number, "on": assessment.on.isoformat()}
        yield error("machine_failed_inspection", path or "form.assessment", **papers)
    end = service_life.ends_on(machine, on)
    if end is not None and on > end:
        yield error("machine_over_age", path or "form.made_on", **_age(machine, on))
    elif end is not None and end - on <= ENDS_SOON:
        yield warning("machine_life_ends_soon", path or "form.made_on", service_ends_on=end.isoformat())


def description(machine: Specification, on: date) -> Iterator[Finding]:
    """What the kind must tell of itself, so that its life can be reckoned; and no factory day in the future."""
    if machine.kind == "T" and machine.rated_moment_knm is None:
        yield error("machine_kind_needs_rated_moment", "form.rated_moment_knm", kind=machine.kind)
    if machine.kind in HOISTS and machine.hoist_drive is None:
        yield error("machine_kind_needs_hoist_drive", "form.hoist_drive", kind=machine.kind)
    if machine.made_on > on:
        yield error("in_the_future", "form.made_on")


def inspection(report: Inspection | None, on: date) -> Iterator[Finding]:
    """R6: inspected, passed, still valid on the day."""
    path = "form.inspection"
    if report is None or report.on > on:
        yield error("inspection_missing", path)
        return
    papers = {"report_number": report.report_number, "on": report.on.isoformat()}
    if not report.passed:
        yield error("inspection_failed", path, **papers)
    end = inspection_ends_on(report)
    if end < on:
        yield error("inspection_expired", path, **papers, valid_to=end.isoformat())


def inspection_ends_on(report: Inspection) -> date:
    """The last day that the report covers."""
    return report.valid_to or service_life.anniversary(report.on, INSPECTION_YEARS)


def acceptance(record: Acceptance | None, on: date) -> Iterator[Finding]:
    """R7: accepted and passed. Whether it is registered in time is filing's to say: it knows when that was applied for."""
    path = "form.acceptance"
    if record is None or record.on > on:
        yield error("acceptance_missing", path)
    elif not record.passed:
        yield error("acceptance_failed", path, on=record.on.isoformat())


def _age(machine: Specification, on: date) -> dict[str, Any]:
    limit = service_life.limit_of(machine, on)
    valid_to = service_life.assessment_ends_on(machine.assessment, limit.assessment_years, on)
    return {
        "limit_years": limit.years,
        "made_on": machine.made_on.isoformat(),
        "assessment_valid_to": valid_to.isoformat() if valid_to else None,
    }
