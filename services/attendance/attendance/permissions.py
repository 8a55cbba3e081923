"""Who may do what, in one table: act → kinds of organisation, roles of an agency's officer."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from attendance.models import Duty, Site
from chassis.errors import Forbidden
from chassis.principal import Principal

# Whose people they are, by the post: the firm that has to staff it. Crews of lessors and installers are nobody's here.
PARTIES = {
    "project_manager": "contractor_id",
    "technical_lead": "contractor_id",
    "safety_officer": "contractor_id",
    "owner_lead": "owner_id",
    "chief_supervisor": "supervisor_id",
    "supervising_engineer": "supervisor_id",
}
ANY_ROLE: frozenset[str] = frozenset()
# Officers who handle matters: not everybody with an account at an agency need know where somebody was.
HANDLING = frozenset({"acceptor", "reviewer", "approver"})


@dataclass(frozen=True)
class Rule:
    """`who` names kinds of organisation; one of `roles` is needed of an agency's officer, if any are named."""

    who: frozenset[str]
    roles: frozenset[str] = ANY_ROLE

    def admits(self, principal: Principal) -> bool:
        if principal.organisation_kind not in self.who:
            return False
        return not (self.roles and principal.is_agency) or bool(self.roles & set(principal.roles))


RULES = {
    "open_device": Rule(frozenset({"enterprise"})),
    "close_device": Rule(frozenset({"enterprise", "agency"}), frozenset({"approver"})),
    "ask_leave": Rule(frozenset({"enterprise"})),
    "decide_leave": Rule(frozenset({"enterprise"})),
    "withdraw_leave": Rule(frozenset({"enterprise"})),
    "place_beacon": Rule(frozenset({"enterprise"})),
    "remove_beacon": Rule(frozenset({"enterprise"})),
    "reopen_month": Rule(frozenset({"agency"}), frozenset({"approver"})),
    "correct_day": Rule(frozenset({"agency"}), frozenset({"reviewer", "approver"})),
    "explain_absence": Rule(frozenset({"enterprise"})),
    "record_shift": Rule(frozenset({"enterprise"})),
    "decide_shift": Rule(frozenset({"enterprise"})),
    "withdraw_shift": Rule(frozenset({"enterprise"})),
    "record_leader_leave": Rule(frozenset({"enterprise"})),
    "withdraw_leader_leave": Rule(frozenset({"enterprise"})),
    "appeal_suspicion": Rule(frozenset({"enterprise"})),
    "decide_suspicion": Rule(frozenset({"agency"}), frozenset({"approver", "acceptor"})),
    "look_at_track": Rule(frozenset({"enterprise", "agency"}), HANDLING),
    "read_privacy_terms": Rule(frozenset({"enterprise", "agency", "platform", "service"})),
    # Not the platform's operators: who runs the machines need not know where people were.
    "read": Rule(frozenset({"enterprise", "agency", "service"})),
}


def permit(act: str, principal: Principal) -> None:
    """Refuses `Forbidden("not_permitted")` where the table does not let this principal do `act` at all."""
    if not RULES[act].admits(principal):
        raise Forbidden("not_permitted", act=act)


def sites_seen(principal: Principal) -> ColumnElement[bool]:
    """An agency: those of its territory. An enterprise: those on which it builds, owns or supervises."""
    if principal.is_service:
        return true()
    if principal.is_agency and principal.area:
        return or_(Site.area == principal.area, Site.area.startswith(f"{principal.area}.", autoescape=True))
    if principal.is_enterprise and principal.organisation_id:
        parties = (Site.owner_id, Site.contractor_id, Site.supervisor_id)
        return or_(*(party == principal.organisation_id for party in parties))
    return false()


def staffed_by(principal: Principal) -> ColumnElement[bool]:
    """Of a duty and its site: whether the principal's firm has to staff the post. Who speaks for a firm's people, and opens
    their phones, is that firm, and none of the others on the site."""
    if not (principal.is_enterprise and principal.organisation_id):
        return false()
    posts = ((role, getattr(Site, party)) for role, party in PARTIES.items())
    return or_(*(and_(Duty.role == role, firm == principal.organisation_id) for role, firm in posts))


def has_duty_in_sight(principal: Principal, person: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether somebody has, or had, a duty on a site that the principal sees."""
    there = select(Site.number).where(sites_seen(principal))
    return exists().where(Duty.person == person, Duty.site.in_(there))
