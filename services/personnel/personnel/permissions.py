"""Who may do what to whose people: one table, read at the top of every use case.

A refusal is `NotFound` for what lies outside a principal's sight, `Forbidden("not_permitted")` for what he may see
but not do.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from chassis.errors import Forbidden, NotFound
from chassis.principal import Principal
from personnel.terms import Claim


@dataclass(frozen=True)
class Who:
    """An organisation's kind; one of these roles of the user (none named: any); and whether only what is his own
    (an enterprise's staff, an agency's area)."""

    kind: str
    roles: tuple[str, ...] = ()
    only_own: bool = True


@dataclass(frozen=True)
class Whose:
    """What an act is about: the enterprise it belongs to, and the areas whose agencies watch it."""

    organisation_id: str | None = None
    areas: frozenset[str] = field(default_factory=frozenset)


STAFF_KEEPER = Who("enterprise", ("clerk",))
OFFICER = Who("agency", ("acceptor", "reviewer", "approver"))
SEES = (Who("enterprise"), Who("agency"))

ALLOWED: dict[str, tuple[Who, ...]] = {
    "list_people": SEES,
    "get_person": SEES,
    "list_locks": SEES,
    "get_person_holder": SEES,
    "summarise": SEES,
    # A pick-list of names and certificates, masked: an owner picks the contractor's manager, a contractor his drivers.
    "find_people": (Who("enterprise", only_own=False), Who("agency", only_own=False)),
    "unmask_person": (STAFF_KEEPER, OFFICER),
    "add_person": (STAFF_KEEPER,),
    "change_person": (STAFF_KEEPER,),
    "release_person": (STAFF_KEEPER,),
    "add_certificate": (STAFF_KEEPER,),
    "change_certificate": (STAFF_KEEPER,),
    "remove_certificate": (STAFF_KEEPER,),
    "import_staff": (STAFF_KEEPER,),
    "staff_template": (Who("enterprise", only_own=False), Who("agency", only_own=False)),
    "unlock_person": (Who("agency", ("approver",)),),
    # Claims come from filing, in its own name or in that of the enterprise that applies.
    "reserve": (Who("service", only_own=False), Who("enterprise")),
    "check": (Who("service", only_own=False), Who("enterprise", only_own=False), Who("agency", only_own=False)),
}


def permit(act: str, principal: Principal, whose: Whose) -> None:
    """Refuses `NotFound("person_unknown")` or `Forbidden("not_permitted")`; else says nothing."""
    if not sees(principal, whose) and all(who.only_own for who in ALLOWED[act]):
        raise NotFound("person_unknown")
    permit_kind(act, principal)


def permit_kind(act: str, principal: Principal) -> None:
    """The same for an act on nobody in particular: a list, an entry. Refuses `Forbidden("not_permitted")`."""
    if not any(_is(who, principal) for who in ALLOWED[act]):
        raise Forbidden("not_permitted", act=act)


def permit_claim(claim: Claim, principal: Principal) -> None:
    """A claim is made by filing, or in the name of the enterprise that applies; a mere check by whoever may read."""
    permit_kind("check" if claim.check_only else "reserve", principal)
    is_own = principal.is_service or principal.organisation_id == claim.applicant_id
    if not claim.check_only and not is_own:
        raise Forbidden("not_permitted", act="reserve")


def sees(principal: Principal, whose: Whose) -> bool:
    """An enterprise sees its own, an agency what lies in its area."""
    if principal.is_enterprise:
        return whose.organisation_id is not None and whose.organisation_id == principal.organisation_id
    return principal.is_agency and any(principal.watches(area) for area in whose.areas)


def whose(organisation_id: str | None, areas: Iterable[str | None]) -> Whose:
    return Whose(organisation_id, frozenset(area for area in areas if area))


def _is(who: Who, principal: Principal) -> bool:
    return who.kind == principal.organisation_kind and (not who.roles or bool(set(who.roles) & set(principal.roles)))
