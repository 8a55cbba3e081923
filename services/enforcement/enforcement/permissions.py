"""Who may do what, in one table: act → kinds of organisation, roles of an agency's officer."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from chassis.errors import Forbidden
from chassis.principal import Principal
from enforcement.models import Site

ANY_ROLE: frozenset[str] = frozenset()
AGENCY, FIRM = frozenset({"agency"}), frozenset({"enterprise"})
ON_SITE = frozenset({"inspector"})
HANDLING = frozenset({"inspector", "acceptor", "reviewer", "approver"})
HEADS = frozenset({"approver"})
REVIEWERS = frozenset({"reviewer"})
DECIDING = ON_SITE | HEADS
ROSTER = frozenset({"administrator", "approver"})
PLANNING = frozenset({"inspector", "approver"})


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
    # documents
    "lease_numbers": Rule(AGENCY, ON_SITE),
    "serve_on_paper": Rule(AGENCY, HANDLING),
    # penalty cases
    "open_case": Rule(AGENCY, ON_SITE),
    "decide_on_the_spot": Rule(AGENCY, ON_SITE),
    "file_case": Rule(AGENCY, HEADS),
    "drop_case": Rule(AGENCY, HEADS),
    "extend_case": Rule(AGENCY, HEADS),
    "suspend_case": Rule(AGENCY, HEADS),
    "resume_case": Rule(AGENCY, HEADS),
    "replace_investigators": Rule(AGENCY, HEADS),
    "attach_evidence": Rule(AGENCY, ON_SITE),
    "hold_evidence": Rule(AGENCY, HEADS),
    "settle_evidence": Rule(AGENCY, HEADS),
    "record_discussion": Rule(AGENCY, HEADS),
    "conclude_investigation": Rule(AGENCY, ON_SITE),
    "review_case": Rule(AGENCY, REVIEWERS),
    "notify_party": Rule(AGENCY, ON_SITE),
    "serve_case": Rule(AGENCY, HANDLING),
    "answer_notice": Rule(AGENCY | FIRM, HANDLING),
    "set_hearing": Rule(AGENCY, REVIEWERS | HEADS),
    "record_hearing": Rule(AGENCY, REVIEWERS | HEADS),
    "return_case": Rule(AGENCY, HEADS),
    "decide_case": Rule(AGENCY, HEADS),
    "record_payment": Rule(AGENCY, HANDLING),
    "grant_time": Rule(AGENCY, HEADS),
    "remind_party": Rule(AGENCY, HANDLING),
    "apply_to_court": Rule(AGENCY, HANDLING),
    "record_challenge": Rule(AGENCY, HANDLING),
    "end_challenge": Rule(AGENCY, HANDLING),
    "publish_case": Rule(AGENCY, HANDLING),
    "unpublish_case": Rule(AGENCY, HANDLING),
    "close_case": Rule(AGENCY, HEADS),
    "weigh": Rule(AGENCY),
    # inspections
    "start_inspection": Rule(AGENCY, ON_SITE),
    "complete_inspection": Rule(AGENCY, ON_SITE),
    # orders
    "issue_order": Rule(AGENCY, ON_SITE),
    "decide_rectification": Rule(AGENCY, DECIDING),
    "lift_stop": Rule(AGENCY, DECIDING),
    "extend_order": Rule(AGENCY, HEADS),
    "withdraw_order": Rule(AGENCY, HEADS),
    "transfer_order": Rule(AGENCY, DECIDING),
    "answer_transfer": Rule(AGENCY, HANDLING),
    "save_rectification": Rule(FIRM),
    "submit_rectification": Rule(FIRM),
    "give_opinion": Rule(FIRM),
    # the gateway
    "find_used_files": Rule(frozenset({"service"})),
    # the roster, plans and draws
    "keep_roster": Rule(AGENCY, ROSTER),
    "enter_interest": Rule(AGENCY),  # his own, or by who keeps the roster
    "list_officers": Rule(AGENCY),
    "save_plan": Rule(AGENCY, PLANNING),
    "read_plan": Rule(AGENCY),
    "approve_plan": Rule(AGENCY, HEADS),
    "draw": Rule(AGENCY, PLANNING),
    # evidence
    "export_bundle": Rule(AGENCY, frozenset({"inspector", "reviewer", "approver"})),
    # what was done, and what is to be done
    "see_day": Rule(AGENCY),
    "see_figures": Rule(AGENCY),
    # anybody at all
    "verify_document": Rule(AGENCY | FIRM | frozenset({"service", "platform", ""})),
    # everybody concerned
    "read": Rule(AGENCY | FIRM | frozenset({"service"})),
}


def permit(act: str, principal: Principal) -> None:
    """Refuses `Forbidden("not_permitted")` where the table does not let this principal do `act` at all."""
    if not RULES[act].admits(principal):
        raise Forbidden("not_permitted", act=act)


def within(column: InstrumentedAttribute[str], area: str) -> ColumnElement[bool]:
    """Rows that lie in a territory."""
    return or_(column == area, column.startswith(f"{area}.", autoescape=True))


def sites_seen(principal: Principal) -> ColumnElement[bool]:
    """An agency: those of its territory. An enterprise: those on which it builds, owns or supervises."""
    if principal.is_service:
        return true()
    if principal.is_agency and principal.area:
        return within(Site.area, principal.area)
    if principal.is_enterprise and principal.organisation_id:
        parties = (Site.owner_id, Site.contractor_id, Site.supervisor_id)
        return or_(*(party == principal.organisation_id for party in parties))
    return false()
