"""A person's month as it is read: of a closed month what was written down then, of an open one what the minutes say now."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from attendance import corrections, month_days, reckoning, site_months
from attendance.models import (
    Correction,
    Duty,
    DutyMonth,
    DutyMonthRevision,
    MonthFigures,
    Person,
    Site,
    SiteMonth,
    Suspicion,
)
from attendance.permissions import RULES, permit, sites_seen
from attendance.presence import DayPresence
from attendance.reckoning import Posting, Reckoned
from attendance.verdicts import DayVerdict, Reason, Rule
from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.errors import NotFound
from chassis.principal import Principal

Reply = dict[str, Any]
FIGURES = ("valid", "undecided", "denominator", "rate", "highest_rate", "required", "standing")


def get_month(sessions: Sessions, principal: Principal, clock: Clock, *, person_id: str, month: str) -> Reply:
    """A person's month on each site of the principal's where he has to be: every day with its verdict and its reasons,
    and the month's rate against what his role must reach (R-D2); whether it is closed, and all that was corrected.

    Refuses `NotFound("person_unknown")` for anybody who has, or had, no duty there.
    """
    permit("read", principal)
    first = month_days.read(month)
    now = clock()
    last = min(month_days.last_of(first), day_of(now))
    with transaction(sessions) as session:
        postings = _postings(session, principal, person_id)
        if not postings:
            raise NotFound("person_unknown")
        touching = [(duty, site) for duty, site in postings if reckoning.touches(duty, first, last)]
        entries = corrections.of_person(session, person_id, first)
        told = [
            _told(session, each, first, entries) | _allowed(principal)
            for each in reckoning.reckon(session, touching, first, last, now)
        ]
    return {"person_id": person_id, "month": month, "duties": told}


def _allowed(principal: Principal) -> Reply:
    """What his page offers him; whether the month is open or closed it tells itself."""
    return {
        f"may_{act}": RULES[name].admits(principal)
        for act, name in (("reopen", "reopen_month"), ("correct", "correct_day"))
    }


def as_record(reckoned: Reckoned) -> Reply:
    """What is kept of a closed month so that it can be explained: plain JSON."""
    told = _days(reckoned)
    return {"days": [each | {"day": each["day"].isoformat()} for each in told], "rule": _rule(reckoned.rule)}


def _told(session: Session, reckoned: Reckoned, month: date, entries: Iterable[Correction]) -> Reply:
    site = reckoned.site
    row = session.get(
        DutyMonth, (month, site.number, reckoned.duty.person, reckoned.duty.role, reckoned.duty.application_id)
    )
    now = _figures_now(reckoned) | {"days": _days(reckoned), "rule": _rule(reckoned.rule)}
    stands = _as_closed(row) if row and row.closed_at else None
    state = site_months.state(session, site.number, month)
    return {
        "project_id": site.id,
        "project_name": site.name,
        "role": reckoned.duty.role,
        **(stands or now),
        "excluded": [
            {"day": each["day"], "reason": each["reasons"][0]["code"]}
            for each in (stands or now)["days"]
            if each["verdict"] in ("excluded", "leave")
        ],
        "closed_at": row.closed_at if row else None,
        "closes_on": state.closes_on,
        "revision": row.revision if row else state.revision,
        "now": now if stands and _verdicts(stands) != _verdicts(now) else None,
        "earlier": _earlier(session, row, month) if row else [],
        "corrections": _corrections(each for each in entries if each.site == site.number),
    }


def _figures_now(reckoned: Reckoned) -> Reply:
    month = reckoned.month
    return {
        "valid": month.valid,
        "undecided": month.unknown,
        "denominator": month.denominator,
        "rate": month.rate,
        "highest_rate": month.highest_rate,
        "required": month.required,
        "standing": month.standing,
    }


def _figures_of(row: MonthFigures) -> Reply:
    return {name: getattr(row, name) for name in FIGURES}


def _as_closed(row: DutyMonth) -> Reply:
    assert row.record is not None
    told = [each | {"day": date.fromisoformat(each["day"])} for each in row.record["days"]]
    return _figures_of(row) | {"days": told, "rule": row.record["rule"]}


def _verdicts(told: Reply) -> list[str]:
    return [str(each["verdict"]) for each in told["days"]]


def _earlier(session: Session, row: DutyMonth, month: date) -> list[Reply]:
    """What the month had come to each time it was closed before, and who then reopened it, why."""
    names = ("month", "site", "person", "role", "application_id")
    same = (getattr(DutyMonthRevision, name) == getattr(row, name) for name in names)
    reopened = (
        SiteMonth.month == month,
        SiteMonth.site == row.site,
        SiteMonth.revision == DutyMonthRevision.revision + 1,
    )
    wanted = (
        select(DutyMonthRevision, SiteMonth).join(SiteMonth, (reopened[0]) & (reopened[1]) & (reopened[2])).where(*same)
    )
    return [
        _figures_of(stood)
        | {
            "revision": stood.revision,
            "closed_at": stood.closed_at,
            "reopened_at": after.reopened_at,
            "reopened_by": _who(after.reopened_by),
            "reason": after.reason,
        }
        for stood, after in session.execute(wanted.order_by(DutyMonthRevision.revision))
    ]


def _corrections(entries: Iterable[Correction]) -> list[Reply]:
    """Corrections with what became of each."""
    found = list(entries)
    withdrawn = {each.withdraws: each for each in found if each.withdraws}
    return [_correction(each, withdrawn) for each in found if not each.withdraws]


def _correction(entry: Correction, withdrawn: Mapping[str, Correction]) -> Reply:
    by = withdrawn.get(entry.id)
    return {
        "correction_id": entry.id,
        "day": entry.day,
        "verdict": entry.verdict,
        "reason": entry.reason,
        "document": entry.document,
        "entered_at": entry.entered_at,
        "entered_by": _who(entry.entered_by),
        "withdrawn_at": by.entered_at if by else None,
        "withdrawn_by": _who(by.entered_by) if by else None,
        "withdrawn_because": by.reason if by else None,
    }


def _who(brief: Mapping[str, Any] | None) -> str:
    """By name: an officer answers for what he enters."""
    told = brief or {}
    return " ".join(each for each in (told.get("organisation_name"), told.get("user_name")) if each)


def _days(reckoned: Reckoned) -> list[Reply]:
    return [_day(each, reckoned.presences.get(each.day), reckoned.doubted.get(each.day)) for each in reckoned.days]


def _rule(rule: Rule) -> Reply:
    return {"of": rule.of, "document": rule.document, "clause": rule.clause, "day_basis": rule.day_basis}


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


def _postings(session: Session, principal: Principal, person_id: str) -> list[Posting]:
    wanted = (
        select(Duty, Site)
        .join(Site, Site.number == Duty.site)
        .join(Person, Person.number == Duty.person)
        .where(Person.id == person_id, Duty.since.is_not(None), sites_seen(principal))
    )
    return [(duty, site) for duty, site in session.execute(wanted.order_by(Duty.since, Duty.application_id))]
