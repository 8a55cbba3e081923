"""What filing does by itself, on time."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import Select, select, tuple_

from chassis import exports
from chassis.database import Base, transaction
from chassis.process import Tools
from chassis.scheduler import Job
from chassis.workdays import Calendar, OverridesFile
from filing import exporting, legal_clock, tallies
from filing.applications import countersigning
from filing.desk import Desk
from filing.models import Application, Countersignature

AT_ONCE = 500
Row = TypeVar("Row", bound=Base)


def jobs(tools: Tools) -> list[Job]:
    calendar = OverridesFile(tools.settings.calendar_overrides)

    def count_anew() -> None:
        count_deadlines_anew(Desk(tools.sessions, calendar()))

    return [
        Job("count_deadlines_anew", timedelta(hours=1), count_anew),
        exports.job(tools, exporting.lists(calendar)),
        Job("fold_tallies", timedelta(minutes=1), lambda: tallies.fold(tools.sessions)),
    ]


def count_deadlines_anew(desk: Desk, at_once: int = AT_ONCE) -> int:
    """Recompute every provisional deadline, of applications and of signatures that are waited for, by the calendar of
    now (暂定 ends when the year's notice is entered).

    Returns how many moved or ceased to be provisional. A version does not rise: nobody has acted.
    """
    applications = select(Application).where(Application.due_provisional, Application.stage != "closed")
    signatures = select(Countersignature).where(Countersignature.due_provisional, Countersignature.agrees.is_(None))
    changed = _anew(desk, Application, applications, legal_clock.count_anew, at_once)
    return changed + _anew(desk, Countersignature, signatures, countersigning.count_anew, at_once)


def _anew(
    desk: Desk, table: type[Row], provisional: Select[Row], count: Callable[[Row, Calendar], bool], at_once: int
) -> int:
    """Batch by batch, in the order of the table's key."""
    names = [column.name for column in table.__table__.primary_key]
    key = tuple_(*(getattr(table, name) for name in names))
    wanted = provisional.order_by(key).limit(at_once).with_for_update(skip_locked=True)
    changed, rest = 0, wanted
    while True:
        with transaction(desk.sessions) as session:
            rows = session.scalars(rest).all()
            changed += sum(count(row, desk.calendar) for row in rows)
        if len(rows) < at_once:
            return changed
        rest = wanted.where(key > tuple(getattr(rows[-1], name) for name in names))
