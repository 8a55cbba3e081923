"""Tables of accounts, sessions and keys."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import DateTime

from chassis.database import Base

MOMENT = DateTime(timezone=True)


class State(StrEnum):
    """`registering`: reserved until filing has said whether the registration was taken."""

    REGISTERING = "registering"
    ACTIVE = "active"
    CLOSED = "closed"


class AccountRow(Base):
    __tablename__ = "account"
    id: Mapped[str] = mapped_column(primary_key=True)
    username: Mapped[str]
    name: Mapped[str]
    organisation_id: Mapped[str]
    organisation_kind: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    state: Mapped[str]
    password_hash: Mapped[str]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(MOMENT)
    created_by: Mapped[str]
    signed_in_at: Mapped[datetime | None] = mapped_column(MOMENT)


class SessionRow(Base):
    __tablename__ = "session"
    id: Mapped[str] = mapped_column(primary_key=True)
    token_hash: Mapped[str]
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    started_at: Mapped[datetime] = mapped_column(MOMENT)
    seen_at: Mapped[datetime] = mapped_column(MOMENT)
    ends_at: Mapped[datetime] = mapped_column(MOMENT)
    address: Mapped[str]
    agent: Mapped[str]
    account: Mapped[AccountRow] = relationship(lazy="joined", innerjoin=True)


class KeyRow(Base):
    __tablename__ = "api_key"
    id: Mapped[str] = mapped_column(primary_key=True)
    secret_hash: Mapped[str]
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime] = mapped_column(MOMENT)
    expires_at: Mapped[datetime] = mapped_column(MOMENT)
    last_used_at: Mapped[datetime | None] = mapped_column(MOMENT)
    revoked_at: Mapped[datetime | None] = mapped_column(MOMENT)
    account: Mapped[AccountRow] = relationship(lazy="joined", innerjoin=True)


class SignInTriesRow(Base):
    __tablename__ = "sign_in_tries"
    subject: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    counted_since: Mapped[datetime] = mapped_column(MOMENT)
    locked_until: Mapped[datetime | None] = mapped_column(MOMENT)
