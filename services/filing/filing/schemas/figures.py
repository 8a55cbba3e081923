"""The figures of an agency's area; each `filter` is a request of list_applications that shows the rows counted."""

from chassis.schemas import Choice, Free, Integer, Number, Part, Rows, Schema, Text
from filing.schemas.common import AREA
from filing.workflow import OUTCOME_TITLES, STAGE_TITLES

STANDINGS = {str(each): title for titles in (STAGE_TITLES, OUTCOME_TITLES) for each, title in titles.items()}
MONTH = r"20[0-9]{2}-(0[1-9]|1[0-2])"


class ReadFigures(Schema):
    area = Text("辖区", max=30, pattern=AREA, allow_none=True, load_default=None)
    matter = Text("事项", max=60, allow_none=True, load_default=None)
    first_month = Text("起始月份", max=7, pattern=MONTH, allow_none=True, load_default=None)
    last_month = Text("截止月份", max=7, pattern=MONTH, allow_none=True, load_default=None)


class Figure(Schema):
    count = Integer("件数")
    filter = Free("对应的列表")


class ByStage(Figure):
    standing = Choice("环节或结果", choices=STANDINGS)


class Decisions(Figure):
    """What was decided in the period; working days are those on the agency's side of the legal clock."""

    approved = Part(Figure, "通过")
    rejected = Part(Figure, "不予通过")
    in_time = Part(Figure, "时限内办结")
    late = Part(Figure, "超期办结")
    share_in_time = Number("时限内办结率", allow_none=True)
    median_workdays = Integer("办理用时中位数", unit="工作日", allow_none=True)
    p90_workdays = Integer("九成办件的用时", unit="工作日", allow_none=True)


class DecisionsOfMatter(Decisions):
    limit = Integer("法定时限")
    unit = Choice("单位", choices={"workdays": "工作日", "hours": "小时"})


class ByMatter(Figure):
    matter = Text()
    title = Text("事项")
    decisions = Part(DecisionsOfMatter, "办结情况")


class ByPlace(Figure):
    area = Text("辖区")
    place = Text("所在地")


class ByMonth(Schema):
    month = Text("月份")
    received = Part(Figure, "收件")
    decided = Part(Figure, "办结")


class ByRounds(Figure):
    rounds = Integer("上报次数")
    share = Number("占比", allow_none=True)


class Figures(Schema):
    """`received` and what splits it count applications that first arrived in the period, by where they stand now."""

    area = Text("辖区")
    place = Text("所在地")
    first_month = Text("起始月份")
    last_month = Text("截止月份")
    received = Part(Figure, "收件")
    by_stage = Rows(Part(ByStage), "按环节")
    by_matter = Rows(Part(ByMatter), "按事项")
    by_place = Rows(Part(ByPlace), "按地区")
    by_month = Rows(Part(ByMonth), "按月")
    decisions = Part(Decisions, "办结情况")
    by_rounds = Rows(Part(ByRounds), "通过前上报次数")
