"""What every scheduler does for its service: empties the parking queues into the table, tells the journal's head, and
forgets what is old."""

from datetime import timedelta

from sqlalchemy import delete, func

from chassis import journal, park, telemetry
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
        Job("tell_journal_head", timedelta(minutes=10), lambda: tell_journal_head(tools.sessions)),
        Job("forget_old_records", timedelta(hours=1), lambda: forget_old_records(tools.sessions)),
    ]


def tell_journal_head(sessions: Sessions) -> None:
    """Into the log, which is kept elsewhere: whoever cuts off the journal's tail later contradicts a line that he cannot reach."""
    with transaction(sessions) as session:
        head = journal.head(session)
    telemetry.logger().info("journal_head", number=head.number, hash=head.hash)


def forget_old_records(sessions: Sessions) -> None:
    """Inbox and commands past their time."""
    with transaction(sessions) as session:
        session.execute(delete(InboxRow).where(InboxRow.handled_at < func.now() - INBOX_KEPT))
        session.execute(delete(CommandRow).where(CommandRow.done_at < func.now() - COMMANDS_KEPT))
