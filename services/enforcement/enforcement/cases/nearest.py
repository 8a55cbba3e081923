"""The decided cases nearest to a case, with what differs: so that like is fined like (同案同罚)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select

from chassis.clock import day_of
from chassis.database import Sessions, transaction
from chassis.errors import NotFound
from chassis.principal import Principal
from enforcement import discretion
from enforcement.cases.moving import sight
from enforcement.models import Case, Firm
from enforcement.permissions import permit
from enforcement.terms import CaseOutcome

MOST = 10
LOOKED_AT = 500  # the newest decided ones of the same rule
TIER, LEVEL, STEP = 3.0, 2.0, 1.0
ASIDE = {"acted_on", "found_on", "order_number", "ordered_on", "deadline", "rechecked_on", "party"}
Reply = dict[str, Any]
Asked = Mapping[str, discretion.Fact]


def list_nearest_cases(sessions: Sessions, principal: Principal, *, case_id: str) -> Reply:
    """The ten decided cases of the same rule that are nearest by tier, level and facts, the nearest first, then the newest:
    those of his own territory, and published ones of others.

    Refuses `NotFound("case_unknown")`.
    """
    permit("weigh", principal)
    with transaction(sessions) as session:
        case = session.scalars(select(Case).where(Case.id == case_id, sight(principal))).one_or_none()
        if case is None:
            raise NotFound("case_unknown")
        key = (case.weighing or {}).get("offence_key") or case.offence_keys[0]
        public = Case.published_on.is_not(None) & Case.removed_on.is_(None)
        wanted = (
            select(Case, Firm.name)
            .outerjoin(Firm, Firm.id == Case.agency_id)
            .where(Case.offence_keys.contains([key]), Case.decided_at.is_not(None), Case.id != case.id)
            .where(Case.outcome.in_((CaseOutcome.PENALTY, CaseOutcome.NO_PENALTY)))
            .where(Case.party_kind == case.party_kind, or_(sight(principal), public))
        )
        rows = session.execute(wanted.order_by(Case.decided_at.desc(), Case.id.desc()).limit(LOOKED_AT)).all()
        asked = {fact.name: fact for fact in _facts(case)}
        ranked = sorted(((_distance(case, other, asked), n) for n, (other, _) in enumerate(rows)))[:MOST]
        return {"items": [_item(principal, case, *rows[n], far, asked) for far, n in ranked]}


def _distance(one: Case, other: Case, asked: Asked) -> float:
    """How far two cases are apart: other tier 3, other level 2, each fact that differs at most 1."""
    mine, theirs = one.weighing or {}, other.weighing or {}
    far = TIER * (mine.get("tier") != theirs.get("tier")) + LEVEL * (mine.get("level") != theirs.get("level"))
    return far + sum(_apart(here, there) for _, here, there in _pairs(one, other, asked))


def _pairs(one: Case, other: Case, asked: Asked) -> list[tuple[str, Any, Any]]:
    """Each fact of the two by its name; what was left as it stands in the form is its default."""
    usual = {name: fact.default for name, fact in asked.items()}
    mine, theirs = usual | one.facts, usual | other.facts
    return [(name, mine.get(name), theirs.get(name)) for name in sorted((set(mine) | set(theirs)) - ASIDE)]


def _apart(one: Any, other: Any) -> float:
    """0 for the same; numbers by how much of the larger lies between them."""
    if (one or None) == (other or None):
        return 0.0
    if _is_number(one) and _is_number(other):
        return float(abs(one - other) / max(abs(one), abs(other)))
    return STEP


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _item(principal: Principal, case: Case, other: Case, agency: str | None, far: float, asked: Asked) -> Reply:
    """A case of another territory is told without its party and without the way to its file."""
    is_seen = principal.watches(other.area)
    weighing = other.weighing or {}
    assert other.decided_at is not None
    return {
        "case_id": other.id if is_seen else None,
        "decision_number": other.decision_number or "",
        "agency_name": agency or "",
        "party_name": other.party_name if is_seen and other.party_kind == "firm" else None,
        "decided_at": other.decided_at,
        "tier": weighing.get("tier", ""),
        "level": weighing.get("level", ""),
        "fine": other.fine or 0,
        "suggested": weighing.get("suggested", 0),
        "distance": round(far, 2),
        "differences": _differences(case, other, asked),
    }


def _differences(case: Case, other: Case, asked: Asked) -> list[Reply]:
    found = []
    for name, mine, theirs in _pairs(case, other, asked):
        if _apart(mine, theirs) > 0:
            fact = asked.get(name)
            found.append(
                {"label": fact.label if fact else name, "here": _said(fact, mine), "there": _said(fact, theirs)}
            )
    return found


def _facts(case: Case) -> list[discretion.Fact]:
    try:
        return [fact for key in case.offence_keys for fact in discretion.facts_of(key, day_of(case.opened_at))]
    except discretion.UnknownOffence:
        return []


def _said(fact: discretion.Fact | None, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if fact is not None and value is not None and str(value) in fact.choices:
        return fact.choices[str(value)]
    return "—" if value in (None, "") else str(value)
