"""What enforcement does by itself, on time."""

from datetime import timedelta

from chassis import exports
from chassis.clock import now
from chassis.process import Tools
from chassis.scheduler import Job
from chassis.workdays import OverridesFile
from enforcement import numbering, overdue, tallying
from enforcement.cases import timing
from enforcement.exporting import LISTS


def jobs(tools: Tools) -> list[Job]:
    """Numbers of blocks that lapsed unused are made void; orders past their day are told further up; clocks of cases that are
    past are told once, and provisional ones counted anew; months are counted for the figures; and exports are written."""
    calendar = OverridesFile(tools.settings.calendar_overrides)
    return [
        Job("settle_number_blocks", timedelta(minutes=1), lambda: numbering.settle_blocks(tools.sessions, now)),
        Job("tell_overdue", timedelta(minutes=1), lambda: overdue.sweep(tools.sessions, now, calendar())),
        Job(
            "reckon_provisional_clocks",
            timedelta(hours=1),
            lambda: timing.reckon_provisional(tools.sessions, calendar()),
        ),
        Job("tell_past_clocks", timedelta(minutes=1), lambda: timing.tell_past(tools.sessions, now)),
        Job(
            "count_figures",
            timedelta(minutes=1),
            lambda: tallying.count_due(tools.sessions, now),
            limit=timedelta(minutes=10),
        ),
        exports.job(tools, LISTS),
    ]
