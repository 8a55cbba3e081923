"""The table of key personnel (安全生产履职人员信息表): who holds which post of a project, and whose staff he is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from chassis.findings import Finding, error
from chassis.schemas import Choice, Part, Phone, Schema, Text
from filing.fields import ROLES, Reference
from filing.matters.base import Facts, PersonClaim
from filing.matters.crew import check_nobody_twice
from filing.staffing import ONLY_ONE, minimum_safety_officers

# Role → the party of the project that employs its holder.
EMPLOYER = {
    "project_manager": "contractor",
    "technical_lead": "contractor",
    "safety_officer": "contractor",
    "owner_lead": "owner",
    "chief_supervisor": "supervisor",
    "supervising_engineer": "supervisor",
}
KEY_ROLES = {code: ROLES[code] for code in EMPLOYER}
EXEMPTIONS = {
    "adjacent_section": "同一工程相邻分段发包或分期施工",
    "works_accepted": "原合同约定的工程已验收合格",
    "long_stoppage": "非施工企业原因停工超过 120 天（含）且建设单位同意",
}


def employed_by(contractor: str, supervisor: str) -> dict[str, str]:
    """Role → where the form says who employs its holder; the owner applies himself."""
    places = {"contractor": contractor, "supervisor": supervisor, "owner": ""}
    return {role: places[party] for role, party in EMPLOYER.items()}


class Exemption(Schema):
    """Why a project manager may hold a second project (建市〔2008〕48号 Art. 9); the other's record has to prove it."""

    kind = Choice("情形", choices=EXEMPTIONS, required=True)
    project_id = Reference("原任职工程", "projects", required=True)


class KeyPerson(Schema):
    role = Choice("岗位", choices=KEY_ROLES, required=True)
    person_id = Reference(
        "人员",
        "people",
        given={"role": "role", "organisation_id": {"role": employed_by("contractor_id", "supervisor_id")}},
        required=True,
        help="须已录入所属单位的人员库",
    )
    phone = Phone("手机号（建工通）", required=True, help="将以此号码开通建工通")
    exemption = Part(Exemption, "项目经理兼任情形", help="仅当项目经理仍在其他工程任职时填写")
    remarks = Text("备注", max=200)


def check_posts(facts: Facts) -> list[Finding]:
    """Each leading post exactly once; safety officers as many as the size of the works asks for (T15)."""
    form = facts.form
    people: Sequence[Mapping[str, Any]] = form["key_people"]
    count = Counter(each["role"] for each in people)
    findings = check_nobody_twice(people, "form.key_people")
    findings += [
        error("exactly_one_needed", "form.key_people", role=role, found=count[role])
        for role in ONLY_ONE
        if count[role] != 1
    ]
    return findings + _check_safety_officers(facts, count["safety_officer"]) + _check_exemptions(people)


def claim(facts: Facts, entry: Mapping[str, Any], path: str, replaces: str | None, party: str | None) -> PersonClaim:
    """The claim of one entry; `party` is the organisation that must employ him."""
    exemption = entry.get("exemption")
    return PersonClaim(
        person_id=entry["person_id"],
        role=entry["role"],
        path=path,
        employer_id=party,
        replaces=replaces,
        exemption=dict(exemption) if exemption else None,
    )


def check_exemptions_of(people: Sequence[Mapping[str, Any]], path: str) -> list[Finding]:
    return [
        error("exemption_only_for_project_manager", f"{path}.{number}.exemption")
        for number, each in enumerate(people)
        if each.get("exemption") and each["role"] != "project_manager"
    ]


def _check_exemptions(people: Sequence[Mapping[str, Any]]) -> list[Finding]:
    return check_exemptions_of(people, "form.key_people")


def _check_safety_officers(facts: Facts, found: int) -> list[Finding]:
    form = facts.form
    least = minimum_safety_officers(form["works_kind"], form["floor_area"], form["contract_price"], facts.today)
    if found >= least.officers:
        return []
    return [
        error(
            "too_few_safety_officers",
            "form.key_people",
            needed=least.officers,
            found=found,
            measure=least.measure,
            reached=least.reached,
            document=least.document,
        )
    ]
