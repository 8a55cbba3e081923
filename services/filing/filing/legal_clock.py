"""The legal clock in an application's row."""

from datetime import date, datetime

from chassis.clock import day_of
from chassis.workdays import Calendar
from filing import deadlines
from filing.deadlines import LegalClock, Unit
from filing.models import Application

HOURS_OF_A_DAY = 24


def clock_of(application: Application) -> LegalClock | None:
    """The clock as it stands; None before the application first reached its agency."""
    if application.clock_limit is None or application.clock_unit is None:
        return None
    return LegalClock(
        application.clock_limit, Unit(application.clock_unit), application.clock_used, application.clock_since
    )


def arrived_on(application: Application) -> date | None:
    """The day on which it reached its agency in the present round; None while it is anywhere else."""
    return day_of(application.clock_since) if application.clock_since else None


def run(application: Application, at: datetime, calendar: Calendar) -> None:
    """Start the clock at the arrival, or go on after a resubmission."""
    clock = clock_of(application)
    if clock is None:
        _keep(application, deadlines.start(deadlines.rule_of(application.matter, day_of(at)), at), calendar)
    elif clock.since is None:
        _keep(application, deadlines.resume(clock, at), calendar)


def stand(application: Application, at: datetime, calendar: Calendar) -> None:
    """Stop the clock while the applicant has the application; nothing is due meanwhile."""
    clock = clock_of(application)
    if clock is not None and clock.since is not None:
        _keep(application, deadlines.suspend(clock, at, calendar), calendar)


def workdays_used(application: Application, at: datetime, calendar: Calendar) -> int | None:
    """What the agency has used of its time, in working days; of a limit in hours, in whole days. None before its turn."""
    clock = clock_of(application)
    if clock is None:
        return None
    used = deadlines.used_by(clock, at, calendar)
    return used // HOURS_OF_A_DAY if clock.unit is Unit.HOURS else used


def count_anew(application: Application, calendar: Calendar) -> bool:
    """Recompute a deadline by the calendar of now; True if it moved or became (or ceased to be) provisional."""
    clock = clock_of(application)
    before = (application.due_at, application.due_provisional)
    if clock is not None:
        _keep(application, clock, calendar)
    return before != (application.due_at, application.due_provisional)


def _keep(application: Application, clock: LegalClock, calendar: Calendar) -> None:
    due = deadlines.due(clock, calendar)
    application.clock_limit, application.clock_unit = clock.limit, clock.unit
    application.clock_used, application.clock_since = clock.used, clock.since
    application.due_at = due.moment if due else None
    application.due_provisional = due.provisional if due else False
