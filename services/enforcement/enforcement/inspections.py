"""Inspections (执法检查): begun by two officers or more on a site, and broken off; `completing` seals them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, text, true
from sqlalchemy.orm import Session

from chassis import journal
from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.principal import Principal
from enforcement.evidence import place_marks
from enforcement.models import Inspection, InspectionOfficer, Interest, Officer, Order, Plan, PlannedVisit, Site
from enforcement.permissions import permit, sites_seen, within
from enforcement.terms import InspectionStage

FEWEST_OFFICERS = 2  # 行政处罚法 Art. 42; 安全生产法 Art. 67
# A phone may have been without coverage for so long; what is sent later than `SENT_LATE` after the start is marked.
LONGEST_OFFLINE = timedelta(days=3)
SENT_LATE = timedelta(hours=1)
AHEAD = timedelta(minutes=5)  # so far a phone's clock may be ahead of ours
Reply = dict[str, Any]


def start_inspection(
    sessions: Sessions, principal: Principal, clock: Clock, *, inspection_id: str, project_id: str, **told: Any
) -> Reply:
    """An inspection under the id that it was given where it began; told again, the answer is the same.

    `told`: kind, plan_id, rechecks (an order's id), officer_ids, started_at, place ({"longitude", "latitude", "accuracy"} or
    None). Refuses `Invalid` for fewer than two officers (T31), an officer who is not on the agency's roster, whose
    certificate has ended or who has to keep away from a firm of the site, or where the one who signs in is none of them; for
    a plan by which the agency does not inspect this site, a kind that is not the plan's, an order that is not of this site,
    and a start in the future or too long ago; `NotFound("project_unknown")`; `Conflict("inspection_begun")` where the id is
    another inspection's. That others go than those who were drawn is marked.
    """
    permit("start_inspection", principal)
    now = clock()
    with transaction(sessions) as session:
        hold(session, inspection_id)
        known = session.get(Inspection, inspection_id, with_for_update=True)
        if known is not None:
            _refuse_other(known, principal, project_id)
            return started(known)
        _check_start(told["started_at"], now)
        site = _site(session, principal, project_id)
        officers = _officers(session, principal, site, told["officer_ids"], told["started_at"])
        marks = _by_plan(session, principal, site, told)
        _check_order(session, site, told["rechecks"])
        inspection = _begun(principal, now, inspection_id, site, officers, told, marks)
        session.add(inspection)
        session.flush()
        session.add_all(
            InspectionOfficer(inspection_id=inspection_id, officer_id=each.id, started_at=inspection.started_at)
            for each in officers
        )
        detail = {"project_id": site.id, "officers": [each.id for each in officers], "kind": told["kind"]}
        journal.write(session, principal, "start_inspection", inspection_id, detail, clock=clock)
        return started(inspection)


def hold(session: Session, made_id: str) -> None:
    """Of several who send the same id for the first time at once, one goes on and the others wait for what he did."""
    session.execute(text("select pg_advisory_xact_lock(hashtextextended(:id, 0))"), {"id": made_id})


def abandon_inspection(
    sessions: Sessions, principal: Principal, clock: Clock, *, inspection_id: str, reason: str
) -> Reply:
    """Broken off, by one of its officers, with a reason: it stays on record."""
    permit("start_inspection", principal)
    with transaction(sessions) as session:
        inspection = own(session, principal, inspection_id)
        if inspection.stage == InspectionStage.COMPLETED:
            raise Conflict("inspection_completed", at=told_moment(inspection.sealed_at))
        if inspection.stage == InspectionStage.STARTED:
            inspection.stage, inspection.ended_at = InspectionStage.ABANDONED, clock()
            inspection.content = {"reason": reason}
            journal.write(session, principal, "abandon_inspection", inspection_id, {"reason": reason}, clock=clock)
        return started(inspection)


def own(session: Session, principal: Principal, inspection_id: str) -> Inspection:
    """One of his agency's, nobody else's to change until the transaction ends; he must be one of its officers.

    Refuses `NotFound("inspection_unknown")`, `Forbidden("not_its_officer")`.
    """
    wanted = select(Inspection).where(Inspection.id == inspection_id, Inspection.agency_id == principal.organisation_id)
    inspection = session.scalars(wanted.with_for_update()).one_or_none()
    if inspection is None:
        raise NotFound("inspection_unknown")
    if principal.user_id not in {each["user_id"] for each in inspection.officers}:
        raise Forbidden("not_its_officer")
    return inspection


def sight(principal: Principal) -> ColumnElement[bool]:
    """An agency: those of its territory. An enterprise: completed ones of the sites on which it is a party."""
    if principal.is_service:
        return true()
    if principal.is_agency and principal.area:
        return within(Inspection.area, principal.area)
    if principal.is_enterprise and principal.organisation_id:
        on_site = Inspection.site_id.in_(select(Site.id).where(sites_seen(principal)))
        return and_(Inspection.stage == InspectionStage.COMPLETED, on_site)
    return false()


def started(inspection: Inspection) -> Reply:
    return {"inspection_id": inspection.id, "stage": inspection.stage, "marks": inspection.marks}


def told_moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _check_start(started_at: datetime, now: datetime) -> None:
    if not now - LONGEST_OFFLINE <= started_at <= now + AHEAD:
        earliest = (now - LONGEST_OFFLINE).isoformat()
        raise Invalid.field("started_at", "out_of_range", min=earliest, max=now.isoformat())


def _refuse_other(known: Inspection, principal: Principal, project_id: str) -> None:
    if (known.agency_id, known.site_id) != (principal.organisation_id, project_id):
        raise Conflict("inspection_begun", inspection_id=known.id)


def _site(session: Session, principal: Principal, project_id: str) -> Site:
    site = session.scalars(select(Site).where(Site.id == project_id, sites_seen(principal))).one_or_none()
    if site is None or not principal.watches(site.area):
        raise NotFound("project_unknown")
    return site


def _officers(session: Session, principal: Principal, site: Site, ids: Sequence[str], at: datetime) -> list[Officer]:
    """Those named, in their order, each fit to inspect this site on that day."""
    if len(set(ids)) < FEWEST_OFFICERS:
        raise Invalid.field("officer_ids", "two_officers_needed")
    wanted = select(Officer).where(
        Officer.id.in_(ids), Officer.agency_id == principal.organisation_id, Officer.removed_at.is_(None)
    )
    by_id = {each.id: each for each in session.scalars(wanted)}
    concerned = _concerned(session, site, ids, at)
    for place, officer_id in enumerate(ids):
        officer = by_id.get(officer_id)
        if officer is None:
            raise Invalid.field(f"officer_ids.{place}", "officer_unknown")
        if officer.certificate_valid_to < day_of(at):
            raise Invalid.field(f"officer_ids.{place}", "officer_certificate_ended", name=officer.name)
        if officer_id in concerned:  # 行政处罚法 Art. 43: he keeps away, drawn or not
            raise Invalid.field(f"officer_ids.{place}", "officer_has_interest", name=officer.name)
    if principal.user_id not in {each.user_id for each in by_id.values()}:
        raise Invalid.field("officer_ids", "own_name_missing")
    return [by_id[each] for each in dict.fromkeys(ids)]


def _concerned(session: Session, site: Site, ids: Sequence[str], at: datetime) -> set[str]:
    """Those of the officers who have an interest in a firm of the site on that day."""
    firms = [each for each in (site.owner_id, site.contractor_id, site.supervisor_id) if each]
    holds = (Interest.since <= day_of(at)) & or_(Interest.until.is_(None), Interest.until >= day_of(at))
    wanted = select(Interest.officer_id).where(Interest.officer_id.in_(ids), Interest.firm_id.in_(firms), holds)
    return set(session.scalars(wanted))


def _by_plan(session: Session, principal: Principal, site: Site, told: dict[str, Any]) -> list[dict[str, Any]]:
    """The inspection counts as a visit of that plan, so the plan must have one here. Returns the mark where somebody who was
    drawn stays away: he may be ill, but whoever looks at the draw shall see it."""
    if told["plan_id"] is None:
        return []
    visits = select(Plan.kind, PlannedVisit.officer_ids).join(PlannedVisit, PlannedVisit.plan_id == Plan.id)
    ours = (Plan.id == told["plan_id"], Plan.agency_id == principal.organisation_id, PlannedVisit.site_id == site.id)
    found = session.execute(visits.where(*ours).limit(1)).one_or_none()
    if found is None:
        raise Invalid.field("plan_id", "not_of_this_plan")
    kind, drawn = found
    if kind != told["kind"]:
        raise Invalid.field("kind", "not_the_plans_kind")
    away = select(Officer.name).where(Officer.id.in_(set(drawn) - set(told["officer_ids"]))).order_by(Officer.name)
    names = session.scalars(away).all() if drawn else []
    return [{"mark": "drawn_officer_away", "names": "、".join(names)}] if names else []


def _check_order(session: Session, site: Site, order_id: str | None) -> None:
    """A penalty case reads from a re-check whether the order was followed."""
    if order_id is None:
        return
    known = select(Order.id).where(Order.id == order_id, Order.site_id == site.id)
    if session.scalars(known).first() is None:
        raise Invalid.field("rechecks", "no_order_of_this_site")


def _begun(
    principal: Principal,
    now: datetime,
    inspection_id: str,
    site: Site,
    officers: Sequence[Officer],
    told: dict[str, Any],
    marks: Sequence[dict[str, Any]],
) -> Inspection:
    late = [{"mark": "sent_late", "sent_at": now.isoformat()}] if now - told["started_at"] > SENT_LATE else []
    return Inspection(
        id=inspection_id,
        kind=told["kind"],
        plan_id=told["plan_id"],
        rechecks=told["rechecks"],
        site_id=site.id,
        area=site.area,
        agency_id=principal.organisation_id,
        stage=InspectionStage.STARTED,
        started_at=told["started_at"],
        started_place=told["place"],
        officers=[
            {
                "officer_id": each.id,
                "name": each.name,
                "certificate_number": each.certificate_number,
                "user_id": each.user_id,
            }
            for each in officers
        ],
        findings_count=0,
        signatures=[],
        marks=[*place_marks(told["place"], site), *late, *marks],
    )
