"""Who handles a case: two officers with certificates (T31), and nobody in two roles."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from chassis.errors import Conflict, Forbidden, Invalid
from chassis.identifiers import mask_identity
from chassis.principal import Principal
from enforcement.cases import flow
from enforcement.cases.flow import Hands
from enforcement.models import Case, CaseAct, Firm, Interest, Officer, Site

FEWEST = 2
REPLACED, REVIEWED, HEARD = "replace_investigators", ("review_case",), ("set_hearing", "record_hearing")


def officers(
    session: Session, agency_id: str, ids: Sequence[str], on: date, party_id: str | None, path: str = "officer_ids"
) -> list[dict[str, Any]]:
    """The officers by id, as a case keeps them (行政处罚法 42: at least two, with certificates; 43: none with an interest).

    Refuses `Invalid` on the field `path`: two_officers_needed (T31), officer_unknown for somebody who is not on the agency's
    roster, officer_certificate_ended, officer_keeps_away for one who has an interest in the party.
    """
    wanted = dict.fromkeys(ids)
    if len(wanted) < FEWEST:
        raise Invalid.field(path, "two_officers_needed")
    rows = session.scalars(select(Officer).where(Officer.id.in_(wanted), Officer.agency_id == agency_id))
    found = {each.id: each for each in rows if each.removed_at is None}
    if len(found) < len(wanted):
        raise Invalid.field(path, "officer_unknown")
    for each in found.values():
        if each.certificate_valid_to < on:
            raise Invalid.field(path, "officer_certificate_ended", name=each.name)
    away = keeping_away(session, party_id, on)
    for each in found.values():
        if each.id in away:
            raise Invalid.field(path, "officer_keeps_away", name=each.name)
    return [
        {
            "officer_id": each.id,
            "name": each.name,
            "user_id": each.user_id,
            "certificate_number": each.certificate_number,
        }
        for each in (found[id_] for id_ in wanted)
    ]


def keeping_away(session: Session, party_id: str | None, on: date) -> set[str]:
    """The officers who have said that they have an interest in the firm on that day."""
    if party_id is None:
        return set()
    holds = (Interest.since <= on) & or_(Interest.until.is_(None), Interest.until >= on)
    return set(session.scalars(select(Interest.officer_id).where(Interest.firm_id == party_id, holds)))


def refuse_uncertified(session: Session, case: Case, on: date) -> None:
    """Refuses `Conflict("investigator_not_certified")` while one of the investigators has left the roster or his certificate has
    ended: what they do would be void (行政处罚法 42)."""
    ids = {each["officer_id"]: each["name"] for each in case.investigators}
    holds = (Officer.removed_at.is_(None), Officer.certificate_valid_to >= on)
    good = set(session.scalars(select(Officer.id).where(Officer.id.in_(ids), *holds)))
    if gone := [name for id_, name in ids.items() if id_ not in good]:
        raise Conflict("investigator_not_certified", name="、".join(gone))


def hands_of(session: Session, case: Case) -> Hands:
    """Whose hands the case went through, out of its timeline."""
    wanted = select(CaseAct.act, CaseAct.by, CaseAct.detail).where(CaseAct.case_id == case.id)
    rows = session.execute(wanted.where(CaseAct.act.in_((REPLACED, *REVIEWED, *HEARD)))).all()
    left = [detail["leaves"] for act, _, detail in rows if act == REPLACED]
    gone = session.scalars(select(Officer.user_id).where(Officer.id.in_(left))) if left else ()
    return Hands(
        investigators=frozenset(each["user_id"] for each in case.investigators),
        former=frozenset(gone),
        reviewers=frozenset(by["user_id"] for act, by, _ in rows if act in REVIEWED),
        hosts=frozenset(by["user_id"] for act, by, _ in rows if act in HEARD),
    )


def keep_apart(session: Session, act: str, principal: Principal, case: Case) -> None:
    """Refuses `Forbidden("roles_not_apart")` where he investigates the case or did, and must not, or must and does not; and
    `Forbidden("not_permitted")` for a firm whose case it is not."""
    who = flow.MOVES[act].who
    if may(act, principal, case, hands_of(session, case)):
        return
    if principal.is_enterprise:
        raise Forbidden("not_permitted", act=act)
    raise Forbidden("roles_not_apart", act=act, who=who)


def may(act: str, principal: Principal, case: Case, hands: Hands) -> bool:
    """The same as a question."""
    who = flow.MOVES[act].who
    if principal.is_enterprise:
        return who == flow.PARTY and case.party_id == principal.organisation_id
    return flow.is_apart(who, principal.user_id, hands)


def firm_named(session: Session, told: str, path: str) -> Firm:
    """The enterprise of this full name or credit code. Refuses `Invalid` on the field `path`: firm_unknown, firm_ambiguous."""
    wanted = select(Firm).where(Firm.kind == "enterprise", or_(Firm.name == told, Firm.credit_code == told.upper()))
    found = session.scalars(wanted.limit(2)).all()
    if len(found) != 1:
        raise Invalid.field(path, "firm_ambiguous" if found else "firm_unknown")
    return found[0]


def party(session: Session, told: dict[str, Any], site: Site | None) -> dict[str, Any]:
    """The party's columns from what was told: a firm by its id, or by name or credit code, as a lessor or an installer that is no
    party of the site; or a person by name with his number, kept masked.

    Refuses `Invalid` for none of them, and for a firm that is unknown or an agency.
    """
    firm = session.get(Firm, told["party_id"]) if told.get("party_id") else None
    if told.get("party_id") and (firm is None or firm.kind != "enterprise"):
        raise Invalid.field("party_id", "unknown_firm")
    if firm is None and told.get("party_firm"):
        firm = firm_named(session, told["party_firm"], "party_firm")
    if firm is not None:
        return {
            "party_kind": "firm",
            "party_id": firm.id,
            "party_name": firm.name,
            "party_number": firm.credit_code,
            "party_key": f"firm:{firm.id}",
        }
    name = told.get("party_name")
    if not name:
        raise Invalid.field("party_name", "required")
    number = mask_identity(told.get("party_number") or "")
    return {
        "party_kind": "person",
        "party_id": None,
        "party_name": name,
        "party_number": number or None,
        "party_key": f"person:{name}:{number or (site.id if site else '')}",
    }
