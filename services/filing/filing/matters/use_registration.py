"""使用登记 Use registration of an installed machine, by the contractor, with the project's agency.

393号 Art. 35, 166号 Art. 16–17, 76号 Art. 14–17 (domain.md §2.2). Approval locks its operators to the machine.
"""

from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any

from chassis.findings import Finding, error, warning
from chassis.schemas import Choice, Day, Flag, Part, Rows, Schema, Text
from filing.fields import ROLES, Assessment, Inspection, Reference
from filing.matters.assessment import check_newer_assessment, has_assessment, report
from filing.matters.base import (
    AttachmentKind,
    CertificateRule,
    Claims,
    Facts,
    MachineClaim,
    Matter,
    PersonClaim,
    Route,
)
from filing.matters.crew import check_nobody_twice
from filing.matters.named_machine import NamesInstalledMachine, check_kind, machine_words
from filing.matters.named_project import (
    NamesProject,
    brings_unfiled,
    check_project,
    named_parties,
    project_words,
)
from filing.projects import bring_along, let_go

REGISTER_WITHIN_DAYS = 30  # 393号 Art. 35: calendar days from acceptance (C4)
OPERATOR_ROLES = {code: ROLES[code] for code in ("driver", "signaller")}
KINDS_WITH_ANTI_FALL_DEVICE = ("S",)


class Acceptance(Schema):
    """Joint acceptance (联合验收) organised by the user or the general contractor."""

    on = Day("验收日期", required=True)
    passed = Flag("验收结论为合格", required=True)
    organiser = Text("组织单位", max=100, required=True)


class Operator(Schema):
    role = Choice("岗位", choices=OPERATOR_ROLES, required=True)
    employer_id = Reference("所属单位", "organisations", help="本单位人员不填；随机操作人员填设备产权单位")
    person_id = Reference(
        "人员",
        "people",
        given={"role": "role", "organisation_id": "employer_id", "machine_kind": "machine_kind"},
        required=True,
    )


class AntiFallDevice(Schema):
    number = Text("防坠安全器编号", max=60, required=True)
    calibrated_on = Day("标定日期", required=True)
    valid_to = Day("标定有效期至", required=True)


class UseRegistrationForm(NamesInstalledMachine, NamesProject):
    site_number = Text("现场编号", max=20)
    installer_name = Text("安装单位", max=100, required=True)
    installed_on = Day("安装完成日期", required=True, section="检验与验收")
    inspection = Part(Inspection, "检验检测", required=True)
    acceptance = Part(Acceptance, "安装验收", required=True)
    anti_fall_device = Part(AntiFallDevice, "防坠安全器", help="施工升降机必填")
    operators = Rows(Part(Operator), "操作人员", min=1, max=60, required=True, section="使用")
    leased = Flag("租赁设备", required=True)
    maintained_by_third_party = Flag("委托第三方维护保养", required=True)
    maintainer = Text("维护保养单位", max=100)
    assessment = Part(
        Assessment, "安全评估", section="安全评估", help="设备备案后已超过规定年限、重新做过评估的填写（JGJ/T 189）"
    )
    national_certificate_number = Text("全国电子证照编号", max=60, help="由国家平台赋码的填写")


def check(facts: Facts) -> list[Finding]:
    findings = check_project(facts, closed_is_no_hindrance=False) + check_kind(facts)
    if facts.project is not None and facts.project.contractor_id != facts.applicant.organisation_id:
        findings.append(error("not_contractor_of_project", "form.project_id"))
    findings += _check_days(facts) + _check_late(facts) + _check_device(facts) + check_newer_assessment(facts)
    findings += check_nobody_twice(facts.form["operators"], "form.operators") + _check_employers(facts)
    if facts.form["maintained_by_third_party"] and not facts.form.get("maintainer"):
        findings.append(error("required", "form.maintainer"))
    return findings


def claims(facts: Facts) -> Claims:
    form = facts.form
    evidence = {
        "inspection": dict(form["inspection"]),
        "acceptance": {name: form["acceptance"][name] for name in ("on", "passed")},
    }
    if has_assessment(form):
        evidence["assessment"] = dict(form["assessment"])
    machine = MachineClaim(kind=form["machine_kind"], machine_id=form["machine_id"], evidence=evidence)
    people = tuple(
        PersonClaim(
            person_id=each["person_id"],
            role=each["role"],
            path=f"form.operators.{number}.person_id",
            employer_id=_employer(facts, each),
        )
        for number, each in enumerate(form["operators"])
    )
    return Claims(machine=machine, people=people)


def _employer(facts: Facts, operator: Mapping[str, Any]) -> str:
    return str(operator.get("employer_id") or facts.applicant.organisation_id)


def _check_days(facts: Facts) -> list[Finding]:
    """Installed, inspected, accepted, in this order (166号 Art. 14, 16), and none of it in the future."""
    form = facts.form
    order = (
        ("installed_on", form["installed_on"]),
        ("inspection.on", form["inspection"]["on"]),
        ("acceptance.on", form["acceptance"]["on"]),
    )
    findings = [error("in_the_future", f"form.{name}") for name, day in order if day > facts.today]
    findings += [
        error("out_of_order", f"form.{name}", after=before)
        for (before, earlier), (name, day) in pairwise(order)
        if day < earlier
    ]
    return findings


def _check_late(facts: Facts) -> list[Finding]:
    """T10: from the 31st day after acceptance on the registration is late (393号 Art. 62(5)): flagged, not refused.

    Who applied in time and was given it back to mend it has applied in time.
    """
    accepted = facts.form["acceptance"]["on"]
    day = facts.first_submitted_on or facts.today
    if day <= accepted + timedelta(days=REGISTER_WITHIN_DAYS):
        return []
    last = facts.calendar.end_of_period(accepted, REGISTER_WITHIN_DAYS)
    return [
        warning(
            "registered_late",
            "form.acceptance.on",
            days=(day - accepted).days,
            limit_days=REGISTER_WITHIN_DAYS,
            last_day=last.day.isoformat(),
        )
    ]


def _check_device(facts: Facts) -> list[Finding]:
    device = facts.form.get("anti_fall_device")
    if facts.form["machine_kind"] in KINDS_WITH_ANTI_FALL_DEVICE and device is None:
        return [error("required", "form.anti_fall_device")]
    if device is not None and device["valid_to"] < facts.today:
        return [error("anti_fall_device_expired", "form.anti_fall_device.valid_to")]
    return []


def _check_employers(facts: Facts) -> list[Finding]:
    """Operators are the contractor's own or come with the machine: nobody else's staff can be named."""
    if facts.machine is None:
        return []
    allowed = {facts.applicant.organisation_id, facts.machine["owner_id"]}
    return [
        error("employer_not_of_machine", f"form.operators.{number}.employer_id")
        for number, each in enumerate(facts.form["operators"])
        if _employer(facts, each) not in allowed
    ]


def _shown(facts: Facts) -> dict[str, Any]:
    form = facts.form
    words = project_words(facts) | machine_words(facts)
    words |= {"user": facts.applicant.name, "inspection_body": form["inspection"]["body"]}
    number = form.get("national_certificate_number")
    return words | ({"national_certificate_number": number} if number else {})


MATTER = Matter(
    code="use_registration",
    title="建筑起重机械使用登记",
    applicants=("contractor",),
    form=UseRegistrationForm,
    attachments=(
        AttachmentKind("U1", "建筑起重机械备案证明"),
        AttachmentKind(
            "U2", "建筑起重机械租赁合同", required=lambda form: bool(form.get("leased")), note="租赁设备上传"
        ),
        AttachmentKind("U3", "检验检测报告和安装验收资料"),
        AttachmentKind("U4", "使用单位特种作业人员资格证书"),
        AttachmentKind("U5", "建筑起重机械维护保养等管理制度"),
        AttachmentKind("U6", "生产安全事故应急救援预案"),
        AttachmentKind(
            "U8",
            "维护保养合同",
            required=lambda form: bool(form.get("maintained_by_third_party")),
            note="委托第三方维护保养的上传",
        ),
        report("U9"),
        AttachmentKind("U7", "其他资料", required=False),
    ),
    route=Route.PROJECT,
    review_levels=2,
    brings_project=brings_unfiled,
    parties=named_parties,
    check=check,
    claims=claims,
    certificate=CertificateRule(
        kind="use_registration",
        title="建筑起重机械使用登记证",
        shown=_shown,
    ),
    on_submission=bring_along,
    on_refusal=let_go,
)
