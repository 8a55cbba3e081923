"""Requests, principals and news as filing would send them; every test names only what matters to it."""

from datetime import date
from typing import Any

from chassis.identifiers import derived_id
from chassis.principal import Principal
from chassis.schemas import read
from equipment.schemas import ReserveRequest

TODAY = date(2026, 3, 2)  # the Shanghai day of the frozen clock
SHIJIAZHUANG = "13.1301"
CHANGAN = "13.1301.130102"
TANGSHAN = "13.1302"


def an_id(name: str) -> str:
    """The same id for the same word."""
    return derived_id("test", name)


def enterprise(name: str = "冀安租赁", area: str = CHANGAN, kinds: tuple[str, ...] = ("lessor",)) -> Principal:
    return Principal(
        user_id=an_id(f"clerk of {name}"),
        user_name="经办人",
        organisation_id=an_id(name),
        organisation_name=name,
        organisation_kind="enterprise",
        kinds=kinds,
        area=area,
        roles=("clerk",),
    )


def agency(area: str = CHANGAN, roles: tuple[str, ...] = ("approver",)) -> Principal:
    return Principal(
        user_id=an_id(f"officer of {area}"),
        user_name="审批人",
        organisation_id=an_id(f"agency {area}"),
        organisation_name=f"监督站 {area}",
        organisation_kind="agency",
        level={1: "province", 2: "city", 3: "county"}[len(area.split("."))],
        area=area,
        roles=roles,
    )


def applicant(who: Principal) -> dict[str, Any]:
    return {
        "organisation_id": who.organisation_id,
        "name": who.organisation_name,
        "area": who.area,
        "kinds": list(who.kinds),
    }


def project(name: str = "长安广场", area: str = CHANGAN) -> dict[str, Any]:
    return {"project_id": an_id(name), "name": name, "area": area, "agency_id": an_id(f"agency {area}")}


def particulars(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "T",
        "name": "塔式起重机",
        "model": "QTZ80(TC5610)",
        "maker": "中联重科股份有限公司",
        "maker_licence": "TS2410123-2025",
        "serial_number": "0310A-118",
        "made_on": "2020-05-06",
        "rated_moment_knm": 800,
        **changes,
    }


def request(matter: str, application: str, who: Principal, **parts: Any) -> dict[str, Any]:
    """A loaded `ReserveRequest`, as the entry point hands it to the use case."""
    raw = {
        "application_id": an_id(application),
        "matter": matter,
        "on": TODAY.isoformat(),
        "applicant": applicant(who),
        "agency_id": an_id(f"agency {CHANGAN}"),
        **parts,
    }
    return read(ReserveRequest(), raw)
