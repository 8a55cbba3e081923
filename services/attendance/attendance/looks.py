"""Who may look at somebody's track, and that every look is on record (个人信息保护法: tracks are sensitive).

A look is written in the transaction that answers it: what cannot be recorded is not shown.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from attendance.models import Look, Person, Site
from attendance.permissions import PARTIES, RULES, has_duty_in_sight, permit, sites_seen
from attendance.track_points import COARSE, EXACT
from chassis import journal, paging
from chassis.clock import Clock
from chassis.database import Sessions, transaction
from chassis.errors import Forbidden, Invalid, NotFound
from chassis.identifiers import new_id
from chassis.paging import Listed
from chassis.principal import Principal

ACT = "look_at_track"
Reply = dict[str, Any]


@dataclass(frozen=True)
class View:
    """How a principal sees the people of a site that is in his sight; `reason`: why, as far as he said."""

    principal: Principal
    site: Site
    reason: str = ""

    @property
    def needs_reason(self) -> bool:
        """An agency that is not the one of the site says why it looks."""
        return self.principal.is_agency and self.principal.organisation_id != self.site.agency_id

    @property
    def is_exact(self) -> bool:
        """Whether places are told as measured: to the site's agency, and for a reason; a firm sees the neighbourhood."""
        return self.principal.is_agency and (bool(self.reason) or not self.needs_reason)

    @property
    def decimals(self) -> int:
        return EXACT if self.is_exact else COARSE

    def admits(self, role: str) -> bool:
        """Whether the principal, who sees the site, may look at somebody in this post."""
        if not RULES[ACT].admits(self.principal):
            return False
        if self.principal.is_agency:
            return True
        party = PARTIES.get(role)
        return party is not None and getattr(self.site, party) == self.principal.organisation_id


def check(view: View, roles: set[str]) -> None:
    """Refuses `Forbidden("not_permitted")`, and `Invalid` where a reason is needed."""
    if not any(view.admits(role) for role in roles):
        raise Forbidden("not_permitted", act=ACT)
    if view.needs_reason and not view.reason:
        raise Invalid.field("reason", "required")


def record(session: Session, view: View, person: int, day: date, now: datetime, way: str) -> Look:
    """`way` is page or api, or site for his last position on the page of a site. The journal's entry follows, last in the
    transaction: with `written`, for a track."""
    look = Look(
        id=new_id(),
        person=person,
        site=view.site.number,
        day=day,
        at=now,
        looker=dict(view.principal.brief()),
        way=way,
        reason=view.reason or None,
    )
    session.add(look)
    session.flush()
    return look


def written(session: Session, view: View, look: Look, person_id: str, clock: Clock) -> None:
    detail = {"project_id": view.site.id, "day": look.day.isoformat(), "way": look.way, "reason": look.reason}
    journal.write(session, view.principal, ACT, person_id, detail | {"look_id": look.id}, clock=clock)


def list_looks(sessions: Sessions, principal: Principal, *, person_id: str, limit: int, after: str | None) -> Reply:
    """Who looked at this person's tracks on the sites that the principal sees, the last look first.

    Refuses `NotFound("person_unknown")` for anybody who has, or had, no duty there.
    """
    permit("read", principal)
    with transaction(sessions) as session:
        wanted = select(Person.number).where(Person.id == person_id, has_duty_in_sight(principal, Person.number))
        number = session.scalars(wanted).one_or_none()
        if number is None:
            raise NotFound("person_unknown")
        looks = (
            select(Look.id, Look.at, Look, Site.id.label("project_id"), Site.name.label("project_name"))
            .join(Site, Site.number == Look.site)
            .where(Look.person == number, sites_seen(principal))
        )
        rows, counted = paging.first(session, Listed(looks, Look.at, Look.id), limit, after)
        shown, following = paging.page(session.execute(rows).all(), limit, "at")
    items = [_told(each.Look, each.project_id, each.project_name) for each in shown]
    return {"person_id": person_id, "items": items, "next": following, **counted}


def _told(look: Look, project_id: str, project_name: str) -> Reply:
    return {
        "look_id": look.id,
        "at": look.at,
        "day": look.day,
        "project_id": project_id,
        "project_name": project_name,
        "organisation_name": look.looker.get("organisation_name", ""),
        "user_name": look.looker.get("user_name", ""),
        "way": look.way,
        "reason": look.reason,
    }
