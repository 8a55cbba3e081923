"""Draws as they are read. Until the seed is known nobody is told more than the commitment, and a firm is not told what was
drawn before its plan is finished: it would know the day of its inspection."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from chassis import paging
from chassis.database import Sessions, transaction
from chassis.errors import NotFound
from chassis.principal import Principal
from enforcement import draw as drawing
from enforcement.models import Draw, DrawReveal, Plan, PlannedVisit
from enforcement.permissions import RULES, permit
from enforcement.plans import sight
from enforcement.terms import DrawStage, PlanStage

Reply = dict[str, Any]


def list_draws(
    sessions: Sessions, principal: Principal, *, plan_id: str | None, limit: int, after: str | None
) -> Reply:
    """Those of the plans that he sees, the latest committed first; every one, also those whose seed never came."""
    permit("read", principal)
    wanted = _rows(principal)
    wanted = wanted.where(Draw.plan_id == plan_id) if plan_id else wanted
    listed = paging.Listed(wanted, Draw.committed_at, Draw.id)
    with transaction(sessions) as session:
        page, counted = paging.first(session, listed, limit, after)
        rows = session.execute(page).all()
        following = paging.cursor(rows[limit - 1][0].committed_at, rows[limit - 1][0].id) if len(rows) > limit else None
        return {"items": [_item(principal, *each) for each in rows[:limit]], "next": following, **counted}


def get_draw(sessions: Sessions, principal: Principal, *, draw_id: str) -> Reply:
    """One draw; `result` and the published `file` once he may see them."""
    permit("read", principal)
    with transaction(sessions) as session:
        row = session.execute(_rows(principal).where(Draw.id == draw_id)).one_or_none()
        if row is None:
            raise NotFound("draw_unknown")
        found, plan, reveal = row
        shown = _is_shown(principal, plan, reveal)
        return _item(principal, found, plan, reveal) | {
            "result": _result(session, found, reveal) if shown else [],
            "file": reveal.published if shown else None,
            "digest": reveal.digest if reveal else None,
            "is_shown": shown,
        }


def get_verifier(principal: Principal) -> Reply:
    """The program with which anybody recomputes a draw, as it runs here."""
    permit("read", principal)
    path = Path(drawing.__file__)
    return {"name": path.name, "source": path.read_text(encoding="utf-8")}


def of_plan(session: Session, principal: Principal, plan: Plan) -> list[Reply]:
    rows = session.execute(_rows(principal).where(Draw.plan_id == plan.id).order_by(Draw.committed_at, Draw.id))
    return [_item(principal, *each) for each in rows]


def _rows(principal: Principal) -> Select[Draw, Plan, DrawReveal]:
    wanted = select(Draw, Plan, DrawReveal).join(Plan, Plan.id == Draw.plan_id)
    return wanted.outerjoin(DrawReveal, DrawReveal.draw_id == Draw.id).where(sight(principal))


def _is_shown(principal: Principal, plan: Plan, reveal: DrawReveal | None) -> bool:
    return reveal is not None and (not principal.is_enterprise or plan.stage == PlanStage.FINISHED)


def _item(principal: Principal, draw: Draw, plan: Plan, reveal: DrawReveal | None) -> Reply:
    may_reveal = reveal is None and draw.agency_id == principal.organisation_id and RULES["draw"].admits(principal)
    return {
        "draw_id": draw.id,
        "plan_id": plan.id,
        "plan_title": plan.title,
        "agency_name": draw.committed["agency"]["name"],
        "stage": DrawStage.REVEALED if reveal else DrawStage.COMMITTED,
        "commitment": draw.commitment,
        "committed_at": draw.committed_at,
        "committed_by": draw.committed_by["user_name"],
        "seed_source": draw.committed["seed_source"],
        "sites_wanted": draw.committed["sites_wanted"],
        "sites_count": len(draw.committed["sites"]),
        "officers_a_site": draw.committed["officers_a_site"],
        "officers_count": len(draw.committed["officers"]),
        "due_on": draw.committed["due_on"],
        "seed": reveal.seed if reveal else None,
        "seed_announced_at": reveal.seed_announced_at if reveal else None,
        "revealed_at": reveal.revealed_at if reveal else None,
        "acts": ["reveal_draw"] if may_reveal else [],
    }


def _result(session: Session, draw: Draw, reveal: DrawReveal) -> list[Reply]:
    """The drawn sites in their order, why each was likely, who goes, and by which inspection it was done."""
    sites = {each["site_id"]: each for each in draw.committed["sites"]}
    officers = {each["officer_id"]: each["name"] for each in draw.committed["officers"]}
    made = _made(session, draw)
    return [
        _drawn(place, sites[each["site_id"]], each, officers, made.get(each["site_id"], []))
        for place, each in enumerate(reveal.published["result"], start=1)
    ]


def _drawn(place: int, site: Reply, drawn: Reply, officers: dict[str, str], made: Sequence[str]) -> Reply:
    return {
        "place": place,
        "project_id": site["site_id"],
        "project_name": site["name"],
        "project_number": site["number"],
        "weight": site["weight"],
        "why": site["why"],
        "officers": [{"officer_id": each, "name": officers[each]} for each in drawn["officers"]],
        "without": drawn["without"],
        "inspection_ids": list(made),
    }


def _made(session: Session, draw: Draw) -> dict[str, list[str]]:
    wanted = select(PlannedVisit.site_id, PlannedVisit.inspection_id).where(PlannedVisit.draw_id == draw.id)
    found: dict[str, list[str]] = {}
    for site_id, inspection_id in session.execute(wanted.order_by(PlannedVisit.site_id, PlannedVisit.serial)):
        if inspection_id:
            found.setdefault(site_id, []).append(inspection_id)
    return found
