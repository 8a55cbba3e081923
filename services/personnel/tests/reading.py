"""What tests look at in the database."""

from typing import Any

from sqlalchemy import select

from chassis.database import Sessions, transaction
from chassis.outbox import OutboxRow
from personnel.models import PersonLock


def active(sessions: Sessions, *person_ids: str) -> list[tuple[str, str]]:
    """(person, stage) of all active locks, or of these people's."""
    with transaction(sessions) as session:
        rows = session.scalars(select(PersonLock).where(PersonLock.released_at.is_(None)))
        return sorted((each.person_id, each.stage) for each in rows if not person_ids or each.person_id in person_ids)


def locks_of(sessions: Sessions, person_id: str) -> list[PersonLock]:
    with transaction(sessions) as session:
        rows = select(PersonLock).where(PersonLock.person_id == person_id).order_by(PersonLock.id)
        return list(session.scalars(rows))


def recorded(sessions: Sessions, *types: str) -> list[dict[str, Any]]:
    """The bodies of the events in the outbox, in order."""
    with transaction(sessions) as session:
        bodies = session.scalars(select(OutboxRow.body).order_by(OutboxRow.position))
        return [each for each in bodies if not types or each["type"] in types]
