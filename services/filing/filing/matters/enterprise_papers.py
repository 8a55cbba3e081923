"""企业资质、安全生产许可证更新 Newer papers of an enterprise that is open: its registration told the ones of that day.

A safety production licence holds for three years (国务院令第397号), and the checks of a notice go by it: without this, whoever
renews it would stay refused. What is left out stays as it is. No rule sets a form or a deadline for it: both are a default
to be set by the province.
"""

from chassis.findings import Finding, error, warning
from chassis.schemas import Part, Rows, Schema
from filing import organisations
from filing.fields import Qualification, SafetyLicence
from filing.matters.base import AttachmentKind, Facts, Form, Matter, Route


class EnterprisePapersForm(Schema):
    safety_licence = Part(SafetyLicence, "安全生产许可证", section="换发、延期后的证书", help="有变化的填写")
    qualifications = Rows(
        Part(Qualification), "企业资质", max=30, help="有变化的填写现有全部资质，办结后替换原来登记的"
    )


def check(facts: Facts) -> list[Finding]:
    form, today = facts.form, facts.today
    if not _has_licence(form) and not _has_qualifications(form):
        return [error("required", "form.safety_licence")]
    findings = []
    if _has_licence(form) and form["safety_licence"]["valid_to"] < today:
        findings.append(error("safety_licence_expired", "form.safety_licence.valid_to"))
    findings += [
        warning("qualification_expired", f"form.qualifications.{number}.valid_to")
        for number, each in enumerate(form.get("qualifications") or ())
        if each.get("valid_to") and each["valid_to"] < today
    ]
    return findings


def _has_licence(form: Form) -> bool:
    return bool(form.get("safety_licence"))


def _has_qualifications(form: Form) -> bool:
    return bool(form.get("qualifications"))


MATTER = Matter(
    code="enterprise_papers",
    title="企业资质许可更新",
    applicants=("contractor", "installer", "supervisor"),
    form=EnterprisePapersForm,
    attachments=(
        AttachmentKind("E2", "企业资质证书", required=_has_qualifications, note="填写了企业资质的上传"),
        AttachmentKind("E3", "安全生产许可证", required=_has_licence, note="填写了安全生产许可证的上传"),
        AttachmentKind("E9", "其他资料", required=False),
    ),
    route=Route.APPLICANT,
    check=check,
    on_approval=organisations.renew_papers,
)
