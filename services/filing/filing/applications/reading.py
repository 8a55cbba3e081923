"""Looking at applications: one with everything on record, or a page of them."""

from collections.abc import Mapping
from typing import Any

from chassis import journal
from chassis.database import transaction
from chassis.principal import Principal
from filing.applications.turn import find, whose
from filing.desk import Command, Desk, Reply
from filing.permissions import permit, permit_sight
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


def unmask(desk: Desk, command: Command, *, application_id: str, reason: str, round: int | None = None) -> Reply:
    """The phones of its form in full, for the officers who decide on it; each look is on record with its reason (T35).

    {"application_id", "phones": [{"path", "number"}]}. Refuses `NotFound` and `Forbidden("not_permitted")`.
    """
    with transaction(desk.sessions) as session:
        application = find(session, application_id)
        permit(application_detail.UNMASK, command.principal, whose(session, application))
        phones = application_detail.unmasked(session, application, command.principal, round)
        detail = {"reason": reason}
        journal.write(session, command.principal, application_detail.UNMASK, application.id, detail, clock=desk.clock)
        return {"application_id": application.id, "phones": phones}


def list_all(desk: Desk, principal: Principal, filters: Mapping[str, Any]) -> Reply:
    """A page of the applications in his sight; filters as in `queries.applications`."""
    with transaction(desk.sessions) as session:
        return applications.list_applications(session, principal, desk.calendar, desk.clock(), filters)
