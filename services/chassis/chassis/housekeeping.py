"""What every scheduler does for its service: empties the parking queues into the table, and forgets what is old."""

from datetime import timedelta

from sqlalchemy import delete, func

from chassis import park
from chassis.commands import CommandRow
from chassis.database import Sessions, transaction
from chassis.inbox import InboxRow
from chassis.process import Tools
from chassis.scheduler import Job

# A broker keeps an event for minutes, an operator a parked one for weeks: a repeat after three months is none.
INBOX_KEPT = timedelta(days=90)
# A client repeats a command for minutes, a phone that was offline for days.
COMMANDS_KEPT = timedelta(days=30)


def jobs(tools: Tools) -> list[Job]:
    return [
        Job(
            "collect_parked",
            timedelta(seconds=5),
            lambda: park.collect(tools.sessions, tools.settings.amqp_uri, tools.service),
        ),
        Job("forget_old_records", timedelta(hours=1), lambda: forget_old_records(tools.sessions)),
    ]


def forget_old_records(sessions: Sessions) -> None:
    """Inbox and commands past their time."""
    with transaction(sessions) as session:
        session.execute(delete(InboxRow).where(InboxRow.handled_at < func.now() - INBOX_KEPT))
        session.execute(delete(CommandRow).where(CommandRow.done_at < func.now() - COMMANDS_KEPT))
