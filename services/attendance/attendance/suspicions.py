"""Doubted days before people (R-D5): the enterprise appeals, an officer decides, on record (PIPL Art. 24).

noted → appealed → upheld | dismissed; an officer may decide without an appeal, too. Only `upheld` changes a verdict.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from attendance import month_days, site_months
from attendance.looks import View
from attendance.marking import start_of
from attendance.models import Device, Duty, Person, Site, Suspicion
from attendance.permissions import PARTIES, RULES, permit, sites_seen
from attendance.suspicion.rules import rules_of
from attendance.terms import SuspicionStage
from chassis import journal, paging
from chassis.clock import Clock
from chassis.database import Sessions, transaction
from chassis.errors import Conflict, Forbidden, NotFound
from chassis.principal import Principal

OPEN = (SuspicionStage.NOTED, SuspicionStage.APPEALED)
Reply = dict[str, Any]
Found = tuple[Suspicion, str, Site]


def list_suspicions(
    sessions: Sessions,
    principal: Principal,
    *,
    limit: int,
    after: str | None,
    stage: str | None,
    area: str | None,
    project_id: str | None,
) -> Reply:
    """A page of those of the sites that the principal sees; the newest first."""
    permit("read", principal)
    wanted = _all(principal)
    if stage:
        wanted = wanted.where(Suspicion.stage == stage)
    if area:
        wanted = wanted.where(or_(Site.area == area, Site.area.startswith(f"{area}.", autoescape=True)))
    if project_id:
        wanted = wanted.where(Site.id == project_id)
    listed = paging.Listed(wanted, Suspicion.noted_at, Suspicion.id)
    with transaction(sessions) as session:
        rows, counted = paging.first(session, listed, limit, after)
        found = {row[0].id: row for row in session.execute(rows)}
        shown, following = paging.page([each for each, _, _ in found.values()], limit, "noted_at")
        items = [_item(*found[each.id]) for each in shown]
    return {"items": items, "next": following} | counted


def get_suspicion(sessions: Sessions, principal: Principal, *, person_id: str, day: date) -> Reply:
    """One with its signals, their figures and the phones, and what the principal may do about it now (`acts`). Where he lay
    is told to the site's own agency as measured, to others as roughly as on his track."""
    permit("read", principal)
    with transaction(sessions) as session:
        found = _one(session, principal, person_id, day)
        suspicion, _, site = found
        return _item(*found) | {
            "threshold": rules_of(day).threshold,
            "unexplained": suspicion.unexplained,
            "story": suspicion.story,
            "signals": [_coarse(each, View(principal, site).decimals) for each in suspicion.signals],
            "devices": _devices(session, suspicion),
            "appeal": suspicion.appeal,
            "appealed_at": suspicion.appealed_at,
            "appealed_by": (suspicion.appealed_by or {}).get("organisation_name"),
            "opinion": suspicion.opinion,
            "decided_by": (suspicion.decided_by or {}).get("organisation_name"),
            "acts": _acts(session, principal, suspicion, site),
            "month_is_closed": site_months.state(session, site.number, month_days.first_of(day)).is_closed,
        }


def appeal(sessions: Sessions, principal: Principal, clock: Clock, *, person_id: str, day: date, text: str) -> Reply:
    """By the firm whose man it is, once. The same text again changes nothing.

    Refuses `Conflict("suspicion_appealed")` and `Conflict("suspicion_decided")`.
    """
    permit("appeal_suspicion", principal)
    with transaction(sessions) as session:
        suspicion, _, site = _one(session, principal, person_id, day, held=True)
        if not _answers_for(session, principal, suspicion, site):
            raise Forbidden("not_permitted", act="appeal_suspicion")
        if suspicion.appeal == text:
            return _stage(suspicion, person_id)
        if suspicion.stage != SuspicionStage.NOTED:
            raise Conflict("suspicion_appealed" if suspicion.appeal else "suspicion_decided", stage=suspicion.stage)
        suspicion.stage, suspicion.appeal = SuspicionStage.APPEALED, text
        suspicion.appealed_at, suspicion.appealed_by = clock(), dict(principal.brief())
        told = {"person_id": person_id, "day": day.isoformat(), "text": text}
        journal.write(session, principal, "appeal_suspicion", suspicion.id, told, clock=clock)
        return _stage(suspicion, person_id)


def decide(
    sessions: Sessions, principal: Principal, clock: Clock, *, person_id: str, day: date, upholds: bool, opinion: str
) -> Reply:
    """By an officer whose agency sees the site. The same decision again changes nothing; another one is refused:
    `Conflict("suspicion_decided")`."""
    permit("decide_suspicion", principal)
    wanted = SuspicionStage.UPHELD if upholds else SuspicionStage.DISMISSED
    with transaction(sessions) as session:
        suspicion, _, _ = _one(session, principal, person_id, day, held=True)
        if suspicion.stage == wanted:
            return _stage(suspicion, person_id)
        if suspicion.stage not in OPEN:
            raise Conflict("suspicion_decided", stage=suspicion.stage)
        suspicion.stage, suspicion.opinion = wanted, opinion
        suspicion.decided_at, suspicion.decided_by = clock(), dict(principal.brief())
        told: Reply = {"person_id": person_id, "day": day.isoformat(), "stage": wanted, "opinion": opinion}
        told |= {"score": suspicion.score, "signals": [each["code"] for each in suspicion.signals]}
        journal.write(session, principal, "decide_suspicion", suspicion.id, told, clock=clock)
        return _stage(suspicion, person_id)


def _all(principal: Principal) -> paging.Rows:
    return (
        select(Suspicion, Person.id, Site)
        .join(Person, Person.number == Suspicion.person)
        .join(Site, Site.number == Suspicion.site)
        .where(sites_seen(principal))
    )


def _one(session: Session, principal: Principal, person_id: str, day: date, *, held: bool = False) -> Found:
    wanted = _all(principal).where(Person.id == person_id, Suspicion.day == day)
    row = session.execute(wanted.with_for_update(of=Suspicion) if held else wanted).one_or_none()
    if row is None:
        raise NotFound("suspicion_unknown")
    return row[0], row[1], row[2]


def _answers_for(session: Session, principal: Principal, suspicion: Suspicion, site: Site) -> bool:
    """Whether he had a post there on that day which this firm has to staff: another one's word would take his only one."""
    start, end = start_of(suspicion.day), start_of(suspicion.day + timedelta(days=1))
    his = select(Duty.role).where(Duty.person == suspicion.person, Duty.site == site.number)
    roles = session.scalars(his.where(Duty.since < end, Duty.until.is_(None) | (Duty.until >= start))).all()
    firms = {getattr(site, PARTIES[role]) for role in roles if role in PARTIES}
    return principal.is_enterprise and principal.organisation_id in firms


def _coarse(signal: Reply, decimals: int) -> Reply:
    told = signal["told"]
    return signal | {
        "told": told | {name: round(told[name], decimals) for name in ("longitude", "latitude") if name in told}
    }


def _acts(session: Session, principal: Principal, suspicion: Suspicion, site: Site) -> list[str]:
    acts = []
    if suspicion.stage == SuspicionStage.NOTED and _answers_for(session, principal, suspicion, site):
        acts.append("appeal")
    if suspicion.stage in OPEN and RULES["decide_suspicion"].admits(principal):
        acts.append("decide")
    return acts


def _devices(session: Session, suspicion: Suspicion) -> list[Reply]:
    """The phones that the signals name, and those that were his on that day."""
    named = {each for signal in suspicion.signals for each in signal["told"].get("devices", [])}
    start, end = start_of(suspicion.day), start_of(suspicion.day + timedelta(days=1))
    was_open = (Device.opened_at < end) & (Device.closed_at.is_(None) | (Device.closed_at >= start))
    his = (Device.person == suspicion.person) & was_open
    wanted = select(Device, Person.id).join(Person, Person.number == Device.person)
    rows = session.execute(wanted.where(or_(Device.id.in_(named), his)).order_by(Device.opened_at, Device.id))
    return [{"device_id": each.id, "label": each.label, "person_id": person_id} for each, person_id in rows]


def _item(suspicion: Suspicion, person_id: str, site: Site) -> Reply:
    names = ("day", "score", "stage", "noted_at", "decided_at")
    return {name: getattr(suspicion, name) for name in names} | {
        "person_id": person_id,
        "project_id": site.id,
        "project_name": site.name,
        "codes": [each["code"] for each in suspicion.signals],
    }


def _stage(suspicion: Suspicion, person_id: str) -> Reply:
    return {"person_id": person_id, "day": suspicion.day, "stage": suspicion.stage}
