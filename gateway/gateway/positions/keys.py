"""Whose key it is, from memory as a rule; a key that was revoked works no more from that moment on.

Thousands of phones knock every second, so what the table says is remembered. Whoever changes a key says so (NOTIFY), and
what was remembered of it is forgotten. While nobody can be heard (the database is away) nothing is remembered either.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import psycopg
from sqlalchemy import ColumnElement, select, text, update
from sqlalchemy.orm import Session

from chassis import telemetry
from chassis.database import Sessions
from gateway.accounts import tokens
from gateway.positions.models import DeviceKeyRow

DEVICE = "d_"
CHANNEL = "device_key_changed"
REMEMBERED = 400_000  # of 150,000 people's phones, and as many strangers'
LISTEN_SECONDS = 1.0
PAUSE_SECONDS = 1.0


@dataclass(frozen=True)
class Owner:
    """Attendance's numbers for a device and for the person whose it is."""

    device: int
    person: int


def make(session: Session, device_id: str, owner: Owner, now: datetime) -> str:
    """A new key for a device; whatever keys the person had before, for this or another one, work no more. The secret is
    shown once."""
    _revoke(session, DeviceKeyRow.person == owner.person, now)
    secret = tokens.new(DEVICE)
    hash_ = tokens.hash_of(secret)
    session.add(
        DeviceKeyRow(secret_hash=hash_, device_id=device_id, device=owner.device, person=owner.person, created_at=now)
    )
    _tell(session, hash_)
    return secret


def revoke(session: Session, device_id: str, now: datetime) -> None:
    """From the commit on; a repeat changes nothing."""
    _revoke(session, DeviceKeyRow.device_id == device_id, now)


def _revoke(session: Session, whose: ColumnElement[bool], now: datetime) -> None:
    living = update(DeviceKeyRow).where(whose, DeviceKeyRow.revoked_at.is_(None))
    for hash_ in session.scalars(living.values(revoked_at=now).returning(DeviceKeyRow.secret_hash)).all():
        _tell(session, hash_)


def _tell(session: Session, hash_: str) -> None:
    session.execute(text("select pg_notify(:channel, :hash)"), {"channel": CHANNEL, "hash": hash_})


class Keys:
    """`find` from any thread; `listen` runs in one of its own until `stop`."""

    def __init__(self, sessions: Sessions, listener_uri: str) -> None:
        self.sessions = sessions
        self.uri = listener_uri
        self.known: dict[str, Owner | None] = {}
        self.hears = False
        self.changes = 0
        self.stopping = threading.Event()

    def find(self, secret: str) -> Owner | None:
        """None for a key that nobody has, or has no more."""
        hash_ = tokens.hash_of(secret)
        if hash_ in self.known:
            return self.known[hash_]
        before = self.changes
        with self.sessions() as session:
            found = select(DeviceKeyRow).where(DeviceKeyRow.secret_hash == hash_, DeviceKeyRow.revoked_at.is_(None))
            row = session.scalar(found)
        owner = Owner(row.device, row.person) if row else None
        if self.hears and self.changes == before:  # else it may have been revoked while we read
            if len(self.known) >= REMEMBERED:
                self.known.clear()
            self.known[hash_] = owner
        return owner

    def listen(self) -> None:
        while not self.stopping.is_set():
            try:
                self._listen()
            except psycopg.Error as error:
                telemetry.logger().warning("keys_not_heard_of", error=repr(error))
            finally:
                self._forget_all()  # whatever ended the listening: nothing is believed that might be revoked
            self.stopping.wait(PAUSE_SECONDS)

    def stop(self) -> None:
        self.stopping.set()

    def is_heard(self) -> bool:
        """Whether a revocation would be heard of now."""
        return self.hears

    def _listen(self) -> None:
        with psycopg.connect(self.uri, autocommit=True, connect_timeout=2) as connection:
            connection.execute(f"listen {CHANNEL}")
            self.hears = True
            while not self.stopping.is_set():
                for change in connection.notifies(timeout=LISTEN_SECONDS):
                    self._forget(change.payload)
                connection.execute("select 1")  # a connection that died in silence is noticed

    def _forget(self, hash_: str) -> None:
        self.changes += 1
        self.known.pop(hash_, None)

    def _forget_all(self) -> None:
        self.hears = False
        self.changes += 1
        self.known.clear()


Find = Callable[[str], Owner | None]
