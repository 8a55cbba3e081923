"""租赁企业备案 Filing of a lessor of lifting machinery, with the agency of its seat (R-F7).

The documents that Hebei asks for could not be found: this list is a default to be set by the province (domain.md §1.8).
"""

from chassis.findings import Finding, error
from chassis.schemas import Choice, Integer, Number, Part, Phone, Rows, Schema, Text
from filing import organisations
from filing.fields import MACHINE_KINDS
from filing.matters.base import AttachmentKind, CertificateRule, Facts, Matter, Route


class OwnedMachines(Schema):
    kind = Choice("设备类型", choices=MACHINE_KINDS, required=True)
    count = Integer("台数", min=1, max=100_000, required=True)


class LessorFilingForm(Schema):
    office_address = Text("办公地址", max=200, required=True, section="场所")
    workshop_address = Text("存放、维修场地地址", max=200, required=True)
    workshop_area = Number("存放、维修场地面积", unit="m²", min=0, max=10_000_000, required=True)
    safety_lead = Text("安全负责人", max=30, required=True, section="人员")
    safety_lead_phone = Phone("安全负责人手机号", required=True)
    technicians = Integer("专业技术人员数", min=0, max=100_000, required=True)
    repairers = Integer("维修保养人员数", min=0, max=100_000, required=True)
    machines = Rows(Part(OwnedMachines), "自有设备", min=1, max=20, required=True, section="设备")


def check(facts: Facts) -> list[Finding]:
    kinds = [each["kind"] for each in facts.form["machines"]]
    return [
        error("kind_named_twice", f"form.machines.{number}.kind")
        for number, kind in enumerate(kinds)
        if kind in kinds[:number]
    ]


MATTER = Matter(
    code="lessor_filing",
    title="租赁企业备案",
    applicants=("lessor",),
    form=LessorFilingForm,
    attachments=(
        AttachmentKind("L1", "企业法人营业执照副本"),
        AttachmentKind("L2", "法定代表人身份证明"),
        AttachmentKind("L3", "专业技术、维修保养人员名册及证书"),
        AttachmentKind("L4", "自有设备清单"),
        AttachmentKind("L5", "存放、维修场地证明"),
        AttachmentKind("L6", "设备维修保养等管理制度", required=False),
        AttachmentKind("L9", "其他资料", required=False),
    ),
    route=Route.APPLICANT,
    check=check,
    certificate=CertificateRule(kind="lessor_filing", title="建筑起重机械租赁企业备案证明"),
    on_approval=organisations.keep_filing,
)
