"""建筑起重机械设备备案 Filing of a lifting machine, by its owner, with the agency of the *owner's* seat (T1).

166号 Art. 5, 76号 Art. 5–8 (domain.md §1.1–1.7). Only a filed machine can be installed.
"""

from chassis.findings import Finding
from filing.matters.assessment import report
from filing.matters.base import AttachmentKind, CertificateRule, Claims, Facts, MachineClaim, Matter, Route
from filing.matters.machine_particulars import (
    MachineParticulars,
    check_particulars,
    needs_supervision_inspection,
    particulars,
)


class MachineFilingForm(MachineParticulars):
    pass


def check(facts: Facts) -> list[Finding]:
    return check_particulars(facts)


def claims(facts: Facts) -> Claims:
    told = particulars(facts.form)
    return Claims(machine=MachineClaim(kind=told["kind"], particulars=told))


def shown(facts: Facts) -> dict[str, str]:
    names = ("kind", "name", "model", "maker", "serial_number")
    return {name: str(facts.form[name]) for name in names} | {"made_on": facts.form["made_on"].isoformat()}


MATTER = Matter(
    code="machine_filing",
    title="建筑起重机械设备备案",
    applicants=("contractor", "lessor"),
    form=MachineFilingForm,
    attachments=(
        AttachmentKind("F1", "产权单位法人营业执照副本"),
        AttachmentKind("F2", "特种设备制造许可证"),
        AttachmentKind("F3", "产品合格证"),
        AttachmentKind(
            "F4",
            "制造监督检验证明",
            required=needs_supervision_inspection,
            note="2014 年 1 月 1 日前出厂的上传",
        ),
        AttachmentKind("F5", "购销合同、发票或相应有效凭证"),
        AttachmentKind("F6", "其他资料", required=False),
        report("F7"),
    ),
    route=Route.APPLICANT,
    review_levels=2,
    check=check,
    claims=claims,
    certificate=CertificateRule(
        kind="machine_filing",
        title="建筑起重机械备案证明",
        parts=lambda facts: {"machine_kind": str(facts.form["kind"])},
        shown=shown,
    ),
)
