"""What filing says of an application, put into effect on the locks of the people it named.

Events, the answer to "may this lock lapse?" and the reconciler all come through here. Anything may come twice, late or
out of order: what is not newer than what was last heard of the application is passed over. A lock that was given up too
early is taken up again where the person is still free; one released for good never is.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.clock import day_of
from personnel import capacity, locks, projects, sight
from personnel.models import ApplicationCopy, Person, PersonLock
from personnel.terms import (
    LOCKING,
    REVOCABLE,
    Cause,
    Claim,
    Contradiction,
    Exemption,
    Group,
    HoldStage,
    Matter,
    Named,
    News,
    Occasion,
    Standing,
)


def apply(session: Session, news: News, occasion: Occasion) -> bool:
    """Put `news` into effect; whether any lock changed by it. The application and its people's rows are held first.

    Raises `Contradiction` where somebody whom it named is another's by now.
    """
    locks.hold_application(session, news.application_id)
    before = session.get(ApplicationCopy, news.application_id)
    if before is not None and (news.version, news.is_answer) <= (before.version, False):
        return False
    case = _case(session, news, occasion)
    stages = _stages(session, news)
    for lock in case.own:
        lock.application_version = news.version
    if news.matter in LOCKING:
        FOLLOW[news.standing](case)
    elif news.standing is Standing.APPROVED:
        _follow_approved_release(case)
    sight.refresh(session, case.held)
    _remember(session, news)
    return _stages(session, news) != stages


@dataclass(frozen=True)
class Case:
    """News, and the active locks that may change by it, their people's rows held."""

    session: Session
    news: News
    occasion: Occasion
    held: set[str]
    own: list[PersonLock]
    at_machine: list[PersonLock]
    others: list[PersonLock]

    def release(self, lock: PersonLock, cause: Cause) -> None:
        locks.release(self.session, lock, cause, self.occasion)


def _case(session: Session, news: News, occasion: Occasion) -> Case:
    own = locks.of_application(news.application_id)
    machine_id, replaced = _standing_claim(session, own)
    there = locks.at_machine(news.machine_id or machine_id or "")
    people = news.people or ()
    named = {each.person_id for each in people} | {each.replaces for each in people if each.replaces}
    held = locks.hold_people(session, named | replaced, own, there)
    return Case(
        session=session,
        news=news,
        occasion=occasion,
        held=held,
        own=locks.active(session, held, own),
        at_machine=[
            each
            for each in locks.active(session, held, there)
            if each.granted_at <= news.at or each.application_id == news.application_id
        ],
        others=locks.active(session, held, PersonLock.application_id != news.application_id),
    )


def _standing_claim(session: Session, own: ColumnElement[bool]) -> tuple[str | None, set[str]]:
    """The machine that an application's locks are at, and whom they replace: not every answer tells it."""
    rows = session.execute(select(PersonLock.machine_id, PersonLock.replaces).where(locks.ACTIVE, own)).all()
    return next((each.machine_id for each in rows), None), {each.replaces for each in rows if each.replaces}


def _follow_submission(case: Case) -> None:
    """What it names is reserved; a choice that it replaced goes free, unless the application has come on since."""
    named = None if case.news.people is None else {each.key for each in case.news.people}
    stay = [each for each in case.own if named is None or (each.person_id, each.role) in named]
    for lock in case.own:
        if lock not in stay and (lock.stage != HoldStage.PROVISIONAL or lock.granted_at <= case.news.at):
            case.release(lock, Cause.CHOICE_CHANGED)
    locks.confirm(case.session, [*stay, *_restored(case)], case.occasion)


def _follow_return(case: Case) -> None:
    """A return keeps what was submitted before it, heard or not. What was claimed since, for a resubmission that did
    not come, lapses."""
    for lock in [each for each in case.own if each.stage == HoldStage.PROVISIONAL]:
        if lock.granted_at <= case.news.at:
            locks.confirm(case.session, [lock], case.occasion)
        elif case.news.is_answer and _has_lapsed(lock, case.occasion):
            case.release(lock, Cause.LAPSED)


def _follow_approval(case: Case) -> None:
    if case.news.matter is Matter.DISMANTLING_NOTICE:
        for lock in case.at_machine:
            case.release(lock, Cause.DISMANTLED)
        return
    _follow_submission(case)
    for lock in locks.active(case.session, case.held, locks.of_application(case.news.application_id)):
        _release_predecessor(case, lock)
        locks.hold(case.session, lock, case.occasion)
    if case.news.matter is Matter.USE_REGISTRATION:
        for lock in case.at_machine:
            if lock.capacity_group == Group.CREW:
                case.release(lock, Cause.REGISTERED)


def _follow_approved_release(case: Case) -> None:
    """R-P5: the approval is the agency's act of unlocking, for its own reason; only of locks older than it."""
    news = case.news
    project_id = projects.resolved(case.session, news.project.project_id) if news.project else None
    wanted = {(*each.key, project_id) for each in news.people or ()}
    for lock in case.others:
        is_older = lock.held_at is not None and lock.held_at <= news.at
        if is_older and (lock.person_id, lock.role, lock.project_id) in wanted:
            locks.release(case.session, lock, Cause.UNLOCKED, case.occasion, news.reason)


def _follow_rejection(case: Case) -> None:
    for lock in case.own:
        case.release(lock, Cause.REJECTED)


def _follow_withdrawal(case: Case) -> None:
    for lock in case.own:
        case.release(lock, Cause.WITHDRAWN)


def _follow_absence(case: Case) -> None:
    """Never submitted: what was granted for it lapses."""
    for lock in case.own:
        if lock.stage != HoldStage.PROVISIONAL or _has_lapsed(lock, case.occasion):
            case.release(lock, Cause.LAPSED)


FOLLOW: dict[Standing, Callable[[Case], None]] = {
    Standing.GONE: _follow_absence,
    Standing.SUBMITTED: _follow_submission,
    Standing.RETURNED: _follow_return,
    Standing.APPROVED: _follow_approval,
    Standing.REJECTED: _follow_rejection,
    Standing.WITHDRAWN: _follow_withdrawal,
}


def _restored(case: Case) -> list[PersonLock]:
    """Those named whose lock had lapsed get it back."""
    standing = {(each.person_id, each.role) for each in case.own}
    restored = (_restore(case, each) for each in case.news.people or () if each.key not in standing)
    return [each for each in restored if each is not None]


def _restore(case: Case, named: Named) -> PersonLock | None:
    session, news = case.session, case.news
    last = _last_lock(session, news.application_id, named)
    if news.project is None or (last is not None and last.cause not in REVOCABLE):
        return None
    project = projects.copy_of(session, news.project)
    if project.stage == projects.CLOSED or session.get(Person, named.person_id) is None:
        return None
    exempt = last is not None and last.exemption is not None and _has_others(session, named)
    if exempt and last is not None:
        named = _exempted(named, last)
    try:
        claim, beside = _claim(news, case.occasion), locks.active(session, [named.person_id])
        (lock,) = locks.grant(session, claim, [(named, exempt)], project, case.occasion, beside=beside)
    except capacity.Full as full:
        raise Contradiction("person_taken", application_id=news.application_id, person_id=named.person_id) from full
    lock.application_version = news.version
    return lock


def _last_lock(session: Session, application_id: str, named: Named) -> PersonLock | None:
    own = select(PersonLock).where(
        PersonLock.application_id == application_id,
        PersonLock.person_id == named.person_id,
        PersonLock.role == named.role,
    )
    return session.scalars(own.order_by(PersonLock.id.desc()).limit(1)).first()


def _has_others(session: Session, named: Named) -> bool:
    return bool(locks.active(session, [named.person_id], locks.in_group(named.group)))


def _exempted(named: Named, last: PersonLock) -> Named:
    """By the exception that was proved when the claim was granted first."""
    said = last.exemption or {}
    return replace(named, exemption=Exemption(said["kind"]), exempting_project_id=said["project_id"])


def _release_predecessor(case: Case, successor: PersonLock) -> None:
    """The one goes as the other comes, in one step (R-P5)."""
    if successor.replaces is None or successor.stage == HoldStage.HELD:
        return
    wanted = (successor.replaces, successor.role, successor.project_id)
    for lock in case.others:
        if (lock.person_id, lock.role, lock.project_id) == wanted:
            case.release(lock, Cause.REPLACED)


def machine_left(session: Session, machine_id: str, project_id: str | None, occasion: Occasion) -> None:
    """Equipment has unlocked a machine: its operators and the crew that was at it go free, unless named later."""
    there = locks.at_machine(machine_id)
    if project_id is not None:
        there &= locks.on_project(projects.resolved(session, project_id))
    people = locks.hold_people(session, (), there)
    for lock in locks.active(session, people, there):
        if lock.granted_at <= occasion.at and lock.stage != HoldStage.PROVISIONAL:
            locks.release(session, lock, Cause.MACHINE_UNLOCKED, occasion)
    sight.refresh(session, people)


def _has_lapsed(lock: PersonLock, occasion: Occasion) -> bool:
    return lock.lapses_at is not None and lock.lapses_at <= occasion.now


def _remember(session: Session, news: News) -> None:
    values = {"version": news.version, "matter": news.matter, "standing": news.standing}
    row = insert(ApplicationCopy).values(application_id=news.application_id, **values)
    session.execute(row.on_conflict_do_update(index_elements=["application_id"], set_=values))


def _stages(session: Session, news: News) -> list[tuple[str, str]]:
    rows = select(PersonLock.id, PersonLock.stage).where(locks.of_application(news.application_id))
    return [(each.id, each.stage) for each in session.execute(rows.order_by(PersonLock.id))]


def _claim(news: News, occasion: Occasion) -> Claim:
    return Claim(
        application_id=news.application_id,
        matter=news.matter,
        check_only=False,
        on=day_of(occasion.now),
        applicant_id=news.applicant_id,
        agency_id=news.agency_id,
        project=news.project,
        machine_id=news.machine_id,
        people=news.people or (),
    )
