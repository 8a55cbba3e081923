"""建筑起重机械设备安装企业进冀备案 Entry filing of an installer from outside, straight to the provincial office (R-F9).

The present form of this filing is not confirmed (建市〔2015〕140号 limits entry filings to handing in information).
"""

from datetime import date
from typing import Any

from chassis.findings import Finding, error, warning
from chassis.schemas import Choice, Day, Integer, Part, Phone, Schema, Text
from filing import organisations
from filing.fields import SafetyLicence
from filing.installer_grades import GRADES
from filing.matters.base import AttachmentKind, CertificateRule, Facts, Matter, Route


class InstallerFilingForm(Schema):
    home_place = Text("注册地（省、市）", max=60, required=True, section="企业")
    qualification_number = Text("资质证书编号", max=40, required=True, section="资质")
    grade = Choice("起重设备安装工程专业承包资质等级", choices=GRADES, required=True)
    qualification_valid_to = Day("资质证书有效期至", required=True)
    safety_licence = Part(SafetyLicence, "安全生产许可证", required=True)
    local_address = Text("在冀办公地址", max=200, required=True, section="在冀机构")
    local_lead = Text("在冀负责人", max=30, required=True)
    local_phone = Phone("在冀负责人手机号", required=True)
    safety_officers = Integer("专职安全员数", min=1, max=10_000, required=True, section="人员")
    certified_installers = Integer("持证安装拆卸工数", min=1, max=10_000, required=True)


def check(facts: Facts) -> list[Finding]:
    form, today = facts.form, facts.today
    findings = []
    if not facts.applicant.details.get("outside_province"):
        findings.append(warning("entry_filing_not_needed"))
    if form["qualification_valid_to"] < today:
        findings.append(error("qualification_expired", "form.qualification_valid_to"))
    if form["safety_licence"]["valid_to"] < today:
        findings.append(error("safety_licence_expired", "form.safety_licence.valid_to"))
    return findings


def valid_to(facts: Facts) -> date:
    """The filing lasts as long as both papers it rests on."""
    ends: list[date] = [facts.form["qualification_valid_to"], facts.form["safety_licence"]["valid_to"]]
    return min(ends)


def shown(facts: Facts) -> dict[str, Any]:
    return {"grade": GRADES[facts.form["grade"]], "home_place": facts.form["home_place"]}


MATTER = Matter(
    code="installer_filing",
    title="建筑起重机械设备安装企业进冀备案",
    applicants=("installer",),
    form=InstallerFilingForm,
    attachments=(
        AttachmentKind("I1", "企业法人营业执照副本"),
        AttachmentKind("I2", "资质证书副本"),
        AttachmentKind("I3", "安全生产许可证副本"),
        AttachmentKind("I4", "企业主要负责人、项目负责人、专职安全员考核合格证书"),
        AttachmentKind("I5", "特种作业人员操作资格证书"),
        AttachmentKind("I6", "在冀负责人授权委托书"),
        AttachmentKind("I7", "在冀办公场所证明", required=False),
        AttachmentKind("I9", "其他资料", required=False),
    ),
    route=Route.PROVINCE,
    review_levels=2,
    check=check,
    certificate=CertificateRule(
        kind="installer_filing",
        title="建筑起重机械安装企业进冀备案证明",
        valid_to=valid_to,
        shown=shown,
    ),
    on_approval=organisations.keep_filing,
)
