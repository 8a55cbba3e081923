"""Requests, principals and news as filing would send them; every test names only what matters to it."""

import zlib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from chassis.database import Sessions, transaction
from chassis.envelope import Event
from chassis.identifiers import derived_id, new_id
from chassis.outbox import OutboxRow
from chassis.principal import Principal
from chassis.schemas import read
from chassis.testing.clock import FrozenClock
from equipment import hearing, locks
from equipment.heard import ApplicationHeard, ProjectHeard
from equipment.models import Machine, MachineLock
from equipment.reserve import reserve
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


def told(kind: str, matter: str, application: str, version: int, who: Principal, at: datetime, **parts: Any) -> Any:
    """The data of `application_<kind>`, as filing's relay sends it."""
    return {
        "application_id": an_id(application),
        "matter": matter,
        "version": version,
        "stage": kind,
        "applicant_id": who.organisation_id,
        "applicant_name": who.organisation_name,
        "agency_id": an_id(f"agency {CHANGAN}"),
        "area": CHANGAN,
        "outcome": None,
        "at": at.isoformat(),
        "project": None,
        "machine": None,
        "people": [],
        "particulars": None,
        "evidence": None,
        "certificate": None,
        "resubmitted": False,
        **parts,
    }


def event(kind: str, matter: str, application: str, version: int, who: Principal, at: datetime, **parts: Any) -> Event:
    """`application_<kind>`, loaded as the subscription loads it."""
    return Event(
        type=f"application_{kind}",
        version=1,
        subject=an_id(application),
        data=read(ApplicationHeard(), told(kind, matter, application, version, who, at, **parts)),
        principal={"user_id": an_id("officer"), "user_name": "审批人"},
    )


def event_again(event: Event) -> Event:
    """The same fact under another id, as if it had been published twice."""
    return replace(event, id=new_id())


def project_told(version: int, name: str = "长安广场", /, **changes: Any) -> dict[str, Any]:
    """The data of a project's event, as filing's relay sends it."""
    return {
        **project(name),
        "version": version,
        "number": None,
        "works_code": None,
        "owner_id": an_id(f"owner of {name}"),
        "contractor_id": an_id(f"contractor of {name}"),
        "supervisor_id": an_id(f"supervisor of {name}"),
        "stage": "filed",
        "boundary": None,
        "key_people": [],
        "merged_into": None,
        "suspended": None,
        "works_accepted_on": None,
        **changes,
    }


def project_event(kind: str, version: int, name: str = "长安广场", /, **changes: Any) -> Event:
    """`project_<kind>`, loaded as the subscription loads it."""
    data = project_told(version, name, **changes)
    return Event(type=f"project_{kind}", version=1, subject=str(data["project_id"]), data=read(ProjectHeard(), data))


def certificate(number: str) -> dict[str, Any]:
    return {"number": number, "kind": "", "issued_on": TODAY.isoformat(), "valid_to": None}


@dataclass
class Yard:
    """Filing's side in a few words: what it would ask and tell, in the order in which it happens."""

    sessions: Sessions
    clock: FrozenClock

    def reserve(self, matter: str, application: str, who: Principal, **parts: Any) -> dict[str, Any]:
        return reserve(self.sessions, who, request(matter, application, who, **parts), self.clock)

    def tell(self, kind: str, matter: str, application: str, version: int, who: Principal, **parts: Any) -> None:
        hearing.application(
            self.sessions, event(kind, matter, application, version, who, self.clock(), **parts), self.clock
        )

    def filed(self, name: str = "crane", who: Principal | None = None, number: str = "", **changes: Any) -> str:
        """A machine on file and free; returns its id."""
        owner = who or enterprise()
        described = particulars(**{"serial_number": f"SN-{name}", **changes})
        reply = self.reserve("machine_filing", f"filing of {name}", owner, particulars=described)
        self.tell("submitted", "machine_filing", f"filing of {name}", 1, owner, particulars=described)
        issued = certificate(number or f"冀AA-T{zlib.crc32(name.encode()) % 100_000:05d}")
        self.tell(
            "approved", "machine_filing", f"filing of {name}", 3, owner, particulars=described, certificate=issued
        )
        self.clock.advance(timedelta(milliseconds=1))  # what was filed later stands above in a list
        return str(reply["machine"]["machine_id"])

    def noticed(self, machine_id: str, application: str = "notice", site: dict[str, Any] | None = None) -> None:
        """An install notice for the machine, granted and submitted."""
        parts = {"project": site or project(), "machine": {"machine_id": machine_id}}
        self.reserve("install_notice", application, INSTALLER, **parts)
        self.tell("submitted", "install_notice", application, 1, INSTALLER, **parts)

    def installed(self, machine_id: str, application: str = "notice", site: dict[str, Any] | None = None) -> None:
        """… and handled."""
        self.noticed(machine_id, application, site)
        parts = {"project": site or project(), "machine": {"machine_id": machine_id}}
        self.tell("approved", "install_notice", application, 3, INSTALLER, **parts)

    def registered(self, machine_id: str, application: str = "use", site: dict[str, Any] | None = None) -> None:
        """The installed machine's use is registered."""
        parts = {"project": site or project(), "machine": {"machine_id": machine_id}, "evidence": evidence()}
        self.reserve("use_registration", application, CONTRACTOR, **parts)
        self.tell("submitted", "use_registration", application, 1, CONTRACTOR, **parts)
        self.tell(
            "approved", "use_registration", application, 3, CONTRACTOR, certificate=certificate("使用-0001"), **parts
        )

    def machine(self, machine_id: str) -> Machine:
        with transaction(self.sessions) as session:
            return session.get_one(Machine, machine_id)

    def lock(self, application: str, machine_id: str) -> MachineLock | None:
        with transaction(self.sessions) as session:
            return locks.own_lock(session, an_id(application), machine_id)

    def told(self, *types: str) -> list[dict[str, Any]]:
        """The events recorded so far, of these types if any are named, in order."""
        with transaction(self.sessions) as session:
            rows = session.scalars(select(OutboxRow).order_by(OutboxRow.position)).all()
            return [row.body for row in rows if not types or row.type in types]


def evidence(**changes: Any) -> dict[str, Any]:
    """An inspection and an acceptance that passed some days ago."""
    return {
        "inspection": {
            "passed": True,
            "body": "省检测中心",
            "report_number": "J-1",
            "on": "2026-02-20",
            "valid_to": None,
        },
        "acceptance": {"passed": True, "on": "2026-02-25"},
        **changes,
    }


INSTALLER = enterprise("安拆公司", kinds=("installer",))
CONTRACTOR = enterprise("建工集团", kinds=("contractor",))
