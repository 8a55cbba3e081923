"""检验评估报告登记 A newer inspection report, or safety assessment, of a machine in use, by its user (R-E5).

The report of the use registration holds for a year, an assessment for one to three (T5), and the machine stands longer.
With the approval the newer ones count. No rule sets a form or a deadline for it: both are a default to be set by the
province.
"""

from chassis.findings import Finding, error
from chassis.schemas import Part
from filing.fields import Assessment, Inspection, Reference
from filing.matters.assessment import check_newer_assessment, has_assessment, report
from filing.matters.base import AttachmentKind, Claims, Facts, Form, MachineClaim, Matter, Route
from filing.matters.named_machine import NamesInstalledMachine, check_kind
from filing.matters.named_project import check_project


class InspectionReportForm(NamesInstalledMachine):
    project_id = Reference("工程", "projects", required=True, section="工程")
    inspection = Part(Inspection, "检验检测", section="报告", help="定期检验后填写")
    assessment = Part(Assessment, "安全评估", help="重新评估后填写")


def check(facts: Facts) -> list[Finding]:
    form = facts.form
    findings = check_project(facts, closed_is_no_hindrance=True) + check_kind(facts)
    if facts.project is not None and facts.project.contractor_id != facts.applicant.organisation_id:
        findings.append(error("not_contractor_of_project", "form.project_id"))
    if not _has_inspection(form) and not has_assessment(form):
        findings.append(error("required", "form.inspection"))
    if _has_inspection(form) and form["inspection"]["on"] > facts.today:
        findings.append(error("in_the_future", "form.inspection.on"))
    return findings + check_newer_assessment(facts)


def claims(facts: Facts) -> Claims:
    form = facts.form
    brought = {name: dict(form[name]) for name in ("inspection", "assessment") if form.get(name)}
    return Claims(MachineClaim(kind=form["machine_kind"], machine_id=form["machine_id"], evidence=brought))


def _has_inspection(form: Form) -> bool:
    return bool(form.get("inspection"))


MATTER = Matter(
    code="inspection_report",
    title="检验评估报告登记",
    applicants=("contractor",),
    form=InspectionReportForm,
    attachments=(
        AttachmentKind("B1", "检验检测报告", required=_has_inspection, note="填写了检验检测的上传"),
        report("B2"),
        AttachmentKind("B9", "其他资料", required=False),
    ),
    route=Route.PROJECT,
    check=check,
    claims=claims,
)
