"""An officer's day, the calendar, the map, a project's history, figures, and what the home page counts."""

from chassis.schemas import Choice, Day, Flag, Id, Integer, Moment, Number, Part, Rows, Schema, Text
from enforcement.periods import MONTH
from enforcement.schemas.common import AREA
from enforcement.words import (
    CASE_ACTS,
    CASE_KINDS,
    CASE_OUTCOMES,
    CASE_STAGES,
    GRADES,
    INSPECTION_KINDS,
    INSPECTION_STAGES,
    ORDER_KINDS,
    ORDER_STAGES,
    PLAN_KINDS,
    SEVERITIES,
)

ACTS = {
    "complete_inspection": "完成检查",
    "start_inspection": "前往检查",
    "decide_rectification": "复查整改报告",
    "press_order": "督促整改",
}
STATES = {"overdue": "有逾期责令", "open": "有未办结责令", "clear": "无未办结责令", "never": "尚未检查"}


class Nothing(Schema):
    """A request that says nothing."""


class OfArea(Schema):
    area = Text("地区", max=40, pattern=AREA, allow_none=True, load_default=None)


class OfficerShown(Schema):
    officer_id = Id(required=True)
    name = Text("姓名", required=True)
    certificate_number = Text("执法证号", required=True)
    certificate_valid_to = Day("执法证有效期至", required=True)
    is_certified = Flag("执法证有效", required=True)


class DayAct(Schema):
    """One act: what, who, where, until when. `since`: when a check was begun, or a report came."""

    act = Choice("事项", choices=ACTS, required=True)
    project_id = Id(required=True)
    project_name = Text("工程", required=True)
    area = Text("地区", required=True)
    who = Text("人员或单位", required=True)
    due_on = Day("期限", allow_none=True, required=True)
    since = Moment("自", allow_none=True)
    is_late = Flag("已逾期")
    inspection_id = Id()
    order_id = Id()
    number = Text("文号")
    kind = Choice("通知种类", choices=ORDER_KINDS)
    plan_id = Id()
    plan_title = Text("计划")
    plan_kind = Choice("检查类别", choices=PLAN_KINDS)


class CaseWaiting(Schema):
    """A case whose next step is his. `due_on`: of the period in which it falls; null where that stands still."""

    case_id = Id(required=True)
    act = Choice("事项", choices=CASE_ACTS, required=True)
    number = Text("案号", allow_none=True, required=True)
    party_name = Text("当事人", required=True)
    area = Text("地区", required=True)
    due_on = Day("期限", allow_none=True, required=True)
    is_late = Flag("已逾期", required=True)


class OfficerDay(Schema):
    """Up to 20 of each kind; the totals count all. `escalated`: of other agencies, told up to this one."""

    day = Day(required=True)
    officer = Part(OfficerShown, allow_none=True, required=True)
    next = Part(DayAct, "下一步", allow_none=True, required=True)
    running = Rows(Part(DayAct), "进行中的检查", required=True)
    visits = Rows(Part(DayAct), "计划检查", required=True)
    visits_total = Integer(required=True)
    reported = Rows(Part(DayAct), "待复查", required=True)
    reported_total = Integer(required=True)
    overdue = Rows(Part(DayAct), "逾期未整改", required=True)
    overdue_total = Integer(required=True)
    cases = Rows(Part(CaseWaiting), "待办案件", required=True)
    cases_total = Integer(required=True)
    escalated = Rows(Part(DayAct), "逾期已报上级", required=True)
    escalated_total = Integer(required=True)
    transfers_total = Integer("待答复的移交", required=True)
    plans_total = Integer("待批准的计划", required=True)


class CalendarRequest(OfArea):
    month = Text("月份", pattern=MONTH, allow_none=True, load_default=None)
    officer_id = Id("执法人员", allow_none=True, load_default=None)
    day = Day("日期", allow_none=True, load_default=None)


class CalendarDay(Schema):
    day = Day(required=True)
    done = Integer("已完成检查", required=True)
    running = Integer("检查中", required=True)
    planned = Integer("计划检查", required=True)
    made = Integer("计划中已完成", required=True)


class CalendarVisit(Schema):
    plan_id = Id(required=True)
    plan_title = Text("计划", required=True)
    project_id = Id(required=True)
    project_name = Text("工程", required=True)
    area = Text("地区", required=True)
    who = Text("执法人员", required=True)
    is_made = Flag("已检查", required=True)


class CalendarOfficer(Schema):
    officer_id = Id(required=True)
    name = Text("姓名", required=True)


class CalendarReply(Schema):
    """Days on which nothing was done nor is planned are left out."""

    month = Text("月份", required=True)
    area = Text("地区", required=True)
    days = Rows(Part(CalendarDay), required=True)
    day = Day(allow_none=True, required=True)
    visits = Rows(Part(CalendarVisit), required=True)
    officers = Rows(Part(CalendarOfficer), "本机构执法人员", required=True)


class MapSite(Schema):
    project_id = Id(required=True)
    project_name = Text("工程", required=True)
    area = Text("地区", required=True)
    position = Rows(Number(), "经度、纬度", required=True)
    state = Choice("状态", choices=STATES, required=True)
    open = Integer("未办结责令", required=True)
    overdue = Integer("逾期责令", required=True)
    inspected_at = Moment("最近检查", allow_none=True, required=True)
    score = Number("得分", allow_none=True, required=True)
    grade = Choice("等级", choices=GRADES, allow_none=True, required=True)


class MapReply(Schema):
    area = Text("地区", required=True)
    items = Rows(Part(MapSite), required=True)
    total = Integer("工程总数", required=True)
    most = Integer("最多显示", required=True)


class HistoryRequest(Schema):
    project_id = Id("工程", required=True)


class HistoryTotals(Schema):
    inspections = Integer("检查次数", required=True)
    score = Number("平均得分", allow_none=True, required=True)
    findings = Integer("发现问题", required=True)
    repeated = Integer("反复出现", required=True)
    open_findings = Integer("未整改完成", required=True)
    orders = Integer("责令通知", required=True)
    open_orders = Integer("未办结", required=True)
    overdue_orders = Integer("逾期", required=True)
    stoppages = Integer("责令停工", required=True)
    median_days = Integer("整改用时中位数（天）", allow_none=True, required=True)


class ClauseFound(Schema):
    clause_key = Text("条款编号", required=True)
    clause = Text("依据条款", required=True)
    severity = Choice("最高严重程度", choices=SEVERITIES, required=True)
    count = Integer("次数", required=True)
    repeated = Integer("180日内反复", required=True)
    open = Integer("未整改完成", required=True)
    last_found_on = Day("最近发现", required=True)


class HistoryInspection(Schema):
    inspection_id = Id(required=True)
    kind = Choice("检查类别", choices=INSPECTION_KINDS, required=True)
    stage = Choice("状态", choices=INSPECTION_STAGES, required=True)
    started_at = Moment("开始时间", required=True)
    score = Number("得分", allow_none=True, required=True)
    grade = Choice("等级", choices=GRADES, allow_none=True, required=True)
    findings_count = Integer("发现问题", required=True)
    refused = Flag("拒绝签字", required=True)


class HistoryOrder(Schema):
    order_id = Id(required=True)
    number = Text("文号", required=True)
    kind = Choice("通知种类", choices=ORDER_KINDS, required=True)
    stage = Choice("状态", choices=ORDER_STAGES, required=True)
    scope = Text("停工部位", required=True)
    issued_at = Moment("签发时间", required=True)
    due_on = Day("整改期限", required=True)
    reported_at = Moment("提交报告", allow_none=True, required=True)
    closed_at = Moment("办结时间", allow_none=True, required=True)
    days = Integer("用时（天）", allow_none=True, required=True)
    is_stoppage = Flag("责令停工", required=True)
    stopped_until = Moment("停工至", allow_none=True, required=True)


class HistoryCase(Schema):
    case_id = Id(required=True)
    number = Text("案号", allow_none=True, required=True)
    kind = Choice("程序", choices=CASE_KINDS, required=True)
    stage = Choice("阶段", choices=CASE_STAGES, required=True)
    outcome = Choice("结果", choices=CASE_OUTCOMES, allow_none=True, required=True)
    party_name = Text("当事人", required=True)
    opened_at = Moment("立案来源时间", required=True)
    fine = Integer("罚款（元）", allow_none=True, required=True)


class HistoryReply(HistoryRequest):
    project_name = Text("工程", required=True)
    area = Text("地区", required=True)
    since = Day("开工日期", allow_none=True, required=True)
    totals = Part(HistoryTotals, required=True)
    clauses = Rows(Part(ClauseFound), required=True)
    inspections = Rows(Part(HistoryInspection), required=True)
    orders = Rows(Part(HistoryOrder), required=True)
    cases = Rows(Part(HistoryCase), required=True)


class FiguresRequest(OfArea):
    first = Text("起始月份", pattern=MONTH, allow_none=True, load_default=None)
    last = Text("截止月份", pattern=MONTH, allow_none=True, load_default=None)


class Figures(Schema):
    """Shares in per cent; days from an order's issue to its closing; `planned` visits due in the months, `made` those of them
    that were made; `officer_visits` counts an inspection once for each officer on it."""

    planned = Integer("计划检查", required=True)
    made = Integer("按计划完成", required=True)
    inspections = Integer("检查", required=True)
    officer_visits = Integer("检查人次", required=True)
    findings = Integer("发现问题", required=True)
    general = Integer("一般隐患", required=True)
    serious = Integer("较大隐患", required=True)
    major = Integer("重大事故隐患", required=True)
    repeated = Integer("反复出现", required=True)
    repeated_share = Number("反复出现占比", allow_none=True, required=True)
    issued = Integer("签发责令", required=True)
    closed = Integer("办结责令", required=True)
    median_days = Integer("整改用时中位数（天）", allow_none=True, required=True)
    p90_days = Integer("整改用时90分位（天）", allow_none=True, required=True)
    refused = Integer("拒绝签字", required=True)
    refused_share = Number("拒绝签字占比", allow_none=True, required=True)
    scored = Integer("评分次数", required=True)
    score = Number("平均得分", allow_none=True, required=True)


class FiguresNow(Figures):
    """`open`, `overdue`, `officers`: as it stands now, whatever the months."""

    open = Integer("未办结责令", required=True)
    overdue = Integer("逾期责令", required=True)
    officers = Integer("执法人员", required=True)


class FiguresOfPlace(FiguresNow):
    area = Text("地区", required=True)


class FiguresOfMonth(Figures):
    month = Text("月份", required=True)


class FiguresReply(Schema):
    area = Text("地区", required=True)
    first = Text("起始月份", required=True)
    last = Text("截止月份", required=True)
    counted_at = Moment("统计时间", allow_none=True, required=True)
    total = Part(FiguresNow, required=True)
    places = Rows(Part(FiguresOfPlace), required=True)
    months = Rows(Part(FiguresOfMonth), required=True)


class SummariseReply(Schema):
    """`next_due_on`: of the orders that are open and not answered. `inspections`: completed `since` Monday, of an agency."""

    open = Integer("未办结责令", required=True)
    overdue = Integer("逾期责令", required=True)
    reported = Integer("待复查", required=True)
    next_due_on = Day("最近的整改期限", allow_none=True, required=True)
    inspections = Integer("本周检查", required=True)
    since = Day("本周一", allow_none=True, required=True)
    cases = Integer("待我办理的案件", required=True)
