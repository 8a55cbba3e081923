"""Absences noticed, and what is to be seen of them on the home page."""

from attendance.schemas.common import AREA, Listed, Page
from attendance.words import ROLES
from chassis.schemas import Choice, Day, Flag, Id, Integer, Moment, Number, Part, Rows, Schema, Text


class ListAbsencesRequest(Page):
    area = Text("辖区", pattern=AREA, allow_none=True, load_default=None)
    project_id = Id("工程", allow_none=True, load_default=None)
    person_id = Id("人员", allow_none=True, load_default=None)
    day = Day("日期", allow_none=True, load_default=None)


class AbsenceItem(Schema):
    """`lifted_at`: it is none any more, by what became known later."""

    absence_id = Id(required=True)
    person_id = Id(required=True)
    project_id = Id(required=True)
    project_name = Text(required=True)
    role = Choice("岗位", choices=ROLES, required=True)
    day = Day("日期", required=True)
    noticed_at = Moment("发现时间", required=True)
    lifted_at = Moment("解除时间", allow_none=True, required=True)
    explanation = Text("情况说明", allow_none=True, required=True)
    explained_at = Moment("说明时间", allow_none=True, required=True)
    explained_by = Text("说明单位", required=True)
    may_explain = Flag(required=True)


class ShortMonth(Schema):
    """A month under way that can no longer reach what is required."""

    person_id = Id(required=True)
    project_id = Id(required=True)
    project_name = Text(required=True)
    role = Choice("岗位", choices=ROLES, required=True)
    month = Text("月份", required=True)
    through = Day("截至", required=True)
    valid = Integer("有效天数", required=True)
    denominator = Integer("应到天数", required=True)
    rate = Number("到岗率", allow_none=True, required=True)
    required = Integer("应达到", required=True)


class ListAbsencesReply(Listed):
    """`short` comes with the first page, at most fifty of `short_total`."""

    items = Rows(Part(AbsenceItem), required=True)
    short = Rows(Part(ShortMonth), required=True)
    short_total = Integer(allow_none=True, required=True)


class ExplainAbsenceRequest(Schema):
    absence_id = Id("缺勤", required=True)
    explanation = Text("情况说明", min=5, max=500, required=True)


class ExplainAbsenceReply(Schema):
    absence_id = Id(required=True)
    explained_at = Moment(required=True)


class SummariseRequest(Schema):
    """A request that says nothing."""


class SummariseReply(Schema):
    day = Day("昨日", required=True)
    absent = Integer("缺勤人次", required=True)
    short = Integer("本月已无法达标人数", required=True)
