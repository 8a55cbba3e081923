"""Limits on signing in, for an account and for an address."""

from datetime import datetime, timedelta
from math import ceil
from threading import Lock
from zlib import crc32

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gateway.accounts.models import SignInTriesRow
from gateway.refusals import TooMany

WINDOW = timedelta(minutes=15)
LOCKED_FOR = timedelta(minutes=15)  # MLPS level 3 (等保三级): five tries, then at least a quarter of an hour
TRIES_PER_ACCOUNT = 5
# Behind one address sits a whole office: it may mistype more often than one person.
TRIES_PER_ADDRESS = 30

_LOCKS = tuple(Lock() for _ in range(256))


def subjects(username: str, address: str) -> dict[str, int]:
    """What a try counts against, with how many tries each has."""
    return {f"account:{username}": TRIES_PER_ACCOUNT, f"address:{address}": TRIES_PER_ADDRESS}


def one_at_a_time(username: str) -> Lock:
    """Held while a password of this account is tried: many at once cannot all be tried before the first is counted."""
    return _LOCKS[crc32(username.encode()) % len(_LOCKS)]


def refuse_locked(session: Session, counted: dict[str, int], now: datetime) -> None:
    """Refuses `TooMany` telling for how many seconds, when one of them has no try left."""
    locked_until = session.scalar(
        select(func.max(SignInTriesRow.locked_until)).where(SignInTriesRow.subject.in_(counted))
    )
    if locked_until is not None and locked_until > now:
        raise TooMany("sign_in_locked", retry_after=ceil((locked_until - now).total_seconds()))


def count_failure(session: Session, counted: dict[str, int], now: datetime) -> int:
    """Count a wrong try against each; returns how many are left, of the one that has fewest."""
    left = []
    for subject, limit in counted.items():
        row = _row(session, subject, now)
        if row.locked_until is not None or now - row.counted_since >= WINDOW:
            row.failures, row.counted_since, row.locked_until = 0, now, None
        row.failures += 1
        if row.failures >= limit:
            row.locked_until = now + LOCKED_FOR
        left.append(max(limit - row.failures, 0))
    return min(left)


def forgive(session: Session, username: str) -> None:
    """The try was right: the account's count starts anew."""
    session.execute(delete(SignInTriesRow).where(SignInTriesRow.subject == f"account:{username}"))


def forget_old(session: Session, now: datetime) -> None:
    old = SignInTriesRow.counted_since < now - WINDOW - LOCKED_FOR
    session.execute(delete(SignInTriesRow).where(old))


def _row(session: Session, subject: str, now: datetime) -> SignInTriesRow:
    """The subject's row, made if need be, and locked in the same statement: it cannot be deleted in between."""
    made = insert(SignInTriesRow).values(subject=subject, failures=0, counted_since=now)
    locked = made.on_conflict_do_update(index_elements=["subject"], set_={"failures": SignInTriesRow.failures})
    return session.scalars(locked.returning(SignInTriesRow), execution_options={"populate_existing": True}).one()
