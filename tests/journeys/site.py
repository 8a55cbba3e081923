"""A building site with everybody who belongs to it, and the life of a crane on it, step by step."""

from dataclasses import dataclass
from typing import Any

from tests.journeys import forms
from tests.journeys.waiting import eventually
from tests.journeys.world import Body, Firm, World


@dataclass
class Site:
    """A filed project in 长安区 and its firms; `manager` and the others are people of theirs."""

    world: World
    owner: Firm
    contractor: Firm
    supervisor: Firm
    lessor: Firm
    installer: Firm
    project_id: str
    manager: str
    safety_officer: str
    chief: str

    def file_machine(self, **changed: Any) -> str:
        """A crane of the lessor, filed and free; returns its id."""
        application = self.world.submit(self.lessor.client, "machine_filing", forms.machine_filing(**changed))
        self.world.decide(application, self.world.county)
        machine_id = str(self.lessor.client.get(f"/applications/{application}")["machine_id"])
        self.wait_for_machine(machine_id, "filed")
        return machine_id

    def notify(self, machine_id: str, **changed: Any) -> str:
        """The installer's notice, handed in; returns the application's id."""
        form = forms.install_notice(machine_id, self.project_id, self.installer.crew(), **changed)
        return self.world.submit(self.installer.client, "install_notice", form)

    def install(self, machine_id: str) -> str:
        """Notice, both signatures, decision; returns the application's id once the machine stands installed."""
        application = self.notify(machine_id)
        self.world.countersign(application, self.contractor, self.supervisor)
        self.world.decide(application, self.world.county)
        self.wait_for_machine(machine_id, "installed")
        return application

    def operators(self) -> list[Body]:
        return [
            {"person_id": self.contractor.driver(), "role": "driver"},
            {"person_id": self.contractor.signaller(), "role": "signaller"},
        ]

    def register_use(self, machine_id: str, operators: list[Body]) -> str:
        form = forms.use_registration(machine_id, self.project_id, operators)
        application = self.world.submit(self.contractor.client, "use_registration", form)
        self.world.decide(application, self.world.county)
        self.wait_for_machine(machine_id, "registered")
        return application

    def notify_dismantling(self, machine_id: str) -> str:
        form = forms.dismantling_notice(machine_id, self.project_id, self.installer.crew())
        application = self.world.submit(self.installer.client, "dismantling_notice", form)
        self.world.countersign(application, self.contractor, self.supervisor)
        return application

    def machine(self, machine_id: str) -> Body:
        return self.world.county.acceptor.get(f"/machines/{machine_id}")

    def wait_for_machine(self, machine_id: str, stage: str) -> None:
        eventually(lambda: self.machine(machine_id)["stage"] == stage, f"machine {stage}")

    def active_locks(self, person_id: str) -> list[Body]:
        locks = self.world.county.acceptor.get(f"/people/{person_id}/locks")["items"]
        return [each for each in locks if each["released_at"] is None]

    def active_roles(self, person_id: str) -> list[tuple[str, str]]:
        """Which posts somebody firmly holds, and on which projects."""
        locks = self.active_locks(person_id)
        return sorted((each["role"], each["project_id"]) for each in locks if each["stage"] == "held")

    def act(self, act: str, **words: Any) -> Body:
        """One act of the agency on the project as it stands."""
        approver = self.world.county.approver
        version = approver.get(f"/projects/{self.project_id}")["version"]
        return approver.post(f"/projects/{self.project_id}/{act}", {"version": version, **words})


def build_site(world: World, **changed: Any) -> Site:
    """Open five firms, hire the key personnel, file the project, have it approved."""
    owner, contractor, supervisor = (world.open_firm(kind) for kind in ("owner", "contractor", "supervisor"))
    lessor, installer = world.open_lessor(), world.open_firm("installer")
    manager, safety_officer = contractor.manager(), contractor.safety_officer()
    chief = supervisor.hire("总监", forms.certificate("supervising_engineer"))
    people = key_people(owner, contractor, manager, safety_officer, chief)
    project_id = file_project(world, owner, contractor, supervisor, people, **changed)
    return Site(world, owner, contractor, supervisor, lessor, installer, project_id, manager, safety_officer, chief)


def file_project(
    world: World, owner: Firm, contractor: Firm, supervisor: Firm, people: list[Body], **changed: Any
) -> str:
    """A safety filing, approved; returns the project's id."""
    form = forms.safety_filing(contractor.organisation_id, supervisor.organisation_id, people, **changed)
    application = world.submit(owner.client, "safety_filing", form)
    world.decide(application, world.county)
    return str(owner.client.get(f"/applications/{application}")["project_id"])


def key_people(owner: Firm, contractor: Firm, manager: str, safety_officer: str, chief: str) -> list[Body]:
    """The key personnel table (安全生产履职人员信息表) with what it must have."""
    named = (
        ("owner_lead", owner.hire("甲方")),
        ("project_manager", manager),
        ("technical_lead", contractor.hire("技术")),
        ("safety_officer", safety_officer),
        ("chief_supervisor", chief),
    )
    return [
        {"role": role, "person_id": person_id, "phone": forms.numbers_of.phone(next(forms.serial))}
        for role, person_id in named
    ]
