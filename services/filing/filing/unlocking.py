"""What equipment tells of machines: one went free by an agency's own act, or is gone for good.

With its lock end the papers that say that it stands on the project, and nothing else may be built on it. After a
dismantling this comes too, and finds them cancelled by the approval itself (T13). With the machine ends its filing.
"""

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from chassis import journal
from chassis.database import Sessions, transaction
from chassis.envelope import Event
from chassis.findings import error
from chassis.inbox import first_time
from filing import certificates
from filing.certificates import ON_FILE, ON_SITE
from filing.hearing import who
from filing.models import Application, Submission
from filing.workflow import IN_HAND

INSTALL_NOTICE = "install_notice"


def machine_unlocked(sessions: Sessions, event: Event) -> None:
    """Cancel the receipt and the use registration that stand on the lock that is gone, and mark what is still in hand.

    Only what was handed in before the unlocking: the event may come late, when the machine stands on its next site
    already. By its handing-in, not by its issue: an officer may have approved it while the event was on its way.
    """
    heard = event.data
    with transaction(sessions) as session:
        if not first_time(session, event.id, "filing.machine_unlocked"):
            return
        principal = who(event, "equipment")
        at = event.occurred_at
        cancelled = certificates.cancel_of_machine(
            session, heard["machine_id"], ON_SITE, principal, at, reason="machine_unlocked", handed_in_until=at
        )
        marked = _mark(session, event)
        if cancelled or marked:
            detail = {"cancelled": [each.number for each in cancelled], "marked": marked}
            journal.write(session, principal, "machine_unlocked", heard["machine_id"], detail)


def machine_retired(sessions: Sessions, event: Event) -> None:
    """The machine is scrapped or sold (注销; 76号 Art. 9, 10): whoever checks its filing certificate reads that it is void."""
    machine_id, at = event.data["machine_id"], event.occurred_at
    with transaction(sessions) as session:
        if not first_time(session, event.id, "filing.machine_retired"):
            return
        principal = who(event, "equipment")
        cancelled = certificates.cancel_of_machine(
            session, machine_id, ON_FILE, principal, at, reason="machine_retired"
        )
        if cancelled:
            detail = {"cancelled": [each.number for each in cancelled]}
            journal.write(session, principal, "machine_retired", machine_id, detail)


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
