"""The claim: filing asks, before an application is submitted, whether its people can be had; it gets all or none.

One short transaction, no call to anybody. What stands against the claim is told as a whole.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from chassis import journal
from chassis.clock import Clock
from chassis.database import Sessions, transaction
from chassis.errors import Conflict, Invalid
from chassis.findings import Finding, dump_all, refuse_on_errors
from chassis.principal import Principal
from personnel import checks, locks, projects, sight
from personnel.checks import Known
from personnel.models import ApplicationCopy, Person, PersonLock, ProjectCopy
from personnel.permissions import permit_claim
from personnel.schemas.claims import claim_of, person_brief
from personnel.terms import LOCKING, Cause, Claim, HoldStage, Named, Occasion, Standing

ENDED = (Standing.REJECTED, Standing.WITHDRAWN)


def reserve(sessions: Sessions, principal: Principal, request: dict[str, Any], clock: Clock) -> dict[str, Any]:
    """What stands against the claim and, unless `check_only`, its people for it until `granted_until`.

    A release locks nobody: it is told what stands against it, and refused for it, and that is all.

    A repeat for the same application finds its own; whom it no longer names goes free. Refuses `Conflict` with the
    first error's code and detail and `findings`, all of them; then nothing has been changed.
    """
    claim = claim_of(request)
    permit_claim(claim, principal)
    if claim.people and claim.project is None:
        raise Invalid.field("project", "required")
    now = clock()
    with transaction(sessions) as session:
        if claim.check_only:
            known = look(session, claim)
            return _reply(claim, known, checks.findings(claim, known), None)
        if claim.matter not in LOCKING:
            known = look(session, claim)
            refuse_on_errors(found := checks.findings(claim, known))
            return _reply(claim, known, found, None)
        locks.hold_application(session, claim.application_id)
        _refuse_if_ended(session, claim)
        held = locks.hold_people(session, claim.person_ids, locks.of_application(claim.application_id))
        known = look(session, claim, held)
        found = checks.findings(claim, known)
        refuse_on_errors(found)
        own = [each for each in known.locks if each.application_id == claim.application_id]
        until = _grant_all(session, claim, known, own, Occasion(now, now, principal.brief()))
        sight.refresh(session, held)
        if until is not None:
            detail = {"matter": claim.matter, "people": sorted(claim.person_ids)}
            journal.write(session, principal, "reserve_people", claim.application_id, detail, clock=clock)
    return _reply(claim, known, found, until)


def look(session: Session, claim: Claim, also: Collection[str] = ()) -> Known:
    """What the checks need to know about a claim, and about `also` these people."""
    ids = claim.person_ids | {each.replaces for each in claim.people if each.replaces} | set(also)
    held = locks.active(session, ids)
    return Known(_people(session, ids), held, projects.works(session, {each.project_id for each in held}))


def _grant_all(
    session: Session, claim: Claim, known: Known, own: list[PersonLock], occasion: Occasion
) -> datetime | None:
    """Keep what stands as claimed, free what is named no longer, grant what is new.

    What was submitted before stays until the new choice is submitted too, so a submission that fails half-way costs
    nothing; unless its person is wanted in another post of the same group. Returns until when the new is kept.
    """
    project = projects.copy_of(session, claim.project) if claim.project else None
    standing: dict[tuple[str, str], PersonLock] = {}
    for lock in own:
        if project is not None and _stands_as_claimed(lock, claim, project):
            standing[lock.person_id, lock.role] = lock
        elif lock.stage == HoldStage.PROVISIONAL or _is_in_the_way(lock, claim):
            locks.release(session, lock, Cause.CHOICE_CHANGED, occasion)
    wanted = [(each, _needs_exemption(claim, each, known)) for each in claim.people if each.key not in standing]
    if wanted:
        assert project is not None  # `reserve` has refused people without one
        granted = locks.grant(session, claim, wanted, project, occasion, beside=known.locks)
        standing |= {(each.person_id, each.role): each for each in granted}
    for lock in standing.values():
        locks.prolong(lock, occasion)
    return min((each.lapses_at for each in standing.values() if each.lapses_at), default=None)


def _stands_as_claimed(lock: PersonLock, claim: Claim, project: ProjectCopy) -> bool:
    is_named = any((*each.key, each.replaces) == (lock.person_id, lock.role, lock.replaces) for each in claim.people)
    return is_named and (lock.project_id, lock.machine_id) == (project.project_id, claim.machine_id)


def _is_in_the_way(lock: PersonLock, claim: Claim) -> bool:
    if lock.stage == HoldStage.HELD:
        return False
    return any((each.person_id, each.group) == (lock.person_id, lock.capacity_group) for each in claim.people)


def _needs_exemption(claim: Claim, named: Named, known: Known) -> bool:
    """An exception that is not needed leaves the person in the ordinary slot."""
    return named.exemption is not None and bool(known.others(claim, named))


def _refuse_if_ended(session: Session, claim: Claim) -> None:
    """A claim that comes after its application's end (its call was long on the way) is refused."""
    copy = session.get(ApplicationCopy, claim.application_id)
    if copy is not None and copy.standing in ENDED:
        raise Conflict("application_closed", outcome=copy.standing)


def _people(session: Session, ids: Collection[str]) -> dict[str, Person]:
    found = select(Person).where(Person.id.in_(ids)).options(selectinload(Person.certificates))
    return {each.id: each for each in session.scalars(found.execution_options(populate_existing=True))}


def _reply(claim: Claim, known: Known, found: list[Finding], until: datetime | None) -> dict[str, Any]:
    people = [
        person_brief(known.people[each.person_id], each) for each in claim.people if each.person_id in known.people
    ]
    return {"granted_until": until, "people": people, "findings": dump_all(found)}
