"""The events that attendance publishes: their data, and examples that every reader's narrow view is tested against."""

from attendance.schemas.common import MONTH
from attendance.words import ROLES
from chassis.contract import Told
from chassis.schemas import Choice, Day, Id, Integer, Moment, Schema, Text

VERSION = 1


class MonthClosed(Schema):
    """A site's month stands: how many people had to be there, and how many of them did not reach what their role must.
    A month that was reopened is told of again, with its next revision."""

    project_id = Id(required=True)
    month = Text(pattern=MONTH, required=True)
    revision = Integer(min=1, required=True)
    people = Integer(min=0, required=True)
    short = Integer(min=0, required=True)
    closed_at = Moment(required=True)


class AbsenceNoticed(Schema):
    """Somebody was certainly not where he had to be, on a day that is over. Told once for a person, site and day. It is what
    the positions say, no decision on anybody: before anything follows from it, a human looks (PIPL Art. 24)."""

    absence_id = Id(required=True)
    person_id = Id(required=True)
    project_id = Id(required=True)
    role = Choice(choices=ROLES, required=True)
    day = Day(required=True)
    noticed_at = Moment(required=True)


_SITE = "0197a002-5d3c-7c11-8a52-6f0b6f0e9d04"
_CLOSED = {
    "project_id": _SITE,
    "month": "2026-02",
    "revision": 1,
    "people": 7,
    "short": 1,
    "closed_at": "2026-03-10T16:05:00+00:00",
}

EVENTS = (
    Told("month_closed", VERSION, MonthClosed, {"first": _CLOSED, "reopened": _CLOSED | {"revision": 2, "short": 0}}),
    Told(
        "absence_noticed",
        VERSION,
        AbsenceNoticed,
        {
            "manager": {
                "absence_id": "0197a002-5d3c-7c11-8a52-6f0b6f0e9d08",
                "person_id": "0197a002-5d3c-7c11-8a52-6f0b6f0e9d03",
                "project_id": _SITE,
                "role": "project_manager",
                "day": "2026-03-01",
                "noticed_at": "2026-03-01T16:05:00+00:00",
            }
        },
    ),
)
