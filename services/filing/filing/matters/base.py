"""What a matter (事项) is made of. One file a matter fills this in; the use cases in `filing.applications` do the rest.

    MATTER = Matter(
        code="install_notice", title="安装告知", applicants=("installer",), form=InstallNoticeForm,
        attachments=(AttachmentKind("N1", "建筑起重机械备案证明"), …), route=Route.PROJECT,
        countersigners=("contractor", "supervisor"), check=check, claims=claims, on_submission=projects.bring_along,
    )

`check` and `claims` are pure: all that they may look at is in `Facts`, loaded beforehand. The three `on_…` run in the
transaction of the act, so they write to the database and record events, and never call anybody.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from chassis.findings import Finding
from chassis.principal import Principal
from chassis.schemas import Schema
from chassis.workdays import Calendar

if TYPE_CHECKING:
    from filing.models import Application, Certificate

Form = Mapping[str, Any]  # a form as its schema loads it: days are dates, numbers are numbers


class Route(StrEnum):
    """By which rule the agency of a matter is found (R-F14)."""

    PROJECT = "project"
    APPLICANT = "applicant"
    PROVINCE = "province"


ROUTE_TITLES = {
    Route.PROJECT: "项目所在地的监督机构（已备案项目由其备案机构办理）",
    Route.APPLICANT: "单位注册所在地的监督机构",
    Route.PROVINCE: "省安全监督机构",
}


@dataclass(frozen=True)
class Place:
    """Where an application goes: to one agency, or to the agencies responsible for an area; "" is the province's."""

    area: str = ""
    agency_id: str | None = None


@dataclass(frozen=True)
class AttachmentKind:
    """A document that a matter asks for; `required` may depend on the form. A large one comes in several files."""

    code: str
    title: str
    required: bool | Callable[[Form], bool] = True
    note: str = ""

    def is_required(self, form: Form) -> bool:
        return self.required(form) if callable(self.required) else self.required


@dataclass(frozen=True)
class Party:
    """An organisation as a check sees it. `stage`: "pending" (not opened yet), "open" or "closed".

    `details` are those of its registration form, and of filings of its own (`organisation.details`; days as ISO text).
    """

    organisation_id: str
    name: str
    area: str
    kinds: tuple[str, ...]
    credit_code: str
    stage: str
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.stage == "open"


@dataclass(frozen=True)
class ProjectFacts:
    """A project as a check sees it: a row of the table, or one that the application brings along (not yet a row).

    `stage`: unfiled, under_filing, filed, suspended, closed, merged. `agency_id` is the agency that filed it.
    """

    project_id: str
    name: str
    area: str
    stage: str
    agency_id: str | None = None
    number: str | None = None
    works_code: str | None = None
    starts_on: date | None = None
    finishes_on: date | None = None
    owner_id: str | None = None
    contractor_id: str | None = None
    supervisor_id: str | None = None
    key_people: tuple[tuple[str, str], ...] = ()  # (role, person_id)
    civilised_standard: str | None = None
    suspended_since: date | None = None
    works_accepted_on: date | None = None

    def party(self, role: str) -> str | None:
        """The organisation in a role of the project: owner, contractor or supervisor."""
        return {"owner": self.owner_id, "contractor": self.contractor_id, "supervisor": self.supervisor_id}[role]


@dataclass(frozen=True)
class Facts:
    """All that the rules of a matter may look at, loaded in one short read.

    `submitted_on` is the day on which it reached the agency in this round (None: it is not there): what counts days
    from the notice counts from there, else from today. `first_submitted_on` is the day on which it first did, in
    whatever round: what has to be applied for by a day was applied for then. `machine` is the machine as equipment
    described it in its answer to the claim, None before that. `parties` holds the applicant, the project's parties and
    whatever `Matter.parties` names, by id (an unknown id is missing); `certificates` the kinds of valid certificates
    that the applicant holds, `issued` those of the project, suspended ones too, whoever holds them; `attachments` the codes
    present; `decision` what the agency decided, at its approval.
    """

    application_id: str
    form: Form
    applicant: Party
    project: ProjectFacts | None
    today: date
    calendar: Calendar
    agency_id: str | None = None
    submitted_on: date | None = None
    first_submitted_on: date | None = None
    machine: Mapping[str, Any] | None = None
    parties: Mapping[str, Party] = field(default_factory=dict)
    certificates: frozenset[str] = frozenset()
    issued: frozenset[str] = frozenset()
    attachments: frozenset[str] = frozenset()
    decision: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class MachineClaim:
    """The machine that a matter claims: a filed one by id and kind, or (no id) one described by `particulars`.

    `particulars` and `evidence` are as equipment.reserve wants them; days are dates here and ISO text on the wire.
    """

    kind: str
    machine_id: str | None = None
    particulars: Mapping[str, Any] | None = None
    evidence: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class PersonClaim:
    """A person in a role, named at `path` of the form. `exemption`: {"kind", "project_id"}, T14."""

    person_id: str
    role: str
    path: str
    employer_id: str | None = None
    replaces: str | None = None
    exemption: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Claims:
    """What an application takes from the other services: nothing, a machine, people, or both."""

    machine: MachineClaim | None = None
    people: tuple[PersonClaim, ...] = ()


@dataclass(frozen=True)
class CertificateRule:
    """What approval issues. `parts` fill the number's pattern (data/numbering.toml) beside agency, year and serial.

    `number_given` returns a number that exists already (a machine filed earlier on paper) and is then kept.
    `shown` is what anybody may see who checks the certificate: no personal data.
    """

    kind: str
    title: str
    parts: Callable[[Facts], Mapping[str, str]] = lambda facts: {}
    number_given: Callable[[Facts], str | None] = lambda facts: None
    valid_to: Callable[[Facts], date | None] = lambda facts: None
    shown: Callable[[Facts], Mapping[str, Any]] = lambda facts: {}


@dataclass(frozen=True)
class Occasion:
    """An act that has just moved `application`, for the hooks of its matter; `certificate` only on approval."""

    application: "Application"
    facts: Facts
    principal: Principal
    at: datetime
    certificate: "Certificate | None" = None


Hook = Callable[[Session, Occasion], None]


@dataclass(frozen=True)
class Matter:
    """A matter as data and pure functions; see the head of this file.

    `applicants`: kinds of enterprise that may apply (empty: any). `countersigners`: roles in the project whose
    organisations sign before the agency sees the application. `brings_project`: the project that the form describes
    (safety filing, "add an unfiled project"), None when it names one by `project_id`. `parties`: further organisations
    whose data `check` needs. `decision`: what the agency says at its approval beside an opinion, such as a grade.
    """

    code: str
    title: str
    applicants: tuple[str, ...]
    form: type[Schema]
    attachments: tuple[AttachmentKind, ...]
    route: Route
    review_levels: int = 1
    countersigners: tuple[str, ...] = ()
    brings_project: Callable[[str, Form], ProjectFacts | None] = lambda application_id, form: None
    parties: Callable[[Form], Iterable[str]] = lambda form: ()
    check: Callable[[Facts], list[Finding]] = lambda facts: []
    claims: Callable[[Facts], Claims] = lambda facts: Claims()
    decision: type[Schema] | None = None
    certificate: CertificateRule | None = None
    seat: Callable[[Facts], str] = lambda facts: facts.applicant.area  # what Route.APPLICANT goes by
    opens_organisation: bool = False  # the applicant is not open yet: approval opens it
    on_submission: Hook = lambda session, occasion: None
    on_approval: Hook = lambda session, occasion: None
    on_refusal: Hook = lambda session, occasion: None  # rejected or withdrawn

    def attachment(self, code: str) -> AttachmentKind | None:
        return next((each for each in self.attachments if each.code == code), None)

    def place(self, facts: Facts) -> Place:
        """Where an application with these facts goes, by the matter's route."""
        if self.route is Route.PROVINCE:
            return Place()
        if self.route is Route.APPLICANT or facts.project is None:
            return Place(area=self.seat(facts))
        return Place(area=facts.project.area, agency_id=facts.project.agency_id)
