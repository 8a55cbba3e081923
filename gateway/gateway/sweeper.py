"""What has to be tidied from time to time: sessions that are over, answers that are a day old, unsettled registrations,
files that nobody uses.

Every gateway process runs it; an advisory lock lets one at a time through.
"""

import threading
from datetime import timedelta

from sqlalchemy import func, select

from chassis import telemetry
from chassis.database import transaction
from chassis.errors import Refusal
from gateway import uploaded
from gateway.accounts import registrations, sessions, tries
from gateway.parts import Parts

EVERY = timedelta(minutes=1)
ONE_AT_A_TIME = 0x73776565

log = telemetry.logger()


def start(parts: Parts) -> threading.Event:
    """Sweep every minute from a thread of its own, until the event that is returned is set."""
    stopping = threading.Event()

    def turn() -> None:
        while not stopping.wait(EVERY.total_seconds()):
            try:
                sweep(parts)
                telemetry.job_runs.labels("sweep", "done").inc()
            except Exception as error:  # the next turn tries again; the metric and this line tell
                log.error("sweep_failed", exc_info=error)
                telemetry.job_runs.labels("sweep", "failed").inc()

    threading.Thread(target=turn, name="sweeper", daemon=True).start()
    return stopping


def sweep(parts: Parts) -> None:
    """Once; nothing when another process is at it."""
    with transaction(parts.sessions) as session:
        if not session.scalar(select(func.pg_try_advisory_xact_lock(ONE_AT_A_TIME))):
            return
        sessions.forget_over(session, parts.clock())
        tries.forget_old(session, parts.clock())
    parts.answers.forget_old()
    try:
        registrations.settle_old(parts)
    except Refusal as refusal:
        log.info("registrations_unsettled", reason=refusal.code)
    try:
        uploaded.sweep(parts)
    except Refusal as refusal:
        log.info("uploads_unswept", reason=refusal.code)
