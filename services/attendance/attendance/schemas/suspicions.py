"""Days whose positions are doubted."""

from attendance.schemas.common import AREA, Listed, Page
from attendance.words import SUSPICION_ACTS, SUSPICION_STAGES
from chassis.schemas import Choice, Day, Flag, Free, Id, Integer, Moment, Part, Rows, Schema, Text


class ListSuspicionsRequest(Page):
    stage = Choice("状态", choices=SUSPICION_STAGES, allow_none=True, load_default=None)
    area = Text("区域", pattern=AREA, allow_none=True, load_default=None)
    project_id = Id("工程", allow_none=True, load_default=None)


class SuspicionItem(Schema):
    """`codes`: which signals there are, `score` their points together."""

    person_id = Id("人员", required=True)
    day = Day("日期", required=True)
    project_id = Id(required=True)
    project_name = Text("工程", required=True)
    score = Integer("分值", required=True)
    codes = Rows(Text(), required=True)
    stage = Choice("状态", choices=SUSPICION_STAGES, required=True)
    noted_at = Moment("发现时间", required=True)
    decided_at = Moment("认定时间", allow_none=True, required=True)


class ListSuspicionsReply(Listed):
    items = Rows(Part(SuspicionItem), required=True)


class SuspicionRequest(Schema):
    person_id = Id("人员", required=True)
    day = Day("日期", required=True)


class SignalTold(Schema):
    """A code with its points and its figures; `told` names people and phones by their ids."""

    code = Text("疑点", required=True)
    points = Integer("分值", required=True)
    told = Free("数据", required=True)


class DeviceNamed(Schema):
    device_id = Id(required=True)
    label = Text("手机说明", required=True)
    person_id = Id(required=True)


class SuspicionReply(SuspicionItem):
    """Noted from `threshold` points on. `story`: the innocent account that explains most, `unexplained` the points that it
    leaves. `devices`: the phones concerned. `acts`: what the asker may do now. `month_is_closed`: what is decided changes the
    day only when the month is opened again."""

    threshold = Integer(required=True)
    unexplained = Integer(required=True)
    story = Text(required=True)
    signals = Rows(Part(SignalTold), required=True)
    devices = Rows(Part(DeviceNamed), required=True)
    appeal = Text("申辩", allow_none=True, required=True)
    appealed_at = Moment("申辩时间", allow_none=True, required=True)
    appealed_by = Text("申辩单位", allow_none=True, required=True)
    opinion = Text("认定意见", allow_none=True, required=True)
    decided_by = Text("认定机构", allow_none=True, required=True)
    acts = Rows(Choice(choices=SUSPICION_ACTS), required=True)
    month_is_closed = Flag("该月已封存", required=True)


class AppealSuspicionRequest(SuspicionRequest):
    text = Text("申辩内容", min=2, max=500, required=True)


class DecideSuspicionRequest(SuspicionRequest):
    upholds = Flag("认定定位不实", required=True)
    opinion = Text("认定意见", min=2, max=500, required=True)


class SuspicionStageReply(SuspicionRequest):
    stage = Choice("状态", choices=SUSPICION_STAGES, required=True)
