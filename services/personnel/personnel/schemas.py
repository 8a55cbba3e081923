"""Requests and replies. The contract is generated from here; the events we publish stand in `published`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import ValidationError, validates_schema

from chassis.paging import DEFAULT_LIMIT, MAX_LIMIT
from chassis.schemas import (
    Choice,
    Day,
    Flag,
    Free,
    Heard,
    Id,
    IdentityNumber,
    Integer,
    Moment,
    Part,
    Phone,
    Rows,
    Schema,
    Text,
)
from personnel import certificate_rules
from personnel.models import Person
from personnel.terms import (
    ROLE_NAMES,
    CertificateKind,
    Claim,
    Exemption,
    HoldStage,
    Matter,
    Named,
    Project,
    Role,
)

MACHINE_KINDS = ("T", "S", "W", "L", "Q", "M")
# The words are those of the newest edition of the rules.
KINDS = certificate_rules.kinds(date.max)
TRADES = certificate_rules.trades(date.max)
GRADES = {"1": "一级", "2": "二级"}
EXEMPTIONS = {
    Exemption.ADJACENT_SECTION: "同一工程相邻分段发包或分期施工",
    Exemption.WORKS_ACCEPTED: "合同约定的工程验收合格",
    Exemption.LONG_STOPPAGE: "因非承包方原因致使工程停工超过120天（含），经建设单位同意",
}
# Han of every plane, letters of a foreigner's name, and the dots between the parts of a name.
NAME = "[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323afA-Za-z·•.． ]{2,50}"
SHA256 = r"[0-9a-f]{64}"
REASON_LENGTH = 5


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
    matter = Choice("事项", choices=Matter, required=True)
    check_only = Flag("只检查", load_default=False)
    on = Day("日期", required=True)
    applicant = Part(ApplicantPart, "申请单位", required=True)
    agency_id = Id("监督机构", load_default=None, allow_none=True)
    project = Part(ProjectPart, "工程", load_default=None, allow_none=True)
    machine = Part(MachinePart, "设备", load_default=None, allow_none=True)
    people = Rows(Part(NamedPart), "人员", max=200, required=True)


class FindingPart(Schema):
    code = Text(required=True)
    severity = Choice(choices=("error", "warning"), required=True)
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


class CertificatePart(Schema):
    """A certificate as its holder's employer enters it."""

    kind = Choice("证书类别", choices=KINDS, required=True)
    trade = Choice("工种", choices=TRADES, load_default=None, allow_none=True, help="特种作业证书必填")
    number = Text("证书编号", max=60, required=True)
    grade = Choice("等级", choices=GRADES, load_default=None, allow_none=True, help="建造师必填")
    issuer = Text("发证机关", max=100, load_default=None, allow_none=True)
    issued_on = Day("发证日期", load_default=None, allow_none=True)
    valid_to = Day("有效期至", required=True)

    @validates_schema
    def hangs_together(self, data: dict[str, Any], **_: Any) -> None:
        wrong: dict[str, list[str]] = {}
        for name, kind in (("trade", CertificateKind.SPECIAL_OPERATION), ("grade", CertificateKind.BUILDER)):
            if (data.get("kind") == kind) != (data.get(name) is not None):
                wrong[name] = ["required" if data.get("kind") == kind else "not_for_this_kind"]
        if data.get("issued_on") and data.get("valid_to") and data["valid_to"] <= data["issued_on"]:
            wrong["valid_to"] = ["before_issue"]
        if wrong:
            raise ValidationError(wrong)


class AddPersonRequest(Schema):
    identity_number = IdentityNumber(required=True)
    name = Text("姓名", min=2, max=50, pattern=NAME, required=True)
    phone = Phone(required=True)
    posts = Rows(Text(min=1, max=50), "岗位", max=20, load_default=list)
    photo = Text("照片", pattern=SHA256, load_default=None, allow_none=True)
    certificates = Rows(Part(CertificatePart), "证书", max=50, load_default=list)


class PersonRequest(Schema):
    person_id = Id("人员", required=True)


class PersonCommand(PersonRequest):
    """A change of a person as the clerk saw him at `version`."""

    version = Integer("版本", min=1, required=True)


class ChangePersonRequest(PersonCommand):
    """What is left out stays as it is."""

    name = Text("姓名", min=2, max=50, pattern=NAME, load_default=None, allow_none=True)
    phone = Phone(load_default=None, allow_none=True, min=1)
    posts = Rows(Text(min=1, max=50), "岗位", max=20, load_default=None, allow_none=True)
    photo = Text("照片", pattern=SHA256, load_default=None, allow_none=True)


class AddCertificateRequest(PersonCommand):
    certificate = Part(CertificatePart, "证书", required=True)


class ChangeCertificateRequest(AddCertificateRequest):
    certificate_id = Id("证书", required=True)


class RemoveCertificateRequest(PersonCommand):
    certificate_id = Id("证书", required=True)


class ReleasePersonRequest(PersonCommand):
    reason = Text("离职原因", min=2, max=500, required=True)


class UnmaskPersonRequest(PersonRequest):
    reason = Text("查看理由", min=REASON_LENGTH, max=500, required=True)


class UnmaskPersonReply(PersonRequest):
    identity_number = Text(required=True)
    phone = Text(required=True)


class Unusual(Schema):
    """What looks unusual at a field, and is taken all the same."""

    path = Text(required=True)
    rule = Text(required=True)


class PersonCommandReply(Schema):
    person_id = Id(required=True)
    version = Integer(required=True)
    warnings = Rows(Part(Unusual), load_default=list, dump_default=list)


class CertificateCommandReply(PersonCommandReply):
    certificate_id = Id(required=True)


class Certificate(Schema):
    certificate_id = Id(required=True)
    kind = Choice(choices=KINDS, required=True)
    trade = Text(required=True, allow_none=True)
    number = Text(required=True)
    grade = Text(required=True, allow_none=True)
    issuer = Text(required=True, allow_none=True)
    issued_on = Day(required=True, allow_none=True)
    valid_to = Day(required=True)


class Lock(Schema):
    lock_id = Id(required=True)
    role = Choice(choices=ROLE_NAMES, required=True)
    project_id = Id(required=True)
    project_name = Text(required=True)
    project_area = Text(required=True)
    machine_id = Id(required=True, allow_none=True)
    application_id = Id(required=True)
    matter = Choice(choices=Matter, required=True)
    stage = Choice(choices=HoldStage, required=True)
    since = Moment(required=True)
    exemption = Free(required=True, allow_none=True)


class PastLock(Lock):
    granted_at = Moment(required=True)
    released_at = Moment(required=True, allow_none=True)
    cause = Text(required=True, allow_none=True)
    reason = Text(required=True, allow_none=True)
    released_by = Free(required=True, allow_none=True)


class PersonItem(Schema):
    """A person in a list; identity number and phone are masked."""

    person_id = Id(required=True)
    version = Integer(required=True)
    name = Text(required=True)
    identity_number = Text(required=True)
    phone = Text(required=True)
    posts = Rows(Text(), required=True)
    employer_id = Id(required=True, allow_none=True)
    employer_name = Text(required=True, allow_none=True)
    area = Text(required=True)
    certificates = Rows(Part(Certificate), required=True)
    locks = Rows(Part(Lock), required=True)


class Employment(Schema):
    employer_id = Id(required=True)
    employer_name = Text(required=True)
    entered_at = Moment(required=True)
    released_at = Moment(required=True, allow_none=True)
    reason = Text(required=True, allow_none=True)


class PersonReply(PersonItem):
    """The person's page; `acts` is what the asker may do."""

    photo = Text(required=True, allow_none=True)
    entered_at = Moment(required=True)
    changed_at = Moment(required=True)
    employments = Rows(Part(Employment), required=True)
    acts = Rows(Text(), required=True)


class Page(Schema):
    limit = Integer("条数", min=1, max=MAX_LIMIT, load_default=DEFAULT_LIMIT)
    after = Text("从何处继续", max=200, load_default=None, allow_none=True)


class ListPeopleRequest(Page):
    """All filters together; `q` is a whole identity number, a whole certificate number, or how a name begins."""

    organisation_id = Id("单位", load_default=None, allow_none=True)
    q = Text("关键词", max=60, load_default=None, allow_none=True)
    certificate_kind = Choice("证书类别", choices=KINDS, load_default=None, allow_none=True)
    locked = Flag("已锁定", load_default=None, allow_none=True)
    expires_before = Day("证书到期日早于", load_default=None, allow_none=True)


class ListPeopleReply(Schema):
    items = Rows(Part(PersonItem), required=True)
    next = Text(required=True, allow_none=True)


class FindPeopleRequest(Page):
    organisation_id = Id("单位", required=True)
    role = Choice("岗位", choices=ROLE_NAMES, required=True)
    machine_kind = Choice("设备类型", choices=MACHINE_KINDS, load_default=None, allow_none=True)
    q = Text("关键词", max=60, load_default=None, allow_none=True)


class PersonPick(Schema):
    """Somebody who might be named: `is_locked` if no lock of the role can be added to his `locks`, `lacks` what keeps
    his certificates from being enough today."""

    person_id = Id(required=True)
    name = Text(required=True)
    identity_number = Text(required=True)
    employer_id = Id(required=True, allow_none=True)
    employer_name = Text(required=True, allow_none=True)
    certificates = Rows(Part(Certificate), required=True)
    is_locked = Flag(required=True)
    locks = Rows(Part(Lock), required=True)
    lacks = Rows(Text(), required=True)


class FindPeopleReply(Schema):
    items = Rows(Part(PersonPick), required=True)
    next = Text(required=True, allow_none=True)


class ImportStaffRequest(Schema):
    """The sheet lies in the blob store; nothing but its name crosses the bus."""

    sha256 = Text("文件", pattern=SHA256, required=True)
    dry_run = Flag("试导入", load_default=True)


class CellRemark(Schema):
    """`severity`: error (the row is left out), warning, or change."""

    column = Text(required=True)
    title = Text(required=True)
    rule = Text(required=True)
    severity = Choice(choices=("error", "warning", "change"), required=True)
    detail = Free(required=True)


class ImportedRow(Schema):
    row = Integer(required=True)
    outcome = Choice(choices=("new", "changed", "unchanged", "error"), required=True)
    cells = Rows(Part(CellRemark), required=True)


class ImportStaffReply(Schema):
    rows = Rows(Part(ImportedRow), max=10_000, required=True)
    counts = Free(required=True)


class TemplateColumn(Schema):
    code = Text(required=True)
    title = Text(required=True)
    required = Flag(required=True)
    help = Text(required=True)
    example = Text(required=True)
    words = Rows(Text(), required=True)


class StaffTemplateReply(Schema):
    columns = Rows(Part(TemplateColumn), required=True)
    most_rows = Integer(required=True)
    most_bytes = Integer(required=True)


class ListLocksRequest(PersonRequest, Page):
    pass


class ListLocksReply(Schema):
    items = Rows(Part(PastLock), required=True)
    next = Text(required=True, allow_none=True)


class HolderRequest(PersonRequest):
    """What held him at `at`, by what was known at `known_at` (now, if none is given)?"""

    at = Moment("时刻", required=True)
    known_at = Moment("当时已知", load_default=None, allow_none=True)


class Holder(Schema):
    lock_id = Id(required=True)
    role = Choice(choices=ROLE_NAMES, required=True)
    application_id = Id(required=True)
    project_id = Id(required=True)
    project_name = Text(required=True)
    machine_id = Id(required=True, allow_none=True)
    stage = Choice(choices=HoldStage, required=True)
    since = Moment(required=True)
    recorded_at = Moment(required=True)


class HolderReply(Schema):
    holders = Rows(Part(Holder), required=True)


class UnlockPersonRequest(Schema):
    lock_id = Id("锁定", required=True)
    reason = Text("理由", min=REASON_LENGTH, max=500, required=True)


class UnlockPersonReply(Schema):
    lock_id = Id(required=True)
    person_id = Id(required=True)


class Nothing(Schema):
    """A request without parameters."""


class EndingCertificate(Certificate):
    person_id = Id(required=True)
    name = Text(required=True)
    employer_name = Text(required=True, allow_none=True)


class ExpiresSoon(Schema):
    count = Integer(required=True)
    items = Rows(Part(EndingCertificate), required=True)


class SummariseReply(Schema):
    """`expired` and `expires_soon` count certificates that no newer one of the kind has replaced."""

    people = Integer(required=True)
    locked = Integer(required=True)
    expired = Integer(required=True)
    expires_soon = Part(ExpiresSoon, required=True)


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
