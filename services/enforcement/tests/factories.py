"""Filing's side of every test: what it tells; and the people of an agency and of the firms on a site."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy import select

from chassis.database import Sessions, transaction
from chassis.envelope import Event
from chassis.identifiers import derived_id
from chassis.outbox import OutboxRow
from chassis.principal import Principal
from chassis.schemas import read
from chassis.testing.clock import FrozenClock
from chassis.testing.databases import Database
from enforcement import hearing
from enforcement.heard import OrganisationHeard, ProjectHeard
from enforcement.models import Officer

TODAY = date(2026, 3, 2)  # a Monday
TEN = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 10:00 in Shijiazhuang
CITY, CHANGAN, OTHER_CITY = "13.1301", "13.1301.130102", "13.1302"
INSIDE, FAR = (114.515, 38.045), (114.60, 38.045)
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[114.51, 38.04], [114.52, 38.04], [114.52, 38.05], [114.51, 38.05], [114.51, 38.04]]],
}
SITE = "长安广场"


def an_id(name: str) -> str:
    return derived_id("enforcement test", name)


def firm(name: str, *kinds: str) -> Principal:
    return Principal(
        user_id=an_id(f"clerk of {name}"), user_name="经办人", organisation_id=an_id(name), organisation_name=name,
        organisation_kind="enterprise", kinds=kinds or ("contractor",), area=CHANGAN, roles=("clerk",),
    )  # fmt: skip


def officer(name: str = "张执法", *roles: str, area: str = CHANGAN) -> Principal:
    """Somebody of the agency of an area, an inspector unless other roles are named."""
    level = {1: "province", 2: "city"}.get(len(area.split(".")), "county")
    return Principal(
        user_id=an_id(f"user {name}"), user_name=name, organisation_id=an_id(f"agency {area}"),
        organisation_name=f"{area}监督站", organisation_kind="agency", level=level, area=area, roles=roles or ("inspector",),
    )  # fmt: skip


CONTRACTOR, OWNER, SUPERVISOR = firm("建筑公司"), firm("建设单位", "owner"), firm("监理公司", "supervisor")


@dataclass
class Field:
    """A county's agency with two officers, and a site with its three firms, as filing told of them."""

    database: Database
    clock: FrozenClock
    numbers: Any = field(default_factory=lambda: count(1))

    @property
    def sessions(self) -> Sessions:
        return self.database.sessions

    def organisation(self, who: Principal, version: int = 1) -> None:
        data = {
            "organisation_id": who.organisation_id, "version": version, "name": who.organisation_name,
            "credit_code": None, "kind": who.organisation_kind, "kinds": list(who.kinds), "level": who.level, "area": who.area,
        }  # fmt: skip
        hearing.organisation(self.sessions, self.event("organisation_opened", read(OrganisationHeard(), data)))

    def project(self, name: str = SITE, version: int = 1, kind: str = "registered", **told: Any) -> None:
        data = {
            "project_id": an_id(name), "version": version, "name": name, "number": "13010220260001", "area": CHANGAN,
            "agency_id": an_id(f"agency {CHANGAN}"), "owner_id": OWNER.organisation_id,
            "contractor_id": CONTRACTOR.organisation_id, "supervisor_id": SUPERVISOR.organisation_id, "stage": "filed",
            "starts_on": "2026-01-05", "finishes_on": "2027-12-31", "boundary": SQUARE, "suspended": None,
            "merged_into": None, **told,
        }  # fmt: skip
        hearing.project(self.sessions, self.event(f"project_{kind}", read(ProjectHeard(), data)))

    def officer(self, who: Principal, valid_to: date = date(2028, 12, 31)) -> str:
        """Entered on his agency's roster; returns the officer's id."""
        officer_id = an_id(f"officer {who.user_name}")
        with transaction(self.sessions) as session:
            session.add(
                Officer(
                    id=officer_id, agency_id=who.organisation_id, name=who.user_name, user_id=who.user_id,
                    certificate_number=f"冀执{officer_id[:8]}", certificate_valid_to=valid_to, entered_at=self.clock(),
                    entered_by=dict(who.brief()),
                )
            )  # fmt: skip
        return officer_id

    def told(self, kind: str | None = None) -> list[dict[str, Any]]:
        """The events recorded so far, of one kind or all."""
        with transaction(self.sessions) as session:
            bodies = session.scalars(select(OutboxRow.body).order_by(OutboxRow.position)).all()
        return [each for each in bodies if kind in (None, each["type"])]

    def event(self, kind: str, data: dict[str, Any]) -> Event:
        return Event(
            type=kind, version=1, subject=an_id("subject"), data=data, id=an_id(f"event {next(self.numbers)}"),
            occurred_at=self.clock(),
        )  # fmt: skip
