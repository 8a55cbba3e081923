"""What locks and claims have in common: granted to an application for minutes, confirmed, ended for a cause."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from equipment.models import MachineClaim, MachineLock
from equipment.terms import Cause, HoldStage, Occasion, Party

Hold = MachineLock | MachineClaim

LAPSES_AFTER = timedelta(minutes=5)


def one_at_a_time(session: Session, application_id: str) -> None:
    """What is done for one application is done one after the other; the first thing in a transaction about its holds."""
    key = f"application {application_id}"
    session.execute(text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})


def start(hold: Hold, applicant: Party, agency_id: str | None, occasion: Occasion) -> None:
    """Provisional from now on, whatever it was before."""
    hold.applicant_id, hold.applicant_name, hold.agency_id = applicant.organisation_id, applicant.name, agency_id
    hold.stage = HoldStage.PROVISIONAL
    hold.granted_at, hold.lapses_at = occasion.now, occasion.now + LAPSES_AFTER
    hold.released_at = hold.cause = hold.reason = hold.released_by = None


def prolong(hold: Hold, occasion: Occasion) -> None:
    """The same application asks again: a provisional hold lapses later."""
    if hold.stage == HoldStage.PROVISIONAL:
        hold.lapses_at = occasion.now + LAPSES_AFTER


def end(hold: Hold, cause: Cause, occasion: Occasion, reason: str | None = None) -> None:
    hold.stage, hold.lapses_at = HoldStage.RELEASED, None
    hold.released_at, hold.released_by = occasion.now, occasion.by
    hold.cause, hold.reason = cause, reason


def broken_rule(error: IntegrityError) -> str:
    """The name of the index or constraint that stood in the way."""
    diagnosis = getattr(error.orig, "diag", None)
    return str(getattr(diagnosis, "constraint_name", ""))
