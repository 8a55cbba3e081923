"""What filing does by itself, on time."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import transaction
from chassis.process import Tools
from chassis.scheduler import Job
from chassis.workdays import read_overrides
from filing import legal_clock
from filing.desk import Desk
from filing.models import Application

AT_ONCE = 500


def jobs(tools: Tools) -> list[Job]:
    def count_anew() -> None:
        desk = Desk(tools.sessions, read_overrides(tools.settings.calendar_overrides))
        count_deadlines_anew(desk)

    return [Job("count_deadlines_anew", timedelta(hours=1), count_anew)]


def count_deadlines_anew(desk: Desk) -> int:
    """Recompute every provisional deadline by the calendar of now (暂定 ends when the year's notice is entered).

    Returns how many moved or ceased to be provisional. A version does not rise: nobody has acted.
    """
    changed, after = 0, ""
    while True:
        with transaction(desk.sessions) as session:
            rows = _provisional(session, after)
            changed += sum(legal_clock.count_anew(row, desk.calendar) for row in rows)
        if len(rows) < AT_ONCE:
            return changed
        after = rows[-1].id


def _provisional(session: Session, after: str) -> list[Application]:
    wanted = select(Application).where(
        Application.due_provisional, Application.stage != "closed", Application.id > after
    )
    return list(session.scalars(wanted.order_by(Application.id).limit(AT_ONCE).with_for_update(skip_locked=True)))
