"""Plans of inspections and draws."""

from chassis.schemas import Choice, Day, Flag, Free, Id, Integer, Moment, Part, Rows, Schema, Text
from enforcement.schemas.common import AREA, Listed, Page
from enforcement.schemas.documents import Acted
from enforcement.words import DRAW_STAGES, PLAN_KINDS, PLAN_STAGES, RISK_FACTORS, WITHOUT_OFFICERS

MOST_VISITS = 12
HIGHEST_CAP = 50
MOST_PROJECTS = 200
MOST_OFFICERS = 6


class SavePlanRequest(Schema):
    """A new plan without `plan_id`; else the draft, in the `version` that was seen."""

    plan_id = Id("计划", allow_none=True, load_default=None)
    version = Integer("版本", min=1, allow_none=True, load_default=None)
    kind = Choice("检查类别", choices=PLAN_KINDS, required=True)
    title = Text("计划名称", min=4, max=100, required=True)
    starts_on = Day("开始日期", required=True)
    ends_on = Day("结束日期", required=True)
    area = Text("检查范围（辖区）", max=60, pattern=AREA, allow_none=True, load_default=None)
    basis = Text("检查依据", min=4, max=500, required=True)
    visits = Integer("每个工程检查次数", min=1, max=MOST_VISITS, required=True)
    cap = Integer("每家企业年度检查次数上限", min=1, max=HIGHEST_CAP, required=True)
    in_works = Flag("只列入计划期内在施的工程", load_default=True)
    not_inspected_since = Day("自该日起未受检查", allow_none=True, load_default=None)
    project_numbers = Rows(Text("工程编号", max=40), "指定工程", max=MOST_PROJECTS, load_default=list)


class PlanSaved(Schema):
    plan_id = Id(required=True)
    version = Integer(required=True)
    stage = Choice(choices=PLAN_STAGES, required=True)
    sites = Integer("工程数", required=True)


class PlanRequest(Schema):
    plan_id = Id("计划", required=True)


class ApprovePlanRequest(PlanRequest):
    version = Integer("版本", min=1, required=True)


class FinishPlanRequest(PlanRequest):
    summary = Text("检查总结", min=5, max=2000, required=True)


class PlanReply(Schema):
    plan_id = Id(required=True)
    version = Integer(required=True)
    stage = Choice(choices=PLAN_STAGES, required=True)


class ListPlansRequest(Page):
    kind = Choice("检查类别", choices=PLAN_KINDS, allow_none=True, load_default=None)
    stage = Choice("状态", choices=PLAN_STAGES, allow_none=True, load_default=None)


class PlanItem(Schema):
    """`planned`, `inspected`: visits, and those of them that completed inspections of the plan have made."""

    plan_id = Id(required=True)
    kind = Choice("检查类别", choices=PLAN_KINDS, required=True)
    title = Text("计划名称", required=True)
    area = Text("检查范围", required=True)
    agency_id = Id("检查机关", required=True)
    agency_name = Text("检查机关", required=True)
    starts_on = Day("开始日期", required=True)
    ends_on = Day("结束日期", required=True)
    basis = Text("检查依据", required=True)
    visits = Integer("每个工程检查次数", required=True)
    cap = Integer("每家企业年度检查次数上限", required=True)
    stage = Choice("状态", choices=PLAN_STAGES, required=True)
    version = Integer(required=True)
    drafted_at = Moment("拟定时间", required=True)
    drafted_by = Part(Acted, required=True)
    approved_at = Moment("批准时间", allow_none=True, required=True)
    approved_by = Part(Acted, allow_none=True, required=True)
    finished_at = Moment("结束时间", allow_none=True, required=True)
    summary = Text("检查总结", allow_none=True, required=True)
    planned = Integer("计划检查", required=True)
    inspected = Integer("已检查", required=True)


class ListPlansReply(Listed):
    items = Rows(Part(PlanItem), required=True)
    may_draft = Flag(required=True)


class Criteria(Schema):
    in_works = Flag(required=True)
    not_inspected_since = Day(allow_none=True, required=True)
    project_numbers = Rows(Text(), required=True)


class PlanSiteItem(Schema):
    project_id = Id("工程", required=True)
    project_name = Text("工程", required=True)
    project_number = Text("工程编号", allow_none=True, required=True)
    area = Text(required=True)
    planned = Integer("计划检查", required=True)
    inspected = Integer("已检查", required=True)
    due_on = Day("完成期限", allow_none=True, required=True)


class OverCap(Schema):
    """A contractor whom the plan takes over the yearly limit: inspected this year, and planned besides."""

    firm_id = Id("企业", required=True)
    firm_name = Text("企业", required=True)
    inspected = Integer("本年已检查", required=True)
    planned = Integer("计划中", required=True)
    cap = Integer("年度上限", required=True)


class DrawItem(Schema):
    draw_id = Id(required=True)
    plan_id = Id("计划", required=True)
    plan_title = Text("计划名称", required=True)
    agency_name = Text("检查机关", required=True)
    stage = Choice("状态", choices=DRAW_STAGES, required=True)
    commitment = Text("承诺值（SHA-256）", required=True)
    committed_at = Moment("承诺时间", required=True)
    committed_by = Text("承诺人", required=True)
    seed_source = Text("种子来源", required=True)
    sites_wanted = Integer("抽取工程数", required=True)
    sites_count = Integer("备抽工程数", required=True)
    officers_a_site = Integer("每个工程执法人员数", required=True)
    officers_count = Integer("备抽执法人员数", required=True)
    due_on = Day("完成期限", required=True)
    seed = Text("种子", allow_none=True, required=True)
    seed_announced_at = Moment("种子公布时间", allow_none=True, required=True)
    revealed_at = Moment("抽取时间", allow_none=True, required=True)
    acts = Rows(Text(), required=True)


class GetPlanReply(PlanItem):
    """`sites`: those left first, up to 200; of a random plan those that were drawn."""

    criteria = Part(Criteria, required=True)
    sites_count = Integer("工程数", required=True)
    sites_left = Integer("未检查完的工程数", required=True)
    sites = Rows(Part(PlanSiteItem), required=True)
    over_cap = Rows(Part(OverCap), required=True)
    draws = Rows(Part(DrawItem), required=True)
    acts = Rows(Text(), required=True)


class CommitDrawRequest(PlanRequest):
    sites_wanted = Integer("抽取工程数", min=1, max=1000, required=True)
    officers_a_site = Integer("每个工程执法人员数", min=2, max=MOST_OFFICERS, load_default=2)
    seed_source = Text("种子来源（抽取前尚未公布的公开随机数）", min=6, max=200, required=True)
    due_on = Day("完成期限", required=True)


class CommitDrawReply(Schema):
    draw_id = Id(required=True)
    commitment = Text("承诺值（SHA-256）", required=True)
    committed_at = Moment("承诺时间", required=True)
    over_cap = Rows(Part(OverCap), required=True)


class DrawRequest(Schema):
    draw_id = Id("抽取", required=True)


class RevealDrawRequest(DrawRequest):
    seed = Text("种子", min=1, max=200, required=True)
    announced_at = Moment("种子公布时间", required=True)


class RevealDrawReply(Schema):
    draw_id = Id(required=True)
    stage = Choice(choices=DRAW_STAGES, required=True)
    digest = Text("文件摘要（SHA-256）", required=True)
    sites = Integer("抽取工程数", required=True)
    without_officers = Integer("未能安排执法人员的工程数", required=True)


class ListDrawsRequest(Page):
    plan_id = Id("计划", allow_none=True, load_default=None)


class ListDrawsReply(Listed):
    items = Rows(Part(DrawItem), required=True)


class Reason(Schema):
    factor = Choice("风险因素", choices=RISK_FACTORS, required=True)
    count = Integer("次数", required=True)
    points = Integer("分值", required=True)


class DrawnOfficer(Schema):
    officer_id = Id(required=True)
    name = Text("姓名", required=True)


class DrawnSite(Schema):
    place = Integer("序号", required=True)
    project_id = Id("工程", required=True)
    project_name = Text("工程", required=True)
    project_number = Text("工程编号", allow_none=True, required=True)
    weight = Integer("权重", required=True)
    why = Rows(Part(Reason), required=True)
    officers = Rows(Part(DrawnOfficer), required=True)
    without = Choice("未安排原因", choices=WITHOUT_OFFICERS, allow_none=True, required=True)
    inspection_ids = Rows(Id(), required=True)


class GetDrawReply(DrawItem):
    """`file`: the published file from which anybody recomputes the draw; null before the seed is known, and for a firm until
    the plan is finished (`is_shown`)."""

    result = Rows(Part(DrawnSite), required=True)
    file = Free(allow_none=True, required=True)
    digest = Text("文件摘要（SHA-256）", allow_none=True, required=True)
    is_shown = Flag(required=True)


class VerifierRequest(Schema):
    """Nothing to say."""


class VerifierReply(Schema):
    """The program that recomputes a draw from its file: one file, plain Python."""

    name = Text(required=True)
    source = Text(max=40_000, required=True)
