"""A site on a day, and the track of somebody there."""

from attendance.schemas.board import BoardCounts
from attendance.schemas.common import Listed, Page
from attendance.words import EXCUSES, GAP_REASONS, ROLES, SIDES, WAYS
from chassis.schemas import Choice, Day, Flag, Free, Id, Integer, Moment, Number, Part, Rows, Schema, Text

MOST_POINTS = 1440  # one a minute


class ListSitesRequest(Page):
    pass


class SiteItem(BoardCounts):
    project_id = Id(required=True)
    project_name = Text("工程", required=True)
    area = Text(required=True)


class ListSitesReply(Schema):
    items = Rows(Part(SiteItem), required=True)
    next = Text("下一页", allow_none=True, required=True)
    at = Moment("截至", required=True)


class SiteDayRequest(Schema):
    """`places`: whether the last positions are wanted; to see one is a look, on record."""

    project_id = Id("工程", required=True)
    day = Day("日期", allow_none=True, load_default=None)
    places = Flag("含最近位置", load_default=True)


class Located(Schema):
    """WGS-84; by the corrected clock. `accuracy` in metres, null where the phone told none; `mock`: the phone itself says
    that the position was made up."""

    at = Moment("时间", required=True)
    longitude = Number("经度", required=True)
    latitude = Number("纬度", required=True)
    accuracy = Number("精度（米）", allow_none=True, required=True)
    side = Choice("位置判定", choices=SIDES, required=True)
    mock = Flag("模拟定位", required=True)


class Measured(Schema):
    """Minutes of the Shanghai day, as in a month's days."""

    first_in = Integer("首次到岗", allow_none=True, required=True)
    last_out = Integer("最后离岗", allow_none=True, required=True)
    least_minutes = Integer("在场时长（至少）", required=True)
    most_minutes = Integer("在场时长（至多）", required=True)


class SitePerson(Measured):
    """`position`: today's last one, for those who may look at him. `excused`: why he need not be there that day."""

    person_id = Id(required=True)
    role = Choice("岗位", choices=ROLES, required=True)
    excused = Choice("不计应到", choices=EXCUSES, allow_none=True, required=True)
    last_inside_at = Moment("最近一次在工地内", allow_none=True, required=True)
    last_seen_at = Moment("最新定位", allow_none=True, required=True)
    may_look = Flag("可查看轨迹", required=True)
    position = Part(Located, "最近位置", allow_none=True, required=True)


class Kept(Schema):
    """Whether the raw positions of the day are still kept (`kept_days` they are), and in which hours people are located."""

    positions_kept = Flag("原始定位仍保存", required=True)
    kept_days = Integer("原始定位保存天数", required=True)
    from_hour = Integer("定位开始（时）", required=True)
    until_hour = Integer("定位结束（时）", required=True)


class SiteDayReply(Kept):
    """`boundary` is that of the day, GeoJSON in WGS-84. `is_exact`: places are told as measured, else rounded to about
    a hundred metres. `needs_reason`: who looks at a track must say why."""

    project_id = Id(required=True)
    project_name = Text("工程", required=True)
    area = Text(required=True)
    day = Day("日期", required=True)
    at = Moment("截至", required=True)
    boundary = Free("场地边界", allow_none=True, required=True)
    is_exact = Flag("位置精确", required=True)
    needs_reason = Flag("须说明理由", required=True)
    may_ask_leave = Flag("可申请请假", required=True)
    people = Rows(Part(SitePerson), required=True)


class TrackRequest(Schema):
    project_id = Id("工程", required=True)
    person_id = Id("人员", required=True)
    day = Day("日期", required=True)
    reason = Text("查看理由", max=200, load_default="")


class Stretch(Schema):
    """Minutes of the day, both included."""

    start = Integer(required=True)
    end = Integer(required=True)
    side = Choice("位置判定", choices=SIDES, required=True)


class TrackGap(Schema):
    """Minutes of the day, both included, in which he was not certainly on site."""

    start = Integer(required=True)
    end = Integer(required=True)
    reason = Choice("原因", choices=GAP_REASONS, required=True)


class TrackReply(Measured, Kept):
    """`points`: at most one a minute, only of the hours of duty; none where `positions_kept` is false. `strip`: the minutes
    with positions, in the order of the day."""

    person_id = Id(required=True)
    project_id = Id(required=True)
    project_name = Text("工程", required=True)
    day = Day("日期", required=True)
    role = Choice("岗位", choices=ROLES, required=True)
    boundary = Free("场地边界", allow_none=True, required=True)
    is_exact = Flag("位置精确", required=True)
    points = Rows(Part(Located), required=True, max=MOST_POINTS)
    strip = Rows(Part(Stretch), required=True, max=MOST_POINTS)
    gaps = Rows(Part(TrackGap), required=True, max=MOST_POINTS)


class ListLooksRequest(Page):
    person_id = Id("人员", required=True)


class LookItem(Schema):
    look_id = Id(required=True)
    at = Moment("查看时间", required=True)
    day = Day("所看日期", required=True)
    project_id = Id(required=True)
    project_name = Text("工程", required=True)
    organisation_name = Text("查看单位", required=True)
    user_name = Text("查看人", required=True)
    way = Choice("方式", choices=WAYS, required=True)
    reason = Text("理由", allow_none=True, required=True)


class ListLooksReply(Listed):
    person_id = Id(required=True)
    items = Rows(Part(LookItem), required=True)
