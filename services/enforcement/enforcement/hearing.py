"""What is done about each event heard: once, however often it comes."""

from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.database import Sessions, transaction
from chassis.envelope import Event
from chassis.inbox import first_time
from enforcement.models import Firm, Site

OF_SITE = (
    "version", "name", "number", "area", "agency_id", "owner_id", "contractor_id", "supervisor_id", "stage", "starts_on",
    "finishes_on", "boundary", "merged_into",
)  # fmt: skip
OF_FIRM = ("version", "name", "credit_code", "kind", "kinds", "level", "area")


def organisation(sessions: Sessions, event: Event) -> None:
    """An enterprise or an agency was opened."""
    told = event.data
    _keep(sessions, event, Firm, told["organisation_id"], {name: told[name] for name in OF_FIRM})


def project(sessions: Sessions, event: Event) -> None:
    """A project was registered, changed, suspended, resumed, merged into another, or closed."""
    told = event.data
    suspended_on = told["suspended"]["since"] if told["suspended"] else None
    values = {name: told[name] for name in OF_SITE} | {"suspended_on": suspended_on}
    _keep(sessions, event, Site, told["project_id"], values)


def _keep(sessions: Sessions, event: Event, table: type[Firm] | type[Site], key: str, values: dict[str, Any]) -> None:
    """What an event tells, unless something newer is known."""
    with transaction(sessions) as session:
        if first_time(session, event.id, reader=f"enforcement.{event.type}"):
            _write(session, table, key, values)


def _write(session: Session, table: type[Firm] | type[Site], key: str, values: dict[str, Any]) -> None:
    row = insert(table).values(id=key, **values)
    newer = table.version < row.excluded.version
    told = {name: row.excluded[name] for name in values}
    session.execute(row.on_conflict_do_update(index_elements=["id"], set_=told, where=newer))
