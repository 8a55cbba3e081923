"""Taking up again what an application should have: it lapsed too early, or the database lost it."""

from sqlalchemy.orm import Session

from chassis.clock import day_of
from equipment import claims, locks, machines, projects
from equipment.holds import Hold
from equipment.models import Machine, MachineClaim, MachineLock, ProjectCopy
from equipment.terms import FILINGS, Claim, Contradiction, Matter, News, Occasion, Party


def restored(
    session: Session, news: News, machine: Machine | None, own: Hold | None, occasion: Occasion
) -> tuple[Hold, Machine]:
    """The application's hold on `machine`, provisional again; raises `Contradiction` where it cannot be had."""
    if news.matter in FILINGS:
        machine = _entered(session, news, machine, occasion)
    if machine is None:
        raise Contradiction("machine_unknown", application_id=news.application_id, machine_id=news.machine_id)
    who = (news.application_id, _applicant(news, own), news.agency_id or (own.agency_id if own else None))
    hold: Hold | None
    if news.matter == Matter.INSTALL_NOTICE and not isinstance(own, MachineClaim):
        hold = locks.grant(session, machine, own, *who, _project(session, news, own), occasion)
    else:
        assert not isinstance(own, MachineLock)
        lock = None if news.matter in FILINGS else locks.active_lock(session, machine.id)
        hold = claims.grant(session, machine, own, news.matter, *who, lock, occasion)
    if hold is None:
        raise Contradiction("machine_taken", application_id=news.application_id, machine_id=machine.id)
    return hold, machine


def _entered(session: Session, news: News, machine: Machine | None, occasion: Occasion) -> Machine:
    """The machine of a filing, under review again."""
    particulars = news.particulars or (machines.particulars_of(machine) if machine else None)
    if particulars is None:
        raise Contradiction("particulars_unknown", application_id=news.application_id)
    owner = Party(machine.owner_id, machine.owner_name, machine.owner_area) if machine else news.applicant
    if owner is None:
        raise Contradiction("applicant_unknown", application_id=news.application_id)
    claim = Claim(
        application_id=news.application_id,
        matter=news.matter,
        check_only=False,
        on=day_of(occasion.now),
        applicant=owner,
        agency_id=news.agency_id or (machine.agency_id if machine else None),
    )
    entered = machines.enter(session, claim, particulars, occasion)
    if entered is None:
        raise Contradiction("machine_taken", application_id=news.application_id)
    return entered


def _applicant(news: News, own: Hold | None) -> Party:
    if news.applicant is not None:
        return news.applicant
    if own is None:
        raise Contradiction("applicant_unknown", application_id=news.application_id)
    return Party(own.applicant_id, own.applicant_name)


def _project(session: Session, news: News, own: MachineLock | None) -> ProjectCopy:
    if news.project is not None:
        return projects.copy_of(session, news.project)
    if own is None:
        raise Contradiction("project_unknown", application_id=news.application_id)
    return session.get_one(ProjectCopy, projects.resolved(session, own.project_id))
