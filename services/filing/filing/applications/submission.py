"""Submission (上报): a short read decides, the claims ask the other services, one write makes it so.

The transactions and the calls never overlap. Dying in between harms nothing: what was claimed lapses by itself, and
the same command again finds its own claim, or its own answer.
"""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from chassis.commands import repeated
from chassis.database import transaction
from chassis.errors import Conflict, Unavailable
from chassis.findings import dump_all, refuse_on_errors
from filing import claims, matters
from filing.applications.countersigning import ask_for_signatures, signatures_needed
from filing.applications.drafts import open_applicant
from filing.applications.preparation import Prepared, prepare
from filing.applications.turn import Turn, find, open_turn, refuse_stale, stage_after, whose
from filing.claims import Ask, Granted
from filing.desk import Command, Desk, Reply, once_in
from filing.events import record_application
from filing.models import Application, Project, Submission
from filing.permissions import permit
from filing.workflow import IN_HAND, Act, Situation, Stage

LIVING_MACHINE, LIVING_PROJECT = "uq_application_living_machine", "uq_application_living_project"
ACT = "submit_application"


def submit(desk: Desk, ask: Ask, command: Command, *, application_id: str, version: int) -> Reply:
    """Hand an application in: to its countersigners first where the matter has any, else to its agency.

    Refuses `Invalid` (form, attachments, agency); `Conflict` (a check's finding; a refused claim: who holds it, since
    when; stale_version, wrong_stage, project_changed, application_exists, machine_applied_for); `Unavailable` while a
    lock owner is silent. The draft then stays as it was.
    """
    request = {"application_id": application_id, "version": version}
    with transaction(desk.sessions) as session:
        if (reply := repeated(session, command.own_key, ACT, request)) is not None:
            return reply
        prepared = _prepare(session, desk, command, application_id, version)
    granted = claims.reserve(ask, prepared.matter.code, prepared.facts, prepared.claims, prepared.agency.id)
    checked = with_machine(prepared, granted)
    refuse_on_errors(checked.findings)
    try:
        with transaction(desk.sessions) as session:
            return once_in(
                session, command, ACT, request, lambda s: hand_in(s, desk, command, version, checked, granted)
            )
    except IntegrityError as clash:
        raise _living_application(desk, checked, granted, clash) from clash


def _prepare(session: Session, desk: Desk, command: Command, application_id: str, version: int) -> Prepared:
    application = find(session, application_id)
    permit(ACT, command.principal, whose(session, application))
    refuse_stale(application, version)
    matter = matters.ALL[application.matter]
    stage_after(application, Act.SUBMIT, Situation(matter.review_levels))
    if not matter.opens_organisation:
        open_applicant(session, matter, command)
    prepared = prepare(session, desk, matter, application, application.form, application.attachments)
    refuse_on_errors(prepared.findings)
    return prepared


def with_machine(prepared: Prepared, granted: Granted) -> Prepared:
    """The checks once more, now that the machine is known as its owner describes it; all findings together."""
    if granted.machine is None:
        return replace(prepared, findings=prepared.findings + granted.findings)
    facts = replace(prepared.facts, machine=granted.machine)
    return replace(prepared, facts=facts, findings=prepared.matter.check(facts) + granted.findings)


def hand_in(
    session: Session, desk: Desk, command: Command, version: int, prepared: Prepared, granted: Granted
) -> Reply:
    """The write: everything that a submission changes, in the transaction that is open (also an enterprise's first one)."""
    _refuse_changed_project(session, prepared)
    turn = open_turn(session, desk, command, ACT, prepared.facts.application_id, version)
    application = turn.application
    needed = signatures_needed(
        session, prepared.matter, prepared.facts, application, prepared.form, prepared.attachments
    )
    application.round += 1
    _take_over(application, prepared, granted)
    turn.be_found_by()
    missing = ask_for_signatures(turn, needed)
    stage = turn.move(Act.SUBMIT, signatures_missing=missing)
    submission = _submission(turn, prepared, granted)
    session.add(submission)
    if stage is Stage.SUBMITTED:
        turn.arrive()
    turn.step(Act.SUBMIT, round=application.round)
    prepared.matter.on_submission(session, turn.occasion(prepared.facts))
    record_application(session, "application_submitted", application, prepared.facts, command.principal)
    return turn.finish(ACT, findings=dump_all(prepared.findings))


def _refuse_changed_project(session: Session, prepared: Prepared) -> None:
    """What was checked before the claims must still be so: a project may have been suspended, closed or merged meanwhile.

    Its row is held until the end, before the application's, as `project_acts` hold them: whoever closes it now waits,
    and then sees this application. Refuses `Conflict("project_changed")`: the next check says what is the matter.
    """
    seen = prepared.facts.project
    if seen is None:
        return
    row = session.get(Project, seen.project_id, with_for_update={"read": True}, populate_existing=True)
    named = prepared.facts.form.get("project_id") == seen.project_id
    if (row is None and named) or (row is not None and row.stage != seen.stage):
        raise Conflict("project_changed", project=seen.name, stage=row.stage if row else None)


def _take_over(application: Application, prepared: Prepared, granted: Granted) -> None:
    """What the rest of its life goes by: agency, project, machine, people, and a clean sheet after a return."""
    project, machine = prepared.facts.project, granted.machine
    application.agency_id, application.area = prepared.agency.id, prepared.agency.area
    application.project_id = project.project_id if project else None
    application.project_name = project.name if project else None
    application.machine_id = machine["machine_id"] if machine else None
    application.machine, application.people = machine, granted.people
    application.findings = dump_all(prepared.findings)
    application.remarks, application.corrections = "", []


def _submission(turn: Turn, prepared: Prepared, granted: Granted) -> Submission:
    application = turn.application
    return Submission(
        application_id=application.id,
        round=application.round,
        form=prepared.form,
        attachments=prepared.attachments,
        claims=claims.dump_claims(prepared.claims),
        machine=granted.machine,
        people=granted.people,
        findings=dump_all(prepared.findings),
        agency_id=prepared.agency.id,
        at=turn.at,
        by=turn.principal.brief(),
    )


def _living_application(desk: Desk, prepared: Prepared, granted: Granted, clash: IntegrityError) -> Exception:
    """The database holds that a machine (of some matters, a project) has one living application of a matter: who has
    it, since when."""
    broken = getattr(getattr(clash.orig, "diag", None), "constraint_name", "")
    project = prepared.facts.project
    if broken == LIVING_MACHINE and granted.machine:
        about = Application.machine_id == granted.machine["machine_id"]
    elif broken == LIVING_PROJECT and project:
        about = Application.project_id == project.project_id
    else:
        return clash
    living = select(Application).where(
        Application.matter == prepared.matter.code, about, Application.stage.in_((*IN_HAND, Stage.RETURNED))
    )
    with transaction(desk.sessions) as session:
        other = session.scalars(living).first()
    if other is None:  # closed in this very moment: the next try goes through
        return Unavailable("claims_unavailable", retry_after=1)
    if other.applicant_id == prepared.facts.applicant.organisation_id:
        return Conflict("application_exists", application_id=other.id)
    since = other.changed_at.isoformat()
    return Conflict("machine_applied_for", held_by_organisation=other.applicant_name, since=since)
