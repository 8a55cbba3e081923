"""What installation, use and dismantling share: the project they name, filed or not (R-F12, seed S5)."""

from datetime import date
from typing import Any

from chassis.findings import Finding, error
from chassis.identifiers import derived_id
from chassis.schemas import Choice, Day, Part, Schema, Text
from filing import divisions
from filing.fields import DivisionCode, Reference
from filing.matters.base import Facts, Form, ProjectFacts
from filing.staffing import WORKS_KINDS

HINDERING = {"under_filing", "suspended", "closed", "merged"}
HINDRANCES = {f"project_{stage}" for stage in HINDERING}
AFTER_THE_WORK = {"suspended", "closed"}  # a machine may be taken down then, not put up


class UnfiledProject(Schema):
    """A project that has no safety filing yet (未备案项目): enough to find its agency and its countersigners."""

    name = Text("工程名称", max=100, required=True)
    division = DivisionCode("工程所在地", required=True)
    address = Text("工程地点", max=200, required=True)
    works_kind = Choice("工程类别", choices=WORKS_KINDS, required=True)
    permit_number = Text("施工许可证编号", max=40, help="尚未取得的不填")
    owner_name = Text("建设单位", max=100, required=True)
    contractor_id = Reference("施工总承包单位", "organisations", wanted={"kinds": ["contractor"]}, required=True)
    supervisor_id = Reference("监理单位", "organisations", wanted={"kinds": ["supervisor"]}, required=True)
    starts_on = Day("计划开工日期", required=True)
    finishes_on = Day("计划竣工日期", required=True)
    reason = Text("未办理备案的原因", max=300, required=True)


class NamesProject(Schema):
    """Either a project of the register, or one that is not in it."""

    project_id = Reference(
        "工程",
        "projects",
        wanted={"stage": ["filed", "unfiled", "suspended", "closed"]},
        section="工程",
        help="选择已备案的工程；工程尚未备案的不填，改填下面的“未备案项目新增”",
    )
    unfiled_project = Part(UnfiledProject, "未备案项目新增")


def brings_unfiled(application_id: str, form: Form) -> ProjectFacts | None:
    """The unfiled project that the form describes. Its id follows from place, contractor and name.

    So the use registration that types the same project again finds the one that the install notice brought along.
    """
    described = form.get("unfiled_project")
    if not described or form.get("project_id"):
        return None
    name = "".join(described["name"].split())
    place = divisions.division(described["division"])
    assert place is not None  # the schema has looked it up
    return ProjectFacts(
        project_id=derived_id("unfiled_project", place.code, described["contractor_id"], name),
        name=described["name"],
        area=place.area,
        stage="unfiled",
        starts_on=described["starts_on"],
        finishes_on=described["finishes_on"],
        contractor_id=described["contractor_id"],
        supervisor_id=described["supervisor_id"],
    )


def named_parties(form: Form) -> tuple[str, ...]:
    described: dict[str, Any] = form.get("unfiled_project") or {}
    return tuple(described[name] for name in ("contractor_id", "supervisor_id") if described.get(name))


def check_project(facts: Facts, closed_is_no_hindrance: bool) -> list[Finding]:
    """One project, known, and in a stage in which something may be done on it."""
    form = facts.form
    if bool(form.get("project_id")) == bool(form.get("unfiled_project")):
        return [error("project_not_named_once", "form.project_id")]
    if facts.project is None:
        return [error("project_unknown", "form.project_id")]
    if form.get("unfiled_project"):
        return _check_described(facts)
    if facts.project.stage in HINDERING - (AFTER_THE_WORK if closed_is_no_hindrance else set()):
        return [error(f"project_{facts.project.stage}", "form.project_id", project=facts.project.name)]
    return []


def _check_described(facts: Facts) -> list[Finding]:
    described = facts.form["unfiled_project"]
    findings = _parties_that_cannot_be(facts, described)
    if described["finishes_on"] < described["starts_on"]:
        findings.append(error("ends_before_it_starts", "form.unfiled_project.finishes_on"))
    return findings


def _parties_that_cannot_be(facts: Facts, described: dict[str, Any]) -> list[Finding]:
    return [
        found
        for name, kind in (("contractor_id", "contractor"), ("supervisor_id", "supervisor"))
        for found in check_party(facts, described[name], kind, f"form.unfiled_project.{name}")
    ]


def check_party(facts: Facts, organisation_id: str, kind: str, path: str) -> list[Finding]:
    """An open enterprise of the kind that its role in the project asks for."""
    party = facts.parties.get(organisation_id)
    if party is None or not party.is_open:
        return [error("organisation_unknown", path)]
    if kind not in party.kinds:
        return [error("organisation_of_other_kind", path, name=party.name, needed=kind)]
    return []


def project_words(facts: Facts) -> dict[str, Any]:
    """What a certificate shows of the project."""
    project = facts.project
    return {} if project is None else {"project": project.name, "place": divisions.full_name(project.area)}


def check_lead_time(facts: Facts, days: int, path: str) -> list[Finding]:
    """T7: the work starts on the `days`-th working day after the notice day at the earliest (76号 Art. 13).

    The day of the notice is not counted, make-up working days are (domain.md §10).
    """
    starts: date = facts.form["planned_start"]
    earliest = facts.calendar.add_workdays(facts.submitted_on or facts.today, days)
    if starts >= earliest.day:
        return []
    return [error("start_too_early", path, earliest=earliest.day.isoformat(), provisional=earliest.provisional)]
