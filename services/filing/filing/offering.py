"""Where an application with a half-filled form would go: what its applicant is offered before he hands it in (R-F14)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from chassis.principal import Principal
from filing import divisions, routes
from filing.matters.base import Matter, Place, Route
from filing.models import Project


def offered(session: Session, principal: Principal, matter: Matter, form: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Who may handle it, the first proposed; none while the form does not yet say where."""
    place = place_of_draft(session, principal, matter, form)
    return [each.brief() for each in routes.offered(session, place)] if place else []


def place_of_draft(session: Session, principal: Principal, matter: Matter, form: Mapping[str, Any]) -> Place | None:
    """Where an application with a half-filled form would go, as far as the form says it."""
    if matter.route is Route.PROVINCE:
        return Place()
    described = form.get("unfiled_project")
    code = (described.get("division") if isinstance(described, Mapping) else None) or form.get("division")
    if matter.route is Route.PROJECT:
        project = session.get(Project, str(form["project_id"])) if form.get("project_id") else None
        if project is not None:
            return Place(area=project.area, agency_id=project.agency_id)
    elif not matter.opens_organisation:
        return Place(area=principal.area) if principal.area else None
    place = divisions.division(str(code)) if code else None
    return Place(area=place.area) if place else None
