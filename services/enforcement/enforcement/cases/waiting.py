"""Cases of an agency that wait for somebody: by where they stand, his roles, and on which side of the case he is."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from chassis.principal import Principal
from enforcement.cases import flow, timing, turns
from enforcement.models import Case, CaseClock
from enforcement.terms import CaseStage as S

MOST = 20
PRESSING = (timing.CHECK, timing.DECIDE, timing.SERVE, timing.PAY)
Reply = dict[str, Any]


def waiting(session: Session, principal: Principal, today: date) -> tuple[list[Reply], int]:
    """Up to 20, the one whose period ends first on top, and how many there are. What may really be done says the case itself."""
    which = is_his(principal, today)
    total = session.scalar(select(func.count()).select_from(Case).where(which)) or 0
    runs = and_(CaseClock.case_id == Case.id, CaseClock.clock_id.in_(PRESSING), CaseClock.ended_on.is_(None))
    wanted = select(Case, CaseClock, turns.turn(today)).outerjoin(CaseClock, runs).where(which)
    rows = session.execute(wanted.order_by(CaseClock.due_on.nulls_last(), Case.opened_at, Case.id).limit(MOST))
    return [_item(case, clock, turn, today) for case, clock, turn in rows], total


def is_his(principal: Principal, today: date) -> ColumnElement[bool]:
    """Cases of his agency whose next step is his."""
    return and_(Case.agency_id == principal.organisation_id, or_(false(), *_mine(principal, today)))


def _mine(principal: Principal, today: date) -> Iterator[ColumnElement[bool]]:
    handles = Case.investigators.contains([{"user_id": principal.user_id}])
    exempt = func.coalesce(Case.deviation["verdict"].astext, "") == "exempted"
    reviewed = Case.reviewed_at.is_not(None)
    turn = turns.turn(today)
    if "inspector" in principal.roles:
        yield handles & (
            Case.stage.in_((S.INVESTIGATION, S.NOTIFIED, S.DECIDED)) | (Case.stage == S.REVIEWED) & ~exempt
        )
        yield handles & (Case.stage.in_(flow.OWING) & turn.in_(("serve", "remind", "court")))
    if "reviewer" in principal.roles:
        yield ~handles & ((Case.stage == S.REVIEW) | (Case.stage == S.HEARD) & ~reviewed)
    if {"reviewer", "approver"} & set(principal.roles):
        held = (Case.stage == S.HEARING_SET) & (Case.hearing_on <= today)
        yield ~handles & (Case.stage == S.HEARING_ASKED) | ~handles & held
    if "approver" in principal.roles:
        judges = ~handles & (func.coalesce(Case.reviewed_by["user_id"].astext, "") != principal.user_id)
        ready = (Case.stage == S.HEARD) & reviewed | (Case.stage == S.REVIEWED) & exempt
        yield ~handles & (Case.stage == S.CLUE)
        yield ~handles & (Case.stage.in_(flow.OWING) & (turn == "close"))
        yield judges & (ready | (Case.stage == S.ANSWERING) & not_(_may_still_ask(today)))


def _may_still_ask(today: date) -> ColumnElement[bool]:
    """The party may still ask for a hearing: nothing is decided so long (64)."""
    right = aliased(CaseClock)
    runs = (right.clock_id == timing.ASK_HEARING, right.ended_on.is_(None), right.due_on >= today)
    return select(right.case_id).where(right.case_id == Case.id, *runs).exists()


def _item(case: Case, clock: CaseClock | None, turn: str, today: date) -> Reply:
    counts = clock is not None and all(span["last"] for span in clock.spans)
    due_on = clock.due_on if clock is not None and counts else None
    return {
        "case_id": case.id,
        "act": turns.ACTS[turn],
        "number": case.number,
        "party_name": case.party_name,
        "area": case.area,
        "due_on": due_on,
        "is_late": due_on is not None and due_on < today,
    }
