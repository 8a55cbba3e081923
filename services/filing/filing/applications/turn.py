"""An application in the hands of somebody who may act on it: locked, of the version he saw, moved by the table."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis import journal
from chassis.errors import Conflict, NotFound
from chassis.principal import Principal
from chassis.schemas import read
from chassis.searching import search_words
from filing import legal_clock, matters, tallies
from filing.desk import Command, Desk, Reply
from filing.events import last_submission
from filing.facts import kept_by, load_facts
from filing.matters.base import Facts, Form, Matter, Occasion
from filing.models import Application, Certificate, Countersignature, Step
from filing.permissions import Of, permit
from filing.workflow import OUTCOMES, Act, NoSuchMove, Situation, Stage, next_stage


@dataclass
class Turn:
    """One act on one application, in one transaction.

    `before` is the stage that the next step starts from, `steps` how many are on record.
    """

    session: Session
    desk: Desk
    application: Application
    matter: Matter
    principal: Principal
    at: datetime
    steps: int
    before: Stage = field(init=False)
    counted: tallies.Counted | None = field(init=False)

    def __post_init__(self) -> None:
        self.before = Stage(self.application.stage)
        self.counted = tallies.counted(self.application)

    def move(self, act: Act, *, signatures_missing: bool = False, overtaken: bool = False) -> Stage:
        """Go where the table says; refuses `Conflict("wrong_stage")`. The version rises with it."""
        situation = Situation(self.matter.review_levels, signatures_missing, overtaken)
        stage = stage_after(self.application, act, situation)
        self.application.stage = stage
        self.application.version += 1
        self.application.changed_at = self.at
        if stage is Stage.CLOSED:
            self.application.outcome = OUTCOMES[act]
            self.application.closed_at = self.at
            self.application.workdays_used = legal_clock.workdays_used(self.application, self.at, self.desk.calendar)
        return stage

    def step(self, act: Act, words: str = "", **detail: Any) -> None:
        """Put the act on record."""
        application = self.application
        self.steps += 1
        self.session.add(
            Step(
                application_id=application.id,
                number=self.steps,
                round=application.round,
                act=act,
                stage_before=self.before,
                stage_after=application.stage,
                at=self.at,
                **self.principal.brief(),
                words=words,
                detail=detail,
            )
        )
        self.before = Stage(application.stage)

    def be_found_by(self, *more: str | None) -> None:
        """By what a search finds the application from now on."""
        self.application.search = search_words([*_texts(self.application), *more])

    def arrive(self) -> None:
        """The application has reached its agency: from now on it sees it, and its clock runs."""
        if self.application.submitted_at is None:
            self.application.submitted_at = self.at
        legal_clock.run(self.application, self.at, self.desk.calendar)

    def facts(self) -> Facts | None:
        """The facts of what was last handed in; None if nothing has been."""
        submission = last_submission(self.session, self.application)
        if submission is None:
            return None
        form = snapshot_form(self.matter, submission.form)
        facts = load_facts(
            self.session,
            self.matter,
            self.application,
            form,
            self.desk.today(),
            self.desk.calendar,
            machine=submission.machine,
            attachments=[each["code"] for each in submission.attachments],
            project_id=self.application.project_id,
        )
        return kept_by(facts, self.application.area)

    def occasion(self, facts: Facts, certificate: Certificate | None = None) -> Occasion:
        return Occasion(self.application, facts, self.principal, self.at, certificate)

    def finish(self, act: str, **more: Any) -> Reply:
        """What the figures count, the journal's entry, last in the transaction, and the reply."""
        application = self.application
        tallies.keep(self.session, self.counted, application)
        detail = {"matter": application.matter, "stage": application.stage, "version": application.version}
        journal.write(self.session, self.principal, act, application.id, detail, clock=self.desk.clock)
        return brief(application) | more


def open_turn(session: Session, desk: Desk, command: Command, act: str, application_id: str, version: int) -> Turn:
    """Lock the application for an act; refuses what is not his to see or do, and a version that is not the newest."""
    application = find(session, application_id, lock=True)
    permit(act, command.principal, whose(session, application))
    refuse_stale(application, version)
    newest = select(func.coalesce(func.max(Step.number), 0)).where(Step.application_id == application.id)
    steps = session.execute(newest).scalar_one()
    return Turn(session, desk, application, matters.ALL[application.matter], command.principal, desk.clock(), steps)


def find(session: Session, application_id: str, *, lock: bool = False) -> Application:
    application = session.get(Application, application_id, with_for_update=lock, populate_existing=lock)
    if application is None:
        raise NotFound("not_found")
    return application


def whose(session: Session, application: Application) -> Of:
    """Whose an application is. Agencies see it from its first arrival on, countersigners when they are asked."""
    arrived = application.submitted_at is not None
    signatures = session.scalars(
        select(Countersignature).where(Countersignature.application_id == application.id)
    ).all()
    waiting = application.stage == Stage.COUNTERSIGNING
    return Of(
        owners=(application.applicant_id,),
        asked=tuple(
            each.organisation_id
            for each in signatures
            if waiting and each.round == application.round and each.agrees is None
        ),
        viewers=tuple(each.organisation_id for each in signatures),
        agency_id=application.agency_id if arrived else None,
        area=application.area if arrived else "",
    )


def refuse_stale(application: Application, version: int) -> None:
    """Refuses `Conflict("stale_version")` with what has become of it meanwhile."""
    if application.version != version:
        raise Conflict("stale_version", version=application.version, stage=application.stage)


def stage_after(application: Application, act: Act, situation: Situation) -> Stage:
    """Where an act leads; refuses `Conflict("wrong_stage")`."""
    try:
        return next_stage(Stage(application.stage), act, situation)
    except NoSuchMove as error:
        raise Conflict("wrong_stage", act=act.value, stage=application.stage, version=application.version) from error


def snapshot_form(matter: Matter, form: dict[str, Any]) -> Form:
    """A form handed in earlier, perhaps before its schema got a required field more."""
    return read(matter.form(), form, partial=True, under="form")


def brief(application: Application) -> Reply:
    """What every command answers."""
    return {
        "application_id": application.id,
        "version": application.version,
        "stage": application.stage,
        "outcome": application.outcome,
        "round": application.round,
        "agency_id": application.agency_id,
        "acceptance_number": application.acceptance_number,
        "due_at": application.due_at.isoformat() if application.due_at else None,
        "due_provisional": application.due_provisional,
    }


def _texts(application: Application) -> list[str | None]:
    machine = application.machine or {}
    return [
        application.applicant_name,
        application.project_name,
        application.acceptance_number,
        *(machine.get(name) for name in ("filing_number", "model", "maker", "serial_number")),
    ]
