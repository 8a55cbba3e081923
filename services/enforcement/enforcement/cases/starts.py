"""What a form needs before a case is opened, and the calculator without a case."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.errors import NotFound
from chassis.principal import Principal
from enforcement import discretion
from enforcement.cases import grounds, judging
from enforcement.cases.moving import sight
from enforcement.models import Case, CaseConduct, Finding, Firm, Inspection, Officer, Order, Site
from enforcement.permissions import permit, within

Reply = dict[str, Any]
PARTIES = ("contractor_id", "supervisor_id", "owner_id")


def list_offences(principal: Principal, clock: Clock) -> Reply:
    """All rules in force today, in the order of the laws."""
    permit("read", principal)
    return {
        "items": [
            {
                "offence_key": each.key,
                "clause": each.clause(),
                "subject": each.subject,
                "party": each.party,
                "conduct": each.conduct,
                "shape": each.shape,
                "confirmed": each.confirmed,
                "decided_by": each.decided_by,
            }
            for each in discretion.offences(day_of(clock()))
        ]
    }


def get_offence(principal: Principal, clock: Clock, *, offence_key: str) -> Reply:
    """One rule with the facts that the calculator asks: from these a page draws its form."""
    permit("read", principal)
    on = day_of(clock())
    return _offence(offence_key, on) | {"facts": facts_asked([offence_key], on)}


def weigh_penalty(
    principal: Principal, clock: Clock, *, offence_keys: list[str], facts: Reply, on: date | None, amount: int | None
) -> Reply:
    """The calculator without a case: what these facts weigh, and how an amount stands to it. The same request gives the same
    text, byte for byte.

    Refuses `NotFound("offence_unknown")`, `Invalid` for facts that cannot be used.
    """
    permit("weigh", principal)
    return _weighing(grounds.weigh(list(dict.fromkeys(offence_keys)), facts, on or day_of(clock())), amount)


def weigh_case(
    sessions: Sessions, principal: Principal, clock: Clock, *, case_id: str, facts: Reply, amount: int | None
) -> Reply:
    """What a case would weigh by these facts, with what the registers prove of its order: before it is concluded, and nothing
    of it is kept. Refuses `NotFound("case_unknown")`, `Invalid` for facts that cannot be used."""
    permit("weigh", principal)
    on = day_of(clock())
    with transaction(sessions) as session:
        case = session.scalars(select(Case).where(Case.id == case_id, sight(principal))).one_or_none()
        if case is None:
            raise NotFound("case_unknown")
        given = judging.entered(case.offence_keys, facts, case.party_kind, on)
        return _weighing(judging.weighed(session, case, on, given), amount)


def _weighing(found: grounds.Weighed, amount: int | None) -> Reply:
    judged = discretion.judge_amount(found.chosen, amount) if amount is not None else None
    told = {"verdict": judged.verdict, "text": judged.text, "needs": list(judged.needs)} if judged else None
    return {"weighing": found.plain, "judged": told}


def get_case_start(
    sessions: Sessions,
    principal: Principal,
    clock: Clock,
    *,
    order_id: str | None,
    project_id: str | None,
    offence_keys: list[str],
) -> Reply:
    """Everything that the form of a new case is drawn from: the order with its findings, the parties, the officers of the agency
    (those of the inspection first), the facts to ask, and what the registers already prove.

    Refuses `NotFound("order_unknown")`, `NotFound("project_unknown")`.
    """
    permit("weigh", principal)
    on = day_of(clock())
    with transaction(sessions) as session:
        order = session.get(Order, order_id) if order_id else None
        if order_id and (order is None or not principal.watches(order.area)):
            raise NotFound("order_unknown")
        site_id = order.site_id if order else project_id
        site = session.get(Site, site_id) if site_id else None
        if site_id and (site is None or not principal.watches(site.area)):
            raise NotFound("project_unknown")
        return {
            "order": _order(session, order) if order else None,
            "project_id": site.id if site else None,
            "project_name": site.name if site else None,
            "parties": _parties(session, site),
            "officers": _officers(session, principal, order, on),
            "offences": [_offence(each, on) for each in offence_keys],
            "facts": facts_asked(offence_keys, on),
            "proved": grounds.proved(session, order_id, offence_keys, on),
            "sites": [] if site else _sites(session, principal),
        }


def facts_asked(keys: Sequence[str], on: date) -> list[Reply]:
    """The facts of all these rules, each once, as a form draws them."""
    asked = {fact.name: fact for key in keys for fact in grounds.asked_of(key, on)}
    return [
        {
            "name": each.name,
            "kind": each.kind,
            "label": each.label,
            "help": each.help,
            "default": each.default,
            "required": each.required,
            "at_least": each.at_least,
            "choices": dict(each.choices),
        }
        for each in asked.values()
    ]


def _offence(key: str, on: date) -> Reply:
    try:
        each = discretion.offence(key, on)
    except discretion.UnknownOffence as error:
        raise NotFound("offence_unknown", offence_key=key) from error
    return {
        "offence_key": each.key,
        "clause": each.clause(),
        "conduct": each.conduct,
        "subject": each.subject,
        "shape": each.shape,
    }


def _order(session: Session, order: Order) -> Reply:
    wanted = select(Finding.id, Finding.description, Finding.clause).where(Finding.order_id == order.id)
    found = session.execute(wanted.order_by(Finding.place_in)).all()
    taken = select(CaseConduct.act_key, CaseConduct.case_id).where(
        CaseConduct.act_key.in_([f"finding:{id_}" for id_, _, _ in found])
    )
    cases = dict(session.execute(taken).all())
    return {
        "order_id": order.id,
        "number": order.number,
        "kind": order.kind,
        "stage": order.stage,
        "due_on": order.due_on,
        "addressee_id": order.addressee_id,
        "findings": [
            {"finding_id": id_, "description": text, "clause": clause, "case_id": cases.get(f"finding:{id_}")}
            for id_, text, clause in found
        ],
    }


def _parties(session: Session, site: Site | None) -> list[Reply]:
    if site is None:
        return []
    ids = [getattr(site, name) for name in PARTIES]
    names = dict(session.execute(select(Firm.id, Firm.name).where(Firm.id.in_([id_ for id_ in ids if id_]))).all())
    return [{"party_id": id_, "name": names[id_]} for id_ in dict.fromkeys(ids) if id_ in names]


def _officers(session: Session, principal: Principal, order: Order | None, on: date) -> list[Reply]:
    """On the roster with a certificate that is good today. `chosen`: of the inspection; else who asks."""
    visit = session.get(Inspection, order.inspection_id) if order and order.inspection_id else None
    there = {each.get("officer_id") for each in visit.officers} if visit else set()
    wanted = select(Officer).where(Officer.agency_id == principal.organisation_id, Officer.removed_at.is_(None))
    rows = session.scalars(wanted.where(Officer.certificate_valid_to >= on).order_by(Officer.name, Officer.id))
    return [
        {"officer_id": each.id, "name": each.name, "chosen": each.id in there or each.user_id == principal.user_id}
        for each in rows
    ]


MOST_SITES = 200


def _sites(session: Session, principal: Principal) -> list[Reply]:
    wanted = select(Site.id, Site.name).where(within(Site.area, principal.area), Site.merged_into.is_(None))
    rows = session.execute(wanted.order_by(Site.name, Site.id).limit(MOST_SITES))
    return [{"project_id": id_, "name": name} for id_, name in rows]
