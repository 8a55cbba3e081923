"""Requests and replies about work-process logs (企业工序)."""

from chassis.schemas import Choice, Day, Flag, Free, Id, Integer, Moment, Part, Rows, Schema, Text
from filing.log_days import HAZARDS, STATES
from filing.schemas.common import SHA256, Page, Person

MOST_DAYS = 400  # a year, and some
MOST_PHOTOS = 30
HAZARD_WORDS = {str(tier): title for tier, title in HAZARDS.items()} | {"0": "无"}


class Photo(Schema):
    """A picture in the blob store. Size and type are looked up there."""

    sha256 = Text("文件摘要", max=64, pattern=SHA256, required=True)
    name = Text("文件名", max=200, required=True)
    caption = Text("说明", max=200, load_default="")
    taken_at = Moment("拍摄时间", allow_none=True, load_default=None)


class PhotoKept(Photo):
    size = Integer("字节数")
    media_type = Text("文件类型")


class WorkUnderWay(Schema):
    number = Integer("危大工程序号", min=1, max=200, required=True)
    progress = Text("进展情况", max=500, load_default="")


class LogOfDay(Schema):
    project_id = Id("工程", required=True)
    day = Day("日期", required=True)


class GetWorkLog(LogOfDay):
    version = Integer("版本", min=1, allow_none=True, load_default=None)


class LogForm(Schema):
    """What is typed for a day."""

    weather = Text("天气", max=100, required=True)
    work_done = Text("施工内容", max=2000, required=True)
    works = Rows(Part(WorkUnderWay), "正在施工的危大工程", max=200, load_default=list)
    measures = Text("安全措施落实情况", max=2000, required=True)


class CorrectionForm(LogForm):
    correction = Text("更正说明", max=500, required=True)


class WriteWorkLog(LogOfDay, LogForm):
    """`version` is the one that the writer saw: 0 where there is none yet. A correction says what for."""

    version = Integer("版本", min=0, required=True)
    photos = Rows(Part(Photo), "现场照片", min=1, max=MOST_PHOTOS, required=True)
    correction = Text("更正说明", max=500, load_default="")


class WrittenLog(Schema):
    project_id = Id()
    day = Day()
    version = Integer("版本")
    is_late = Flag("逾期填报")


class LogVersion(Schema):
    version = Integer("版本")
    at = Moment("填报时间")
    by = Part(Person, "填报人")
    correction = Text("更正说明")


class NamedWork(Schema):
    number = Integer("序号")
    kind = Text("类别")
    part = Text("部位")
    hazard = Choice("危险源", choices=HAZARD_WORDS)
    progress = Text("进展情况")


class WorkLog(WrittenLog):
    """One version of a day's log, the newest unless asked otherwise, with the list of all."""

    project_name = Text("工程名称")
    hazard = Choice("危险源", choices=HAZARD_WORDS)
    weather = Text("天气")
    work_done = Text("施工内容")
    works = Rows(Part(NamedWork), "正在施工的危大工程")
    measures = Text("安全措施落实情况")
    photos = Rows(Part(PhotoKept), "现场照片")
    versions = Rows(Part(LogVersion), "历次填报")


class WorkLogRead(WorkLog):
    may_write = Flag("可更正")


class FormOfLog(LogOfDay):
    """What a day's log asks for, as a form is told (filing/forms.py), and what was written last (`written`).

    `works` numbers the hazardous works that are planned on the day: they are to be written about."""

    project_name = Text("工程名称")
    hazard = Choice("危险源", choices=HAZARD_WORDS)
    works = Rows(Integer(), "计划施工的危大工程序号")
    sections = Rows(Free(), "表单")
    written = Part(WorkLog, "已填报的日志", allow_none=True)
    may_write = Flag("可填报")


class ListOwedLogs(Schema):
    """Both days included; without them the last 31 days up to today."""

    project_id = Id("工程", required=True)
    first = Day("起", allow_none=True, load_default=None)
    last = Day("止", allow_none=True, load_default=None)


class OwedDay(Schema):
    """A day that owes a log, or has one without owing it (`hazard` 0 and no state)."""

    day = Day("日期")
    hazard = Choice("危险源", choices=HAZARD_WORDS)
    works = Rows(Integer(), "计划施工的危大工程序号")
    state = Choice("填报情况", choices=STATES, allow_none=True)
    version = Integer("版本", allow_none=True)


class Counted(Schema):
    owed = Integer("应报")
    written = Integer("按时填报")
    late = Integer("逾期填报")
    missing = Integer("缺报")
    due = Integer("今日待报")


class OwedLogs(Schema):
    project_id = Id()
    project_name = Text("工程名称")
    first = Day("起")
    last = Day("止")
    days = Rows(Part(OwedDay), "各日情况", max=MOST_DAYS)
    count = Part(Counted, "合计")
    may_write = Flag("可填报")


class ListLogKeeping(Page):
    """Projects in sight that list hazardous works, with how their logs of the last 31 days stand."""


class LogKeeping(Schema):
    project_id = Id()
    project_name = Text("工程名称")
    place = Text("所在地")
    contractor_name = Text("施工单位")
    count = Part(Counted, "近 31 日")
    last_day = Day("最近填报日", allow_none=True)


class LogKeepingPage(Schema):
    items = Rows(Part(LogKeeping))
    next = Text(allow_none=True)
