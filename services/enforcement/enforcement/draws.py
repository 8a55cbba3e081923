"""Draws of sites and officers (双随机抽取): committed to, then opened by a public number. The draw itself is `draw`, pure.

国办发〔2015〕58号: the inspected and the inspectors are drawn at random and the result is made public. Both records are only
ever added, the database refuses to change them.
"""

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from chassis import journal
from chassis.clock import Clock, day_of
from chassis.commands import remember, repeated
from chassis.database import Sessions, transaction
from chassis.errors import Conflict, Invalid, NotFound
from chassis.identifiers import new_id
from chassis.principal import Principal
from enforcement import draw as drawing
from enforcement import risk
from enforcement.caps import over_cap
from enforcement.models import Draw, DrawReveal, Interest, Officer, Plan, PlannedVisit, Site
from enforcement.permissions import permit
from enforcement.plans import own, refuse_waiting_draw
from enforcement.terms import DrawStage, InspectionKind, PlanStage

NONCE_BYTES = 32
Reply = dict[str, Any]
Body = dict[str, Any]


def commit_draw(
    sessions: Sessions,
    principal: Principal,
    clock: Clock,
    *,
    key: str | None,
    plan_id: str,
    sites_wanted: int,
    officers_a_site: int,
    seed_source: str,
    due_on: date,
) -> Reply:
    """Fixes what the draw is from: the sites of a random plan that were not drawn yet with their weights, the officers whose
    certificates hold until `due_on` with their interests, and which public number will be the seed. Only the commitment
    is told, and whom the draw could take over the yearly limit.

    Refuses `Conflict("plan_not_random")`, `Conflict("plan_not_approved")`, `Conflict("draw_waits")` while another one waits
    for its seed, `Conflict("no_sites_left")`, `Conflict("too_few_officers")`, and `Invalid` for more sites than there are
    and a day outside the plan.
    """
    permit("draw", principal)
    request = {
        "plan_id": plan_id,
        "sites_wanted": sites_wanted,
        "officers_a_site": officers_a_site,
        "seed_source": seed_source,
        "due_on": due_on.isoformat(),
    }
    with transaction(sessions) as session:
        if (reply := repeated(session, key, "commit_draw", request)) is not None:
            return reply
        now = clock()
        plan = _drawable(session, principal, now, plan_id, due_on)
        nonce = secrets.token_hex(NONCE_BYTES)
        committed = _committed(session, plan, now, request, nonce)
        _refuse_impossible(committed)
        draw = Draw(
            id=new_id(),
            plan_id=plan.id,
            agency_id=plan.agency_id,
            area=plan.area,
            committed_at=now,
            committed_by=dict(principal.brief()),
            committed=committed,
            commitment=drawing.hash_of(committed),
            nonce=nonce,
        )
        session.add(draw)
        session.flush()
        told = {"draw_id": draw.id, "commitment": draw.commitment}
        reply = told | {
            "committed_at": draw.committed_at.isoformat(),
            "over_cap": over_cap(session, plan, candidates=True),
        }
        remember(session, key, "commit_draw", request, reply)
        journal.write(session, principal, "commit_draw", plan.id, request | told, clock=clock)
        return reply


def reveal_draw(
    sessions: Sessions, principal: Principal, clock: Clock, *, draw_id: str, seed: str, announced_at: datetime
) -> Reply:
    """Opens a draw by the number that its commitment named: its result, and a visit for every site that has its officers.
    Once: a repeat with the same seed gets the same answer.

    Refuses `NotFound("draw_unknown")`, `Invalid` for a seed announced before the commitment or not yet, or without six
    letters or digits, and `Conflict("draw_revealed")` for another seed afterwards.
    """
    permit("draw", principal)
    seed = drawing.normal_seed(seed)
    with transaction(sessions) as session:
        draw, plan = _own_draw(session, principal, draw_id)
        before = session.get(DrawReveal, draw.id)
        if before is not None:
            if before.seed != seed:
                raise Conflict("draw_revealed", seed=before.seed)
            return _revealed(before)
        _check_seed(draw, seed, announced_at, clock())
        file = drawing.published(draw.id, draw.committed, draw.nonce, seed, announced_at.isoformat())
        reveal = DrawReveal(
            draw_id=draw.id,
            revealed_at=clock(),
            revealed_by=dict(principal.brief()),
            seed=seed,
            seed_announced_at=announced_at,
            published=file,
            digest=file["digest"],
        )
        session.add(reveal)
        session.flush()
        _plan_visits(session, plan, draw, file["result"])
        told = {
            "seed": seed,
            "announced_at": announced_at.isoformat(),
            "digest": reveal.digest,
            "result": file["result"],
        }
        journal.write(session, principal, "reveal_draw", draw.id, {"commitment": draw.commitment} | told, clock=clock)
        return _revealed(reveal)


def _drawable(session: Session, principal: Principal, now: datetime, plan_id: str, due_on: date) -> Plan:
    plan = own(session, principal, plan_id)
    if plan.kind != InspectionKind.DOUBLE_RANDOM:
        raise Conflict("plan_not_random")
    if plan.stage != PlanStage.APPROVED:
        raise Conflict("plan_not_approved")
    refuse_waiting_draw(session, plan)
    first = max(day_of(now), plan.starts_on)
    if not first <= due_on <= plan.ends_on:
        raise Invalid.field("due_on", "out_of_range", min=first.isoformat(), max=plan.ends_on.isoformat())
    return plan


def _committed(session: Session, plan: Plan, now: datetime, request: Body, nonce: str) -> Body:
    """All that the commitment binds, as plain JSON."""
    today = day_of(now)
    rules = risk.rules_on(today)
    return {
        "agency": {"id": plan.agency_id, "name": _name(plan)},
        "plan": {"id": plan.id, "title": plan.title},
        "committed_at": now.isoformat(),
        "seed_source": request["seed_source"],
        "sites_wanted": request["sites_wanted"],
        "officers_a_site": request["officers_a_site"],
        "due_on": request["due_on"],
        "rules": rules,
        "nonce_hash": drawing.hash_of_nonce(nonce),
        "sites": risk.weighed(session, plan, today, rules),
        "officers": _officers(session, plan.agency_id, today, date.fromisoformat(request["due_on"])),
    }


def _name(plan: Plan) -> str:
    return str((plan.approved_by or plan.drafted_by)["organisation_name"])


def _officers(session: Session, agency_id: str, today: date, due_on: date) -> list[Body]:
    """Those on the roster whose certificates hold until then, each with the firms from which he has to keep away on any
    day of that time."""
    holds = (Interest.since <= due_on) & or_(Interest.until.is_(None), Interest.until >= today)
    firms = func.array_agg(aggregate_order_by(Interest.firm_id.distinct(), Interest.firm_id), type_=ARRAY(Text))
    conflicts = select(firms).where(Interest.officer_id == Officer.id, holds).correlate(Officer).scalar_subquery()
    wanted = select(Officer, conflicts).where(
        Officer.agency_id == agency_id, Officer.removed_at.is_(None), Officer.certificate_valid_to >= due_on
    )
    return [
        {
            "officer_id": officer.id,
            "name": officer.name,
            "certificate_number": officer.certificate_number,
            "conflicts": found or [],
        }
        for officer, found in session.execute(wanted.order_by(Officer.id))
    ]


def _refuse_impossible(committed: Body) -> None:
    sites, wanted = len(committed["sites"]), committed["sites_wanted"]
    if not sites:
        raise Conflict("no_sites_left")
    if wanted > sites:
        raise Invalid.field("sites_wanted", "out_of_range", min=1, max=sites)
    if len(committed["officers"]) < committed["officers_a_site"]:
        raise Conflict("too_few_officers", number=len(committed["officers"]), needed=committed["officers_a_site"])


def _own_draw(session: Session, principal: Principal, draw_id: str) -> tuple[Draw, Plan]:
    """With its plan locked: of two who reveal at once, the second finds what the first has done."""
    found = select(Draw).where(Draw.id == draw_id, Draw.agency_id == principal.organisation_id)
    draw = session.scalars(found).one_or_none()
    if draw is None:
        raise NotFound("draw_unknown")
    return draw, own(session, principal, draw.plan_id)


def _check_seed(draw: Draw, seed: str, announced_at: datetime, now: datetime) -> None:
    if len(seed.replace("-", "")) < drawing.SHORTEST_SEED:
        raise Invalid.field("seed", "seed_too_short", min=drawing.SHORTEST_SEED)
    if not draw.committed_at < announced_at <= now:
        limits = {"min": draw.committed_at.isoformat(), "max": now.isoformat()}
        raise Invalid.field("announced_at", "seed_not_after_commitment", **limits)


def _plan_visits(session: Session, plan: Plan, draw: Draw, result: Sequence[Body]) -> None:
    drawn = {each["site_id"]: each["officers"] for each in result if each["officers"]}
    areas = select(Site.id, Site.area).where(Site.id.in_(drawn))
    rows = [
        {
            "id": new_id(),
            "plan_id": plan.id,
            "draw_id": draw.id,
            "site_id": site_id,
            "serial": serial,
            "area": area,
            "officer_ids": drawn[site_id],
            "due_on": date.fromisoformat(draw.committed["due_on"]),
        }
        for site_id, area in session.execute(areas)
        for serial in range(1, plan.visits + 1)
    ]
    if rows:
        session.execute(insert(PlannedVisit), rows)


def _revealed(reveal: DrawReveal) -> Reply:
    drawn = reveal.published["result"]
    return {
        "draw_id": reveal.draw_id,
        "stage": DrawStage.REVEALED,
        "digest": reveal.digest,
        "sites": len(drawn),
        "without_officers": sum(not each["officers"] for each in drawn),
    }
