"""企业注册 Registration of an enterprise with the agency of its division: it opens within 24 hours (R-A1, R-A2)."""

from chassis.findings import Finding, error, warning
from chassis.schemas import Choice, CreditCode, Day, Flag, Number, Part, Phone, Rows, Schema, Text
from filing import divisions, organisations
from filing.fields import ENTERPRISE_KINDS, DivisionCode, Qualification, SafetyLicence
from filing.matters.base import AttachmentKind, Facts, Form, Matter, Route

# 《安全生产许可证条例》 Art. 2: building firms may not work without the licence.
LICENSED_KINDS = frozenset({"contractor", "installer"})
QUALIFIED_KINDS = frozenset({"contractor", "installer", "supervisor"})


class EnterpriseRegistrationForm(Schema):
    name = Text("企业名称", max=100, min=2, required=True, section="基本信息")
    credit_code = CreditCode(required=True)
    kinds = Rows(
        Choice("单位类型", choices=ENTERPRISE_KINDS), "单位类型", min=1, max=5, required=True, help="可选多个类型"
    )
    outside_province = Flag("省外企业", load_default=False, help="注册地不在河北省的勾选，行政区划选河北省")
    division = DivisionCode("注册地行政区划", province=True, required=True)
    address = Text("注册地址", max=200, required=True)
    office_address = Text("办公地址", max=200)
    established_on = Day("成立日期")
    registered_capital = Number("注册资本", unit="元", min=0, max=1e13)
    legal_representative = Text("法定代表人", max=30, required=True, section="负责人与联系人")
    legal_representative_phone = Phone("法定代表人手机号")
    contact = Text("联系人", max=30, required=True)
    phone = Phone("联系人手机号", required=True)
    email = Text("电子邮箱", max=100, pattern=r"[^@\s]+@[^@\s]+\.[^@\s]+")
    qualifications = Rows(
        Part(Qualification), "企业资质", max=30, section="资质与许可", help="施工、安拆、监理企业必填"
    )
    safety_licence = Part(SafetyLicence, "安全生产许可证", help="施工、安拆企业必填")


def check(facts: Facts) -> list[Finding]:
    form = facts.form
    kinds = frozenset(form["kinds"])
    findings = _check_place(form)
    if len(kinds) != len(form["kinds"]):
        findings.append(error("kind_named_twice", "form.kinds"))
    if kinds & QUALIFIED_KINDS and not form.get("qualifications"):
        findings.append(error("required", "form.qualifications"))
    if needs_licence(form) and not form.get("safety_licence"):
        findings.append(error("required", "form.safety_licence"))
    elif form.get("safety_licence") and form["safety_licence"]["valid_to"] < facts.today:
        findings.append(error("safety_licence_expired", "form.safety_licence.valid_to"))
    findings += [
        warning("qualification_expired", f"form.qualifications.{number}.valid_to")
        for number, each in enumerate(form.get("qualifications") or ())
        if each.get("valid_to") and each["valid_to"] < facts.today
    ]
    return findings


def area_of(form: Form) -> str:
    """The area of the division that the form names: the row may still have the one of the round before."""
    place = divisions.division(form["division"])
    assert place is not None  # the schema has looked it up
    return place.area


def needs_licence(form: Form) -> bool:
    return bool(LICENSED_KINDS & frozenset(form.get("kinds") or ()))


def _needs_qualification(form: Form) -> bool:
    return bool(QUALIFIED_KINDS & frozenset(form.get("kinds") or ()))


def _check_place(form: Form) -> list[Finding]:
    """An enterprise from outside has the province as its division, all others a city or county of it."""
    from_outside = form["division"].endswith("0000")
    if from_outside == bool(form["outside_province"]):
        return []
    return [error("division_and_origin_differ", "form.division")]


MATTER = Matter(
    code="enterprise_registration",
    title="企业注册",
    applicants=(),
    form=EnterpriseRegistrationForm,
    attachments=(
        AttachmentKind("E1", "营业执照副本"),
        AttachmentKind("E2", "企业资质证书", required=_needs_qualification, note="施工、安拆、监理企业上传"),
        AttachmentKind("E3", "安全生产许可证", required=needs_licence, note="施工、安拆企业上传"),
        AttachmentKind("E4", "法定代表人身份证明", required=False),
        AttachmentKind("E5", "经办人授权委托书", required=False),
        AttachmentKind("E9", "其他资料", required=False),
    ),
    route=Route.APPLICANT,
    check=check,
    opens_organisation=True,
    seat=lambda facts: area_of(facts.form),
    on_submission=organisations.take_registration,
    on_approval=organisations.open_enterprise,
    on_refusal=organisations.close_registration,
)
