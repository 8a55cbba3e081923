"""Idempotent commands: the same key with the same request gets the same answer, however often it is sent.

with transaction(sessions) as session:
    if (reply := repeated(session, key, "submit", request)) is not None:
        return reply
    ...
    return remember(session, key, "submit", request, reply)
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.types import DateTime

from chassis.database import Base
from chassis.errors import Conflict


class CommandRow(Base):
    __tablename__ = "command"
    key: Mapped[str] = mapped_column(primary_key=True)
    act: Mapped[str]
    request_hash: Mapped[str]
    reply: Mapped[dict[str, Any]] = mapped_column(JSONB)
    done_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now(), index=True)


def repeated(session: Session, key: str | None, act: str, request: dict[str, Any]) -> dict[str, Any] | None:
    """The answer given before under this key, or None the first time (or without a key).

    Two at once under one key wait for each other. Refuses `Conflict("idempotency_key_reused")` when the key was used
    for another act or another request.
    """
    if key is None:
        return None
    session.execute(text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})
    row = session.get(CommandRow, key)
    if row is None:
        return None
    if (row.act, row.request_hash) != (act, _hash(request)):
        raise Conflict("idempotency_key_reused")
    return row.reply


def remember(
    session: Session, key: str | None, act: str, request: dict[str, Any], reply: dict[str, Any]
) -> dict[str, Any]:
    """Keep the answer with the change itself, in one transaction; returns the answer."""
    if key is not None:
        session.add(CommandRow(key=key, act=act, request_hash=_hash(request), reply=reply))
    return reply


def _hash(request: dict[str, Any]) -> str:
    canonical = json.dumps(request, sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
