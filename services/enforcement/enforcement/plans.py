"""Plans of inspections (检查计划): drafted by an officer, approved by the head of his agency, then carried out.

Every inspection of an enterprise is planned and approved, and how often an enterprise is inspected in a year has a limit
that is published (国办发〔2024〕54号). The approval of a plan makes its visits; those of a random plan come out of draws.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, insert, or_, select, true
from sqlalchemy.orm import Session

from chassis import journal
from chassis.clock import SHANGHAI, Clock, day_of
from chassis.commands import remember, repeated
from chassis.database import Sessions, transaction
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.identifiers import new_id
from chassis.principal import Principal
from enforcement.models import Draw, DrawReveal, Inspection, Plan, PlannedVisit, PlanSite, Site
from enforcement.permissions import permit, sites_seen, within
from enforcement.terms import InspectionKind, InspectionStage, PlanStage

MOST_SITES = 1_000  # of one plan; a larger territory plans by county, or by draws
FILED = "filed"
TOLD = ("kind", "title", "starts_on", "ends_on", "basis", "visits", "cap")
CHOSEN = ("in_works", "not_inspected_since", "project_numbers")
Reply = dict[str, Any]


def save_plan(
    sessions: Sessions,
    principal: Principal,
    clock: Clock,
    *,
    key: str | None,
    plan_id: str | None,
    version: int | None,
    area: str | None,
    **told: Any,
) -> Reply:
    """A new draft, or a draft as it is now to be (`plan_id` with the `version` that was seen). Its sites are chosen again.

    `area`: part of one's territory, all of it where none is told. Refuses `Invalid` for a period that ends before it
    begins or reaches into another year, an area outside one's territory, a project that is not there, no site and too
    many; `NotFound("plan_unknown")`, `Conflict("plan_approved")`, `Conflict("stale_version")`.
    """
    permit("save_plan", principal)
    area = area or principal.area
    _check(principal, area, told["starts_on"], told["ends_on"])
    request = {name: _plain(value) for name, value in told.items()} | {
        "area": area,
        "plan_id": plan_id,
        "version": version,
    }
    with transaction(sessions) as session:
        if (reply := repeated(session, key, "save_plan", request)) is not None:
            return reply
        plan = _draft(session, principal, plan_id, version) if plan_id else Plan(id=new_id(), version=0)
        plan.agency_id, plan.area, plan.stage = principal.organisation_id, area, PlanStage.DRAFT
        for name in TOLD:
            setattr(plan, name, told[name])
        plan.criteria = {name: _plain(told[name]) for name in CHOSEN}
        plan.version += 1
        plan.drafted_at, plan.drafted_by = clock(), dict(principal.brief())
        session.add(plan)
        session.flush()
        count = _choose_sites(session, plan, told["not_inspected_since"], told["project_numbers"])
        reply = {"plan_id": plan.id, "version": plan.version, "stage": plan.stage, "sites": count}
        remember(session, key, "save_plan", request, reply)
        journal.write(session, principal, "save_plan", plan.id, request | {"sites": count}, clock=clock)
        return reply


def approve_plan(sessions: Sessions, principal: Principal, clock: Clock, *, plan_id: str, version: int) -> Reply:
    """By the head of the agency, of the version that he saw; not by who drafted it. A repeat changes nothing.

    Refuses `Forbidden("own_plan")`, `Conflict("stale_version")`, `Conflict("plan_over")` for one whose last day is past.
    """
    permit("approve_plan", principal)
    with transaction(sessions) as session:
        plan = own(session, principal, plan_id)
        if plan.version != version:
            raise Conflict("stale_version", version=plan.version, stage=plan.stage)
        if plan.stage == PlanStage.DRAFT:
            if plan.drafted_by["user_id"] == principal.user_id:
                raise Forbidden("own_plan")
            if plan.ends_on < day_of(clock()):
                raise Conflict("plan_over", ends_on=plan.ends_on.isoformat())
            plan.stage = PlanStage.APPROVED
            plan.approved_at, plan.approved_by = clock(), dict(principal.brief())
            if plan.kind != InspectionKind.DOUBLE_RANDOM:
                _plan_visits(session, plan)
            journal.write(session, principal, "approve_plan", plan.id, {"version": version}, clock=clock)
        return {"plan_id": plan.id, "version": plan.version, "stage": stage_on(plan, day_of(clock()))}


def finish_plan(sessions: Sessions, principal: Principal, clock: Clock, *, plan_id: str, summary: str) -> Reply:
    """By the head of the agency, with what came of it; from then on the firms see its draws. A repeat changes nothing.

    Refuses `Conflict("plan_not_approved")`, and `Conflict("draw_waits")` while a draw waits for its seed: nobody drops a
    draw that he does not like.
    """
    permit("approve_plan", principal)
    with transaction(sessions) as session:
        plan = own(session, principal, plan_id)
        if plan.stage == PlanStage.DRAFT:
            raise Conflict("plan_not_approved")
        if plan.stage != PlanStage.FINISHED:
            refuse_waiting_draw(session, plan)
            plan.stage, plan.summary = PlanStage.FINISHED, summary
            plan.finished_at, plan.finished_by = clock(), dict(principal.brief())
            journal.write(session, principal, "finish_plan", plan.id, {"summary": summary}, clock=clock)
        return {"plan_id": plan.id, "version": plan.version, "stage": plan.stage}


def stage_on(plan: Plan, day: date) -> str:
    return PlanStage.RUNNING if plan.stage == PlanStage.APPROVED and plan.starts_on <= day else plan.stage


def sight(principal: Principal) -> ColumnElement[bool]:
    """An agency: those that lie in its territory (a county's officers not the city's plans, which name other counties' sites).
    An enterprise: the approved ones of agencies in whose territory it has a site."""
    if principal.is_service:
        return true()
    if principal.is_agency and principal.area:
        return within(Plan.area, principal.area)
    covered = (Site.area == Plan.area) | Site.area.startswith(Plan.area + ".")
    return and_(Plan.stage != PlanStage.DRAFT, exists().where(sites_seen(principal), covered))


def own(session: Session, principal: Principal, plan_id: str) -> Plan:
    """A plan of the principal's agency, locked: draws and approvals of one plan come one after the other."""
    wanted = select(Plan).where(Plan.id == plan_id, Plan.agency_id == principal.organisation_id)
    plan = session.scalars(wanted.with_for_update()).one_or_none()
    if plan is None:
        raise NotFound("plan_unknown")
    return plan


def refuse_waiting_draw(session: Session, plan: Plan) -> None:
    """Of several draws that wait, the one that pleases could be shown and the others kept back: so there is one."""
    waits = select(Draw.id).where(Draw.plan_id == plan.id)
    waits = waits.where(~exists().where(DrawReveal.draw_id == Draw.id))
    if (waiting := session.scalars(waits.limit(1)).first()) is not None:
        raise Conflict("draw_waits", draw_id=waiting)


def _check(principal: Principal, area: str, starts_on: date, ends_on: date) -> None:
    if not principal.watches(area):
        raise Invalid.field("area", "outside_territory")
    if not starts_on <= ends_on <= date(starts_on.year, 12, 31):
        last = date(starts_on.year, 12, 31)
        raise Invalid.field("ends_on", "out_of_range", min=starts_on.isoformat(), max=last.isoformat())


def _draft(session: Session, principal: Principal, plan_id: str, version: int | None) -> Plan:
    plan = own(session, principal, plan_id)
    if plan.stage != PlanStage.DRAFT:
        raise Conflict("plan_approved")
    if plan.version != version:
        raise Conflict("stale_version", version=plan.version, stage=plan.stage)
    return plan


def _choose_sites(session: Session, plan: Plan, not_inspected_since: date | None, numbers: Sequence[str]) -> int:
    """Puts the sites under the plan, and says how many they are."""
    chosen = session.scalars(_sites(plan, not_inspected_since, numbers).limit(MOST_SITES + 1)).all()
    if numbers:
        _refuse_unknown(session, chosen, numbers)
    if len(chosen) > MOST_SITES:
        raise Invalid.field("area", "too_many_sites", max=MOST_SITES)
    if not chosen:
        raise Invalid.field("area", "no_sites")
    session.execute(delete(PlanSite).where(PlanSite.plan_id == plan.id))
    session.execute(insert(PlanSite), [{"plan_id": plan.id, "site_id": each} for each in chosen])
    return len(chosen)


def _sites(plan: Plan, not_inspected_since: date | None, numbers: Sequence[str]) -> Any:
    wanted = select(Site.id).where(within(Site.area, plan.area), Site.merged_into.is_(None))
    if numbers:
        return wanted.where(Site.number.in_(numbers))
    wanted = wanted.where(Site.stage == FILED)
    if plan.criteria["in_works"]:
        wanted = wanted.where(*_in_works(plan))
    if not_inspected_since is not None:
        inspected = exists().where(Inspection.site_id == Site.id, Inspection.stage == InspectionStage.COMPLETED)
        since = datetime.combine(not_inspected_since, time(), SHANGHAI)
        wanted = wanted.where(~inspected.where(Inspection.started_at >= since))
    return wanted


def _in_works(plan: Plan) -> tuple[ColumnElement[bool], ...]:
    """Works go on in the plan's period, as far as filing tells."""
    return (
        Site.suspended_on.is_(None),
        or_(Site.starts_on.is_(None), Site.starts_on <= plan.ends_on),
        or_(Site.finishes_on.is_(None), Site.finishes_on >= plan.starts_on),
    )


def _refuse_unknown(session: Session, chosen: Sequence[str], numbers: Sequence[str]) -> None:
    known = set(session.scalars(select(Site.number).where(Site.id.in_(chosen))))
    if missing := [each for each in numbers if each not in known]:
        raise Invalid.field("project_numbers", "project_not_here", number=missing[0])


def _plan_visits(session: Session, plan: Plan) -> None:
    """Nobody in particular goes: the officers' day shows them to all of the agency."""
    sites = select(Site.id, Site.area).join(PlanSite, PlanSite.site_id == Site.id).where(PlanSite.plan_id == plan.id)
    rows = [
        {
            "id": new_id(),
            "plan_id": plan.id,
            "site_id": site_id,
            "serial": serial,
            "area": area,
            "officer_ids": [],
            "due_on": plan.ends_on,
        }
        for site_id, area in session.execute(sites)
        for serial in range(1, plan.visits + 1)
    ]
    session.execute(insert(PlannedVisit), rows)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
