"""关键岗位人员变更 Change of key personnel: the old one is freed as the new one is locked, in one step (R-P5).

建市〔2008〕48号 Art. 10 gives the grounds for a project manager; the further grounds are provincial practice, not
confirmed for Hebei.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from chassis.findings import Finding, error
from chassis.schemas import Choice, Day, Part, Phone, Rows, Schema, Text
from filing import projects
from filing.fields import Reference, Source
from filing.matters.base import AttachmentKind, CertificateRule, Claims, Facts, Form, Matter, ProjectFacts, Route
from filing.matters.crew import check_nobody_twice
from filing.matters.key_people import (
    EMPLOYER,
    KEY_ROLES,
    Exemption,
    check_exemptions_of,
    claim,
    employed_by,
)
from filing.matters.named_project import project_words
from filing.staffing import ONLY_ONE

GROUNDS = {
    "contract_terminated": "发包方与原人员受聘企业已解除承包合同",
    "owner_agrees": "发包方同意更换",
    "force_majeure": "不可抗力等特殊情况",
    "left_employer": "离职",
    "death_or_illness": "死亡、伤病不能履职",
    "found_unfit": "建设单位认为不称职",
    "ordered": "主管部门责令更换",
    "added": "增补人员",
}
# Who asks for the change of whose people: the supervising firm is the owner's contractor, so the owner asks for its.
ASKED_BY = {"owner": ("owner", "supervisor"), "contractor": ("contractor",)}


NEW_PERSON: dict[str, Source] = {
    "role": "role",
    "organisation_id": {"role": employed_by("project_id.contractor_id", "project_id.supervisor_id")},
}


class Change(Schema):
    role = Choice("岗位", choices=KEY_ROLES, required=True)
    replaces = Reference(
        "原人员",
        "project_people",
        given={"project_id": "project_id", "role": "role"},
        help="增补安全员、监理工程师，或岗位空缺时不填",
    )
    person_id = Reference("新任人员", "people", given=NEW_PERSON, required=True)
    phone = Phone("新任人员手机号（建工通）", required=True)
    ground = Choice("变更原因", choices=GROUNDS, required=True)
    reason = Text("说明", max=500, required=True)
    handed_over_on = Day("工作交接日期", help="更换人员时必填")
    exemption = Part(Exemption, "项目经理兼任情形", help="仅当新任项目经理仍在其他工程任职时填写")


class PersonnelChangeForm(Schema):
    project_id = Reference("工程", "projects", wanted={"stage": ["filed", "suspended"]}, required=True, section="工程")
    changes = Rows(Part(Change), "变更人员", min=1, max=50, required=True, section="变更")


def check(facts: Facts) -> list[Finding]:
    project = facts.project
    if project is None:
        return [error("project_unknown", "form.project_id")]
    if project.stage not in ("filed", "suspended"):
        return [error("project_not_filed", "form.project_id", stage=project.stage)]
    if not _asked_for(facts):
        return [error("not_party_of_project", "form.project_id")]
    changes = facts.form["changes"]
    findings = check_nobody_twice(changes, "form.changes") + check_exemptions_of(changes, "form.changes")
    for number, change in enumerate(changes):
        findings += _check_change(facts, change, f"form.changes.{number}")
    return findings + _check_named_twice(changes)


def claims(facts: Facts) -> Claims:
    project = facts.project
    if project is None:  # the check names it; there is nobody to claim
        return Claims()
    return Claims(
        people=tuple(
            claim(
                facts,
                each,
                f"form.changes.{number}.person_id",
                each.get("replaces"),
                project.party(EMPLOYER[each["role"]]),
            )
            for number, each in enumerate(facts.form["changes"])
        )
    )


def _asked_for(facts: Facts) -> tuple[str, ...]:
    """The parties of the project whose people this applicant may change."""
    project = facts.project
    assert project is not None
    mine = facts.applicant.organisation_id
    return tuple(party for role, parties in ASKED_BY.items() if project.party(role) == mine for party in parties)


def _check_change(facts: Facts, change: Mapping[str, Any], path: str) -> list[Finding]:
    assert facts.project is not None
    role, old = change["role"], change.get("replaces")
    if EMPLOYER[role] not in _asked_for(facts):
        return [error("not_yours_to_change", f"{path}.role", role=role)]
    if old is None:
        return [] if _may_be_added(facts.project, change) else [error("required", f"{path}.replaces")]
    findings = []
    if (role, old) not in facts.project.key_people:
        findings.append(error("not_in_this_post", f"{path}.replaces", role=role))
    if (role, change["person_id"]) in facts.project.key_people:
        findings.append(error("already_in_this_post", f"{path}.person_id", role=role))
    if change["ground"] == "added":
        findings.append(error("ground_needs_nobody_replaced", f"{path}.ground"))
    return findings + _check_hand_over(facts, change, path)


def _check_hand_over(facts: Facts, change: Mapping[str, Any], path: str) -> list[Finding]:
    """Art. 10: with a written hand-over."""
    day = change.get("handed_over_on")
    if day is None:
        return [error("required", f"{path}.handed_over_on")]
    return [error("in_the_future", f"{path}.handed_over_on")] if day > facts.today else []


def _may_be_added(project: ProjectFacts, change: Mapping[str, Any]) -> bool:
    """Where several may hold the post; or where nobody does, since its holder was unlocked by the agency."""
    if change["role"] not in ONLY_ONE:
        return bool(change["ground"] == "added")
    return change["role"] not in {role for role, _ in project.key_people}


def _check_named_twice(changes: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """Nobody is replaced by two, and a vacant post is filled with one."""
    replaced = Counter(each["replaces"] for each in changes if each.get("replaces"))
    filled = Counter(each["role"] for each in changes if each["role"] in ONLY_ONE and not each.get("replaces"))
    findings = [
        error("person_named_twice", f"form.changes.{number}.replaces")
        for number, each in enumerate(changes)
        if replaced[each.get("replaces")] > 1
    ]
    return findings + [
        error("exactly_one_needed", "form.changes", role=role, found=found)
        for role, found in filled.items()
        if found > 1
    ]


def _needs_consent(form: Form) -> bool:
    return any(each["ground"] == "owner_agrees" for each in form.get("changes") or ())


def _replaces_somebody(form: Form) -> bool:
    return any(each.get("replaces") for each in form.get("changes") or ())


MATTER = Matter(
    code="personnel_change",
    title="关键岗位人员变更",
    applicants=("owner", "contractor"),
    form=PersonnelChangeForm,
    attachments=(
        AttachmentKind("C1", "变更原因证明材料"),
        AttachmentKind("C2", "建设单位同意变更的书面意见", required=_needs_consent, note="以发包方同意为由的上传"),
        AttachmentKind("C3", "工作交接记录", required=_replaces_somebody, note="更换人员的上传"),
        AttachmentKind("C4", "新任人员资格证书"),
        AttachmentKind("C9", "其他资料", required=False),
    ),
    route=Route.PROJECT,
    check=check,
    claims=claims,
    certificate=CertificateRule(
        kind="personnel_change",
        title="关键岗位人员变更备案表",
        shown=lambda facts: project_words(facts),
    ),
    on_approval=projects.change_key_people,
)
