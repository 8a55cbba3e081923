"""Claims: what an application asks of the services that own machines and people. The only file that calls them.

Both are asked at the same time; nobody waits for a lock, so the order does not matter. Nothing is ever undone here:
what one of them granted while the other refused lapses by itself, or serves the next try of the same application.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, is_dataclass
from datetime import date, datetime
from typing import Any

from chassis.call import Answer, Question
from chassis.errors import Refusal, Unavailable
from chassis.findings import Finding, refuse_on_errors, warning
from filing.matters.base import Claims, Facts, MachineClaim, ProjectFacts

DEADLINE_SECONDS = 1.0
EQUIPMENT, PERSONNEL = "equipment", "personnel"


Ask = Callable[[Sequence[Question], float], Sequence[Answer]]
"""Asks all questions at the same time, for so many seconds; an answer for each in order, a refusal included."""


@dataclass(frozen=True)
class Granted:
    """What the lock owners answered: the machine and the people as they know them, and all findings."""

    machine: dict[str, Any] | None = None
    people: list[dict[str, Any]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def reserve(ask: Ask, matter: str, facts: Facts, claims: Claims, agency_id: str | None) -> Granted:
    """Claim machine and people for the application; a repeat gets the same answer.

    Refuses `Conflict` with the owner's reason (the machine's first) and all findings, or `Unavailable("claims_unavailable")`.
    """
    questions = _questions(matter, facts, claims, agency_id, check_only=False)
    answers = ask(questions, DEADLINE_SECONDS) if questions else []
    refused = [each for each in answers if isinstance(each, Refusal)]
    if refused:
        raise _reason(refused)
    return _granted(questions, answers)


def look(ask: Ask, matter: str, facts: Facts, claims: Claims, agency_id: str | None) -> Granted:
    """What the owners would say, without locking anything; a silent service is a warning, not a refusal."""
    questions = _questions(matter, facts, claims, agency_id, check_only=True)
    answers = ask(questions, DEADLINE_SECONDS) if questions else []
    silent = [
        warning("check_unavailable", service=question.service)
        for question, answer in zip(questions, answers, strict=True)
        if isinstance(answer, Refusal)
    ]
    granted = _granted(questions, answers)
    return Granted(granted.machine, granted.people, granted.findings + silent)


def confirm(ask: Ask, matter: str, facts: Facts, claims: Claims, agency_id: str | None) -> None:
    """Whether what was claimed may still be put to use; nothing is locked.

    Refuses `Conflict` with what stands against it today and all findings, or `Unavailable("claims_unavailable")`.
    """
    questions = _questions(matter, facts, claims, agency_id, check_only=True)
    answers = ask(questions, DEADLINE_SECONDS) if questions else []
    refused = [each for each in answers if isinstance(each, Refusal)]
    if refused:
        raise _reason(refused)
    refuse_on_errors(_granted(questions, answers).findings)


def dump_claims(claims: Claims) -> dict[str, Any]:
    """The claims in the form in which a submission keeps them and an event tells them."""
    machine = claims.machine
    return {
        "machine_id": machine.machine_id if machine else None,
        "particulars": plain(machine.particulars) if machine else None,
        "evidence": plain(machine.evidence) if machine else None,
        "people": [{"person_id": p.person_id, "role": p.role, "replaces": p.replaces} for p in claims.people],
    }


def plain(value: Any) -> Any:
    """JSON's own types: days and moments as ISO text, tuples as lists."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    return value


def _questions(matter: str, facts: Facts, claims: Claims, agency_id: str | None, check_only: bool) -> list[Question]:
    common = _common(matter, facts, agency_id, check_only)
    questions = []
    if claims.machine is not None:
        machine = _machine_part(facts, claims.machine, agency_id)
        questions.append(Question(EQUIPMENT, "reserve", common | machine))
    if claims.people:
        questions.append(Question(PERSONNEL, "reserve", common | _people_part(facts, claims, agency_id)))
    return questions


def _common(matter: str, facts: Facts, agency_id: str | None, check_only: bool) -> dict[str, Any]:
    applicant = facts.applicant
    return {
        "application_id": facts.application_id,
        "matter": matter,
        "check_only": check_only,
        "on": facts.today.isoformat(),
        "applicant": {
            "organisation_id": applicant.organisation_id,
            "name": applicant.name,
            "area": applicant.area,
            "kinds": list(applicant.kinds),
        },
        "agency_id": agency_id,
    }


def _machine_part(facts: Facts, machine: MachineClaim, agency_id: str | None) -> dict[str, Any]:
    project = project_told(facts.project, agency_id)
    return {
        "project": {name: project[name] for name in ("project_id", "name", "area", "agency_id")} if project else None,
        "machine": {"machine_id": machine.machine_id} if machine.machine_id else None,
        "particulars": plain(machine.particulars),
        "evidence": plain(machine.evidence),
    }


def _people_part(facts: Facts, claims: Claims, agency_id: str | None) -> dict[str, Any]:
    machine = claims.machine
    return {
        "project": project_told(facts.project, agency_id),
        "machine": {"machine_id": machine.machine_id, "kind": machine.kind} if machine else None,
        "people": [plain(each) for each in claims.people],
    }


def project_told(project: ProjectFacts | None, agency_id: str | None) -> dict[str, Any] | None:
    """A project as claims and events tell it; one that is not filed yet is the handling agency's."""
    if project is None:
        return None
    return {
        "project_id": project.project_id,
        "name": project.name,
        "area": project.area,
        "agency_id": project.agency_id or agency_id,
        "works_code": project.works_code,
        "starts_on": plain(project.starts_on),
        "finishes_on": plain(project.finishes_on),
    }


def _granted(questions: Sequence[Question], answers: Sequence[Answer]) -> Granted:
    heard = {
        question.service: answer
        for question, answer in zip(questions, answers, strict=True)
        if not isinstance(answer, Refusal)
    }
    return Granted(
        machine=heard.get(EQUIPMENT, {}).get("machine"),
        people=heard.get(PERSONNEL, {}).get("people", []),
        findings=[Finding(**each) for answer in heard.values() for each in answer.get("findings", [])],
    )


def _reason(refused: Sequence[Refusal]) -> Refusal:
    """What to tell: a real reason before "not now"; the findings of all that gave reasons go along."""
    reasons = [each for each in refused if not isinstance(each, Unavailable)]
    if not reasons:
        return Unavailable("claims_unavailable", retry_after=2)
    first = reasons[0]
    findings = [finding for each in reasons for finding in each.detail.get("findings", [])]
    first.detail = {**first.detail, "findings": findings} if findings else first.detail
    return first
