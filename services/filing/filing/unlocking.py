"""A machine went free by an agency's own act: its use registration ends with it, and nothing else may be built on it.

After a dismantling this comes too, and finds the registration cancelled by the approval itself (T13).
"""

from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from chassis import journal
from chassis.database import Sessions, transaction
from chassis.envelope import Event
from chassis.findings import error
from chassis.inbox import first_time
from chassis.principal import Principal
from filing import certificates
from filing.certificates import VALID
from filing.hearing import who
from filing.models import Application, Certificate, Submission
from filing.workflow import IN_HAND

READER = "filing.machine_unlocked"
USE_REGISTRATION, INSTALL_NOTICE = "use_registration", "install_notice"


def machine_unlocked(sessions: Sessions, event: Event) -> None:
    """Cancel the use registration that the machine held when it was unlocked, and mark what is still in hand.

    Only what is older than the unlocking: the event may come late, when the machine stands on its next site already.
    """
    heard = event.data
    with transaction(sessions) as session:
        if not first_time(session, event.id, READER):
            return
        principal = who(event, "equipment")
        cancelled = _cancel(session, heard["machine_id"], event.occurred_at, principal)
        marked = _mark(session, event)
        if cancelled or marked:
            detail = {"cancelled": [each.number for each in cancelled], "marked": marked}
            journal.write(session, principal, "machine_unlocked", heard["machine_id"], detail)


def _cancel(session: Session, machine_id: str, since: datetime, principal: Principal) -> list[Certificate]:
    held = select(Certificate).where(
        and_(
            Certificate.machine_id == machine_id,
            Certificate.kind == USE_REGISTRATION,
            Certificate.stage == VALID,
            Certificate.issued_at <= since,
        )
    )
    found = list(session.scalars(held.with_for_update()))
    for certificate in found:
        certificates.cancel(session, certificate, principal, since, reason="machine_unlocked")
    return found


def _mark(session: Session, event: Event) -> list[str]:
    """Applications in hand that stand on the lock that is gone: approving them now would build on nothing.

    The notice that held it, and what else was handed in about the machine on that project. A return and a new
    submission claims anew, and with it the mark goes.
    """
    heard, since = event.data, event.occurred_at
    about_it = and_(Application.project_id == heard["project_id"], Application.matter != INSTALL_NOTICE)
    lost = (
        select(Application)
        .join(
            Submission,
            and_(Submission.application_id == Application.id, Submission.round == Application.round),
        )
        .where(
            Application.machine_id == heard["machine_id"],
            Application.stage.in_(IN_HAND),
            or_(Application.id == heard["application_id"], about_it),
            Submission.at <= since,
        )
    )
    found = list(session.scalars(lost.with_for_update(of=Application)))
    for application in found:
        told = error("machine_unlocked", "form.machine_id", since=since.isoformat()).dump()
        application.findings = [*application.findings, told]
    return [each.id for each in found]
