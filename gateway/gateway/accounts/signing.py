"""What the API and the pages both do about a session and a password."""

from flask import Response
from sqlalchemy.orm import Session

from chassis import journal
from chassis.clock import Clock
from chassis.database import transaction
from chassis.errors import Invalid
from gateway.accounts import accounts, sessions, tries
from gateway.accounts.actors import actor
from gateway.accounts.models import AccountRow
from gateway.parts import Parts
from gateway.visitors import COOKIE, Visitor


def give_cookie(response: Response, token: str, *, secure: bool) -> None:
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(sessions.LONGEST.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=secure,
    )


def end(session: Session, clock: Clock, account: AccountRow, session_id: str) -> None:
    sessions.end(session, account.id, session_id)
    journal.write(session, actor(account), "sign_out", account.id, clock=clock)


def end_everywhere(session: Session, clock: Clock, account: AccountRow) -> None:
    sessions.end_all(session, account.id)
    journal.write(session, actor(account), "sign_out_everywhere", account.id, clock=clock)


def change_password(
    here: Parts, account: AccountRow, visitor: Visitor, current: str, new: str, *, keep_keys: bool
) -> int:
    """How many keys ended by it. Wrong tries count as wrong sign-ins do: whoever finds a page left open cannot try
    passwords on it."""
    counted = tries.subjects(account.username, visitor.address)
    with tries.one_at_a_time(account.username):
        with transaction(here.sessions) as session:
            tries.refuse_locked(session, counted, here.clock())
        try:
            return _change(here, account, visitor, current, new, keep_keys=keep_keys)
        except Invalid as refusal:
            if "current_password" in refusal.fields:
                with transaction(here.sessions) as session:
                    tries.count_failure(session, counted, here.clock())
            raise


def _change(here: Parts, account: AccountRow, visitor: Visitor, current: str, new: str, *, keep_keys: bool) -> int:
    keep = visitor.session.id if visitor.session else None
    with transaction(here.sessions) as session:
        revoked = accounts.change_password(session, here.clock, account.id, current, new, keep, keep_keys)
        tries.forgive(session, account.username)
    return revoked
