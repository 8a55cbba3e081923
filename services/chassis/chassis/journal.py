"""The journal: every act, append-only, each entry chained to the one before by its hash.

A changed, removed or inserted entry breaks the chain from there on; publishing the newest hash elsewhere (`head`)
makes cutting off the tail visible too. The service's database user may insert and read, never update or delete.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import event, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.types import DateTime

from chassis.clock import Clock, now
from chassis.database import Base
from chassis.principal import Principal

GENESIS = "0" * 64
CHAIN_LOCK = 0x6A6F7572  # advisory lock key: appending is one at a time, for as long as the transaction lasts
LATER = "entries of the journal that wait"  # in Session.info


class JournalRow(Base):
    __tablename__ = "journal"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    principal: Mapped[dict[str, Any]] = mapped_column(JSONB)
    act: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB)
    previous_hash: Mapped[str]
    hash: Mapped[str]


@dataclass(frozen=True)
class Head:
    number: int
    hash: str


def write(
    session: Session,
    principal: Principal,
    act: str,
    subject: str,
    detail: dict[str, Any] | None = None,
    *,
    clock: Clock = now,
) -> None:
    """Append one act, behind those that wait. Call it last in the transaction: the chain's end is held until the commit."""
    session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": CHAIN_LOCK})
    last = head(session)
    for row in (*session.info.pop(LATER, ()), _row(principal, act, subject, detail or {}, clock())):
        row.number, row.previous_hash = last.number + 1, last.hash
        row.hash = _hash(row)
        session.add(row)
        last = Head(row.number, row.hash)
    session.flush()


def write_later(
    session: Session, principal: Principal, act: str, subject: str, detail: dict[str, Any], at: datetime
) -> None:
    """One act that is part of a greater one: the `write` of that appends it first. Who holds the chain's end while he still
    waits for rows would wait for ever on who has the rows and wants the end. A commit without that `write` is an error."""
    session.info.setdefault(LATER, []).append(_row(principal, act, subject, detail, at))


@event.listens_for(Session, "before_commit")
def _refuse_forgotten(session: Session) -> None:
    forgotten = [each.act for each in session.info.get(LATER, ())]
    if forgotten:
        raise RuntimeError(f"no journal.write followed {forgotten}")


def head(session: Session) -> Head:
    """The number and hash of the newest entry: what is to be published."""
    newest = session.execute(
        select(JournalRow.number, JournalRow.hash).order_by(JournalRow.number.desc()).limit(1)
    ).first()
    return Head(newest.number, newest.hash) if newest else Head(0, GENESIS)


def first_broken(session: Session) -> int | None:
    """The number of the first entry that does not follow from the one before, or None if the chain holds."""
    expected = Head(0, GENESIS)
    for row in session.scalars(select(JournalRow).order_by(JournalRow.number)).yield_per(1000):
        if row.number != expected.number + 1 or row.previous_hash != expected.hash or row.hash != _hash(row):
            return row.number
        expected = Head(row.number, row.hash)
    return None


def _row(principal: Principal, act: str, subject: str, detail: dict[str, Any], at: datetime) -> JournalRow:
    return JournalRow(at=at, principal=principal.brief(), act=act, subject=subject, detail=detail)


def _hash(row: JournalRow) -> str:
    content = [row.number, row.at.isoformat(), row.principal, row.act, row.subject, row.detail, row.previous_hash]
    text_of_it = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text_of_it.encode()).hexdigest()
