"""安全监督备案 Safety-supervision filing of a project, by the owner, with the agency of the project's place.

393号 Art. 10, 42; 建质〔2014〕153号, 154号 (domain.md §4.1). Documents P1–P12: those of Hebei are not confirmed;
which of them are required is a default to be set by the province.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from chassis.findings import Finding, error, warning
from chassis.identifiers import derived_id
from chassis.schemas import Choice, CreditCode, Day, Integer, Number, Part, Phone, Rows, Schema, Text
from filing import civilised_standards, divisions, hazardous_works, projects
from filing.boundaries import DATUMS
from filing.fields import DivisionCode, Reference, SiteBoundary
from filing.matters.base import (
    AttachmentKind,
    CertificateRule,
    Claims,
    Facts,
    Form,
    Matter,
    ProjectFacts,
    Route,
)
from filing.matters.key_people import EMPLOYER, KeyPerson, check_posts, claim
from filing.matters.named_project import check_party, project_words
from filing.staffing import WORKS_KINDS

# The words of the form are those of the edition in force when the process starts; the tier is judged on the day.
WORDS_OF = date(2018, 6, 1)
LONG_CONTRACT_DAYS = 365
# 建办〔2005〕89号: the least share of the safety fee paid in advance when the contract is silent, in per cent.
PREPAID_SHORT, PREPAID_LONG = 50, 30


class Party(Schema):
    """A survey or design firm: it need not be registered in the system."""

    name = Text("单位名称", max=100, required=True)
    credit_code = CreditCode()
    lead = Text("项目负责人", max=30, required=True)
    phone = Phone("联系电话")


class HazardousWork(Schema):
    """One dangerous sub-project (危大工程); which quantities count depends on its kind."""

    kind = Choice("类别", choices=hazardous_works.kinds(WORDS_OF), required=True)
    part = Text("分部分项工程名称及部位", max=100, required=True)
    depth = Number("开挖深度", unit="m", min=0, max=500)
    height = Number("搭设（建筑、安装）高度", unit="m", min=0, max=1000)
    span = Number("跨度", unit="m", min=0, max=1000)
    total_load = Number("施工总荷载（设计值）", unit="kN/m²", min=0, max=10_000)
    line_load = Number("集中线荷载（设计值）", unit="kN/m", min=0, max=10_000)
    point_load = Number("单点集中荷载", unit="kN", min=0, max=100_000)
    single_lift = Number("单件起吊重量", unit="kN", min=0, max=1_000_000)
    capacity = Number("设备起重量", unit="kN", min=0, max=1_000_000)
    base_elevation = Number("安装基础标高", unit="m", min=-500, max=1000)
    lift_height = Number("提升高度", unit="m", min=0, max=1000)
    section_height = Number("分段架体搭设高度", unit="m", min=0, max=1000)
    moved_weight = Number("整体顶升、平移、转体重量", unit="kN", min=0, max=10_000_000)
    conditions = Rows(Choice("情形", choices=hazardous_works.conditions(WORDS_OF)), "其他情形", max=10)
    planned_start = Day("计划开始日期", required=True)
    planned_finish = Day("计划结束日期", required=True)


class SafetyFilingForm(Schema):
    name = Text("工程名称", max=100, required=True, section="工程概况")
    division = DivisionCode("工程所在地", required=True)
    address = Text("工程地点", max=200, required=True)
    works_kind = Choice("工程类别", choices=WORKS_KINDS, required=True)
    works_code = Text(
        "投资项目代码",
        max=24,
        pattern=r"\d{4}-\d{6}-\d{2}-\d{2}-\d{6}",
        help="同一工程的各标段填同一代码，如 2108-130102-89-01-123456",
    )
    section_name = Text("标段", max=60)
    permit_number = Text("施工许可证编号", max=40, help="与施工许可同时办理的不填")
    structure = Text("结构类型", max=60, required=True)
    storeys_above = Integer("地上层数", min=0, max=300)
    storeys_below = Integer("地下层数", min=0, max=30)
    floor_area = Number("建筑面积", unit="m²", min=0, max=1e8, required=True)
    contract_price = Number("合同价款", unit="元", min=0, max=1e13, required=True)
    starts_on = Day("合同开工日期", required=True)
    finishes_on = Day("合同竣工日期", required=True)
    civilised_standard = Choice(
        "申报安全文明工地标准",
        choices=civilised_standards.standards(WORDS_OF),
        required=True,
        help="此后只能按此标准申报文明工地",
    )
    contractor_id = Reference(
        "施工总承包单位", "organisations", wanted={"kinds": ["contractor"]}, required=True, section="参建单位"
    )
    supervisor_id = Reference("监理单位", "organisations", wanted={"kinds": ["supervisor"]}, required=True)
    survey = Part(Party, "勘察单位", required=True)
    design = Part(Party, "设计单位", required=True)
    measures_fee = Number("安全防护、文明施工措施费", unit="元", min=0, max=1e12, required=True, section="措施费")
    prepaid_percent = Number("预付比例", unit="%", min=0, max=100, required=True)
    key_people = Rows(
        Part(KeyPerson),
        "安全生产履职人员信息表",
        min=1,
        max=100,
        required=True,
        section="履职人员",
        help="备案前施工单位、监理单位应先在“单位人员录入”中录入本单位人员",
    )
    hazardous_works = Rows(Part(HazardousWork), "危险性较大的分部分项工程清单", max=200, section="危大工程")
    datum = Choice(
        "坐标系", choices=DATUMS, required=True, section="场地边界", help="在高德、腾讯地图上绘制的选 GCJ-02"
    )
    boundary = SiteBoundary("场地边界", required=True, help="GeoJSON 面，经度在前")


def brings_project(application_id: str, form: Form) -> ProjectFacts:
    place = divisions.division(form["division"])
    assert place is not None  # the schema has looked it up
    return ProjectFacts(
        project_id=derived_id("project", application_id),
        name=form["name"],
        area=place.area,
        stage="under_filing",
        works_code=form.get("works_code"),
        starts_on=form["starts_on"],
        finishes_on=form["finishes_on"],
        contractor_id=form["contractor_id"],
        supervisor_id=form["supervisor_id"],
        key_people=tuple((each["role"], each["person_id"]) for each in form["key_people"]),
    )


def check(facts: Facts) -> list[Finding]:
    form = facts.form
    findings = check_party(facts, form["contractor_id"], "contractor", "form.contractor_id")
    findings += check_party(facts, form["supervisor_id"], "supervisor", "form.supervisor_id")
    if form["contractor_id"] == form["supervisor_id"]:
        # 建筑法 Art. 34: the supervising firm may have no interest in the contractor.
        findings.append(error("supervisor_is_contractor", "form.supervisor_id"))
    if form["finishes_on"] < form["starts_on"]:
        findings.append(error("ends_before_it_starts", "form.finishes_on"))
    findings += check_posts(facts) + _check_fee(form)
    for number, work in enumerate(form.get("hazardous_works") or ()):
        findings += _check_work(work, f"form.hazardous_works.{number}", facts.today)
    return findings


def claims(facts: Facts) -> Claims:
    form = facts.form
    party = {
        "owner": facts.applicant.organisation_id,
        "contractor": form["contractor_id"],
        "supervisor": form["supervisor_id"],
    }
    return Claims(
        people=tuple(
            claim(facts, each, f"form.key_people.{number}.person_id", None, party[EMPLOYER[each["role"]]])
            for number, each in enumerate(form["key_people"])
        )
    )


def _check_work(work: Mapping[str, Any], path: str, on: date) -> list[Finding]:
    findings = []
    verdict = hazardous_works.judge_work(work, on)
    if work["planned_finish"] < work["planned_start"]:
        findings.append(error("ends_before_it_starts", f"{path}.planned_finish"))
    if verdict.missing and verdict.tier != hazardous_works.OVER_SCALE:
        findings.append(error("quantity_needed", path, any_of=list(verdict.missing)))
    elif verdict.tier == hazardous_works.NOT_HAZARDOUS:
        findings.append(warning("not_hazardous", path))
    elif verdict.tier == hazardous_works.OVER_SCALE:
        findings.append(warning("expert_review_needed", path, reasons=list(verdict.reasons)))
    return findings


def _check_fee(form: Form) -> list[Finding]:
    days = (form["finishes_on"] - form["starts_on"]).days
    least = PREPAID_LONG if days >= LONG_CONTRACT_DAYS else PREPAID_SHORT
    if form["prepaid_percent"] >= least:
        return []
    return [warning("prepaid_below_default", "form.prepaid_percent", least=least)]


def _lists_hazardous_works(form: Form) -> bool:
    return bool(form.get("hazardous_works"))


MATTER = Matter(
    code="safety_filing",
    title="安全监督备案",
    applicants=("owner",),
    form=SafetyFilingForm,
    attachments=(
        AttachmentKind("P1", "工程概况及各方责任主体、项目负责人一览表"),
        AttachmentKind("P2", "中标通知书或施工合同"),
        AttachmentKind("P3", "施工单位安全生产许可证，项目经理、专职安全员考核合格证书"),
        AttachmentKind("P4", "建设、施工、监理单位安全生产承诺书"),
        AttachmentKind("P5", "危险性较大的分部分项工程清单", required=_lists_hazardous_works, note="有危大工程的上传"),
        AttachmentKind("P6", "安全防护、文明施工措施费用支付计划"),
        AttachmentKind("P7", "施工现场平面布置图", required=False),
        AttachmentKind("P8", "周边环境和地下设施情况交底表", required=False),
        AttachmentKind("P9", "应急救援预案", required=False),
        AttachmentKind("P10", "保险缴纳凭证", required=False),
        AttachmentKind("P11", "施工安全技术措施", required=False),
        AttachmentKind("P12", "安全生产履职人员信息表（盖章）"),
    ),
    route=Route.PROJECT,
    review_levels=2,
    brings_project=brings_project,
    parties=lambda form: (form["contractor_id"], form["supervisor_id"]),
    check=check,
    claims=claims,
    certificate=CertificateRule(
        kind="safety_filing",
        title="施工安全监督告知书",
        shown=lambda facts: project_words(facts),
    ),
    on_submission=projects.put_under_filing,
    on_approval=projects.register,
    on_refusal=projects.drop,
)
