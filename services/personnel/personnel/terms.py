"""The words of this service: roles, stages, matters, and the plain values that rules and use cases share (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """The post in which somebody is named: on a project, on a machine, or in a notice."""

    PROJECT_MANAGER = "project_manager"
    TECHNICAL_LEAD = "technical_lead"
    SAFETY_OFFICER = "safety_officer"
    OWNER_LEAD = "owner_lead"
    CHIEF_SUPERVISOR = "chief_supervisor"
    SUPERVISING_ENGINEER = "supervising_engineer"
    DRIVER = "driver"
    SIGNALLER = "signaller"
    INSTALL_WORKER = "install_worker"
    INSTALL_LEAD = "install_lead"
    INSTALL_SAFETY_OFFICER = "install_safety_officer"


ROLE_NAMES = {
    Role.PROJECT_MANAGER: "项目负责人",
    Role.TECHNICAL_LEAD: "项目技术负责人",
    Role.SAFETY_OFFICER: "专职安全员",
    Role.OWNER_LEAD: "建设单位项目负责人",
    Role.CHIEF_SUPERVISOR: "总监理工程师",
    Role.SUPERVISING_ENGINEER: "监理工程师",
    Role.DRIVER: "起重机械司机",
    Role.SIGNALLER: "信号司索工",
    Role.INSTALL_WORKER: "安装拆卸工",
    Role.INSTALL_LEAD: "安装（拆卸）负责人",
    Role.INSTALL_SAFETY_OFFICER: "安装单位专职安全员",
}


class Group(StrEnum):
    """Locks of one group count together; those of the last are not counted."""

    FULL_TIME = "full_time"
    CHIEF_SUPERVISOR = "chief_supervisor"
    OPERATOR = "operator"
    CREW = "crew"
    RECORDED = "recorded"


GROUPS = {
    Role.PROJECT_MANAGER: Group.FULL_TIME,
    Role.TECHNICAL_LEAD: Group.FULL_TIME,
    Role.SAFETY_OFFICER: Group.FULL_TIME,
    Role.CHIEF_SUPERVISOR: Group.CHIEF_SUPERVISOR,
    Role.DRIVER: Group.OPERATOR,
    Role.SIGNALLER: Group.OPERATOR,
    Role.INSTALL_WORKER: Group.CREW,
    Role.INSTALL_LEAD: Group.CREW,
    Role.INSTALL_SAFETY_OFFICER: Group.CREW,
    Role.OWNER_LEAD: Group.RECORDED,
    Role.SUPERVISING_ENGINEER: Group.RECORDED,
}


class Exemption(StrEnum):
    """The exceptions of 建市〔2008〕48号 Art. 9 to "one project manager, one project"."""

    ADJACENT_SECTION = "adjacent_section"
    WORKS_ACCEPTED = "works_accepted"
    LONG_STOPPAGE = "long_stoppage"


class CertificateKind(StrEnum):
    A = "A"
    B = "B"
    C1 = "C1"
    C2 = "C2"
    C3 = "C3"
    C = "C"
    SPECIAL_OPERATION = "special_operation"
    BUILDER = "builder"
    SUPERVISING_ENGINEER = "supervising_engineer"


class HoldStage(StrEnum):
    """Of a lock. Provisional: granted, not yet submitted. Reserved: submitted. Held: approved."""

    PROVISIONAL = "provisional"
    RESERVED = "reserved"
    HELD = "held"
    RELEASED = "released"


class Cause(StrEnum):
    """Why a lock ended. After the first two the same application may have the person back; the others are final."""

    LAPSED = "lapsed"
    CHOICE_CHANGED = "choice_changed"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    REPLACED = "replaced"  # by the successor named in a change of key personnel
    REGISTERED = "registered"  # the crew: the machine it put up is in use
    DISMANTLED = "dismantled"
    MACHINE_UNLOCKED = "machine_unlocked"
    PROJECT_CLOSED = "project_closed"
    UNLOCKED = "unlocked"  # by the agency, with a reason


REVOCABLE = frozenset({Cause.LAPSED, Cause.CHOICE_CHANGED})


class Matter(StrEnum):
    """The matters of filing in which people are claimed."""

    SAFETY_FILING = "safety_filing"
    PERSONNEL_CHANGE = "personnel_change"
    INSTALL_NOTICE = "install_notice"
    USE_REGISTRATION = "use_registration"
    DISMANTLING_NOTICE = "dismantling_notice"
    PERSON_RELEASE = "person_release"


# In these the people named are locked; a release asks that they be freed.
LOCKING = frozenset(Matter) - {Matter.PERSON_RELEASE}


@dataclass(frozen=True)
class Named:
    """One person named in one role. `path` is the form field that names him; `replaces` is whom he follows."""

    person_id: str
    role: Role
    path: str = ""
    employer_id: str | None = None
    replaces: str | None = None
    exemption: Exemption | None = None
    exempting_project_id: str | None = None

    @property
    def group(self) -> Group:
        return GROUPS[self.role]

    @property
    def key(self) -> tuple[str, str]:
        return self.person_id, self.role.value


@dataclass(frozen=True)
class Project:
    project_id: str
    name: str
    area: str
    agency_id: str | None = None
    works_code: str | None = None
    finishes_on: date | None = None


@dataclass(frozen=True)
class Claim:
    """What filing asks for an application, on the Shanghai day `on`."""

    application_id: str
    matter: Matter
    check_only: bool
    on: date
    applicant_id: str
    people: tuple[Named, ...]
    agency_id: str | None = None
    project: Project | None = None
    machine_id: str | None = None
    machine_kind: str | None = None

    @property
    def person_ids(self) -> frozenset[str]:
        return frozenset(each.person_id for each in self.people)


@dataclass(frozen=True)
class Works:
    """What is known of a project when an exception is to be proved from it."""

    works_code: str | None
    accepted_on: date | None = None
    suspended_since: date | None = None
    suspended_by: str | None = None
    owner_consents: bool = False


class Contradiction(Exception):
    """What filing says cannot be put into effect here: the event is tried again, then parked for an operator."""

    def __init__(self, code: str, **detail: str | None) -> None:
        super().__init__(f"{code} {detail}")
        self.code = code
        self.detail = detail


class Standing(StrEnum):
    """How an application stands, as far as people are concerned."""

    GONE = "gone"  # unknown to filing, or a draft: never submitted
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Occasion:
    """Of a change: when it happened, when we learn of it, and by whom it was."""

    at: datetime
    now: datetime
    by: Mapping[str, Any]


@dataclass(frozen=True)
class News:
    """What filing says of an application. `version` is the application's, `at` when it came to stand so.

    `is_answer`: filing was asked just now, so this is the present state; an event may be old. `people` is None where
    it is not told whom the application names.
    """

    application_id: str
    matter: Matter
    version: int
    standing: Standing
    at: datetime
    by: Mapping[str, Any]
    applicant_id: str = ""
    agency_id: str | None = None
    project: Project | None = None
    machine_id: str | None = None
    people: tuple[Named, ...] | None = None
    reason: str = ""  # the agency's own, for a release
    is_answer: bool = False
