"""Presence to be reckoned anew from the positions: where something became known later than they did.

The rows are marks only; the scheduler (`rebuilding`) works them off. Marked twice is marked once.
"""

from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

SHANGHAI_DAY = "(position.time at time zone 'Asia/Shanghai')::date"
OF_SITE = text(f"""
    insert into stale_presence (person, day)
    select distinct duty.person, {SHANGHAI_DAY} from duty
    join position on position.person = duty.person
        and position.time >= cast(:since as date)::timestamp at time zone 'Asia/Shanghai'
    where duty.site = :site on conflict do nothing""")
OF_DUTY = text(f"""
    insert into stale_presence (person, day)
    select distinct position.person, {SHANGHAI_DAY} from position
    where position.person = :person and position.time >= :since on conflict do nothing""")


def of_site(session: Session, site: int, since: date) -> None:
    """Its outline is another one since that day of Shanghai's."""
    session.execute(OF_SITE, {"site": site, "since": since})


def of_duty(session: Session, person: int, since: datetime) -> None:
    """Somebody is on duty, or no longer, since a moment at which he may have been located already."""
    session.execute(OF_DUTY, {"person": person, "since": since})
