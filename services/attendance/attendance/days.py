"""A person's month as it is read, derived anew from the minutes each time."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from attendance import month_days, reckoning
from attendance.models import Duty, Person, Site
from attendance.permissions import permit, sites_seen
from attendance.presence import DayPresence
from attendance.reckoning import Posting, Reckoned
from attendance.verdicts import DayVerdict, Reason
from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.errors import NotFound
from chassis.principal import Principal

Reply = dict[str, Any]


def get_month(sessions: Sessions, principal: Principal, clock: Clock, *, person_id: str, month: str) -> Reply:
    """A person's month on each site of the principal's where he has to be: every day with its verdict and its reasons,
    and the month's rate against what his role must reach (R-D2).

    Refuses `NotFound("person_unknown")` for anybody who has, or had, no duty there.
    """
    permit("read", principal)
    first = month_days.read(month)
    last = min(month_days.last_of(first), day_of(clock()))
    with transaction(sessions) as session:
        postings = _postings(session, principal, person_id)
        if not postings:
            raise NotFound("person_unknown")
        touching = [(duty, site) for duty, site in postings if reckoning.touches(duty, first, last)]
        told = [_told(each) for each in reckoning.reckon(session, touching, first, last)]
    return {"person_id": person_id, "month": month, "duties": told}


def _told(reckoned: Reckoned) -> Reply:
    month, rule = reckoned.month, reckoned.rule
    return {
        "project_id": reckoned.site.id,
        "project_name": reckoned.site.name,
        "role": reckoned.duty.role,
        "days": [_day(each, reckoned.presences.get(each.day)) for each in reckoned.days],
        "valid": month.valid,
        "undecided": month.unknown,
        "denominator": month.denominator,
        "excluded": [{"day": day, "reason": reason.code} for day, reason in month.excluded],
        "rate": month.rate,
        "highest_rate": month.highest_rate,
        "required": month.required,
        "standing": month.standing,
        "rule": {"of": rule.of, "document": rule.document, "clause": rule.clause, "day_basis": rule.day_basis},
    }


def _day(judged: DayVerdict, presence: DayPresence | None) -> Reply:
    return {
        "day": judged.day,
        "verdict": judged.verdict,
        "first_in": presence.first_in if presence else None,
        "last_out": presence.last_out if presence else None,
        "least_minutes": presence.least if presence else 0,
        "most_minutes": presence.most if presence else 0,
        "reasons": [_reason(each) for each in judged.reasons],
    }


def _reason(reason: Reason) -> Reply:
    told = {name: value.isoformat() if isinstance(value, date) else value for name, value in reason.told.items()}
    return {"code": reason.code, "told": told}


def _postings(session: Session, principal: Principal, person_id: str) -> list[Posting]:
    wanted = (
        select(Duty, Site)
        .join(Site, Site.number == Duty.site)
        .join(Person, Person.number == Duty.person)
        .where(Person.id == person_id, Duty.since.is_not(None), sites_seen(principal))
    )
    return [(duty, site) for duty, site in session.execute(wanted.order_by(Duty.since, Duty.application_id))]
