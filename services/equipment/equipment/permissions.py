"""Who may do what, in one table: act → kinds of principal, roles. Whose things they are is for `queries` to say."""

from dataclasses import dataclass

from chassis.errors import Forbidden
from chassis.principal import Principal
from equipment.models import Machine, MachineLock
from equipment.terms import Claim, HoldStage, MachineStage

ANY_ROLE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rule:
    """`who` names kinds of organisation; one of `roles` is needed of an agency's officer, if any are named."""

    who: frozenset[str]
    roles: frozenset[str] = ANY_ROLE

    def admits(self, principal: Principal) -> bool:
        if principal.organisation_kind not in self.who:
            return False
        return not self.roles or bool(self.roles & set(principal.roles))


_READERS = frozenset({"enterprise", "agency", "platform", "service"})
_DECIDERS = frozenset({"approver"})

RULES = {
    "reserve": Rule(frozenset({"enterprise", "service"})),
    "check": Rule(_READERS),
    "read": Rule(_READERS),
    "unlock_machine": Rule(frozenset({"agency"}), _DECIDERS),
    "freeze_machine": Rule(frozenset({"agency"}), _DECIDERS),
    "thaw_machine": Rule(frozenset({"agency"}), _DECIDERS),
    "retire_machine": Rule(frozenset({"agency"}), _DECIDERS),
}


def permit(act: str, principal: Principal) -> None:
    """Refuses `Forbidden("not_permitted")` where the table does not let this principal do `act` at all."""
    if not RULES[act].admits(principal):
        raise Forbidden("not_permitted", act=act)


def permit_claim(claim: Claim, principal: Principal) -> None:
    """A claim is made by filing, or in the name of the enterprise that applies; a mere check by whoever may read."""
    permit("check" if claim.check_only else "reserve", principal)
    is_own = principal.is_service or principal.organisation_id == claim.applicant.organisation_id
    if not claim.check_only and not is_own:
        raise Forbidden("not_permitted", act="reserve")


def permit_unlocking(principal: Principal, lock: MachineLock) -> None:
    """R-E4: the agency that handles the project. Those above it see and give orders; they do not act in its place, here as
    in filing (decision 0026)."""
    permit("unlock_machine", principal)
    if not _is_of(principal, lock.project.agency_id, lock.project.area):
        raise Forbidden("not_permitted", act="unlock_machine", project_area=lock.project.area)


def permit_on_machine(act: str, principal: Principal, machine: Machine, lock: MachineLock | None) -> None:
    """Retiring is for the agency that filed the machine. A danger is stopped by whoever sees it: any agency, of any level,
    in whose territory the machine's owner or its project is freezes and thaws it."""
    permit(act, principal)
    if act == "retire_machine":
        may = _is_of(principal, machine.agency_id, machine.owner_area)
    else:
        areas = [machine.owner_area, *([lock.project.area] if lock is not None else [])]
        may = any(principal.watches(area) for area in areas)
    if not may:
        raise Forbidden("not_permitted", act=act)


def _is_of(principal: Principal, agency_id: str | None, area: str) -> bool:
    """Whether he is of this agency; where none is known, of that of the area itself."""
    return principal.organisation_id == agency_id if agency_id else principal.area == area


def acts_on(principal: Principal, machine: Machine, lock: MachineLock | None) -> list[str]:
    """What this principal may do to the machine as it stands now: what a page offers."""
    return [
        act
        for act, is_possible in _possible(machine, lock).items()
        if is_possible and _may(act, principal, machine, lock)
    ]


def _possible(machine: Machine, lock: MachineLock | None) -> dict[str, bool]:
    return {
        "unlock_machine": lock is not None and lock.stage == HoldStage.HELD,
        "freeze_machine": machine.frozen_since is None and machine.stage != MachineStage.CANCELLED,
        "thaw_machine": machine.frozen_since is not None,
        "retire_machine": machine.stage == MachineStage.FILED and lock is None,
    }


def _may(act: str, principal: Principal, machine: Machine, lock: MachineLock | None) -> bool:
    try:
        if act == "unlock_machine" and lock is not None:
            permit_unlocking(principal, lock)
        else:
            permit_on_machine(act, principal, machine, lock)
    except Forbidden:
        return False
    return True
