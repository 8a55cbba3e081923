"""The events that filing publishes: what their data say. Their examples are what readers are tested against."""

from chassis.contract import Told
from chassis.schemas import Choice, Day, Flag, Free, Id, Integer, Moment, Part, Rows, Schema, Text
from filing.fields import STOPPAGE_CAUSES
from filing.schemas import examples
from filing.schemas.claims import ApplicationTold

OPENED = {"enterprise": "企业", "agency": "监督机构"}


class OrganisationOpened(Schema):
    """An enterprise's registration was approved, or an agency entered: from now on it acts."""

    organisation_id = Id(required=True)
    version = Integer(required=True)
    name = Text(required=True)
    credit_code = Text(required=True, allow_none=True)
    kind = Choice(choices=OPENED, required=True)
    kinds = Rows(Text(), required=True)
    level = Text(load_default="")
    area = Text(required=True)
    division = Text(required=True)
    at = Moment(required=True)


class KeyPerson(Schema):
    person_id = Id(required=True)
    role = Text(required=True)


class Suspension(Schema):
    """Since when work is stopped, and what decides about the project manager's second project (T14)."""

    since = Day(required=True)
    cause_by = Choice(choices=STOPPAGE_CAUSES, required=True)
    owner_consents = Flag(required=True)
    reason = Text(load_default="")


class Stopped(Schema):
    """A stoppage that is over: on `until` work goes on."""

    since = Day(required=True)
    until = Day(required=True)


class ProjectTold(Schema):
    """A project as it stands after what the event tells of; readers keep the newest version."""

    project_id = Id(required=True)
    version = Integer(required=True)
    name = Text(required=True)
    area = Text(required=True)
    agency_id = Id(required=True, allow_none=True)
    number = Text(required=True, allow_none=True)
    works_code = Text(required=True, allow_none=True)
    starts_on = Day(required=True, allow_none=True)
    finishes_on = Day(required=True, allow_none=True)
    owner_id = Id(required=True, allow_none=True)
    owner_name = Text(load_default="")
    contractor_id = Id(required=True, allow_none=True)
    contractor_name = Text(load_default="")
    supervisor_id = Id(required=True, allow_none=True)
    supervisor_name = Text(load_default="")
    stage = Text(required=True)
    boundary = Free(required=True, allow_none=True)
    key_people = Rows(Part(KeyPerson), required=True)
    merged_into = Id(required=True, allow_none=True)
    suspended = Part(Suspension, required=True, allow_none=True)
    stoppages = Rows(Part(Stopped), required=True)
    works_accepted_on = Day(required=True, allow_none=True)
    at = Moment(required=True)


class CertificateCancelled(Schema):
    certificate_id = Id(required=True)
    version = Integer(required=True)
    number = Text(required=True)
    kind = Text(required=True)
    application_id = Id(required=True)
    machine_id = Id(required=True, allow_none=True)
    project_id = Id(required=True, allow_none=True)
    at = Moment(required=True)
    reason = Text(required=True)


def _of_applications(word: str) -> Told:
    return Told(f"application_{word}", 1, ApplicationTold, examples.APPLICATIONS[word])


EVENTS = (
    Told("organisation_opened", 1, OrganisationOpened, examples.ORGANISATIONS),
    *(_of_applications(word) for word in ("submitted", "returned", "withdrawn", "rejected", "approved")),
    *(
        Told(f"project_{word}", 1, ProjectTold, examples.PROJECTS[word])
        for word in ("registered", "changed", "suspended", "resumed", "closed")
    ),
    Told("certificate_cancelled", 1, CertificateCancelled, examples.CANCELLED),
)
