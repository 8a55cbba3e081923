"""What is told of a machine when it is filed, and when one filed earlier on paper is entered (domain.md §1.7)."""

from datetime import date
from typing import Any

from chassis.findings import Finding, error
from chassis.schemas import Choice, Day, Integer, Number, Part, Phone, Schema, Text
from filing.fields import HOIST_DRIVES, MACHINE_KINDS, Assessment
from filing.matters.assessment import check_assessment
from filing.matters.base import Facts, Form

# Forms of other provinces drop the supervision inspection for machines made from this day on; the effect in Hebei is
# not confirmed: configurable default.
INSPECTED_AT_THE_WORKS_BEFORE = date(2014, 1, 1)
HOISTS = ("S", "L")
SENT_TO_EQUIPMENT = (
    "kind",
    "name",
    "model",
    "maker",
    "maker_licence",
    "serial_number",
    "made_on",
    "bought_on",
    "rated_moment_knm",
    "max_load_t",
    "max_radius_m",
    "max_height_m",
    "free_height_m",
    "service_life_years",
    "hoist_drive",
    "supervision_inspection_no",
    "assessment",
)


class MachineParticulars(Schema):
    kind = Choice("设备类型", choices=MACHINE_KINDS, required=True, section="设备")
    name = Text("设备名称", max=60, required=True)
    model = Text("规格型号", max=60, required=True, help="如 QTZ80（TC5610）、SC200/200")
    maker = Text("制造厂家", max=100, required=True)
    maker_licence = Text("特种设备制造许可证编号", max=60, required=True)
    serial_number = Text("出厂编号", max=60, required=True)
    made_on = Day("出厂日期", required=True)
    bought_on = Day("购买日期")
    service_life_years = Integer("使用年限", unit="年", min=1, max=60, help="按出厂说明书填写")
    supervision_inspection_no = Text("制造监督检验证明编号", max=60, help="2014 年 1 月 1 日前出厂的必填")
    rated_moment_knm = Number("额定起重力矩", unit="kN·m", min=0, max=100_000, section="参数", help="塔式起重机必填")
    max_load_t = Number("最大额定起重量", unit="t", min=0, max=10_000)
    max_radius_m = Number("最大幅度", unit="m", min=0, max=500)
    max_height_m = Number("最大安装高度", unit="m", min=0, max=1000)
    free_height_m = Number("独立高度", unit="m", min=0, max=500)
    hoist_drive = Choice("升降机传动形式", choices=HOIST_DRIVES, help="施工升降机必填")
    assessment = Part(Assessment, "安全评估", help="超过规定年限的设备必填（JGJ/T 189）")
    keeper = Text("设备负责人", max=30, required=True, section="联系人")
    keeper_phone = Phone("设备负责人手机号", required=True)


def check_particulars(facts: Facts) -> list[Finding]:
    """Who may have a machine filed; dates in order and not in the future; what the kind of machine asks for is there.

    Ages, bans and a machine filed already are equipment's to find: it owns the register.
    """
    form, today = facts.form, facts.today
    findings = _check_owner(facts) + _check_needed(form)
    if form["made_on"] > today:
        findings.append(error("in_the_future", "form.made_on"))
    if form.get("bought_on") and not form["made_on"] <= form["bought_on"] <= today:
        findings.append(error("bought_out_of_order", "form.bought_on", made_on=form["made_on"].isoformat()))
    return findings + check_assessment(form, form["made_on"], today)


def particulars(form: Form) -> dict[str, Any]:
    """As equipment.reserve wants them: None for what was not told, a number that was not told is empty text."""
    told = {name: form.get(name) for name in SENT_TO_EQUIPMENT}
    return told | {"supervision_inspection_no": form.get("supervision_inspection_no", "")}


def needs_supervision_inspection(form: Form) -> bool:
    return bool(form.get("made_on") and form["made_on"] < INSPECTED_AT_THE_WORKS_BEFORE)


def _check_owner(facts: Facts) -> list[Finding]:
    """A machine is a contractor's own or a registered lessor's (domain.md §2.5-5; decision 0022)."""
    if "contractor" in facts.applicant.kinds or "lessor_filing" in facts.certificates:
        return []
    return [error("lessor_not_filed")]


def _check_needed(form: Form) -> list[Finding]:
    needed = {
        "rated_moment_knm": form["kind"] == "T",
        "hoist_drive": form["kind"] in HOISTS,
        "supervision_inspection_no": needs_supervision_inspection(form),
    }
    return [error("required", f"form.{name}") for name, is_so in needed.items() if is_so and not form.get(name)]
