"""Limits on signing in: a try is counted before the password is looked at, so that many at once cannot slip through."""

from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gateway.accounts.models import SignInTriesRow
from gateway.refusals import TooMany

WINDOW = timedelta(minutes=15)
LOCKED_FOR = timedelta(minutes=15)  # MLPS level 3 (等保三级): five tries, then at least a quarter of an hour
TRIES_PER_ACCOUNT = 5
# Behind one address sits a whole office: it may mistype more often than one person.
TRIES_PER_ADDRESS = 30


def subjects(username: str, address: str) -> dict[str, int]:
    """What a try counts against, with how many tries each has."""
    return {f"account:{username}": TRIES_PER_ACCOUNT, f"address:{address}": TRIES_PER_ADDRESS}


def count(session: Session, counted: dict[str, int], now: datetime) -> None:
    """Count a try against each; refuses `TooMany` telling for how many seconds, when one has none left."""
    for subject, limit in counted.items():
        row = _row(session, subject, now)
        if row.locked_until is not None and row.locked_until > now:
            raise TooMany("sign_in_locked", retry_after=ceil((row.locked_until - now).total_seconds()))
        if row.locked_until is not None or now - row.counted_since >= WINDOW:
            row.failures, row.counted_since, row.locked_until = 0, now, None
        row.failures += 1
        if row.failures >= limit:
            row.locked_until = now + LOCKED_FOR


def left(session: Session, subject: str, limit: int) -> int:
    """How many tries are left before the lock."""
    failures = session.scalar(select(SignInTriesRow.failures).where(SignInTriesRow.subject == subject))
    return max(limit - (failures or 0), 0)


def forgive(session: Session, username: str, address: str) -> None:
    """The try was right: the account's count starts anew, the address gets this one back."""
    session.execute(delete(SignInTriesRow).where(SignInTriesRow.subject == f"account:{username}"))
    session.execute(
        update(SignInTriesRow)
        .where(SignInTriesRow.subject == f"address:{address}")
        .values(failures=SignInTriesRow.failures - 1, locked_until=None)
    )


def forget_old(session: Session, now: datetime) -> None:
    old = SignInTriesRow.counted_since < now - WINDOW - LOCKED_FOR
    session.execute(delete(SignInTriesRow).where(old))


def _row(session: Session, subject: str, now: datetime) -> SignInTriesRow:
    session.execute(
        insert(SignInTriesRow).values(subject=subject, failures=0, counted_since=now).on_conflict_do_nothing()
    )
    return session.scalars(select(SignInTriesRow).where(SignInTriesRow.subject == subject).with_for_update()).one()
