"""Rankings, a year's course, and the rows that both count."""

from attendance.schemas.common import AREA, MONTH, Listed, Page
from attendance.words import ROLES, STANDINGS
from chassis.schemas import Choice, Day, Flag, Id, Integer, Moment, Number, Part, Rows, Schema, Text

BY = {"area": "地区", "enterprise": "单位", "site": "工程"}


class OfArea(Schema):
    area = Text("辖区", pattern=AREA, allow_none=True, load_default=None)
    month = Text("月份", pattern=MONTH, allow_none=True, load_default=None)


class RankingRequest(OfArea, Page):
    by = Choice("按", choices=BY, load_default="area")


class Standing(Schema):
    """`people` counts posts: who holds two is counted twice. `rate` is that of the days surely valid, null where no day
    counts; `through` the last day that is counted."""

    people = Integer("岗位人数", required=True)
    short = Integer("不达标", required=True)
    undecided = Integer("待定天数", required=True)
    valid = Integer("有效天数", required=True)
    denominator = Integer("应到天数", required=True)
    rate = Number("到岗率", allow_none=True, required=True)
    through = Day("统计至", required=True)


class RankedItem(Standing):
    """`key`: the area, the firm's id or the project's; `name` only of a project: the others' are not ours to tell."""

    key = Text(required=True)
    name = Text(allow_none=True, required=True)


class RankingReply(Schema):
    area = Text(required=True)
    month = Text("月份", required=True)
    items = Rows(Part(RankedItem), required=True)
    next = Text("下一页", allow_none=True, required=True)


class MonthStanding(Standing):
    month = Text("月份", required=True)


class TrendReply(Schema):
    area = Text(required=True)
    items = Rows(Part(MonthStanding), required=True)


class DutyMonthFilter(OfArea):
    """`organisation_id`: the firm that has to staff the post. `undecided`: only those with days not yet decided.
    `no_valid`: only those who had to be there and have not one valid day, as a phone that was never switched on gives."""

    project_id = Id("工程", allow_none=True, load_default=None)
    organisation_id = Id("单位", allow_none=True, load_default=None)
    standing = Choice("认定", choices=STANDINGS, allow_none=True, load_default=None)
    undecided = Flag("有待定天数", allow_none=True, load_default=None)
    no_valid = Flag("没有一天有效", allow_none=True, load_default=None)


class ListDutyMonthsRequest(DutyMonthFilter, Page):
    pass


class DutyMonthItem(Schema):
    person_id = Id(required=True)
    role = Choice("岗位", choices=ROLES, required=True)
    project_id = Id(required=True)
    project_name = Text("工程", required=True)
    month = Text("月份", required=True)
    valid = Integer("有效天数", required=True)
    undecided = Integer("待定天数", required=True)
    denominator = Integer("应到天数", required=True)
    rate = Number("到岗率", allow_none=True, required=True)
    highest_rate = Number("最高到岗率", allow_none=True, required=True)
    required = Integer("应达到", required=True)
    standing = Choice("认定", choices=STANDINGS, required=True)
    through = Day("统计至", required=True)
    closed_at = Moment("封存时间", allow_none=True, required=True)


class ListDutyMonthsReply(Listed):
    items = Rows(Part(DutyMonthItem), required=True)
