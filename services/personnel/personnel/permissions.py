"""Who may do what, in one table: act → which kinds of principal, with which of the roles. Whose people is `sight`."""

from dataclasses import dataclass

from chassis.errors import Forbidden, NotFound
from chassis.principal import Principal
from personnel.models import Person, PersonLock
from personnel.terms import Claim, HoldStage

ANY_ROLE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rule:
    """One of `roles` is needed of the user, if any are named."""

    who: str
    roles: frozenset[str] = ANY_ROLE

    def admits(self, principal: Principal) -> bool:
        return principal.organisation_kind == self.who and (not self.roles or bool(self.roles & set(principal.roles)))


_READERS = (Rule("enterprise"), Rule("agency"), Rule("service"))
_STAFF_KEEPERS = (Rule("enterprise", frozenset({"administrator", "clerk"})),)

RULES = {
    "reserve": (Rule("enterprise"), Rule("service")),
    "check": _READERS,
    "read": _READERS,
    # A pick-list: an owner names the contractor's manager, a contractor the drivers that come with a crane. What is told
    # of somebody else's people is for `reading` to say.
    "find_people": _READERS,
    "find_used_files": (Rule("service"),),
    "add_person": _STAFF_KEEPERS,
    "change_person": _STAFF_KEEPERS,
    "release_person": _STAFF_KEEPERS,
    "import_staff": _STAFF_KEEPERS,
    # Only whose work needs it (decision on personal data): who files people, and who decides about them.
    "unmask_person": (
        Rule("enterprise", frozenset({"clerk"})),
        Rule("agency", frozenset({"acceptor", "reviewer", "approver"})),
    ),
    "unlock_person": (Rule("agency", frozenset({"approver"})),),
}


def may(act: str, principal: Principal) -> bool:
    """Whether the table lets this principal do `act` at all."""
    return any(rule.admits(principal) for rule in RULES[act])


def permit(act: str, principal: Principal) -> None:
    """Refuses `Forbidden("not_permitted")` where the table does not let this principal do `act` at all."""
    if not may(act, principal):
        raise Forbidden("not_permitted", act=act)


def permit_claim(claim: Claim, principal: Principal) -> None:
    """A claim is made by filing, or in the name of the enterprise that applies; a mere check by whoever may read."""
    permit("check" if claim.check_only else "reserve", principal)
    is_own = principal.is_service or principal.organisation_id == claim.applicant_id
    if not claim.check_only and not is_own:
        raise Forbidden("not_permitted", act="reserve")


def permit_on_person(act: str, principal: Principal, person: Person, locks: list[PersonLock]) -> None:
    """An enterprise acts on its own staff; an agency on people who work, or are locked, in its territory."""
    permit(act, principal)
    if principal.is_enterprise:
        is_his = person.employer_id == principal.organisation_id
    else:
        is_his = any(principal.watches(area) for area in (person.area, *(each.project.area for each in locks)))
    if not is_his:
        raise Forbidden("not_permitted", act=act)


def permit_unlocking(principal: Principal, lock: PersonLock) -> None:
    """R-P5: the agency that handles the project. Those above it see and give orders; they do not act in its place, here as
    in filing (decision 0026)."""
    permit("unlock_person", principal)
    project = lock.project
    is_his = principal.organisation_id == project.agency_id if project.agency_id else principal.area == project.area
    if not is_his:
        raise Forbidden("not_permitted", act="unlock_person", project_area=lock.project.area)


def acts_on(principal: Principal, person: Person, locks: list[PersonLock]) -> list[str]:
    """What the principal may do with this person: what his page offers."""
    acts = []
    for act in ("change_person", "release_person", "unmask_person"):
        try:
            permit_on_person(act, principal, person, locks)
        except Forbidden:
            continue
        acts.append(act)
    return acts


def unlockable(principal: Principal, locks: list[PersonLock]) -> list[str]:
    """The locks that the principal may release now: what an application in hand has reserved is decided there."""
    found = []
    for lock in locks:
        try:
            permit_unlocking(principal, lock)
        except Forbidden:
            continue
        if lock.stage == HoldStage.HELD:
            found.append(lock.id)
    return found


def unseen() -> NotFound:
    """Who is outside somebody's sight is not there for him."""
    return NotFound("person_unknown")
