"""What a case is weighed by: the facts that officers enter, and those that the registers prove (order, deadline, re-check).

T24: that an order was not followed is never typed into a case. It is read from the order, from the answers to its reports and
from the inspections since; a case without an order in the registers has no failed re-check.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis.clock import day_of
from chassis.errors import Invalid, NotFound
from enforcement import discretion, rectifications
from enforcement.models import Finding, Inspection, Order, Rectification
from enforcement.terms import InspectionKind, InspectionStage, OrderStage, RectificationStage

PROVED = ("order_number", "ordered_on", "deadline", "rechecked_on", "recheck_failed")
MOST_OFFENCES = 5
FINDING = "finding:"
SAID_OF_FACTS = {
    "out_of_range": "fact_too_small",
    "too_large": "fact_too_large",
    "in_future": "fact_in_future",
    "contradicts": "fact_contradicts",
}
LONGEST_CHAIN = 20


@dataclass(frozen=True)
class Weighed:
    """The weighing whose rule fines the act, the rules that yield to it, and how T26 is said ("" for one rule)."""

    chosen: discretion.Weighing
    plain: dict[str, Any]


def weigh(keys: Sequence[str], facts: Mapping[str, Any], on: date) -> Weighed:
    """Weighs one act under one rule or several; the one with the higher fine is chosen (T26).

    Refuses `NotFound("offence_unknown")`, and `Invalid` with the path of each fact that cannot be used.
    """
    asked = {key: {fact.name for fact in asked_of(key, on)} for key in keys}
    strange = set(facts) - set().union(*asked.values())
    if strange:
        raise Invalid({f"facts.{name}": [{"rule": "unknown_field"}] for name in strange})
    weighings = [_weigh(key, {n: v for n, v in facts.items() if n in asked[key]}, on) for key in keys]
    if len({each.party for each in weighings}) > 1:
        raise Invalid.field("offence_keys", "parties_differ")
    found = discretion.several(weighings)
    told = discretion.plain(found.chosen) | {
        "several": found.text if found.yielding else "",
        "yielding": [{"offence_key": each.offence_key, "clause": each.clause} for each in found.yielding],
    }
    return Weighed(found.chosen, told)


def asked_of(key: str, on: date) -> tuple[discretion.Fact, ...]:
    try:
        return discretion.facts_of(key, on)
    except discretion.UnknownOffence as error:
        raise NotFound("offence_unknown", offence_key=key) from error


def _weigh(key: str, facts: Mapping[str, Any], on: date) -> discretion.Weighing:
    try:
        return discretion.weigh(key, facts, on)
    except discretion.UnknownOffence as error:
        raise NotFound("offence_unknown", offence_key=key) from error
    except discretion.WrongFacts as error:
        raise Invalid({f"facts.{name}": [{"rule": _rule(code)}] for name, code in error.rules.items()}) from error


def _rule(code: str) -> str:
    """The sentence for a fact is the one for any field, but where the reader must know that it is the weighing that refuses."""
    return SAID_OF_FACTS.get(code, code)


def proved(
    session: Session, order_id: str | None, keys: Sequence[str], on: date, findings: Collection[str] = ()
) -> dict[str, Any]:
    """The facts about the order that these offences ask for, as JSON; nothing where there is no order. `findings`: those that
    the case is about, none for all of the order."""
    order = session.get(Order, order_id) if order_id else None
    wanted = {fact.name for key in keys for fact in asked_of(key, on)} & set(PROVED)
    if order is None or order.stage == OrderStage.WITHDRAWN or not wanted:
        return {}  # of an order that was withdrawn nobody had to do anything
    told: dict[str, Any] = {
        "order_number": order.number,
        "ordered_on": day_of(order.issued_at).isoformat(),
        "deadline": order.due_on.isoformat(),
    }
    if (checked := _recheck(session, order, findings)) is not None:
        told |= {"rechecked_on": checked[0].isoformat(), "recheck_failed": checked[1]}
    return {name: value for name, value in told.items() if name in wanted}


def without_proved(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What an officer entered: what the registers say is never his to enter."""
    return {name: value for name, value in facts.items() if name not in PROVED}


def _recheck(session: Session, order: Order, findings: Collection[str]) -> tuple[date, bool] | None:
    """The day of the re-check that counts and whether it failed: a report that was answered, or a visit for it.

    The first that failed after the day of the order: what is put right later does not undo that the day was missed. Where none
    did, the last one. A report fails for a finding only if that finding was not accepted.
    """
    reports = select(Rectification).where(
        Rectification.order_id == order.id,
        Rectification.stage.in_((RectificationStage.ACCEPTED, RectificationStage.RETURNED)),
    )
    visits = select(Inspection.ended_at, Inspection.findings_count).where(
        Inspection.rechecks == order.id,
        Inspection.kind == InspectionKind.RECHECK,
        Inspection.site_id == order.site_id,
        Inspection.stage == InspectionStage.COMPLETED,
    )
    asked = {each["finding_id"] for each in rectifications.demanded(session, order)}
    about = asked.intersection(findings) or asked
    found = [(day_of(each.decided_at), _fails(each, about)) for each in session.scalars(reports) if each.decided_at]
    found += [(day_of(at), count > 0) for at, count in session.execute(visits) if at]
    missed = [each for each in found if each[1] and each[0] > order.due_on]
    return min(missed) if missed else max(found, default=None)


def _fails(report: Rectification, about: Collection[str]) -> bool:
    accepted = report.outcome["wanted"]["accepted"] if report.outcome else ()
    return report.stage == RectificationStage.RETURNED and not set(about).issubset(accepted)


def conduct_keys(session: Session, order: Order | None, finding_ids: Sequence[str], case_id: str) -> list[str]:
    """What the database holds so that one act is fined once (T26): the findings, of whichever order of the same chain they
    now stand under; else the first order of the chain; else the case itself (a clue of which nothing is registered).

    Refuses `Invalid` for findings of other orders.
    """
    if order is None:
        if finding_ids:
            raise Invalid.field("finding_ids", "not_of_this_order")
        return [f"case:{case_id}"]
    chain = _chain(session, order)
    known = set(session.scalars(select(Finding.id).where(Finding.order_id.in_(chain))))
    if not known.issuperset(finding_ids):
        raise Invalid.field("finding_ids", "not_of_this_order")
    chosen = set(finding_ids) or known
    return [f"{FINDING}{each}" for each in sorted(chosen)] or [f"order:{chain[0]}"]


def _chain(session: Session, order: Order) -> list[str]:
    """The ids of the orders that repeat each other, the first one first."""
    chain = [order.id]
    first = order
    while first.follows and len(chain) < LONGEST_CHAIN and (before := session.get(Order, first.follows)):
        chain.insert(0, before.id)
        first = before
    later = session.scalar(select(func.max(Order.id)).where(Order.follows == order.id))
    while later and len(chain) < LONGEST_CHAIN:
        chain.append(later)
        later = session.scalar(select(func.max(Order.id)).where(Order.follows == later))
    return chain
