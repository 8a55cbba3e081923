"""Looking at applications: one with everything on record, or a page of them."""

from collections.abc import Mapping
from typing import Any

from chassis.database import transaction
from chassis.principal import Principal
from filing.applications.turn import find, whose
from filing.desk import Desk, Reply
from filing.permissions import permit_sight
from filing.queries import application_detail, applications


def get(
    desk: Desk, principal: Principal, *, application_id: str, round: int | None = None, against: int | None = None
) -> Reply:
    """One application; `round` shows what was handed in then, `against` compares it with another round.

    Refuses `NotFound` what he does not see.
    """
    with transaction(desk.sessions) as session:
        application = find(session, application_id)
        of = whose(session, application)
        permit_sight(principal, of)
        return application_detail.describe(
            session, principal, application, of, desk.calendar, desk.clock(), round, against
        )


def list_all(desk: Desk, principal: Principal, filters: Mapping[str, Any]) -> Reply:
    """A page of the applications in his sight; filters as in `queries.applications`."""
    with transaction(desk.sessions) as session:
        return applications.list_applications(session, principal, desk.calendar, desk.clock(), filters)
