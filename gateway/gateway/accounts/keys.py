"""API keys: for an enterprise's own systems. A key acts as the account that made it, within the key's scopes.

Shown once, kept as a hash; it ends by itself, can be revoked at once, and tells when it was last used.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from chassis import journal
from chassis.clock import Clock
from chassis.database import Sessions
from chassis.errors import Conflict, Invalid, NotFound
from chassis.identifiers import new_id
from gateway.accounts import tokens
from gateway.accounts.actors import actor
from gateway.accounts.models import AccountRow, KeyRow, State
from gateway.accounts.roles import is_administrator
from gateway.refusals import Unauthenticated

LONGEST = timedelta(days=366)
KEYS_PER_ACCOUNT = 20
TOUCHED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class NewKey:
    name: str
    scopes: tuple[str, ...]
    expires_at: datetime


def create(session: Session, clock: Clock, owner: AccountRow, new: NewKey) -> tuple[KeyRow, str]:
    """The key and its secret. Refuses an end in the past or more than a year off, and a twenty-first key."""
    now = clock()
    if not now < new.expires_at <= now + LONGEST:
        raise Invalid.field("expires_at", "out_of_range", min=now.isoformat(), max=(now + LONGEST).isoformat())
    if _count(session, owner.id, now) >= KEYS_PER_ACCOUNT:
        raise Conflict("too_many_keys", limit=KEYS_PER_ACCOUNT)
    secret = tokens.new(tokens.KEY)
    row = KeyRow(
        id=new_id(),
        secret_hash=tokens.hash_of(secret),
        account_id=owner.id,
        name=new.name,
        scopes=sorted(set(new.scopes)),
        created_at=now,
        expires_at=new.expires_at,
    )
    session.add(row)
    journal.write(session, actor(owner), "create_key", row.id, {"scopes": row.scopes}, clock=clock)
    return row, secret


def find(sessions: Sessions, secret: str, now: datetime) -> KeyRow:
    """The living key of a secret, marked as used; refuses `Unauthenticated("key_invalid")`."""
    with sessions() as session:
        row = session.scalar(select(KeyRow).where(KeyRow.secret_hash == tokens.hash_of(secret)))
        if row is None or row.revoked_at or now >= row.expires_at or row.account.state != State.ACTIVE:
            raise Unauthenticated("key_invalid")
        if row.last_used_at is None or now - row.last_used_at >= TOUCHED_EVERY:
            row.last_used_at = now
            session.commit()
        return row


def visible_to(session: Session, account: AccountRow) -> list[KeyRow]:
    """One's own keys; an administrator sees those of his whole organisation."""
    mine = KeyRow.account_id == account.id
    if is_administrator(account):
        mine = KeyRow.account_id.in_(select(AccountRow.id).where(AccountRow.organisation_id == account.organisation_id))
    return list(session.scalars(select(KeyRow).where(mine).order_by(KeyRow.created_at.desc())))


def revoke(session: Session, clock: Clock, account: AccountRow, key_id: str) -> KeyRow:
    """It works no more, from now on; a repeat changes nothing."""
    row = next((key for key in visible_to(session, account) if key.id == key_id), None)
    if row is None:
        raise NotFound("key_unknown")
    if row.revoked_at is None:
        row.revoked_at = clock()
        journal.write(session, actor(account), "revoke_key", row.id, clock=clock)
    return row


def revoke_all(session: Session, account_id: str, now: datetime) -> int:
    """How many ended by it."""
    living = update(KeyRow).where(KeyRow.account_id == account_id, KeyRow.revoked_at.is_(None), KeyRow.expires_at > now)
    return len(session.scalars(living.values(revoked_at=now).returning(KeyRow.id)).all())


def _count(session: Session, account_id: str, now: datetime) -> int:
    living = (KeyRow.account_id == account_id, KeyRow.revoked_at.is_(None), KeyRow.expires_at > now)
    return session.scalar(select(func.count()).where(*living)) or 0
