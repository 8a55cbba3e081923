"""Accounts: made, changed, closed and reopened by the administrator of their organisation, never by a stranger.

The platform's operator gives an organisation its first administrator, and can reset an administrator's password; he
manages nobody else. A change names the version that was seen.
"""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis import journal
from chassis.clock import Clock
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.identifiers import new_id
from gateway.accounts import keys, passwords, sessions
from gateway.accounts.actors import actor
from gateway.accounts.models import AccountRow, State
from gateway.accounts.roles import ADMINISTRATOR, PLATFORM, ROLES, is_administrator, is_operator


@dataclass(frozen=True)
class NewAccount:
    username: str
    name: str
    organisation_id: str
    organisation_kind: str
    roles: tuple[str, ...]


def of(session: Session, manager: AccountRow, account_id: str) -> AccountRow:
    """The account, locked for a change; refuses `NotFound` when it is none of the manager's."""
    row = session.get(AccountRow, account_id)
    if row is None or not manages(manager, row):
        raise NotFound("account_unknown")
    # One change at a time in an organisation: two administrators who step down at once must see each other.
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(row.organisation_id, 0))))
    session.refresh(row, with_for_update=True)
    return row


def manages(manager: AccountRow, account: AccountRow) -> bool:
    if is_operator(manager):
        return is_administrator(account) or account.organisation_kind == PLATFORM
    return is_administrator(manager) and account.organisation_id == manager.organisation_id


def refuse_unless_manager(manager: AccountRow) -> None:
    """Refuses `Forbidden("not_an_administrator")`."""
    if not is_operator(manager) and not is_administrator(manager):
        raise Forbidden("not_an_administrator")


def create(session: Session, clock: Clock, manager: AccountRow, new: NewAccount) -> tuple[AccountRow, str]:
    """The account and its one-time password, which must be changed at first use.

    Refuses `Invalid` roles, `Forbidden`, and `Conflict("username_taken")`.
    """
    refuse_unless_manager(manager)
    _refuse_roles_beyond(manager, new)
    password = passwords.one_time()
    row = insert_account(session, clock, new, password, by=manager.id)
    row.must_change_password = True
    detail = {"username": row.username, "roles": row.roles}
    journal.write(session, actor(manager), "create_account", row.id, detail, clock=clock)
    return row, password


def insert_account(
    session: Session,
    clock: Clock,
    new: NewAccount,
    password: str,
    by: str,
    account_id: str | None = None,
    state: State = State.ACTIVE,
) -> AccountRow:
    """A new row; refuses `Conflict("username_taken")`, also when two ask at once."""
    row = AccountRow(
        id=account_id or new_id(),
        username=new.username.lower(),
        name=new.name,
        organisation_id=new.organisation_id,
        organisation_kind=new.organisation_kind,
        roles=list(new.roles),
        state=state,
        password_hash=passwords.hash_of(password),
        must_change_password=False,
        version=1,
        created_at=clock(),
        created_by=by,
    )
    values = {column.key: getattr(row, column.key) for column in AccountRow.__table__.columns}
    inserted = session.execute(insert(AccountRow).values(values).on_conflict_do_nothing().returning(AccountRow.id))
    if inserted.first() is None:
        raise Conflict("username_taken", username=new.username)
    return session.get_one(AccountRow, row.id)


def change(
    session: Session, clock: Clock, manager: AccountRow, account_id: str, version: int, changes: dict[str, object]
) -> AccountRow:
    """New `name` or `roles`; the last administrator of an organisation stays one."""
    row = of(session, manager, account_id)
    _refuse_stale(row, version)
    if isinstance(roles := changes.get("roles"), list):
        _refuse_unknown_roles(row.organisation_kind, roles)
        if is_administrator(row) and ADMINISTRATOR not in roles:
            _refuse_last_administrator(session, row)
        row.roles = sorted(set(roles))
    if isinstance(name := changes.get("name"), str):
        row.name = name
    row.version += 1
    journal.write(session, actor(manager), "change_account", row.id, {"roles": row.roles}, clock=clock)
    return row


def close(session: Session, clock: Clock, manager: AccountRow, account_id: str, version: int) -> AccountRow:
    """Nobody signs in with it any more, its sessions and keys end at once. Nobody can close his own."""
    row = of(session, manager, account_id)
    _refuse_stale(row, version)
    if row.id == manager.id:
        raise Conflict("own_account")
    _refuse_last_administrator(session, row)
    row.state, row.version = State.CLOSED, row.version + 1
    sessions.end_all(session, row.id)
    keys.revoke_all(session, row.id, clock())
    journal.write(session, actor(manager), "close_account", row.id, clock=clock)
    return row


def reopen(session: Session, clock: Clock, manager: AccountRow, account_id: str, version: int) -> AccountRow:
    row = of(session, manager, account_id)
    _refuse_stale(row, version)
    if row.state == State.CLOSED:
        row.state = State.ACTIVE
    row.version += 1
    journal.write(session, actor(manager), "reopen_account", row.id, clock=clock)
    return row


@dataclass(frozen=True)
class Reset:
    account: AccountRow
    one_time_password: str
    keys_revoked: int


def reset_password(session: Session, clock: Clock, manager: AccountRow, account_id: str) -> Reset:
    """A one-time password for somebody who has lost his; he is signed out everywhere, and his keys end."""
    row = of(session, manager, account_id)
    password = passwords.one_time()
    row.password_hash, row.must_change_password = passwords.hash_of(password), True
    row.version += 1
    sessions.end_all(session, row.id)
    revoked = keys.revoke_all(session, row.id, clock())
    journal.write(session, actor(manager), "reset_password", row.id, {"keys_revoked": revoked}, clock=clock)
    return Reset(row, password, revoked)


def change_password(
    session: Session, clock: Clock, account_id: str, current: str, new: str, keep_session: str | None, keep_keys: bool
) -> int:
    """One's own password; every other session ends, and every key unless `keep_keys`. Returns how many keys ended.

    Refuses `Invalid` for a wrong, weak or unchanged password.
    """
    row = session.scalars(select(AccountRow).where(AccountRow.id == account_id).with_for_update()).one()
    if not passwords.matches(current, row.password_hash):
        raise Invalid.field("current_password", "wrong_password")
    passwords.refuse_weak(new, row.username, "new_password")
    if new == current:
        raise Invalid.field("new_password", "password_unchanged")
    row.password_hash, row.must_change_password = passwords.hash_of(new), False
    row.version += 1
    sessions.end_all(session, row.id, but=keep_session)
    revoked = 0 if keep_keys else keys.revoke_all(session, row.id, clock())
    journal.write(session, actor(row), "change_password", row.id, {"keys_revoked": revoked}, clock=clock)
    return revoked


def _refuse_roles_beyond(manager: AccountRow, new: NewAccount) -> None:
    if is_operator(manager) and new.organisation_kind != PLATFORM:
        if set(new.roles) != {ADMINISTRATOR}:
            raise Invalid.field("roles", "not_a_choice", choices=[ADMINISTRATOR])
    elif new.organisation_id != manager.organisation_id:
        raise Forbidden("other_organisation")
    _refuse_unknown_roles(new.organisation_kind, list(new.roles))


def _refuse_unknown_roles(organisation_kind: str, roles: list[str]) -> None:
    allowed = ROLES[organisation_kind]
    if not roles or not set(roles) <= set(allowed):
        raise Invalid.field("roles", "not_a_choice", choices=list(allowed))


def _refuse_stale(row: AccountRow, version: int) -> None:
    if row.version != version:
        raise Conflict("stale_version", version=row.version)


def _refuse_last_administrator(session: Session, row: AccountRow) -> None:
    if not is_administrator(row) or row.state != State.ACTIVE:
        return
    others = session.scalar(
        select(func.count()).where(
            AccountRow.organisation_id == row.organisation_id,
            AccountRow.id != row.id,
            AccountRow.state == State.ACTIVE,
            AccountRow.roles.contains([ADMINISTRATOR]),
        )
    )
    if not others:
        raise Conflict("last_administrator")
