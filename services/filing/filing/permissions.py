"""Who may do what, and to whose things: one table. A thing outside his sight is not there for him (`NotFound`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from chassis.errors import Forbidden, NotFound
from chassis.principal import Principal

ENTERPRISE, AGENCY, PLATFORM, SERVICE = "enterprise", "agency", "platform", "service"
NOBODY_YET = ""  # the gateway's principal for somebody who registers
CLERKS = ("administrator", "clerk")
DECIDING = ("acceptor", "reviewer", "approver")
OFFICERS = ("administrator", "acceptor", "reviewer", "approver", "editor")


class Whose(StrEnum):
    """Whose things a right reaches to: one's own, those one's signature is asked for, those one's agency handles,
    those in one's area, or anybody's."""

    OWN = "own"
    ASKED = "asked"
    HANDLED = "handled"
    AREA = "area"
    ANY = "any"


@dataclass(frozen=True)
class Right:
    who: str
    roles: tuple[str, ...]
    whose: Whose


@dataclass(frozen=True)
class Of:
    """Whose a thing is: organisations that it belongs to, that are asked to sign it, that otherwise see it; the agency
    that handles it; the area in which agencies see it ("" none)."""

    owners: tuple[str | None, ...] = ()
    asked: tuple[str | None, ...] = ()
    viewers: tuple[str | None, ...] = ()
    agency_id: str | None = None
    area: str = ""


RIGHTS: dict[str, tuple[Right, ...]] = {
    "start_application": (Right(ENTERPRISE, CLERKS, Whose.ANY),),
    "save_draft": (Right(ENTERPRISE, CLERKS, Whose.OWN),),
    "submit_application": (Right(ENTERPRISE, CLERKS, Whose.OWN),),
    "withdraw_application": (Right(ENTERPRISE, CLERKS, Whose.OWN),),
    "check_application": (
        Right(ENTERPRISE, CLERKS, Whose.OWN),
        Right(AGENCY, ("acceptor", "reviewer", "approver"), Whose.HANDLED),
    ),
    "countersign_application": (Right(ENTERPRISE, CLERKS, Whose.ASKED),),
    "accept_application": (Right(AGENCY, ("acceptor",), Whose.HANDLED),),
    "return_application": (Right(AGENCY, ("acceptor", "reviewer", "approver"), Whose.HANDLED),),
    "review_application": (Right(AGENCY, ("reviewer",), Whose.HANDLED),),
    "approve_application": (Right(AGENCY, ("approver",), Whose.HANDLED),),
    "reject_application": (Right(AGENCY, ("approver",), Whose.HANDLED),),
    "unmask_application": (Right(AGENCY, DECIDING, Whose.HANDLED),),
    "ask_for_claims": (Right(SERVICE, ("service",), Whose.ANY),),
    "find_used_files": (Right(SERVICE, ("service",), Whose.ANY),),
    "register_enterprise": (Right(NOBODY_YET, ("registrant",), Whose.ANY),),
    "sign_in_profile": (Right(SERVICE, ("service",), Whose.ANY),),
    "create_agency": (Right(PLATFORM, ("operator",), Whose.ANY), Right(AGENCY, ("administrator",), Whose.ANY)),
    "record_stoppage": (Right(AGENCY, DECIDING, Whose.HANDLED),),
    "record_resumption": (Right(AGENCY, DECIDING, Whose.HANDLED),),
    "record_works_acceptance": (Right(AGENCY, DECIDING, Whose.HANDLED),),
    "close_project": (Right(AGENCY, ("approver",), Whose.HANDLED),),
    "merge_projects": (Right(AGENCY, ("approver",), Whose.HANDLED),),
    "suspend_certificate": (Right(AGENCY, ("approver",), Whose.HANDLED),),
    "resume_certificate": (Right(AGENCY, ("approver",), Whose.HANDLED),),
    "cancel_certificate": (Right(AGENCY, ("approver",), Whose.HANDLED),),
    "reissue_certificate": (Right(AGENCY, ("approver",), Whose.HANDLED),),
    "write_work_log": (Right(ENTERPRISE, CLERKS, Whose.OWN),),
    "read_figures": (Right(AGENCY, OFFICERS, Whose.ANY),),
    "publish_bulletin": (Right(AGENCY, ("editor",), Whose.ANY),),
    "change_bulletin": (Right(AGENCY, ("editor",), Whose.HANDLED),),
    "publish_download": (Right(AGENCY, ("editor",), Whose.ANY),),
    "change_download": (Right(AGENCY, ("editor",), Whose.HANDLED),),
}


def sees(principal: Principal, of: Of) -> bool:
    """Whether a thing is in his sight at all."""
    if principal.is_agency:
        return bool(of.area) and principal.watches(of.area)
    mine = principal.organisation_id
    return bool(mine) and mine in (*of.owners, *of.asked, *of.viewers)


def may(act: str, principal: Principal, of: Of) -> bool:
    """Whether the table gives him this act on this thing."""
    return any(_gives(right, principal, of) for right in RIGHTS[act])


def permit(act: str, principal: Principal, of: Of | None = None) -> None:
    """Refuses `NotFound` what he does not see, `Forbidden("not_permitted")` what he sees but may not do.

    Without `of` only the kind of organisation and the role are looked at.
    """
    if of is not None and not sees(principal, of):
        raise NotFound("not_found")
    if not may(act, principal, of or Of()):
        raise Forbidden("not_permitted", act=act)


def permit_sight(principal: Principal, of: Of) -> None:
    """Refuses `NotFound` what is outside his sight."""
    if not sees(principal, of):
        raise NotFound("not_found")


def acts_permitted(principal: Principal, of: Of, acts: Iterable[str]) -> list[str]:
    return [act for act in acts if may(act, principal, of)]


def _gives(right: Right, principal: Principal, of: Of) -> bool:
    if principal.organisation_kind != right.who or not set(principal.roles) & set(right.roles):
        return False
    return _reaches(right.whose, principal, of)


def _reaches(whose: Whose, principal: Principal, of: Of) -> bool:
    mine = principal.organisation_id
    return {
        Whose.ANY: True,
        Whose.OWN: bool(mine) and mine in of.owners,
        Whose.ASKED: bool(mine) and mine in of.asked,
        Whose.HANDLED: bool(mine) and mine == of.agency_id,
        Whose.AREA: bool(of.area) and principal.watches(of.area),
    }[whose]
