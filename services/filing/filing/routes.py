"""Which agency handles an application: found from the matter's rule, and another only within that rule (R-F14, T1).

The agency of the place comes first. Beside it stand the zone offices inside the place, and those of its city: zones
keep to no county's borders. Where a county has no agency its city's stands in, and the province's for a city.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.errors import Conflict, Invalid
from filing import divisions
from filing.models import Organisation

if TYPE_CHECKING:
    from filing.matters.base import Place


@dataclass(frozen=True)
class Agency:
    organisation_id: str
    name: str
    level: str
    area: str

    @property
    def is_zone_office(self) -> bool:
        return divisions.of_area(self.area).area != self.area

    def brief(self) -> dict[str, Any]:
        return {"organisation_id": self.organisation_id, "name": self.name, "level": self.level, "area": self.area}


def offered(session: Session, place: "Place") -> list[Agency]:
    """The agencies that may handle it, the one to propose first; empty when there is none."""
    open_agencies = select(Organisation).where(Organisation.kind == "agency", Organisation.stage == "open")
    if place.agency_id is not None:
        only = open_agencies.where(Organisation.id == place.agency_id)
        return [_agency(row) for row in session.scalars(only)]
    root = divisions.all_divisions()[0].area
    rows = session.scalars(open_agencies.where(Organisation.area.in_(_above(place.area or root)))).all()
    zones = session.scalars(open_agencies.where(Organisation.area.like(f"{_city_of(place.area or root)}.%")))
    known = {row.id: _agency(row) for row in (*rows, *zones)}
    return choose(list(known.values()), place.area or root)


def agency_for(session: Session, place: "Place", chosen: str | None) -> Organisation:
    """The agency that an application goes to: the chosen one if the rule allows it, else the first offered.

    Refuses `Invalid` `agency_outside_rule` for another one, `Conflict("no_agency")` when there is none at all.
    """
    candidates = offered(session, place)
    if not candidates:
        raise Conflict("no_agency", area=place.area)
    wanted = chosen or candidates[0].organisation_id
    if wanted not in {each.organisation_id for each in candidates}:
        raise Invalid.field("agency_id", "agency_outside_rule", offered=[each.brief() for each in candidates])
    return session.get_one(Organisation, wanted)


def choose(agencies: Sequence[Agency], area: str) -> list[Agency]:
    """Those of some agencies that are responsible for an area, best first (pure)."""
    own = [each for each in agencies if each.area == area]
    main = own or _stand_in(agencies, area)
    here = divisions.of_area(area)
    around = {here.area, here.parent_area} if here.level == "county" else {here.area}
    zones = [each for each in agencies if each.is_zone_office and divisions.of_area(each.area).area in around]
    if here.level == "province":
        zones = []
    return main + sorted((each for each in zones if each not in main), key=lambda each: each.name)


def _stand_in(agencies: Sequence[Agency], area: str) -> list[Agency]:
    """The agency of the next area above that has one."""
    for above in _above(area)[1:]:
        found = [each for each in agencies if each.area == above]
        if found:
            return found
    return []


def _above(area: str) -> list[str]:
    """The area itself and all that hold it, nearest first."""
    steps = area.split(divisions.SEPARATOR)
    return [divisions.SEPARATOR.join(steps[:count]) for count in range(len(steps), 0, -1)]


def _city_of(area: str) -> str:
    here = divisions.of_area(area)
    return here.parent_area if here.level == "county" else here.area


def _agency(row: Organisation) -> Agency:
    return Agency(organisation_id=row.id, name=row.name, level=row.level, area=row.area)
