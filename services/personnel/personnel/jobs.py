"""What personnel does by itself, on time."""

from datetime import timedelta

from chassis import exports
from chassis.clock import now
from chassis.process import Tools
from chassis.scheduler import Job
from personnel.exporting import LISTS
from personnel.reconcile import FilingOnTheBus, Reconciler, lapse


def jobs(tools: Tools) -> list[Job]:
    """Asking about provisional locks whose time is up, comparing everything with filing once a minute, and exports."""
    filing = FilingOnTheBus(tools.caller, tools.token)
    reconciler = Reconciler(tools.sessions, filing, now)
    return [
        Job("lapse_locks", timedelta(seconds=5), lambda: lapse(tools.sessions, filing, now)),
        Job("reconcile_with_filing", timedelta(minutes=1), reconciler.run, limit=timedelta(minutes=5)),
        exports.job(tools, LISTS),
    ]
