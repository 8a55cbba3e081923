"""Steps beside a case's way: evidence held in advance and what becomes of it, what is tested meanwhile, and what the heads
discussed together."""

from typing import Any

from chassis.clock import Clock
from chassis.database import Sessions
from chassis.errors import Conflict
from chassis.principal import Principal
from chassis.workdays import Calendar
from enforcement import evidence
from enforcement.cases import timing
from enforcement.cases.moving import Reply, Step, moved
from enforcement.files import Look, look_at
from enforcement.models import Site
from enforcement.terms import DocumentKind


def attach_evidence(
    sessions: Sessions,
    principal: Principal,
    clock: Clock,
    calendar: Calendar,
    look: Look,
    *,
    key: str | None,
    **told: Any,
) -> Reply:
    """By an investigator, until the case is decided: files as they are, marked where something is odd (`evidence.marks`)."""
    looked = look_at(look, [each["sha256"] for each in told["files"]])

    def step(at: Step) -> dict[str, Any]:
        site = at.session.get(Site, at.case.site_id) if at.case.site_id else None
        added = evidence.attach(
            at.session,
            at.principal,
            at.now,
            subject_kind="case",
            subject_id=at.case.id,
            site=site,
            files=told["files"],
            looked=looked,
        )
        return {"text": "；".join(each.name for each in added)}

    return moved(sessions, principal, clock, calendar, "attach_evidence", key, told, step)


def hold_evidence(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """Approved by the head: what may be lost is registered and kept where it is; within seven working days it is decided on
    (行政处罚法 Art. 56; C22). Refuses `Conflict("evidence_held")` while such a decision is still owed."""

    def step(at: Step) -> dict[str, Any]:
        if timing.running(at.session, at.case, timing.HOLD) is not None:
            raise Conflict("evidence_held")
        due = at.start(timing.HOLD)
        said = {"facts": told["items"], "reason": told["reason"], "settle_by": due.due_on.isoformat()}
        document = at.paper(DocumentKind.EVIDENCE_HOLDING, said, to_party=True)
        return {"number": document.number, "reason": told["reason"], "text": told["items"]}

    return moved(sessions, principal, clock, calendar, "hold_evidence", key, told, step)


def settle_evidence(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """What becomes of what was held: given back, kept for examination, seized by law. Refuses `Conflict("no_evidence_held")`."""

    def step(at: Step) -> dict[str, Any]:
        held = at.end(timing.HOLD)
        if held is None:
            raise Conflict("no_evidence_held")
        document = at.paper(DocumentKind.EVIDENCE_RELEASE, {"text": told["text"]}, to_party=True)
        return {"number": document.number, "text": told["text"], "late": at.today > held.due_on}

    return moved(sessions, principal, clock, calendar, "settle_evidence", key, told, step)


def suspend_case(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """By the head: something is tested, appraised or announced, and its days are not counted among those to decide (令55; C16).

    Refuses `Conflict("period_over")`: what is late stays late (T30); `Conflict("period_stands_still")` while one still goes on.
    """

    def step(at: Step) -> dict[str, Any]:
        if late := timing.past(at.session, at.case, timing.DECIDE, at.today, at.calendar):
            raise Conflict("period_over", days=late)
        if not timing.suspend(at.session, at.case, timing.DECIDE, at.today, timing.OUTSIDE_WORK):
            raise Conflict("period_stands_still")
        return {"ground": told["ground"], "reason": told["reason"]}

    return moved(sessions, principal, clock, calendar, "suspend_case", key, told, step)


def resume_case(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """The result is there: from the next day on it is counted again. Refuses `Conflict("period_runs")`."""

    def step(at: Step) -> dict[str, Any]:
        why = timing.OUTSIDE_WORK
        row = timing.resume(at.session, at.case, timing.DECIDE, at.today, at.calendar, why)
        if row is None:
            raise Conflict("period_runs")
        return {"text": told["text"], "due_on": row.due_on.isoformat()}

    return moved(sessions, principal, clock, calendar, "resume_case", key, told, step)


def record_discussion(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """The heads discussed a complex or grave case together (行政处罚法 Art. 57): who took part, and what they concluded."""

    def step(at: Step) -> dict[str, Any]:
        said = {"facts": f"参加人：{told['participants']}", "conclusion": told["conclusion"]}
        document = at.paper(DocumentKind.COLLECTIVE_DISCUSSION, said)
        return {"number": document.number, "text": told["participants"], "conclusion": told["conclusion"]}

    return moved(sessions, principal, clock, calendar, "record_discussion", key, told, step)
