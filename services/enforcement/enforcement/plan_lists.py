"""Plans as they are read: the list, and one with its coverage: planned, inspected, left."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from chassis import paging
from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.errors import NotFound
from chassis.principal import Principal
from enforcement import draw_lists
from enforcement.caps import over_cap
from enforcement.coverage import by_site
from enforcement.models import Firm, Plan, PlanSite, Site
from enforcement.permissions import RULES, permit
from enforcement.plans import sight, stage_on
from enforcement.terms import InspectionKind, PlanStage

MOST_SHOWN = 200  # sites of a plan on its page, those that are left first
Reply = dict[str, Any]


def list_plans(
    sessions: Sessions,
    principal: Principal,
    clock: Clock,
    *,
    kind: str | None,
    stage: str | None,
    limit: int,
    after: str | None,
) -> Reply:
    """Those in his sight, the newest first, each with how far it is carried out."""
    permit("read", principal)
    today = day_of(clock())
    wanted = select(Plan).where(sight(principal))
    wanted = wanted.where(Plan.kind == kind) if kind else wanted
    wanted = wanted.where(_in_stage(stage, today)) if stage else wanted
    listed = paging.Listed(wanted, Plan.drafted_at, Plan.id)
    with transaction(sessions) as session:
        page, counted = paging.first(session, listed, limit, after)
        rows, following = paging.page(session.scalars(page).all(), limit, "drafted_at")
        done = _done(session, rows)
        names = _agencies(session, rows)
        items = [_item(each, today, names) | done.get(each.id, {"planned": 0, "inspected": 0}) for each in rows]
        return {"items": items, "next": following, "may_draft": may("save_plan", principal), **counted}


def get_plan(sessions: Sessions, principal: Principal, clock: Clock, *, plan_id: str) -> Reply:
    """One plan with its coverage, whom it takes over the yearly limit, and its draws. For agencies: a firm is not told when
    its site is to be inspected."""
    permit("read_plan", principal)
    today = day_of(clock())
    with transaction(sessions) as session:
        plan = session.scalars(select(Plan).where(Plan.id == plan_id, sight(principal))).one_or_none()
        if plan is None:
            raise NotFound("plan_unknown")
        rows = session.execute(_of_plan(plan)).all()
        draws = draw_lists.of_plan(session, principal, plan)
        waits = any(each["stage"] == "committed" for each in draws)
        is_open = plan.stage == PlanStage.DRAFT or (plan.kind == InspectionKind.DOUBLE_RANDOM and not draws)
        return _item(plan, today, _agencies(session, [plan])) | {
            "criteria": plan.criteria,
            "planned": sum(each.planned for each in rows),
            "inspected": sum(each.inspected for each in rows),
            "sites_count": len(rows),
            "sites_left": sum(each.inspected < each.planned for each in rows),
            "sites": [_site(each) for each in rows[:MOST_SHOWN]],
            "over_cap": over_cap(session, plan, candidates=is_open),
            "draws": draws,
            "acts": _acts(principal, plan, waits),
        }


def may(act: str, principal: Principal) -> bool:
    return RULES[act].admits(principal)


def _in_stage(stage: str, today: date) -> ColumnElement[bool]:
    if stage == PlanStage.RUNNING:
        return (Plan.stage == PlanStage.APPROVED) & (Plan.starts_on <= today)
    if stage == PlanStage.APPROVED:
        return (Plan.stage == PlanStage.APPROVED) & (Plan.starts_on > today)
    return Plan.stage == stage


def _done(session: Session, plans: Sequence[Plan]) -> dict[str, Reply]:
    """{plan: {"planned", "inspected"}} of all of them by one statement."""
    each_site = by_site([each.id for each in plans]).subquery()
    wanted = select(each_site.c.plan_id, func.sum(each_site.c.planned), func.sum(each_site.c.inspected))
    found = session.execute(wanted.group_by(each_site.c.plan_id))
    return {plan_id: {"planned": int(planned), "inspected": int(inspected)} for plan_id, planned, inspected in found}


def _of_plan(plan: Plan) -> Select[Any]:
    """The sites of a plan, those that are left first; of a random plan, once it is approved, those that were drawn."""
    done = by_site([plan.id]).subquery()
    planned = func.coalesce(done.c.planned, plan.visits if plan.stage == PlanStage.DRAFT else 0).label("planned")
    inspected = func.coalesce(done.c.inspected, 0).label("inspected")
    wanted = (
        select(Site.id, Site.name, Site.number, Site.area, planned, inspected, done.c.due)
        .join(PlanSite, PlanSite.site_id == Site.id)
        .outerjoin(done, done.c.site_id == Site.id)
        .where(PlanSite.plan_id == plan.id)
        .order_by((inspected < planned).desc(), Site.area, Site.name, Site.id)
    )
    hides = plan.kind == InspectionKind.DOUBLE_RANDOM and plan.stage != PlanStage.DRAFT
    return wanted.where(done.c.site_id.is_not(None)) if hides else wanted


def _agencies(session: Session, plans: Sequence[Plan]) -> dict[str, str]:
    wanted = select(Firm.id, Firm.name).where(Firm.id.in_({each.agency_id for each in plans}))
    return {row.id: row.name for row in session.execute(wanted)}


def _acts(principal: Principal, plan: Plan, waits: bool) -> list[str]:
    """What this officer may do with it now."""
    if principal.organisation_id != plan.agency_id:
        return []
    if plan.stage == PlanStage.DRAFT:
        is_his = plan.drafted_by["user_id"] == principal.user_id
        acts = ["save_plan"] if may("save_plan", principal) else []
        return [*acts, "approve_plan"] if may("approve_plan", principal) and not is_his else acts
    if plan.stage == PlanStage.FINISHED or waits:
        return []
    draws = ["commit_draw"] if plan.kind == InspectionKind.DOUBLE_RANDOM and may("draw", principal) else []
    return [*draws, "finish_plan"] if may("approve_plan", principal) else draws


def _item(plan: Plan, today: date, agencies: dict[str, str]) -> Reply:
    names = (
        "kind",
        "title",
        "area",
        "agency_id",
        "starts_on",
        "ends_on",
        "basis",
        "visits",
        "cap",
        "version",
        "summary",
    )
    return {name: getattr(plan, name) for name in names} | {
        "plan_id": plan.id,
        "agency_name": agencies.get(plan.agency_id, ""),
        "stage": stage_on(plan, today),
        "drafted_at": plan.drafted_at,
        "drafted_by": plan.drafted_by,
        "approved_at": plan.approved_at,
        "approved_by": plan.approved_by,
        "finished_at": plan.finished_at,
    }


def _site(row: Any) -> Reply:
    return {
        "project_id": row.id,
        "project_name": row.name,
        "project_number": row.number,
        "area": row.area,
        "planned": row.planned,
        "inspected": row.inspected,
        "due_on": row.due,
    }
