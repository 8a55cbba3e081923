"""What stands in the way of a claim: findings, each with the form field that it is about (pure, over loaded rows)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from chassis.findings import ERROR, WARNING, Finding
from personnel import capacity, certificate_rules
from personnel.certificate_rules import Held
from personnel.models import Certificate, Person, PersonLock
from personnel.terms import Claim, Group, HoldStage, Matter, Named, Role, Works


@dataclass(frozen=True)
class Known:
    """What the checks may look at, loaded beforehand; `locks` are the active ones of all people named or replaced."""

    people: Mapping[str, Person]
    locks: list[PersonLock]
    works: Mapping[str, Works]

    def others(self, claim: Claim, named: Named) -> list[PersonLock]:
        """The person's active locks of the same group that come from other applications."""
        return [
            each
            for each in self.locks
            if each.person_id == named.person_id
            and each.capacity_group == named.group
            and each.application_id != claim.application_id
        ]


def findings(claim: Claim, known: Known) -> list[Finding]:
    """All that is wrong with the claim on its day, and all that is worth a warning, person by person."""
    if claim.matter is Matter.PERSON_RELEASE:
        return [each for named in claim.people for each in _release(claim, named, known)]
    found: list[Finding] = []
    on = claim.on
    for place, named in enumerate(claim.people):
        person = known.people.get(named.person_id)
        if person is None:
            found.append(_error(named, None, "person_unknown"))
            continue
        found += _employment(named, person)
        found += _named_twice(claim.people[:place], named, person)
        found += _certificates(claim, named, person, on)
        found += _capacity(claim, named, person, known, on)
        found += _replaced(claim, named, person, known)
    return found + _operators(claim, on)


def held(certificates: Iterable[Certificate]) -> list[Held]:
    return [
        Held(
            kind=each.kind,
            number=each.number,
            valid_to=each.valid_to,
            trade=each.trade,
            issued_on=each.issued_on,
            grade=each.grade,
        )
        for each in certificates
    ]


def _employment(named: Named, person: Person) -> list[Finding]:
    if person.employer_id is None or named.employer_id not in (None, person.employer_id):
        return [_error(named, person, "person_not_employed", employer=person.employer_name)]
    return []


def _named_twice(before: Iterable[Named], named: Named, person: Person) -> list[Finding]:
    """Nobody can fill two counted posts of one group, nor one post twice."""
    for other in before:
        same_group = other.group is named.group and named.group is not Group.RECORDED
        if other.person_id == named.person_id and (same_group or other.role is named.role):
            return [_error(named, person, "person_named_twice", other_role=other.role.value)]
    return []


def _certificates(claim: Claim, named: Named, person: Person, on: date) -> list[Finding]:
    found = []
    has = held(person.certificates)
    until = claim.project.finishes_on if claim.project and named.group is Group.FULL_TIME else None
    for demand in certificate_rules.demands(named.role, claim.machine_kind, on):
        lack = certificate_rules.lack(demand, has, on)
        if lack is not None:
            found.append(_error(named, person, lack.code, **lack.detail))
            continue
        best = certificate_rules.fitting(demand, has, on)
        if best is not None and certificate_rules.expires_soon(best, on, until):
            detail = {"kind": best.kind, "number": best.number, "valid_to": best.valid_to.isoformat()}
            found.append(_finding(WARNING, named, person, "certificate_expires_soon", **detail))
    return found


def _capacity(claim: Claim, named: Named, person: Person, known: Known, on: date) -> list[Finding]:
    others = known.others(claim, named)
    most = capacity.limit(named.group, on)
    if most is None or len(others) < most:
        return []
    if named.exemption is not None:
        return _exemption(claim, named, person, known, on)
    if most > 1:
        projects = [each.project.name for each in others]
        return [_error(named, person, "person_locked_too_often", limit=most, projects=projects)]
    return [_locked(named, person, others[0])]


def _exemption(claim: Claim, named: Named, person: Person, known: Known, on: date) -> list[Finding]:
    """The exception must be proved for the project that it names, and any of the three for every other project."""
    assert named.exemption is not None
    others = known.others(claim, named)
    counted = next((each for each in others if each.role != Role.PROJECT_MANAGER), None)
    if named.role is not Role.PROJECT_MANAGER or counted is not None:
        return [_locked(named, person, counted or others[0])]
    claimed_for = Works(claim.project.works_code if claim.project else None)
    for lock in others:
        held_on = known.works.get(lock.project_id, Works(None))
        if lock.project_id == named.exempting_project_id:
            if not capacity.is_proved(named.exemption, held_on, claimed_for, on):
                return [_not_proved(named, person, lock.project.name)]
        elif not capacity.is_excused(held_on, claimed_for, on):
            return [_locked(named, person, lock)]
    if named.exempting_project_id not in {each.project_id for each in others}:
        return [_not_proved(named, person, None)]
    return []


def _replaced(claim: Claim, named: Named, person: Person, known: Known) -> list[Finding]:
    if named.replaces is None:
        return []
    project_id = claim.project.project_id if claim.project else None
    wanted = (named.replaces, named.role.value, project_id, HoldStage.HELD)
    if any((each.person_id, each.role, each.project_id, each.stage) == wanted for each in known.locks):
        return []
    replaced = known.people.get(named.replaces)
    detail = {"replaces": named.replaces, "replaced_name": replaced.name if replaced else None}
    return [_error(named, person, "replaced_person_not_locked", **detail)]


def _release(claim: Claim, named: Named, known: Known) -> list[Finding]:
    """Who is to be freed must be held on the project, in the post that is named, and be the applicant's to ask for."""
    person = known.people.get(named.person_id)
    if person is None:
        return [_error(named, None, "person_unknown")]
    if named.employer_id not in (None, person.employer_id):
        return [_error(named, person, "person_not_employed", employer=person.employer_name)]
    project_id = claim.project.project_id if claim.project else None
    wanted = (named.person_id, named.role.value, project_id, HoldStage.HELD)
    if any((each.person_id, each.role, each.project_id, each.stage) == wanted for each in known.locks):
        return []
    return [_error(named, person, "person_not_locked_here")]


def _operators(claim: Claim, on: date) -> list[Finding]:
    if claim.matter != Matter.USE_REGISTRATION:
        return []
    named = {each.role for each in claim.people}
    return [
        Finding(f"{role.value}_missing", ERROR, "people", {"machine_kind": claim.machine_kind})
        for role in certificate_rules.required_operators(claim.machine_kind, on)
        if role not in named
    ]


def _locked(named: Named, person: Person, lock: PersonLock) -> Finding:
    since = (lock.held_at or lock.granted_at).isoformat()
    return _error(named, person, "person_locked", held_by=lock.project.name, since=since, role=lock.role)


def _not_proved(named: Named, person: Person, held_by: str | None) -> Finding:
    assert named.exemption is not None
    return _error(named, person, "exemption_not_proved", kind=named.exemption.value, held_by=held_by)


def _error(named: Named, person: Person | None, code: str, **detail: Any) -> Finding:
    return _finding(ERROR, named, person, code, **detail)


def _finding(severity: str, named: Named, person: Person | None, code: str, **detail: Any) -> Finding:
    who = {"person_id": named.person_id, "name": person.name if person else None, "named_as": named.role.value}
    return Finding(code, severity, named.path, who | detail)
