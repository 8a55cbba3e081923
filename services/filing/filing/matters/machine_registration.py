"""已备案起重机械设备登记 Back-entry of a machine that already holds a filing certificate (R-F8).

The agency of the owner's seat confirms; then the machine can be named in notices. Its number is kept for life.
"""

from chassis.findings import Finding, error
from chassis.schemas import Day, Text
from filing.matters.assessment import report
from filing.matters.base import AttachmentKind, CertificateRule, Claims, Facts, MachineClaim, Matter, Route
from filing.matters.machine_filing import shown
from filing.matters.machine_particulars import (
    MachineParticulars,
    check_particulars,
    particulars,
)


class MachineRegistrationForm(MachineParticulars):
    filing_number = Text("备案编号", max=40, required=True, section="已取得的备案证明", help="照备案证明填写")
    filed_on = Day("备案日期", required=True)
    filing_agency = Text("备案机关", max=100, required=True)


def check(facts: Facts) -> list[Finding]:
    findings = check_particulars(facts)
    if not facts.form["made_on"] <= facts.form["filed_on"] <= facts.today:
        findings.append(error("filed_out_of_order", "form.filed_on", made_on=facts.form["made_on"].isoformat()))
    return findings


def claims(facts: Facts) -> Claims:
    form = facts.form
    told = particulars(form) | {name: form[name] for name in ("filing_number", "filed_on", "filing_agency")}
    return Claims(machine=MachineClaim(kind=form["kind"], particulars=told))


MATTER = Matter(
    code="machine_registration",
    title="已备案起重机械设备登记",
    applicants=("lessor", "contractor"),
    form=MachineRegistrationForm,
    attachments=(
        AttachmentKind("G1", "建筑起重机械备案证明"),
        AttachmentKind("G2", "特种设备制造许可证", required=False),
        AttachmentKind("G3", "产品合格证", required=False),
        AttachmentKind("G4", "购销合同、发票或相应有效凭证", required=False),
        AttachmentKind("G5", "其他资料", required=False),
        report("G7"),
    ),
    route=Route.APPLICANT,
    check=check,
    claims=claims,
    certificate=CertificateRule(
        kind="machine_registration",
        title="建筑起重机械备案证明",
        number_given=lambda facts: str(facts.form["filing_number"]),
        shown=shown,
    ),
)
