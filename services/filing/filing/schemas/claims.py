"""What the owners of locks ask filing, and the events' part that they are answered with."""

from chassis.schemas import Choice, Day, Flag, Free, Id, Integer, Moment, Part, Rows, Schema, Text
from filing.workflow import OUTCOME_TITLES, STAGE_TITLES

MOST_IDS = 200
MOST_LIVING = 500


class GetClaimStages(Schema):
    application_ids = Rows(Id(), "申请", max=MOST_IDS, required=True)


class ClaimStages(Schema):
    stages = Free(required=True)


class ListLivingClaims(Schema):
    resource = Choice(choices={"machine": "设备", "person": "人员"}, required=True)
    limit = Integer(min=1, max=MOST_LIVING, load_default=MOST_LIVING)
    after = Id(allow_none=True, load_default=None)


class ProjectTold(Schema):
    """A project as claims and events tell it."""

    project_id = Id(required=True)
    name = Text(required=True)
    area = Text(required=True)
    agency_id = Id(required=True, allow_none=True)
    works_code = Text(required=True, allow_none=True)
    starts_on = Day(required=True, allow_none=True)
    finishes_on = Day(required=True, allow_none=True)


class MachineTold(Schema):
    machine_id = Id(required=True)


class PersonTold(Schema):
    person_id = Id(required=True)
    role = Text(required=True)
    replaces = Id(required=True, allow_none=True)


class CertificateTold(Schema):
    number = Text(required=True)
    kind = Text(required=True)
    issued_on = Day(required=True)
    valid_to = Day(required=True, allow_none=True)


class ApplicationTold(Schema):
    """An application as its events tell it; `machine`, `people`, `particulars`, `evidence`: what it claimed, `decision`:
    what the agency decided at its approval, where the matter asks for more than yes."""

    application_id = Id(required=True)
    matter = Text(required=True)
    version = Integer(required=True)
    stage = Choice(choices=STAGE_TITLES, required=True)
    outcome = Choice(choices=OUTCOME_TITLES, required=True, allow_none=True)
    applicant_id = Id(required=True)
    applicant_name = Text(required=True)
    agency_id = Id(required=True, allow_none=True)
    area = Text(load_default="")
    at = Moment(required=True)
    project = Part(ProjectTold, required=True, allow_none=True)
    machine = Part(MachineTold, required=True, allow_none=True)
    people = Rows(Part(PersonTold), required=True)
    particulars = Free(required=True, allow_none=True)
    evidence = Free(required=True, allow_none=True)
    certificate = Part(CertificateTold, required=True, allow_none=True)
    decision = Free(allow_none=True, load_default=None)
    resubmitted = Flag(required=True)


class LivingClaim(ApplicationTold):
    machine_id = Id(required=True, allow_none=True)
    project_id = Id(required=True, allow_none=True)


class LivingClaims(Schema):
    items = Rows(Part(LivingClaim), max=MOST_LIVING, required=True)
    next = Text(required=True, allow_none=True)
