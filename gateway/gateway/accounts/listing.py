"""Lists of accounts, page by page."""

import base64
import binascii
import json

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from chassis.errors import Invalid
from gateway.accounts.models import AccountRow
from gateway.accounts.roles import ADMINISTRATOR, is_operator


def page(
    session: Session,
    manager: AccountRow,
    organisation_id: str,
    limit: int,
    state: str | None = None,
    q: str | None = None,
    after: str | None = None,
) -> tuple[list[AccountRow], str | None]:
    """The accounts of an organisation that `manager` manages, by username, and the cursor of the next page.

    Refuses a cursor that is none of ours.
    """
    query = select(AccountRow).where(AccountRow.organisation_id == organisation_id)
    if is_operator(manager) and organisation_id != manager.organisation_id:
        query = query.where(AccountRow.roles.contains([ADMINISTRATOR]))
    if state:
        query = query.where(AccountRow.state == state)
    if q:
        by_username = AccountRow.username.contains(q.lower(), autoescape=True)
        query = query.where(or_(by_username, AccountRow.name.contains(q, autoescape=True)))
    if after:
        query = query.where(AccountRow.username > _username(after))
    rows = list(session.scalars(query.order_by(AccountRow.username).limit(limit + 1)))
    return rows[:limit], _cursor(rows[limit - 1]) if len(rows) > limit else None


def _cursor(last: AccountRow) -> str:
    return base64.urlsafe_b64encode(json.dumps([last.username]).encode()).decode()


def _username(cursor: str) -> str:
    try:
        (username,) = json.loads(base64.urlsafe_b64decode(cursor))
        return str(username)
    except (ValueError, TypeError, binascii.Error) as error:
        raise Invalid.field("after", "not_a_cursor") from error
