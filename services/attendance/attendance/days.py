"""Days and months of the people on duty, derived anew from their minutes each time: nothing of them is kept twice."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from attendance import leaves, suspicions
from attendance.models import Duty, Person, Presence, Site, Stoppage, Suspicion
from attendance.permissions import permit, sites_seen
from attendance.presence import DayPresence, Sampling, presence_of
from attendance.terms import SuspicionStage
from attendance.verdicts import DayVerdict, Leave, Reason, Workdays, judge_day, judge_month, rule_of
from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.errors import NotFound
from chassis.principal import Principal

SAMPLING = Sampling()
ONE_DAY = timedelta(days=1)
Reply = dict[str, Any]


def get_month(sessions: Sessions, principal: Principal, clock: Clock, *, person_id: str, month: str) -> Reply:
    """A person's month on each site of the principal's where he has to be: every day with its verdict and its reasons,
    and the month's rate against what his role must reach (R-D2).

    Refuses `NotFound("person_unknown")` for anybody who has, or had, no duty there.
    """
    permit("read", principal)
    first = _first_of(month)
    with transaction(sessions) as session:
        duties = _duties(session, principal, person_id)
        if not duties:
            raise NotFound("person_unknown")
        last = min(_last_of(first), day_of(clock()))
        told = [_of_duty(session, duty, site, first, last) for duty, site in duties if _touches(duty, first, last)]
    return {"person_id": person_id, "month": month, "duties": told}


def _of_duty(session: Session, duty: Duty, site: Site, first: date, last: date) -> Reply:
    rule = rule_of(duty.role, last, site.area)
    presences = _presences(session, duty.person, site.number, first, last)
    workdays = _workdays(session, duty, site)
    granted = [
        Leave(each.id, each.first, each.last)
        for each in leaves.approved(session, duty.person, site.number, first, last)
    ]
    doubted = suspicions.of_month(session, duty.person, first, last)
    judged = [
        judge_day(day, presences.get(day), rule, workdays, granted, _found_false(doubted.get(day)))
        for day in _days(first, last)
    ]
    month = judge_month(judged, rule)
    return {
        "project_id": site.id,
        "project_name": site.name,
        "role": duty.role,
        "days": [_day(each, presences.get(each.day), doubted.get(each.day)) for each in judged],
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


def _found_false(doubted: Suspicion | None) -> Reason | None:
    if doubted is None or doubted.stage != SuspicionStage.UPHELD or doubted.decided_at is None:
        return None
    return Reason("found_false", {"decided_on": day_of(doubted.decided_at), "opinion": doubted.opinion})


def _day(judged: DayVerdict, presence: DayPresence | None, doubted: Suspicion | None) -> Reply:
    return {
        "day": judged.day,
        "verdict": judged.verdict,
        "first_in": presence.first_in if presence else None,
        "last_out": presence.last_out if presence else None,
        "least_minutes": presence.least if presence else 0,
        "most_minutes": presence.most if presence else 0,
        "reasons": [_reason(each) for each in judged.reasons],
        "suspicion": doubted.stage if doubted else None,
    }


def _reason(reason: Reason) -> Reply:
    told = {name: value.isoformat() if isinstance(value, date) else value for name, value in reason.told.items()}
    return {"code": reason.code, "told": told}


def _duties(session: Session, principal: Principal, person_id: str) -> list[tuple[Duty, Site]]:
    wanted = (
        select(Duty, Site)
        .join(Site, Site.number == Duty.site)
        .join(Person, Person.number == Duty.person)
        .where(Person.id == person_id, Duty.since.is_not(None), sites_seen(principal))
    )
    return [(duty, site) for duty, site in session.execute(wanted.order_by(Duty.since, Duty.application_id))]


def _touches(duty: Duty, first: date, last: date) -> bool:
    assert duty.since is not None
    return day_of(duty.since) <= last and (duty.until is None or day_of(duty.until) >= first)


def _presences(session: Session, person: int, site: int, first: date, last: date) -> dict[date, DayPresence]:
    rows = select(Presence).where(Presence.person == person, Presence.site == site, Presence.day.between(first, last))
    return {row.day: presence_of(row.seen, row.inside, row.outside, SAMPLING) for row in session.scalars(rows)}


def _workdays(session: Session, duty: Duty, site: Site) -> Workdays:
    stopped = session.scalars(select(Stoppage).where(Stoppage.site == site.number).order_by(Stoppage.since))
    return Workdays(
        starts_on=site.starts_on,
        finishes_on=site.finishes_on,
        duty_from=_day_of(duty.since),
        duty_to=_day_of(duty.until),
        stoppages=tuple((each.since, each.until) for each in stopped),
    )


def _day_of(moment: datetime | None) -> date | None:
    return day_of(moment) if moment else None


def _days(first: date, last: date) -> Iterable[date]:
    return (first + ONE_DAY * n for n in range((last - first).days + 1))


def _first_of(month: str) -> date:
    """The schema has seen to it that it is one."""
    return date.fromisoformat(f"{month}-01")


def _last_of(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1) - ONE_DAY
