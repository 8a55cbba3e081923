"""Words of attendance, and the limits that are no rule of any regulation."""

from datetime import date, timedelta
from enum import StrEnum


class LeaveStage(StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Leading(StrEnum):
    """As what somebody leads a shift; also the role whose rule his month is judged by."""

    ENTERPRISE_LEADER = "enterprise_leader"
    PROJECT_MANAGER = "project_manager"


class ShiftStage(StrEnum):
    RECORDED = "recorded"
    CONFIRMED = "confirmed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class SuspicionStage(StrEnum):
    NOTED = "noted"
    APPEALED = "appealed"
    UPHELD = "upheld"  # the positions were found false: the only stage with an effect
    DISMISSED = "dismissed"


class Contradiction(Exception):
    """What an event says cannot be put into effect here: it is tried again, then parked for an operator."""

    def __init__(self, code: str, **detail: str | None) -> None:
        super().__init__(f"{code} {detail}")
        self.code, self.detail = code, detail


# Before anything: since when the first boundary of a site is taken to be true.
ALWAYS = date(2000, 1, 1)
# Raw positions are kept so many days, for appeals and corrections; then only the day's record (PIPL Art. 6, 19, 47).
KEPT = timedelta(days=40)
MADE_AHEAD = timedelta(days=3)
# Within this a device's clock counts as right: networks and queues take that long.
CLOCK_TOLERANCE = timedelta(minutes=2)
TOLERANCE_METRES = 50.0
# Hours of the day, Shanghai, in which somebody is located at all; outside of them nothing is kept.
DUTY_HOURS = (6, 22)
