"""The claim of filing for an application's people, and its answer."""

from collections.abc import Mapping
from typing import Any

from chassis.schemas import Choice, Day, Flag, Free, Heard, Id, Moment, Part, Rows, Schema, Text
from personnel.models import Person
from personnel.schemas.common import KINDS
from personnel.terms import ROLE_NAMES, Claim, Exemption, Matter, Named, Project, Role
from personnel.words import EXEMPTIONS, MACHINE_KINDS, MATTERS, SEVERITIES


class ApplicantPart(Heard):
    organisation_id = Id("申请单位", required=True)


class ProjectPart(Heard):
    project_id = Id("工程", required=True)
    name = Text("工程名称", max=300, required=True)
    area = Text("所在辖区", max=40, required=True)
    agency_id = Id("监督机构", load_default=None, allow_none=True)
    works_code = Text("投资项目代码", max=60, load_default=None, allow_none=True)
    finishes_on = Day("竣工日期", load_default=None, allow_none=True)


class MachinePart(Heard):
    machine_id = Id("设备", load_default=None, allow_none=True)
    kind = Choice("设备类型", choices=MACHINE_KINDS, load_default=None, allow_none=True)


class ExemptionPart(Heard):
    """The exception, and the project that the manager already has, from which it is to be proved."""

    kind = Choice("豁免情形", choices=EXEMPTIONS, required=True)
    project_id = Id("所在工程", required=True)


class NamedPart(Heard):
    """A person in a role. `employer_id`: where he must be employed; `replaces`: whom he follows."""

    person_id = Id("人员", required=True)
    role = Choice("岗位", choices=ROLE_NAMES, required=True)
    path = Text(max=200, load_default="")
    employer_id = Id("所属单位", load_default=None, allow_none=True)
    replaces = Id("被替换人员", load_default=None, allow_none=True)
    exemption = Part(ExemptionPart, "豁免", load_default=None, allow_none=True)


class ReserveRequest(Heard):
    """Filing's claim for an application."""

    application_id = Id("申请", required=True)
    matter = Choice("事项", choices=MATTERS, required=True)
    check_only = Flag("只检查", load_default=False)
    on = Day("日期", required=True)
    applicant = Part(ApplicantPart, "申请单位", required=True)
    agency_id = Id("监督机构", load_default=None, allow_none=True)
    project = Part(ProjectPart, "工程", load_default=None, allow_none=True)
    machine = Part(MachinePart, "设备", load_default=None, allow_none=True)
    people = Rows(Part(NamedPart), "人员", max=200, required=True)


class FindingPart(Schema):
    code = Text(required=True)
    severity = Choice(choices=SEVERITIES, required=True)
    detail = Free(required=True)
    path = Text(required=True)


class ReservedCertificate(Schema):
    kind = Choice(choices=KINDS, required=True)
    trade = Text(required=True, allow_none=True)
    number = Text(required=True)
    valid_to = Day(required=True)


class ReservedPerson(Schema):
    person_id = Id(required=True)
    name = Text(required=True)
    role = Choice(choices=ROLE_NAMES, required=True)
    employer_id = Id(required=True, allow_none=True)
    employer_name = Text(required=True, allow_none=True)
    certificates = Rows(Part(ReservedCertificate), required=True)


class ReserveReply(Schema):
    granted_until = Moment(required=True, allow_none=True)
    people = Rows(Part(ReservedPerson), required=True)
    findings = Rows(Part(FindingPart), required=True)


def claim_of(request: Mapping[str, Any]) -> Claim:
    """The claim in a loaded `ReserveRequest`."""
    machine = request["machine"] or {}
    return Claim(
        application_id=request["application_id"],
        matter=Matter(request["matter"]),
        check_only=request["check_only"],
        on=request["on"],
        applicant_id=request["applicant"]["organisation_id"],
        agency_id=request["agency_id"],
        project=project_of(request["project"]),
        machine_id=machine.get("machine_id"),
        machine_kind=machine.get("kind"),
        people=tuple(named_of(each) for each in request["people"]),
    )


def project_of(project: Mapping[str, Any] | None) -> Project | None:
    if project is None:
        return None
    return Project(
        project_id=project["project_id"],
        name=project["name"],
        area=project["area"],
        agency_id=project["agency_id"],
        works_code=project["works_code"] or None,
        finishes_on=project["finishes_on"],
    )


def named_of(each: Mapping[str, Any]) -> Named:
    exemption = each.get("exemption")
    return Named(
        person_id=each["person_id"],
        role=Role(each["role"]),
        path=each.get("path", ""),
        employer_id=each.get("employer_id"),
        replaces=each.get("replaces"),
        exemption=Exemption(exemption["kind"]) if exemption else None,
        exempting_project_id=exemption["project_id"] if exemption else None,
    )


def person_brief(person: Person, named: Named) -> dict[str, Any]:
    """A person as the reply of `reserve` tells of him: what an application may show, nothing to be masked."""
    certificates = [
        {"kind": each.kind, "trade": each.trade, "number": each.number, "valid_to": each.valid_to}
        for each in person.certificates
    ]
    return {
        "person_id": person.id,
        "name": person.name,
        "role": named.role,
        "employer_id": person.employer_id,
        "employer_name": person.employer_name,
        "certificates": certificates,
    }
