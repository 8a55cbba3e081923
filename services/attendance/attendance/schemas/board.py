"""The duty board."""

from attendance.schemas.common import AREA
from attendance.words import ROLES
from chassis.schemas import Choice, Id, Integer, Moment, Part, Rows, Schema, Text


class BoardRequest(Schema):
    area = Text("区域", pattern=AREA, allow_none=True, load_default=None)
    project_id = Id("工程", allow_none=True, load_default=None)


class BoardCounts(Schema):
    """Of the people due now: how many were inside within the last half hour, how many sent nothing today, and when the
    newest position of any of them was taken."""

    due = Integer("应在岗", required=True)
    there = Integer("在岗", required=True)
    never_seen = Integer("今日无定位", required=True)
    newest = Moment("最新定位", allow_none=True, required=True)


class BoardPlace(BoardCounts):
    place = Text(required=True)
    sites = Integer("工程数", required=True)


class BoardSite(BoardCounts):
    project_id = Id(required=True)
    project_name = Text(required=True)
    area = Text(required=True)


class BoardPerson(Schema):
    person_id = Id(required=True)
    role = Choice(choices=ROLES, required=True)
    last_inside_at = Moment(allow_none=True, required=True)
    last_seen_at = Moment(allow_none=True, required=True)


class BoardReply(Schema):
    """`places` one step below the area, the area's own sites under itself; `sites` of a city or county, the emptiest
    first, with how many `more_sites` there are; `people` of the one site that was asked for. Outside of the hours of location
    nobody is there, as far as is known."""

    area = Text(required=True)
    at = Moment(required=True)
    places = Rows(Part(BoardPlace), required=True)
    sites = Rows(Part(BoardSite), required=True)
    more_sites = Integer("未列出的工程数", required=True)
    people = Rows(Part(BoardPerson), required=True)
    from_hour = Integer("定位开始（时）", required=True)
    until_hour = Integer("定位结束（时）", required=True)
