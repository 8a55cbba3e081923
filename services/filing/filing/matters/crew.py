"""The crew that installs or dismantles a machine, as both notices list it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from chassis.findings import Finding, error
from chassis.schemas import Choice, Schema
from filing.fields import ROLES, Reference
from filing.matters.base import Facts, PersonClaim

CREW_ROLES = {code: ROLES[code] for code in ("install_lead", "install_safety_officer", "install_worker")}


class CrewMember(Schema):
    role = Choice("岗位", choices=CREW_ROLES, required=True)
    person_id = Reference("人员", "people", given={"role": "role", "machine_kind": "machine_kind"}, required=True)


def check_crew(facts: Facts) -> list[Finding]:
    """One lead, at least one safety officer and one certified worker, nobody twice (166号 Art. 12, 13)."""
    crew: Sequence[Mapping[str, Any]] = facts.form["crew"]
    count = Counter(each["role"] for each in crew)
    findings = check_nobody_twice(crew, "form.crew")
    if count["install_lead"] != 1:
        findings.append(error("exactly_one_needed", "form.crew", role="install_lead", found=count["install_lead"]))
    return findings + [
        error("at_least_needed", "form.crew", role=role, needed=1, found=0)
        for role in ("install_safety_officer", "install_worker")
        if not count[role]
    ]


def check_nobody_twice(people: Sequence[Mapping[str, Any]], path: str) -> list[Finding]:
    """Each person stands in the list once, at most."""
    seen: dict[str, int] = {}
    findings = []
    for number, each in enumerate(people):
        if each["person_id"] in seen:
            first = seen[each["person_id"]] + 1
            findings.append(error("person_named_twice", f"{path}.{number}.person_id", first_row=first))
        seen.setdefault(each["person_id"], number)
    return findings


def crew_claims(facts: Facts) -> tuple[PersonClaim, ...]:
    """The crew is the installer's own."""
    return tuple(
        PersonClaim(
            person_id=each["person_id"],
            role=each["role"],
            path=f"form.crew.{number}.person_id",
            employer_id=facts.applicant.organisation_id,
        )
        for number, each in enumerate(facts.form["crew"])
    )
