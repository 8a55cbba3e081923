"""The roster of an agency's enforcement officers (执法人员), and the firms from which each has to keep away (回避).

Who holds no valid certificate may not inspect (国办发〔2024〕54号). Interests: 行政处罚法 Art. 43, 国办发〔2015〕58号.
"""

from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from chassis import journal
from chassis.clock import Clock, day_of
from chassis.commands import remember, repeated
from chassis.database import Sessions, transaction
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.identifiers import new_id
from chassis.principal import Principal
from enforcement.cases import people
from enforcement.models import Firm, Interest, Officer
from enforcement.permissions import ROSTER, permit

TWICE = ("uq_officer_certificate", "uq_officer_user_id")
Reply = dict[str, Any]


def enter_officer(
    sessions: Sessions,
    principal: Principal,
    clock: Clock,
    *,
    key: str | None,
    name: str,
    certificate_number: str,
    certificate_valid_to: date,
    user_id: str | None,
) -> Reply:
    """By the agency's administrator or head. `user_id`: his account in this agency, if he has one.

    Refuses `Invalid` for a certificate that has run out, `Conflict("certificate_on_roster")` and
    `Conflict("account_on_roster")` for one that some officer has already.
    """
    permit("keep_roster", principal)
    today = day_of(clock())
    if certificate_valid_to < today:
        raise Invalid.field("certificate_valid_to", "out_of_range", min=today.isoformat())
    officer = Officer(
        id=new_id(),
        agency_id=principal.organisation_id,
        name=name,
        user_id=user_id,
        certificate_number=certificate_number,
        certificate_valid_to=certificate_valid_to,
        entered_at=clock(),
        entered_by=dict(principal.brief()),
    )
    try:
        return _enter(sessions, principal, clock, key, officer)
    except IntegrityError as clash:
        broken = getattr(getattr(clash.orig, "diag", None), "constraint_name", "")
        if broken not in TWICE:
            raise
        raise Conflict("certificate_on_roster" if broken == TWICE[0] else "account_on_roster") from clash


def _enter(sessions: Sessions, principal: Principal, clock: Clock, key: str | None, officer: Officer) -> Reply:
    request = {
        "name": officer.name,
        "certificate_number": officer.certificate_number,
        "certificate_valid_to": officer.certificate_valid_to.isoformat(),
        "user_id": officer.user_id,
    }
    with transaction(sessions) as session:
        if (reply := repeated(session, key, "enter_officer", request)) is not None:
            return reply
        session.add(officer)
        session.flush()
        reply = {"officer_id": officer.id}
        remember(session, key, "enter_officer", request, reply)
        journal.write(session, principal, "enter_officer", officer.id, request, clock=clock)
        return reply


def remove_officer(sessions: Sessions, principal: Principal, clock: Clock, *, officer_id: str) -> Reply:
    """He goes on no inspection any more; what he did stays on record. A repeat changes nothing."""
    permit("keep_roster", principal)
    with transaction(sessions) as session:
        officer = _officer(session, principal, officer_id)
        if officer.removed_at is None:
            officer.removed_at = clock()
            journal.write(session, principal, "remove_officer", officer.id, {"name": officer.name}, clock=clock)
        return {"officer_id": officer.id}


def enter_interest(
    sessions: Sessions,
    principal: Principal,
    clock: Clock,
    *,
    key: str | None,
    officer_id: str,
    firm: str,
    reason: str,
    since: date,
    until: date | None,
) -> Reply:
    """By the officer himself, or by who keeps the roster. `firm`: its name or its credit code.

    Refuses `Invalid` for a firm that nobody knows, or of whose name there are several, and for an end before the beginning.
    """
    permit("enter_interest", principal)
    if until is not None and until < since:
        raise Invalid.field("until", "out_of_range", min=since.isoformat())
    dates = {"since": since.isoformat(), "until": until.isoformat() if until else None}
    request = {"officer_id": officer_id, "firm": firm, "reason": reason, **dates}
    with transaction(sessions) as session:
        if (reply := repeated(session, key, "enter_interest", request)) is not None:
            return reply
        officer = _own(session, principal, officer_id)
        interest = Interest(
            id=new_id(),
            officer_id=officer.id,
            firm_id=people.firm_named(session, firm, "firm").id,
            reason=reason,
            since=since,
            until=until,
            entered_at=clock(),
            entered_by=dict(principal.brief()),
        )
        session.add(interest)
        session.flush()
        reply = {"interest_id": interest.id}
        remember(session, key, "enter_interest", request, reply)
        journal.write(session, principal, "enter_interest", officer.id, request | reply, clock=clock)
        return reply


def end_interest(sessions: Sessions, principal: Principal, clock: Clock, *, interest_id: str, until: date) -> Reply:
    """The last day on which he has to keep away from that firm; one that has begun is not undone, it ends.

    By who keeps the roster, of anybody but himself: nobody lifts the bar on himself.
    """
    permit("keep_roster", principal)
    with transaction(sessions) as session:
        interest = session.get(Interest, interest_id)
        if interest is None:
            raise NotFound("interest_unknown")
        officer = _officer(session, principal, interest.officer_id)
        if officer.user_id == principal.user_id:
            raise Forbidden("not_permitted", act="end_interest")
        if until < interest.since:
            raise Invalid.field("until", "out_of_range", min=interest.since.isoformat())
        if interest.until != until:
            interest.until = until
            told = {"interest_id": interest.id, "until": until.isoformat()}
            journal.write(session, principal, "end_interest", officer.id, told, clock=clock)
        return {"interest_id": interest.id}


def list_officers(sessions: Sessions, principal: Principal, clock: Clock) -> Reply:
    """Those on the roster of the principal's agency by name, each with the firms that he keeps away from. Why he does, only
    he himself and who keeps the roster are told."""
    permit("list_officers", principal)
    with transaction(sessions) as session:
        wanted = select(Officer).where(Officer.agency_id == principal.organisation_id, Officer.removed_at.is_(None))
        officers = session.scalars(wanted.order_by(Officer.name, Officer.id)).all()
        kept = _interests(session, [each.id for each in officers], day_of(clock()))
        return {
            "items": [_item(each, principal, kept.get(each.id, [])) for each in officers],
            "may_keep": keeps_roster(principal),
        }


def keeps_roster(principal: Principal) -> bool:
    return bool(ROSTER & set(principal.roles))


def _item(officer: Officer, principal: Principal, interests: list[Reply]) -> Reply:
    is_me = officer.user_id == principal.user_id
    knows_why = is_me or keeps_roster(principal)
    return {
        "officer_id": officer.id,
        "name": officer.name,
        "certificate_number": officer.certificate_number,
        "certificate_valid_to": officer.certificate_valid_to,
        "user_id": officer.user_id,
        "is_me": is_me,
        "interests": [each if knows_why else each | {"reason": ""} for each in interests],
    }


def _interests(session: Session, officer_ids: list[str], today: date) -> dict[str, list[Reply]]:
    """Those that hold or will, by officer."""
    wanted = select(Interest, Firm.name).join(Firm, Firm.id == Interest.firm_id)
    wanted = wanted.where(Interest.officer_id.in_(officer_ids), or_(Interest.until.is_(None), Interest.until >= today))
    found: dict[str, list[Reply]] = {}
    for interest, firm_name in session.execute(wanted.order_by(Interest.since, Interest.id)):
        found.setdefault(interest.officer_id, []).append(
            {
                "interest_id": interest.id,
                "firm_id": interest.firm_id,
                "firm_name": firm_name,
                "reason": interest.reason,
                "since": interest.since,
                "until": interest.until,
            }
        )
    return found


def _officer(session: Session, principal: Principal, officer_id: str) -> Officer:
    wanted = select(Officer).where(Officer.id == officer_id, Officer.agency_id == principal.organisation_id)
    officer = session.scalars(wanted.with_for_update()).one_or_none()
    if officer is None:
        raise NotFound("officer_unknown")
    return officer


def _own(session: Session, principal: Principal, officer_id: str) -> Officer:
    officer = _officer(session, principal, officer_id)
    if officer.user_id != principal.user_id and not keeps_roster(principal):
        raise Forbidden("not_permitted", act="enter_interest")
    return officer
