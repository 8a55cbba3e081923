"""The platform's own people: the first one is made at the command line, where no account is needed."""

from sqlalchemy.orm import Session

from chassis import journal
from chassis.clock import Clock
from gateway.accounts import accounts, passwords, sessions
from gateway.accounts.accounts import NewAccount
from gateway.accounts.actors import actor
from gateway.accounts.roles import OPERATOR, PLATFORM

NAME = "系统运维"
BY = "command line"


def create(session: Session, clock: Clock, username: str, password: str) -> bool:
    """True if made; False if the operator is there already, whose password then stays. Refuses a weak password.

    Refuses `Conflict("username_taken")` when somebody else has the name.
    """
    known = sessions.by_username(session, username)
    if known is not None and known.organisation_kind == PLATFORM:
        return False
    passwords.refuse_weak(password, username, "password")
    new = NewAccount(username, NAME, PLATFORM, PLATFORM, (OPERATOR,))
    row = accounts.insert_account(session, clock, new, password, by=BY)
    journal.write(session, actor(row), "create_operator", row.id, clock=clock)
    return True
