"""Presence to be reckoned anew from the positions: where something became known later than they did.

The rows are marks only; the scheduler (`rebuilding`) works them off. Marked twice is marked once.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from attendance.models import Site
from attendance.terms import CLOCK_TOLERANCE

SHANGHAI_DAY = "(position.time at time zone 'Asia/Shanghai')::date"
SIGHTED_ON = "(sighting.time at time zone 'Asia/Shanghai')::date"
OF_SITE = text(f"""
    insert into stale_presence (person, day)
    select distinct duty.person, {SHANGHAI_DAY} from duty
    join position on position.person = duty.person
        and position.time >= cast(:since as date)::timestamp at time zone 'Asia/Shanghai'
    where duty.site = :site on conflict do nothing""")
OF_DUTY = text(f"""
    insert into stale_presence (person, day)
    select position.person, {SHANGHAI_DAY} from position
    where position.person = :person and position.time >= :since
    union select sighting.person, {SIGHTED_ON} from sighting
    where sighting.person = :person and sighting.time >= :since on conflict do nothing""")
# What was received a moment before it was known where a beacon stands: a phone's clock may be ahead of ours that much.
OF_BEACON = text(f"""
    insert into stale_presence (person, day)
    select distinct sighting.person, {SIGHTED_ON} from duty
    join sighting on sighting.person = duty.person and sighting.received_at >= :since
    where duty.site in (select number from site where number = :site or merged_into = :project_id)
      and sighting.beacon = :beacon and sighting.time >= :earliest on conflict do nothing""")


def of_site(session: Session, site: int, since: date) -> None:
    """Its outline is another one since that day of Shanghai's."""
    session.execute(OF_SITE, {"site": site, "since": since})


def of_duty(session: Session, person: int, since: datetime) -> None:
    """Somebody is on duty, or no longer, since a moment at which he may have been located already."""
    session.execute(OF_DUTY, {"person": person, "since": since})


def of_beacon(session: Session, site: Site, beacon: int, since: datetime) -> None:
    """It stands, or does not stand any more, on a site since now: a phone's clock that is a little ahead has told already
    of minutes after that."""
    about = {"site": site.number, "project_id": site.id, "beacon": beacon}
    session.execute(OF_BEACON, about | {"since": since - CLOCK_TOLERANCE, "earliest": since - timedelta(days=1)})
