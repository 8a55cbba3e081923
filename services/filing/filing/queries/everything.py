"""The one box over everything that filing keeps: a few of each kind in his sight, and how many there are."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.errors import Refusal
from chassis.principal import Principal
from chassis.workdays import Calendar
from filing.queries.applications import list_applications
from filing.queries.certificates import list_certificates
from filing.queries.organisations import list_organisations
from filing.queries.projects import list_projects

COUNTED = 100  # of each kind: who wants to know more precisely opens its list
NO_FILTER_ON_PROJECTS = dict.fromkeys(("stage", "area", "works_kind", "after"))
NO_FILTER_ON_ORGANISATIONS = dict.fromkeys(("kind", "enterprise_kind", "stage", "area", "after"))


def search(
    session: Session, principal: Principal, calendar: Calendar, now: datetime, q: str, limit: int
) -> dict[str, Any]:
    """{"applications", "projects", "certificates", "organisations"}: each a first page of its list."""
    wish = {"q": q, "limit": limit}
    found = {
        "applications": list_applications(session, principal, calendar, now, wish, COUNTED),
        "projects": list_projects(session, principal, NO_FILTER_ON_PROJECTS | wish | {"scope": "mine"}, COUNTED),
        "certificates": list_certificates(session, principal, wish, COUNTED),
    }
    try:
        found["organisations"] = list_organisations(session, principal, NO_FILTER_ON_ORGANISATIONS | wish, COUNTED)
    except Refusal:  # who keeps no register of them, finds none
        found["organisations"] = {"items": [], "next": None, "total": 0, "total_is_exact": True}
    return found
