"""An enterprise registers itself: its first account exists exactly when filing has taken the registration.

The account is reserved first, then filing is asked, then the account is opened. Whoever dies in between leaves a
reservation; it is settled by asking filing whether it knows the organisation: on the next sign-in, on a repeat of the
request, or by the sweeper, whichever comes first.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update

from chassis import journal
from chassis.database import transaction
from chassis.errors import Conflict, Refusal, Unavailable
from chassis.identifiers import derived_id
from gateway.accounts import accounts, passwords, sessions
from gateway.accounts.accounts import NewAccount
from gateway.accounts.actors import actor
from gateway.accounts.models import AccountRow, State
from gateway.accounts.roles import ROLES
from gateway.bus import Rpc
from gateway.parts import Parts
from gateway.principals import NEWCOMER

REGISTER = Rpc("filing", "register_enterprise", deadline=3.0)
ENTERPRISE = "enterprise"
MATTER = "enterprise_registration"
# Longer than any request that might still be on its way to filing.
SETTLED_AFTER = timedelta(minutes=2)

Body = dict[str, Any]


@dataclass(frozen=True)
class Registration:
    """`key` is the command's key, from which all ids are derived: a repeat names what its first try made."""

    username: str
    password: str
    name: str
    key: str
    asked: Body

    @property
    def account_id(self) -> str:
        return derived_id("registration", "account", self.key, self.username.lower())

    @property
    def organisation_id(self) -> str:
        return derived_id("registration", "organisation", self.key, self.username.lower())

    @property
    def application_id(self) -> str:
        return derived_id("registration", "application", self.key, self.username.lower())


def register(parts: Parts, registration: Registration) -> Body:
    """What filing replies, with the account's id. Refuses `Conflict("username_taken")` before anything else is done."""
    passwords.refuse_weak(registration.password, registration.username, "account.password")
    _reserve(parts, registration)
    request = {
        **registration.asked,
        "organisation_id": registration.organisation_id,
        "application_id": registration.application_id,
    }
    try:
        reply = parts.bus.call(REGISTER, request, NEWCOMER, key=registration.key)
    except Unavailable:
        raise  # filing may have taken it: settled later
    except Refusal:
        # An earlier try under this key may have been taken though this one is refused.
        settle(parts, registration.account_id)
        raise
    _open(parts, registration.account_id)
    return reply | {"account_id": registration.account_id, "username": registration.username.lower()}


def settle(parts: Parts, account_id: str) -> None:
    """Open the reserved account if filing knows its organisation, give its name free if not."""
    with parts.sessions() as session:
        row = session.get(AccountRow, account_id)
    if row is None or row.state != State.REGISTERING:
        return
    if parts.profiles.exists(row.organisation_id):
        _open(parts, account_id)
    else:
        _free(parts, account_id)


def settle_of(parts: Parts, username: str) -> None:
    """Before somebody signs in: his registration may have been taken without our having heard so."""
    with parts.sessions() as session:
        row = sessions.by_username(session, username)
    if row is not None and row.state == State.REGISTERING and parts.profiles.exists(row.organisation_id):
        _open(parts, row.id)


def settle_old(parts: Parts) -> None:
    """All reservations that have been waiting for so long that no request can be behind them."""
    before = parts.clock() - SETTLED_AFTER
    with parts.sessions() as session:
        waiting = select(AccountRow.id).where(AccountRow.state == State.REGISTERING, AccountRow.created_at < before)
        ids = list(session.scalars(waiting))
    for account_id in ids:
        settle(parts, account_id)


def _reserve(parts: Parts, registration: Registration) -> None:
    new = NewAccount(
        username=registration.username,
        name=registration.name,
        organisation_id=registration.organisation_id,
        organisation_kind=ENTERPRISE,
        roles=ROLES["enterprise"],  # who registers a firm is often all of its office: he may file, too
    )
    with transaction(parts.sessions) as session:
        known = session.get(AccountRow, registration.account_id)
        if known is not None:
            if not passwords.matches(registration.password, known.password_hash):
                raise Conflict("idempotency_key_reused")
            return
        accounts.insert_account(
            session,
            parts.clock,
            new,
            registration.password,
            by=registration.account_id,
            account_id=registration.account_id,
            state=State.REGISTERING,
        )


def _open(parts: Parts, account_id: str) -> None:
    with transaction(parts.sessions) as session:
        opened = session.scalar(
            update(AccountRow)
            .where(AccountRow.id == account_id, AccountRow.state == State.REGISTERING)
            .values(state=State.ACTIVE)
            .returning(AccountRow)
        )
        if opened is not None:
            journal.write(session, actor(opened), "register", opened.id, clock=parts.clock)


def _free(parts: Parts, account_id: str) -> None:
    with transaction(parts.sessions) as session:
        session.execute(delete(AccountRow).where(AccountRow.id == account_id, AccountRow.state == State.REGISTERING))
