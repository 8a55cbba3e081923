"""The words of this service: kinds, stages, matters, and the plain values that rules and use cases pass on (pure)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class MachineKind(StrEnum):
    """建筑起重机械 by the letter of its filing number (76号 Annex 1)."""

    TOWER_CRANE = "T"
    CONSTRUCTION_HOIST = "S"
    MATERIAL_HOIST = "W"
    GOODS_HOIST = "L"
    BRIDGE_CRANE = "Q"
    GANTRY_CRANE = "M"


KIND_NAMES = {
    MachineKind.TOWER_CRANE: "塔式起重机",
    MachineKind.CONSTRUCTION_HOIST: "施工升降机",
    MachineKind.MATERIAL_HOIST: "物料提升机",
    MachineKind.GOODS_HOIST: "货用施工升降机",
    MachineKind.BRIDGE_CRANE: "桥式起重机",
    MachineKind.GANTRY_CRANE: "门式起重机",
}


class HoistDrive(StrEnum):
    """SC: rack and pinion (齿轮齿条). SS: wire rope (钢丝绳)."""

    SC = "SC"
    SS = "SS"


class MachineStage(StrEnum):
    """Where a machine is in its life. Locked: a notice was submitted; installed: it was handled; registered: in use."""

    UNDER_REVIEW = "under_review"
    FILED = "filed"
    LOCKED = "locked"
    INSTALLED = "installed"
    REGISTERED = "registered"
    CANCELLED = "cancelled"


STAGE_NAMES = {
    MachineStage.UNDER_REVIEW: "备案在办",
    MachineStage.FILED: "已备案",
    MachineStage.LOCKED: "已锁定",
    MachineStage.INSTALLED: "已安装",
    MachineStage.REGISTERED: "在用",
    MachineStage.CANCELLED: "已注销",
}


class HoldStage(StrEnum):
    """Of a lock or claim. Provisional: granted, not yet submitted. Reserved: submitted. Held: approved."""

    PROVISIONAL = "provisional"
    RESERVED = "reserved"
    HELD = "held"
    RELEASED = "released"


class Cause(StrEnum):
    """Why a lock or claim ended: given up by the application itself (the first two), or not its own to give up."""

    LAPSED = "lapsed"
    CHOICE_CHANGED = "choice_changed"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    APPROVED = "approved"  # a claim only: what was asked for has been given
    DISMANTLED = "dismantled"
    UNLOCKED = "unlocked"  # by the agency, with a reason
    MACHINE_FREED = "machine_freed"  # a claim only: the machine left the project that the claim was about
    RETIRED = "retired"


# What an application gave up, though it may not have meant to: filing's word brings it back.
GIVEN_UP = frozenset({Cause.LAPSED, Cause.CHOICE_CHANGED})
# The application lives on and may ask for the machine again.
MAY_ASK_AGAIN = GIVEN_UP | {Cause.MACHINE_FREED}


class Matter(StrEnum):
    """The matters of filing in which a machine is claimed."""

    MACHINE_FILING = "machine_filing"
    MACHINE_REGISTRATION = "machine_registration"
    INSTALL_NOTICE = "install_notice"
    USE_REGISTRATION = "use_registration"
    INSPECTION_REPORT = "inspection_report"
    DISMANTLING_NOTICE = "dismantling_notice"
    MACHINE_CANCELLATION = "machine_cancellation"
    MACHINE_RELEASE = "machine_release"


FILINGS = frozenset({Matter.MACHINE_FILING, Matter.MACHINE_REGISTRATION})


@dataclass(frozen=True)
class Assessment:
    """安全评估 by a qualified body (JGJ/T 189)."""

    passed: bool
    on: date
    valid_to: date | None = None
    body: str = ""
    report_number: str = ""


@dataclass(frozen=True)
class Specification:
    """What the rules about age and bans look at."""

    kind: str
    name: str
    model: str
    made_on: date
    rated_moment_knm: float | None = None
    hoist_drive: str | None = None
    service_life_years: int | None = None
    assessment: Assessment | None = None


@dataclass(frozen=True)
class Particulars(Specification):
    """A machine as its owner describes it in a filing (domain facts §1.7)."""

    maker: str = ""
    maker_licence: str = ""
    serial_number: str = ""
    bought_on: date | None = None
    max_load_t: float | None = None
    max_radius_m: float | None = None
    max_height_m: float | None = None
    free_height_m: float | None = None
    supervision_inspection_no: str = ""
    filing_number: str | None = None
    filed_on: date | None = None
    filing_agency: str = ""


@dataclass(frozen=True)
class Inspection:
    """检测 of the installed machine by a qualified body (166号 Art. 16)."""

    passed: bool
    on: date
    valid_to: date | None = None
    body: str = ""
    report_number: str = ""


@dataclass(frozen=True)
class Acceptance:
    """联合验收 of the installed machine (393号 Art. 35)."""

    passed: bool
    on: date


class Ground(StrEnum):
    """Why a filing is cancelled. Only what was sold may be filed again, by its new owner (76号 Art. 9, 10)."""

    SCRAPPED = "scrapped"
    UNFIT = "unfit"
    TRANSFERRED = "transferred"


@dataclass(frozen=True)
class Retirement:
    ground: Ground
    new_owner: str = ""


@dataclass(frozen=True)
class Evidence:
    planned_start: date | None = None
    inspection: Inspection | None = None
    acceptance: Acceptance | None = None
    assessment: Assessment | None = None
    retirement: Retirement | None = None


@dataclass(frozen=True)
class Party:
    """The enterprise that applies."""

    organisation_id: str
    name: str
    area: str = ""
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Project:
    project_id: str
    name: str
    area: str = ""
    agency_id: str | None = None


@dataclass(frozen=True)
class Claim:
    """What filing asks for an application, on the Shanghai day `on`."""

    application_id: str
    matter: Matter
    check_only: bool
    on: date
    applicant: Party
    agency_id: str | None = None
    project: Project | None = None
    machine_id: str | None = None
    particulars: Particulars | None = None
    evidence: Evidence = Evidence()


class Contradiction(Exception):
    """What filing says cannot be put into effect here: the event is tried again, then parked for an operator."""

    def __init__(self, code: str, **detail: str | None) -> None:
        super().__init__(f"{code} {detail}")
        self.code = code
        self.detail = detail


class Standing(StrEnum):
    """How an application stands, as far as a machine is concerned."""

    GONE = "gone"  # unknown to filing, or a draft: never submitted
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Certificate:
    number: str
    issued_on: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class Occasion:
    """Of a change: when it happened, when we learn of it, and by whom it was."""

    at: datetime
    now: datetime
    by: dict[str, Any]


@dataclass(frozen=True)
class News:
    """What filing says of an application: its `version`, since when it stands so (`at`), and `by` whom.

    `is_answer`: filing was asked just now, so this is the present state; an event may be old.
    """

    application_id: str
    matter: Matter
    version: int
    standing: Standing
    at: datetime
    by: dict[str, Any]
    is_answer: bool = False
    applicant: Party | None = None
    agency_id: str | None = None
    project: Project | None = None
    machine_id: str | None = None
    particulars: Particulars | None = None
    evidence: Evidence | None = None
    certificate: Certificate | None = None
    reason: str = ""  # the agency's own, for a release
