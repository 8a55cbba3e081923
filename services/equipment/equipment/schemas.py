"""Requests, replies and the events that we publish. The contract is generated from here."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from chassis.paging import DEFAULT_LIMIT, MAX_LIMIT
from chassis.schemas import Choice, Day, Flag, Free, Heard, Id, Integer, Moment, Number, Part, Rows, Schema, Text
from equipment.terms import (
    FILINGS,
    KIND_NAMES,
    Acceptance,
    Assessment,
    Claim,
    Evidence,
    Ground,
    Inspection,
    Matter,
    Particulars,
    Party,
    Project,
    Retirement,
)
from equipment.words import ACTS, GROUNDS, HISTORY, HOIST_DRIVES, HOLD_STAGES, MACHINE_STAGES, MATTERS, NEXT, SEVERITIES

# A territory's path: province, city, county, zone; some units stand directly below the province.
AREA = r"[0-9]{2}(\.[0-9]{4,6}){0,3}"
REASON_LENGTH = 5


class AssessmentPart(Heard):
    """安全评估 (JGJ/T 189)."""

    passed = Flag("评估结论为合格", required=True)
    body = Text("评估机构", max=200, load_default="")
    report_number = Text("评估报告编号", max=100, load_default="")
    on = Day("评估日期", required=True)
    valid_to = Day("评估有效期至", allow_none=True, load_default=None)


class InspectionPart(Heard):
    passed = Flag("检测结论为合格", required=True)
    body = Text("检测机构", max=200, load_default="")
    report_number = Text("检测报告编号", max=100, load_default="")
    on = Day("检测日期", required=True)
    valid_to = Day("检测有效期至", allow_none=True, load_default=None)


class AcceptancePart(Heard):
    passed = Flag("验收结论为合格", required=True)
    on = Day("验收日期", required=True)


class RetirementPart(Heard):
    ground = Choice("注销原因", choices=GROUNDS, required=True)
    new_owner = Text("新产权单位", max=200, load_default="")


class EvidencePart(Heard):
    planned_start = Day("计划安装日期", allow_none=True, load_default=None)
    inspection = Part(InspectionPart, "检测", allow_none=True, load_default=None)
    acceptance = Part(AcceptancePart, "验收", allow_none=True, load_default=None)
    assessment = Part(AssessmentPart, "安全评估", allow_none=True, load_default=None)
    retirement = Part(RetirementPart, "注销", allow_none=True, load_default=None)


class ParticularsPart(Heard):
    """A machine as its owner describes it (domain facts §1.7)."""

    kind = Choice("设备类型", choices=KIND_NAMES, required=True)
    name = Text("设备名称", max=100, required=True)
    model = Text("规格型号", max=100, required=True)
    maker = Text("制造厂家", max=200, required=True)
    maker_licence = Text("制造许可证号", max=100, load_default="")
    serial_number = Text("出厂编号", max=100, required=True)
    made_on = Day("出厂日期", required=True)
    bought_on = Day("购买日期", allow_none=True, load_default=None)
    rated_moment_knm = Number("额定起重力矩", unit="kN·m", min=0, max=100_000, allow_none=True, load_default=None)
    max_load_t = Number("最大额定起重量", unit="t", min=0, max=10_000, allow_none=True, load_default=None)
    max_radius_m = Number("最大幅度", unit="m", min=0, max=1_000, allow_none=True, load_default=None)
    max_height_m = Number("最大安装高度", unit="m", min=0, max=2_000, allow_none=True, load_default=None)
    free_height_m = Number("独立高度", unit="m", min=0, max=2_000, allow_none=True, load_default=None)
    service_life_years = Integer("使用年限", unit="年", min=1, max=50, allow_none=True, load_default=None)
    hoist_drive = Choice("升降机驱动形式", choices=HOIST_DRIVES, allow_none=True, load_default=None)
    supervision_inspection_no = Text("制造监督检验证明编号", max=100, load_default="")
    assessment = Part(AssessmentPart, "安全评估", allow_none=True, load_default=None)
    filing_number = Text("备案编号", max=40, allow_none=True, load_default=None)
    filed_on = Day("备案日期", allow_none=True, load_default=None)
    filing_agency = Text("备案机关", max=200, load_default="")


class ApplicantPart(Heard):
    organisation_id = Id("申请单位", required=True)
    name = Text("申请单位名称", max=200, required=True)
    area = Text("所在辖区", max=40, load_default="")
    kinds = Rows(Text(max=40), "企业类型", load_default=list)


class ProjectPart(Heard):
    project_id = Id("工程", required=True)
    name = Text("工程名称", max=300, required=True)
    area = Text("所在辖区", max=40, load_default="")
    agency_id = Id("监督机构", allow_none=True, load_default=None)


class MachinePart(Heard):
    machine_id = Id("设备", required=True)


class ReserveRequest(Heard):
    """Filing's claim for an application; which parts it must have depends on the matter."""

    application_id = Id("申请", required=True)
    matter = Choice("事项", choices=MATTERS, required=True)
    check_only = Flag("只检查", load_default=False)
    on = Day("日期", required=True)
    applicant = Part(ApplicantPart, "申请单位", required=True)
    agency_id = Id("监督机构", allow_none=True, load_default=None)
    project = Part(ProjectPart, "工程", allow_none=True, load_default=None)
    machine = Part(MachinePart, "设备", allow_none=True, load_default=None)
    particulars = Part(ParticularsPart, "设备信息", allow_none=True, load_default=None)
    evidence = Part(EvidencePart, "证明材料", allow_none=True, load_default=None)

    @validates_schema
    def parts_of_the_matter(self, data: dict[str, Any], **_: Any) -> None:
        missing = {name: ["required"] for name in _needed(data["matter"]) if data.get(name) is None}
        particulars = data.get("particulars")
        if data["matter"] == Matter.MACHINE_REGISTRATION and particulars and not particulars["filing_number"]:
            missing["particulars.filing_number"] = ["required"]
        if missing:
            raise ValidationError(missing)


def _needed(matter: str) -> tuple[str, ...]:
    if matter in FILINGS:
        return ("particulars",)
    return ("machine",) if matter == Matter.MACHINE_CANCELLATION else ("machine", "project")


class FindingPart(Schema):
    code = Text(required=True)
    severity = Choice(choices=SEVERITIES, required=True)
    detail = Free(required=True)
    path = Text(required=True)


class MachineBrief(Schema):
    """A machine as another service's form shows it."""

    machine_id = Id(required=True)
    kind = Choice(choices=KIND_NAMES, required=True)
    model = Text(required=True)
    maker = Text(required=True)
    serial_number = Text(required=True)
    filing_number = Text(allow_none=True, required=True)
    owner_id = Id(required=True)
    owner_name = Text(required=True)
    owner_area = Text(required=True)
    rated_moment_knm = Number(allow_none=True, required=True)
    stage = Choice(choices=MACHINE_STAGES, required=True)
    made_on = Day(required=True)
    service_ends_on = Day(allow_none=True, required=True)


class ReserveReply(Schema):
    granted_until = Moment(allow_none=True, required=True)
    machine = Part(MachineBrief, allow_none=True, required=True)
    findings = Rows(Part(FindingPart), required=True)


class Place(Schema):
    """Where a machine is, who put it there, since when."""

    project_id = Id(required=True)
    project_name = Text(required=True)
    project_area = Text(required=True)
    project_stage = Text(allow_none=True, required=True)
    application_id = Id(required=True)
    organisation_id = Id(required=True)
    organisation_name = Text(required=True)
    stage = Choice(choices=HOLD_STAGES, required=True)
    since = Moment(required=True)


class MachineItem(MachineBrief):
    version = Integer(required=True)
    name = Text(required=True)
    filed_on = Day(allow_none=True, required=True)
    registration_number = Text(allow_none=True, required=True)
    inspection_valid_to = Day(allow_none=True, required=True)
    runs_out_on = Day(allow_none=True, required=True)
    frozen = Flag(required=True)
    place = Part(Place, allow_none=True, required=True)
    recorded_at = Moment(required=True)


MOST_NAMED = 200
SORTS = {"recorded": "最近登记", "runs_out": "到期先到"}


class ListMachinesRequest(Schema):
    """All filters together; `q` is part of a filing, registration or serial number, of model, name or owner's name, or
    the pinyin or initials of these. `sort` "runs_out" shows only what is in use and runs out some day; `backwards` turns
    the order round."""

    owner_id = Id("产权单位", allow_none=True, load_default=None)
    project_id = Id("工程", allow_none=True, load_default=None)
    kind = Choice("设备类型", choices=KIND_NAMES, allow_none=True, load_default=None)
    stage = Choice("状态", choices=MACHINE_STAGES, allow_none=True, load_default=None)
    area = Text("产权单位所在辖区", max=40, pattern=AREA, allow_none=True, load_default=None)
    place = Text("所在工程的辖区", max=40, pattern=AREA, allow_none=True, load_default=None)
    frozen = Flag("已冻结", allow_none=True, load_default=None)
    q = Text("关键词", max=60, allow_none=True, load_default=None)
    runs_out_before = Day("到期日早于", allow_none=True, load_default=None)
    sort = Choice("排序", choices=SORTS, load_default="recorded")
    backwards = Flag("倒序", allow_none=True, load_default=None)
    limit = Integer("条数", min=1, max=MAX_LIMIT, load_default=DEFAULT_LIMIT)
    after = Text("从何处继续", max=200, allow_none=True, load_default=None)


class ListMachinesReply(Schema):
    """`total` comes with the first page, counted up to 1,000: past that it stays there and is not exact (1,000+)."""

    items = Rows(Part(MachineItem), required=True)
    next = Text(allow_none=True, required=True)
    total = Integer("总数", allow_none=True, required=True)
    total_is_exact = Flag("总数确切", allow_none=True, required=True)


class NameMachinesRequest(Schema):
    machine_ids = Rows(Id(), "设备", max=MOST_NAMED, required=True)


class MachineName(Schema):
    """What is written on the machine's plate and on its filing certificate."""

    machine_id = Id(required=True)
    kind = Choice(choices=KIND_NAMES, required=True)
    model = Text(required=True)
    serial_number = Text(required=True)
    filing_number = Text(allow_none=True, required=True)


class NameMachinesReply(Schema):
    items = Rows(Part(MachineName), required=True)


class MachineRequest(Schema):
    machine_id = Id("设备", required=True)


class OpenApplication(Schema):
    application_id = Id(required=True)
    matter = Choice(choices=MATTERS, required=True)
    organisation_id = Id(required=True)
    organisation_name = Text(required=True)
    stage = Choice(choices=HOLD_STAGES, required=True)
    since = Moment(required=True)


class MachineReply(MachineItem):
    """The machine's page. `next` is what has to happen before it gets any further, `acts` what the asker may do,
    `stopped_by` the orders that stop all works where it stands."""

    maker_licence = Text(required=True)
    bought_on = Day(allow_none=True, required=True)
    max_load_t = Number(allow_none=True, required=True)
    max_radius_m = Number(allow_none=True, required=True)
    max_height_m = Number(allow_none=True, required=True)
    free_height_m = Number(allow_none=True, required=True)
    service_life_years = Integer(allow_none=True, required=True)
    hoist_drive = Choice(choices=HOIST_DRIVES, allow_none=True, required=True)
    supervision_inspection_no = Text(required=True)
    assessment = Free(allow_none=True, required=True)
    agency_id = Id(allow_none=True, required=True)
    filing_agency = Text(required=True)
    filed_at = Moment(allow_none=True, required=True)
    registered_on = Day(allow_none=True, required=True)
    frozen_since = Moment(allow_none=True, required=True)
    frozen_reason = Text(allow_none=True, required=True)
    changed_at = Moment(required=True)
    next = Choice(choices=NEXT, allow_none=True, required=True)
    open = Rows(Part(OpenApplication), required=True)
    acts = Rows(Choice(choices=ACTS), required=True)
    stopped_by = Rows(Text(), "责令停工的通知", load_default=list)


class HistoryRequest(MachineRequest):
    limit = Integer("条数", min=1, max=MAX_LIMIT, load_default=DEFAULT_LIMIT)
    after = Text("从何处继续", max=20, pattern=r"[0-9]{1,18}", allow_none=True, load_default=None)


class HistoryEntry(Schema):
    number = Integer(required=True)
    act = Choice(choices=HISTORY, required=True)
    at = Moment(required=True)
    recorded_at = Moment(required=True)
    by = Free(required=True)
    detail = Free(required=True)


class HistoryReply(Schema):
    items = Rows(Part(HistoryEntry), required=True)
    next = Text(allow_none=True, required=True)


class HolderRequest(MachineRequest):
    """Who held it at `at`, by what was known at `known_at` (now, if none is given)?"""

    at = Moment("时刻", required=True)
    known_at = Moment("当时已知", allow_none=True, load_default=None)


class Holder(Schema):
    application_id = Id(required=True)
    organisation_id = Id(required=True)
    organisation_name = Text(required=True)
    project_id = Id(required=True)
    project_name = Text(required=True)
    stage = Choice(choices=HOLD_STAGES, required=True)
    since = Moment(required=True)
    recorded_at = Moment(required=True)


class HolderReply(Schema):
    holder = Part(Holder, allow_none=True, required=True)


class ActRequest(MachineRequest):
    """An agency's act on a machine as its officer saw it at `version`."""

    version = Integer("版本", min=1, required=True)
    reason = Text("理由", min=REASON_LENGTH, max=500, required=True)


class ActReply(Schema):
    machine_id = Id(required=True)
    version = Integer(required=True)
    stage = Choice(choices=MACHINE_STAGES, required=True)


class Nothing(Schema):
    """A request without parameters."""


class RunsOutSoon(Schema):
    count = Integer(required=True)
    items = Rows(Part(MachineItem), required=True)


class SummariseReply(Schema):
    by_stage = Free(required=True)
    runs_out_soon = Part(RunsOutSoon, required=True)


def claim_of(request: dict[str, Any]) -> Claim:
    """The claim in a loaded `ReserveRequest`."""
    particulars, project, machine = request["particulars"], request["project"], request["machine"]
    applicant = {**request["applicant"], "kinds": tuple(request["applicant"]["kinds"])}
    return Claim(
        application_id=request["application_id"],
        matter=Matter(request["matter"]),
        check_only=request["check_only"],
        on=request["on"],
        applicant=Party(**applicant),
        agency_id=request["agency_id"],
        project=Project(**project) if project else None,
        machine_id=machine["machine_id"] if machine else None,
        particulars=particulars_of(particulars) if particulars else None,
        evidence=evidence_of(request["evidence"]) if request["evidence"] else Evidence(),
    )


def particulars_of(part: dict[str, Any]) -> Particulars:
    assessment = part["assessment"]
    return Particulars(**{**part, "assessment": Assessment(**assessment) if assessment else None})


def evidence_of(part: dict[str, Any]) -> Evidence:
    inspection, acceptance, assessment = part["inspection"], part["acceptance"], part["assessment"]
    retirement = part["retirement"]
    return Evidence(
        planned_start=part["planned_start"],
        inspection=Inspection(**inspection) if inspection else None,
        acceptance=Acceptance(**acceptance) if acceptance else None,
        assessment=Assessment(**assessment) if assessment else None,
        retirement=Retirement(Ground(retirement["ground"]), retirement["new_owner"]) if retirement else None,
    )
