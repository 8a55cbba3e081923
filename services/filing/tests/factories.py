"""A small province to test in: agencies, enterprises, a filed project, people who act, and the services that own locks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from chassis.blobs import BlobStore
from chassis.call import Question
from chassis.database import Sessions, transaction
from chassis.errors import Refusal
from chassis.identifiers import new_id
from chassis.outbox import OutboxRow
from chassis.principal import Principal
from chassis.schemas import read
from chassis.searching import search_words
from chassis.testing.clock import FrozenClock
from filing import applications, matters
from filing.desk import Command, Desk, Reply
from filing.models import Organisation, Project
from services.filing.tests import forms
from services.filing.tests.forms import id_of

PROVINCE, CITY, COUNTY, OTHER_COUNTY = "13", "13.1301", "13.1301.130102", "13.1301.130104"
BEFORE = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


def officer(area: str = COUNTY, name: str = "officer", roles: tuple[str, ...] = ("acceptor", "approver")) -> Principal:
    return Principal(
        user_id=id_of("user", area, name),
        user_name=name,
        organisation_id=id_of("agency", area),
        organisation_name=f"{area} 监督站",
        organisation_kind="agency",
        level={1: "province", 2: "city"}.get(len(area.split(".")), "county"),
        area=area,
        roles=roles,
    )


def clerk(enterprise: str, kinds: tuple[str, ...] = ()) -> Principal:
    return Principal(
        user_id=id_of("user", enterprise),
        user_name=f"{enterprise} clerk",
        organisation_id=id_of(enterprise),
        organisation_name=enterprise,
        organisation_kind="enterprise",
        kinds=kinds,
        area=COUNTY,
        roles=("clerk",),
    )


INSTALLER = clerk("installer", ("installer",))
OTHER_INSTALLER = clerk("other_installer", ("installer",))
CONTRACTOR = clerk("contractor", ("contractor",))
SUPERVISOR = clerk("supervisor", ("supervisor",))
OWNER = clerk("owner", ("owner",))
LESSOR = clerk("lessor", ("lessor", "contractor"))
MERE_LESSOR = clerk("mere_lessor", ("lessor",))
FILED_PROJECT = id_of("project")


@dataclass
class LockOwners:
    """Stands where equipment and personnel answer: grants what is asked, unless told to refuse."""

    refusals: dict[str, Refusal] = field(default_factory=dict)
    findings: list[dict[str, Any]] = field(default_factory=list)
    asked: list[Question] = field(default_factory=list)
    machine: dict[str, Any] = field(default_factory=dict)

    def __call__(self, questions: Sequence[Question], seconds: float) -> list[dict[str, Any] | Refusal]:
        self.asked += questions
        return [self.refusals.get(each.service) or self.grant(each) for each in questions]

    def grant(self, question: Question) -> dict[str, Any]:
        if question.service == "personnel":
            people = [
                {
                    "person_id": each["person_id"],
                    "name": "张三",
                    "role": each["role"],
                    "employer_id": each["employer_id"],
                    "employer_name": "甲公司",
                    "certificates": [],
                }
                for each in question.request["people"]
            ]
            return {"granted_until": None, "people": people, "findings": []}
        machine = question.request["machine"] or {"machine_id": id_of("machine", question.request["application_id"])}
        return {
            "granted_until": None,
            "machine": machine_told(machine["machine_id"]) | self.machine,
            "findings": self.findings,
        }


def machine_told(machine_id: str) -> dict[str, Any]:
    return {
        "machine_id": machine_id,
        "kind": "T",
        "model": "QTZ80",
        "maker": "某机械厂",
        "serial_number": f"SN-{machine_id[-6:]}",
        "filing_number": "冀AB-T00001",
        "owner_id": id_of("lessor"),
        "owner_name": "lessor",
        "owner_area": COUNTY,
        "rated_moment_knm": 800,
        "stage": "filed",
        "made_on": "2020-01-01",
        "service_ends_on": None,
    }


def found_province(sessions: Sessions) -> None:
    """Agencies of province, city and two counties; enterprises of every kind; one filed project in the county."""
    with transaction(sessions) as session:
        for area in (PROVINCE, CITY, COUNTY, OTHER_COUNTY):
            session.add(agency_row(area))
        for name, kinds in ENTERPRISES.items():
            session.add(enterprise_row(name, kinds))
        session.add(project_row())


ENTERPRISES = {
    "installer": ["installer"],
    "other_installer": ["installer"],
    "contractor": ["contractor"],
    "supervisor": ["supervisor"],
    "owner": ["owner"],
    "lessor": ["lessor", "contractor"],  # has machines of its own filed without further ado
    "mere_lessor": ["lessor"],
}
LICENCE = {"number": "（冀）JZ安许证字〔2023〕087974", "valid_to": "2028-01-01"}
QUALIFICATION = {"name": "起重设备安装工程专业承包", "grade": "一级", "number": "D213000001"}


def agency_row(area: str) -> Organisation:
    code = (area.rpartition(".")[2] + "0000")[:6]
    level = {1: "province", 2: "city"}.get(len(area.split(".")), "county")
    return Organisation(
        id=id_of("agency", area),
        kind="agency",
        name=f"{area} 监督站",
        kinds=[],
        level=level,
        code=code,
        division=code,
        area=area,
        stage="open",
        search=search_words([area]),
        created_at=BEFORE,
    )


def enterprise_row(name: str, kinds: list[str]) -> Organisation:
    return Organisation(
        id=id_of(name),
        kind="enterprise",
        name=name,
        credit_code=None,
        kinds=kinds,
        division="130102",
        area=COUNTY,
        stage="open",
        details={"safety_licence": LICENCE, "qualifications": [QUALIFICATION]},
        search=search_words([name]),
        created_at=BEFORE,
    )


def project_row(name: str = "project", area: str = COUNTY, **values: Any) -> Project:
    given = {
        "id": id_of(name),
        "stage": "filed",
        "number": f"13010220260{len(name):03d}",
        "application_id": id_of("application", name),
        "name": f"{name} 一期",
        "division": "130102",
        "area": area,
        "agency_id": id_of("agency", area),
        "owner_id": id_of("owner"),
        "contractor_id": id_of("contractor"),
        "supervisor_id": id_of("supervisor"),
        "civilised_standard": "municipal",
        "filed_on": date(2026, 1, 5),
        "starts_on": date(2026, 1, 1),
        "finishes_on": date(2027, 12, 31),
        "created_at": BEFORE,
        "changed_at": BEFORE,
    }
    return Project(**(given | values))


# Every paper of every application in these tests; the store is a real one, in memory.
STORE = BlobStore("memory://filing-tests")
PAPER_BYTES = b"%PDF-1.7 ".ljust(1000)
PAPER = STORE.put(PAPER_BYTES)


def documents(matter: str, form: dict[str, Any]) -> list[dict[str, Any]]:
    """One file for each document that the matter demands."""
    loaded = read(matters.ALL[matter].form(), form, partial=True)
    return [
        {
            "code": kind.code,
            "sha256": PAPER,
            "name": f"{kind.code}.pdf",
            "size": 1000,
            "media_type": "application/pdf",
        }
        for kind in matters.ALL[matter].attachments
        if kind.is_required(loaded)
    ]


@dataclass
class Stage:
    """A desk, the lock owners, and short ways through an application's life."""

    desk: Desk
    owners: LockOwners

    def draft(
        self, by: Principal = INSTALLER, matter: str = "install_notice", form: dict[str, Any] | None = None
    ) -> Reply:
        """A draft, complete, saved once."""
        typed = forms.install_notice() if form is None else form
        begun = applications.start(self.desk, Command(by), application_id=new_id(), matter=matter)
        return applications.save_draft(
            self.desk,
            Command(by),
            application_id=begun["application_id"],
            version=begun["version"],
            form=typed,
            attachments=documents(matter, typed),
        )

    def submit(self, at: Reply, by: Principal = INSTALLER, key: str | None = None) -> Reply:
        return applications.submit(self.desk, self.owners, Command(by, key), **seen(at))

    def sign(self, at: Reply, by: Principal, agrees: bool = True, remarks: str = "") -> Reply:
        return applications.countersign(self.desk, Command(by), **seen(at), agrees=agrees, remarks=remarks)

    def arrived(self, by: Principal = INSTALLER, form: dict[str, Any] | None = None) -> Reply:
        """An install notice that both have signed: with the agency."""
        circulating = self.submit(self.draft(by, form=form), by)
        return self.sign(self.sign(circulating, CONTRACTOR), SUPERVISOR)

    def accepted(self, by: Principal = INSTALLER, form: dict[str, Any] | None = None) -> Reply:
        return applications.accept(self.desk, Command(officer()), **seen(self.arrived(by, form)))

    def approve(self, at: Reply, by: Principal | None = None) -> Reply:
        return applications.approve(self.desk, self.owners, Command(by or officer()), **seen(at), opinion="同意")

    def give_back(self, at: Reply, *corrections: tuple[str, str]) -> Reply:
        """Return for correction."""
        listed = [{"path": path, "text": text} for path, text in corrections]
        return applications.return_for_correction(
            self.desk, Command(officer()), **seen(at), remarks="请补正", corrections=listed
        )

    def save(self, at: Reply, by: Principal = INSTALLER, **changes: Any) -> Reply:
        return applications.save_draft(self.desk, Command(by), **seen(at), **changes)

    def look(self, at: Reply, by: Principal, round: int | None = None) -> Reply:
        return applications.get(self.desk, by, application_id=at["application_id"], round=round)

    def registering(self, by: Principal = CONTRACTOR, form: dict[str, Any] | None = None) -> Reply:
        """A use registration, which two officers decide, accepted."""
        arrived = self.submit(self.draft(by, "use_registration", form or forms.use_registration()), by)
        return applications.accept(self.desk, Command(officer()), **seen(arrived))

    def review(self, at: Reply, by: Principal) -> Reply:
        return applications.review(self.desk, Command(by), **seen(at), opinion="材料齐全")

    def registered(self) -> Reply:
        """An approved use registration."""
        return self.approve(self.review(self.registering(), officer(name="reviewer", roles=("reviewer",))))

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """Everything told so far, in order."""
        with transaction(self.desk.sessions) as session:
            rows = session.scalars(select(OutboxRow).order_by(OutboxRow.position)).all()
            return [(row.type, row.body["data"]) for row in rows]


def seen(reply: Reply) -> dict[str, Any]:
    """The application and the version that somebody saw."""
    return {"application_id": reply["application_id"], "version": reply["version"]}


def stage(sessions: Sessions, clock: FrozenClock) -> Stage:
    found_province(sessions)
    return Stage(Desk(sessions, clock=clock, look=STORE.look), LockOwners())
