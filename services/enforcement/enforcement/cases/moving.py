"""One step of a case: who may, in which stage, once; with its paper, its line in the timeline and its entry in the journal.

def step(at: Step) -> Reply: ...
return moved(sessions, principal, clock, calendar, "close_case", key, request, step)
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import Session

from chassis import journal
from chassis.clock import Clock, day_of
from chassis.commands import remember, repeated
from chassis.database import Sessions, transaction
from chassis.errors import Conflict, Invalid, NotFound
from chassis.principal import Principal
from chassis.workdays import Calendar
from enforcement import documents
from enforcement.cases import flow, people, timing
from enforcement.discretion import offences
from enforcement.models import Case, CaseClock, Document, Firm, Site
from enforcement.permissions import permit, within
from enforcement.terms import DocumentKind
from enforcement.words import DOCUMENT_KINDS

Reply = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Step:
    """What a step works with: the case is locked, `today` is the day in Shanghai."""

    session: Session
    principal: Principal
    case: Case
    now: datetime
    today: date
    calendar: Calendar

    def start(self, clock_id: str, on: date | None = None) -> CaseClock:
        return timing.start(self.session, self.case, clock_id, on or self.today, self.calendar)

    def end(self, clock_id: str) -> CaseClock | None:
        return timing.end(self.session, self.case, clock_id, self.today)

    def paper(self, kind: DocumentKind, content: dict[str, Any], to_party: bool = False) -> Document:
        return paper(self.session, self.principal, self.now, self.case, kind, content, to_party)


def moved(
    sessions: Sessions,
    principal: Principal,
    clock: Clock,
    calendar: Calendar,
    act: str,
    key: str | None,
    told: dict[str, Any],
    step: Callable[[Step], dict[str, Any]],
) -> Reply:
    """Does `step` on the case named by `told`; what the step returns stands in the timeline.

    Refuses `NotFound("case_unknown")`, `Conflict("case_stage")` where the case stands elsewhere, `Forbidden("roles_not_apart")`,
    `Conflict("investigator_not_certified")` for what the investigators do, and what the step refuses. A repeat under the same
    key is answered the same and changes nothing.
    """
    permit(act, principal)
    now, request = clock(), plain(told)
    with transaction(sessions) as session:
        if (reply := repeated(session, key, act, request)) is not None:
            return reply
        case = locked(session, principal, told["case_id"])
        people.keep_apart(session, act, principal, case)
        if not flow.is_open(act, case.stage):
            raise Conflict("case_stage", stage=case.stage)
        if flow.MOVES[act].who == flow.INVESTIGATOR:
            people.refuse_uncertified(session, case, day_of(now))
        to = flow.MOVES[act].to
        at = Step(session=session, principal=principal, case=case, now=now, today=day_of(now), calendar=calendar)
        detail = step(at)
        case.stage = to or case.stage
        timing.write_act(session, case, act, now, principal, detail)
        reply = reply_of(case, detail)
        remember(session, key, act, request, reply)
        journal.write(session, principal, act, case.id, detail, clock=clock)
        return reply


def reply_of(case: Case, detail: dict[str, Any]) -> Reply:
    return {"case_id": case.id, "stage": case.stage, "number": detail.get("number")}


def locked(session: Session, principal: Principal, case_id: str) -> Case:
    case = session.scalars(select(Case).where(Case.id == case_id, sight(principal)).with_for_update()).one_or_none()
    if case is None:
        raise NotFound("case_unknown")
    if principal.is_agency and case.agency_id != principal.organisation_id:
        # The city and the province see a county's case; they do not handle it.
        raise Conflict("case_of_other_agency")
    return case


def sight(principal: Principal) -> ColumnElement[bool]:
    """An agency: the cases of its territory. An enterprise: those in which it is the party, once it was told of them."""
    if principal.is_service:
        return true()
    if principal.is_agency and principal.area:
        return within(Case.area, principal.area)
    if principal.is_enterprise and principal.organisation_id:
        told = or_(Case.noticed_at.is_not(None), Case.decision_id.is_not(None))
        return (Case.party_id == principal.organisation_id) & told
    return false()


def paper(
    session: Session,
    principal: Principal,
    now: datetime,
    case: Case,
    kind: DocumentKind,
    content: dict[str, Any],
    to_party: bool = False,
    leased: documents.Leased | None = None,
) -> Document:
    """A numbered document of the case; only what is for the party is addressed to it, and seen by it."""
    site = session.get(Site, case.site_id) if case.site_id else None
    agency = session.get(Firm, case.agency_id)
    common = {
        "title": DOCUMENT_KINDS[kind],
        "case_number": case.number,
        "agency_name": agency.name if agency else principal.organisation_name,
        "party_name": case.party_name,
        "party_kind": case.party_kind,
        "party_number": case.party_number,
        "conduct": [each.conduct for each in offences(day_of(now)) if each.key in case.offence_keys],
        "project_name": site.name if site else None,
        "project_number": site.number if site else None,
        "investigators": [
            {"name": each["name"], "certificate_number": each["certificate_number"]} for each in case.investigators
        ],
        "issued_at": now.isoformat(),
        "issued_by": dict(principal.brief()),
    }
    about = documents.About(
        subject_kind="case",
        subject_id=case.id,
        area=case.area,
        site_id=case.site_id,
        addressee_id=case.party_id if to_party else None,
    )
    return documents.issue(session, principal, now, kind, about, common | content, leased)


def reasons(case: Case) -> dict[str, Any]:
    """How the amount came about, as every paper that names one tells it: the trace with clause and date, line by line."""
    weighing = case.weighing or {}
    return {
        "clause": weighing.get("clause", ""),
        "weighing": weighing.get("text", ""),
        "several": weighing.get("several", ""),
        "measures": measures_of(case),
        "suggested": weighing.get("suggested", 0),
        "deviation": case.deviation,
    }


def measures_of(case: Case) -> list[str]:
    """What goes with the fine: always what the rule adds, and what is open in grave cases where that was chosen."""
    weighing = case.weighing or {}
    chosen = [*weighing.get("measures", []), *(weighing.get("measures_grave", []) if case.grave else [])]
    return [each["text"] for each in chosen]


def not_after(path: str, day: date, at: Step, since: date | None = None) -> None:
    """Refuses `Invalid` for a day to come, or before `since`."""
    if day > at.today or (since is not None and day < since):
        limits = {"max": at.today.isoformat()} | ({"min": since.isoformat()} if since else {})
        raise Invalid.field(path, "out_of_range", **limits)


def plain(told: dict[str, Any]) -> dict[str, Any]:
    """As JSON keeps it, so that a repeat is known as one."""
    return {name: value.isoformat() if isinstance(value, date | datetime) else value for name, value in told.items()}
