"""Sessions: signing in, staying in, signing out.

A session ends after 30 idle minutes (MLPS level 3, 等保三级, asks for 15 to 30) and after 12 hours in any case.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from chassis import journal
from chassis.clock import Clock
from chassis.database import Sessions, transaction
from chassis.identifiers import new_id
from gateway.accounts import passwords, tokens, tries
from gateway.accounts.actors import actor
from gateway.accounts.models import AccountRow, SessionRow, State
from gateway.refusals import Unauthenticated

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
# A session's last use is written at most this often: a busy page must not write a row a request.
TOUCHED_EVERY = timedelta(minutes=1)
AGENT_LENGTH = 200


def sign_in(
    sessions: Sessions, clock: Clock, username: str, password: str, address: str, agent: str
) -> tuple[SessionRow, str]:
    """A new session and its token.

    Refuses `Unauthenticated("sign_in_failed")` alike for an unknown name, a wrong password and a closed account, and
    `TooMany("sign_in_locked")` after too many of them.
    """
    username = username.lower()
    counted = tries.subjects(username, address)
    with tries.one_at_a_time(username):
        with transaction(sessions) as session:
            tries.refuse_locked(session, counted, clock())
            account = by_username(session, username)
        if not passwords.matches(password, account.password_hash if account else None) or not _may_enter(account):
            raise _failed(sessions, clock, account, counted, address)
        assert account is not None
        with transaction(sessions) as session:
            tries.forgive(session, username)
            return _open(session, clock, session.merge(account), password, address, agent)


def by_username(session: Session, username: str) -> AccountRow | None:
    return session.scalar(select(AccountRow).where(AccountRow.username == username.lower()))


def find(sessions: Sessions, token: str, now: datetime) -> SessionRow:
    """The living session of a token, marked as used; refuses `Unauthenticated("session_over")`."""
    with sessions() as session:
        row = session.scalar(select(SessionRow).where(SessionRow.token_hash == tokens.hash_of(token)))
        if row is None or now >= row.ends_at or now - row.seen_at >= IDLE or row.account.state != State.ACTIVE:
            raise Unauthenticated("session_over")
        if now - row.seen_at >= TOUCHED_EVERY:
            row.seen_at = now
            session.commit()
        return row


def living(session: Session, account_id: str, now: datetime) -> list[SessionRow]:
    """Where somebody is signed in, the latest first."""
    return list(
        session.scalars(
            select(SessionRow)
            .where(SessionRow.account_id == account_id, SessionRow.ends_at > now, SessionRow.seen_at > now - IDLE)
            .order_by(SessionRow.started_at.desc())
        )
    )


def end(session: Session, account_id: str, session_id: str) -> None:
    """Sign out of one; ending one that is over already is no mistake."""
    session.execute(delete(SessionRow).where(SessionRow.id == session_id, SessionRow.account_id == account_id))


def end_all(session: Session, account_id: str, but: str | None = None) -> None:
    """Sign out everywhere, or everywhere else."""
    session.execute(delete(SessionRow).where(SessionRow.account_id == account_id, SessionRow.id != (but or "")))


def forget_over(session: Session, now: datetime) -> None:
    session.execute(delete(SessionRow).where((SessionRow.ends_at <= now) | (SessionRow.seen_at <= now - IDLE)))


def _may_enter(account: AccountRow | None) -> bool:
    return account is not None and account.state == State.ACTIVE


def _failed(
    sessions: Sessions, clock: Clock, account: AccountRow | None, counted: dict[str, int], address: str
) -> Unauthenticated:
    with transaction(sessions) as session:
        left = tries.count_failure(session, counted, clock())
        if account is not None:
            told = {"address": address, "tries_left": left}
            journal.write(session, actor(account), "refuse_sign_in", account.id, told, clock=clock)
    return Unauthenticated("sign_in_failed", tries_left=left)


def _open(
    session: Session, clock: Clock, account: AccountRow, password: str, address: str, agent: str
) -> tuple[SessionRow, str]:
    now, token = clock(), tokens.new(tokens.SESSION)
    if passwords.is_outdated(account.password_hash):
        account.password_hash = passwords.hash_of(password)
    account.signed_in_at = now
    row = SessionRow(
        id=new_id(),
        token_hash=tokens.hash_of(token),
        account_id=account.id,
        started_at=now,
        seen_at=now,
        ends_at=now + LONGEST,
        address=address,
        agent=agent[:AGENT_LENGTH],
    )
    row.account = account
    session.add(row)
    journal.write(session, actor(account), "sign_in", account.id, {"address": address}, clock=clock)
    return row, token
