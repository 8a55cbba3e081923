"""People, certificates and claims for tests. Identity numbers are made up: valid check digits, birth years of 1900."""

from dataclasses import replace
from datetime import date, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session
from stdnum.cn import ric

from chassis import envelope
from chassis.clock import now
from chassis.database import Sessions, transaction
from chassis.envelope import Event
from chassis.identifiers import new_id
from chassis.principal import Principal, service_principal
from chassis.schemas import Schema, read
from personnel import sight
from personnel.heard import ApplicationHeard, MachineUnlockedHeard, ProjectHeard
from personnel.models import Certificate, Employment, Person

FILING = service_principal("filing")
TODAY = date(2026, 3, 2)
CONTRACTOR = new_id()
SHIJIAZHUANG = "13.1301"
CHANGAN = "13.1301.130102"
QIAOXI = "13.1301.130104"
TANGSHAN = "13.1302"

serial = count(1)

ALL_KINDS: dict[str, dict[str, Any]] = {
    "B": {"number": "冀建安B（2025）{:07d}"},
    "builder": {"number": "冀1132526{:05d}", "grade": "1"},
    "C1": {"number": "冀建安C1（2025）{:07d}"},
    "C2": {"number": "冀建安C2（2025）{:07d}"},
    "C3": {"number": "冀建安C3（2025）{:07d}"},
    "supervising_engineer": {"number": "13{:06d}"},
}


def identity_number(number: int) -> str:
    """A number that nobody has: serial in the birth day and the order code, year 1900."""
    month, rest = divmod(number, 28 * 999)
    day, order = divmod(rest, 999)
    body = f"1301021900{month % 12 + 1:02d}{day + 1:02d}{order + 1:03d}"
    return body + str(ric.calc_check_digit(body + "0"))


def clerk(organisation_id: str = CONTRACTOR, area: str = CHANGAN, **more: Any) -> Principal:
    values = {
        "user_id": new_id(),
        "user_name": "经办人",
        "organisation_id": organisation_id,
        "organisation_name": "河北某建设集团有限公司",
        "organisation_kind": "enterprise",
        "kinds": ("contractor",),
        "area": area,
        "roles": ("clerk",),
    }
    return Principal(**values | more)


def officer(area: str = CHANGAN, *roles: str) -> Principal:
    return Principal(
        user_id=new_id(),
        user_name="监督员",
        organisation_id=new_id(),
        organisation_name="安全监督站",
        organisation_kind="agency",
        level={2: "province", 7: "city"}.get(len(area), "county"),
        area=area,
        roles=roles or ("acceptor", "reviewer", "approver"),
    )


def person(session: Session, *kinds: str, employer_id: str | None = CONTRACTOR, **more: Any) -> Person:
    """Somebody on file with a valid certificate of each kind ("driver:05" gives a special operation's trade)."""
    number = next(serial)
    values = {
        "id": new_id(),
        "identity_number": identity_number(number),
        "name": "张建国",
        "phone": f"138{number:08d}",
        "posts": [],
        "employer_id": employer_id,
        "employer_name": "河北某建设集团有限公司" if employer_id else None,
        "area": CHANGAN,
        "entered_at": now(),
        "changed_at": now(),
    }
    row = Person(**values | more)
    session.add(row)
    session.flush()
    if employer_id is not None:
        session.add(
            Employment(
                id=new_id(),
                person_id=row.id,
                employer_id=employer_id,
                employer_name="河北某建设集团有限公司",
                entered_at=now(),
            )
        )
    sight.refresh(session, [row.id])
    for kind in kinds:
        certificate(session, row, kind)
    return row


def certificate(session: Session, holder: Person, kind: str, **more: Any) -> Certificate:
    kind, _, trade = kind.partition(":")
    values = {
        "id": new_id(),
        "person_id": holder.id,
        "kind": kind,
        "trade": trade or None,
        "number": _number(kind, trade),
        "grade": ALL_KINDS.get(kind, {}).get("grade"),
        "issuer": "河北省住房和城乡建设厅",
        "issued_on": date(2025, 3, 1),
        "valid_to": date(2027, 12, 31),
    }
    row = Certificate(**values | more)
    session.add(row)
    session.flush()
    return row


def people(sessions: Sessions, *kinds_of_each: tuple[str, ...], **more: Any) -> list[str]:
    with transaction(sessions) as session:
        return [person(session, *kinds, **more).id for kinds in kinds_of_each]


def manager(sessions: Sessions, **more: Any) -> str:
    return people(sessions, ("B", "builder"), **more)[0]


def chief(sessions: Sessions) -> str:
    return people(sessions, ("supervising_engineer",))[0]


def project(name: str = "某住宅小区一期", area: str = CHANGAN, **more: Any) -> dict[str, Any]:
    values = {"project_id": new_id(), "name": name, "area": area, "agency_id": None}
    return values | {"works_code": None, "starts_on": None, "finishes_on": None} | more


def named(person_id: str, role: str = "project_manager", **more: Any) -> dict[str, Any]:
    values = {"person_id": person_id, "role": role, "path": f"form.{role}", "employer_id": None}
    return values | {"replaces": None, "exemption": None} | more


def claim(*people: dict[str, Any], matter: str = "safety_filing", **more: Any) -> dict[str, Any]:
    """A loaded `reserve` request."""
    values = {
        "application_id": new_id(),
        "matter": matter,
        "check_only": False,
        "on": TODAY,
        "applicant": {"organisation_id": CONTRACTOR, "name": "", "area": CHANGAN, "kinds": []},
        "agency_id": None,
        "project": project(),
        "machine": None,
        "people": list(people),
    }
    return values | more


def _number(kind: str, trade: str) -> str:
    if kind == "special_operation":
        return f"冀A{trade}2025{next(serial):06d}"
    return str(ALL_KINDS[kind]["number"]).format(next(serial))


def as_heard(event: Event, schema: type[Schema]) -> Event:
    """As the chassis hands it to a handler: over the wire, and loaded by the reader's schema."""
    arrived = envelope.from_bytes(envelope.to_bytes(event))
    return replace(arrived, data=read(schema(), arrived.data))


def told(request: dict[str, Any], type_: str, version: int, at: datetime, **more: Any) -> Event:
    """The event below as a handler gets it."""
    return as_heard(application_event(request, type_, version, at, **more), ApplicationHeard)


def application_event(request: dict[str, Any], type_: str, version: int, at: datetime, **more: Any) -> Event:
    """The event by which filing tells what became of the application of a `reserve` request."""
    machine = request["machine"]
    project_ = {k: v.isoformat() if isinstance(v, date) else v for k, v in request["project"].items()}
    data = {
        "application_id": request["application_id"],
        "matter": request["matter"],
        "version": version,
        "stage": "submitted",
        "outcome": None,
        "applicant_id": request["applicant"]["organisation_id"],
        "applicant_name": "河北某建设集团有限公司",
        "agency_id": None,
        "area": request["project"]["area"],
        "at": at.isoformat(),
        "project": project_,
        "machine": {"machine_id": machine["machine_id"]} if machine else None,
        "people": [{name: each[name] for name in ("person_id", "role", "replaces")} for each in request["people"]],
        "particulars": None,
        "evidence": None,
        "certificate": None,
        "resubmitted": False,
    }
    principal = {"user_id": "u", "user_name": "监督员", "organisation_id": "o", "organisation_name": "监督站"}
    return Event(
        type=f"application_{type_}",
        version=1,
        subject=request["application_id"],
        data=data | more,
        principal=principal,
        occurred_at=at,
    )


def project_told(project_: dict[str, Any], version: int, at: datetime, type_: str = "changed", **more: Any) -> Event:
    return as_heard(project_event(project_, version, at, type_, **more), ProjectHeard)


def project_event(project_: dict[str, Any], version: int, at: datetime, type_: str, **more: Any) -> Event:
    data = {name: project_[name] for name in ("project_id", "name", "area", "agency_id", "works_code")} | {
        "version": version,
        "number": None,
        "owner_id": None,
        "contractor_id": CONTRACTOR,
        "supervisor_id": None,
        "stage": "filed",
        "boundary": None,
        "key_people": [],
        "merged_into": None,
        "suspended": None,
        "works_accepted_on": None,
    }
    subject = project_["project_id"]
    return Event(type=f"project_{type_}", version=1, subject=subject, data=data | more, occurred_at=at)


def machine_unlocked(machine_id: str, project_id: str, at: datetime) -> Event:
    return as_heard(machine_event(machine_id, project_id, at), MachineUnlockedHeard)


def machine_event(machine_id: str, project_id: str, at: datetime) -> Event:
    data = {"machine_id": machine_id, "version": 9, "project_id": project_id, "reason": "拆卸", "by": {}}
    return Event(type="machine_unlocked", version=1, subject=machine_id, data=data, occurred_at=at)
