"""The narrow views of foreign events and answers that we read: what stands here is all that others must keep for us."""

from datetime import date, datetime
from typing import Any

from marshmallow import fields

from chassis.clock import day_of
from chassis.envelope import Event
from chassis.schemas import Day, Flag, Heard, Integer, Moment, Part, Rows, Text, broken, read
from personnel.schemas.claims import named_of, project_of
from personnel.terms import Matter, News, Role, Standing

STANDING = {
    "application_submitted": Standing.SUBMITTED,
    "application_returned": Standing.RETURNED,
    "application_withdrawn": Standing.WITHDRAWN,
    "application_rejected": Standing.REJECTED,
    "application_approved": Standing.APPROVED,
}


class SomeDay(fields.Field[date]):
    """A day, told as a day or as a moment in it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        try:
            return date.fromisoformat(value) if len(value) == 10 else day_of(datetime.fromisoformat(value))
        except (TypeError, ValueError) as error:
            raise broken("not_a_day") from error


class HeardProject(Heard):
    project_id = Text(required=True)
    name = Text(required=True)
    area = Text(required=True)
    agency_id = Text(load_default=None, allow_none=True)
    works_code = Text(load_default=None, allow_none=True)
    finishes_on = Day(load_default=None, allow_none=True)


class HeardMachine(Heard):
    machine_id = Text(load_default=None, allow_none=True)


class HeardPerson(Heard):
    person_id = Text(required=True)
    role = Text(required=True)
    replaces = Text(load_default=None, allow_none=True)


class HeardDecision(Heard):
    """What the agency decided: the reason of a release."""

    reason = Text(max=500, load_default="")


class ApplicationHeard(Heard):
    """filing: application_submitted, _returned, _withdrawn, _rejected, _approved, each version 1."""

    application_id = Text(required=True)
    matter = Text(required=True)
    version = Integer(required=True)
    applicant_id = Text(required=True)
    agency_id = Text(load_default=None, allow_none=True)
    at = Moment(required=True)
    project = Part(HeardProject, load_default=None, allow_none=True)
    machine = Part(HeardMachine, load_default=None, allow_none=True)
    people = Rows(Part(HeardPerson), load_default=list)
    decision = Part(HeardDecision, load_default=None, allow_none=True)


class Suspended(Heard):
    since = SomeDay(required=True)
    cause_by = Text(load_default=None, allow_none=True)
    owner_consents = Flag(load_default=False)


class ProjectHeard(Heard):
    """filing: project_registered, _changed, _suspended, _resumed, _closed, each version 1."""

    project_id = Text(required=True)
    version = Integer(required=True)
    name = Text(required=True)
    area = Text(required=True)
    agency_id = Text(load_default=None, allow_none=True)
    works_code = Text(load_default=None, allow_none=True)
    owner_id = Text(load_default=None, allow_none=True)
    contractor_id = Text(load_default=None, allow_none=True)
    supervisor_id = Text(load_default=None, allow_none=True)
    stage = Text(required=True)
    merged_into = Text(load_default=None, allow_none=True)
    suspended = Part(Suspended, load_default=None, allow_none=True)
    works_accepted_on = Day(load_default=None, allow_none=True)


class MachineUnlockedHeard(Heard):
    """equipment: machine_unlocked, version 1."""

    machine_id = Text(required=True)
    project_id = Text(load_default=None, allow_none=True)


class StageHeard(Heard):
    """One application in filing's answer to get_claim_stages, or in list_living_claims.

    `people`, `project` and `machine_id` are those of the newest *submission* (a draft's choice is nobody's business yet).
    """

    matter = Text(required=True)
    stage = Text(required=True)
    outcome = Text(load_default=None, allow_none=True)
    version = Integer(load_default=0)
    at = Moment(load_default=None, allow_none=True)
    applicant_id = Text(load_default=None, allow_none=True)
    agency_id = Text(load_default=None, allow_none=True)
    machine_id = Text(load_default=None, allow_none=True)
    project = Part(HeardProject, load_default=None, allow_none=True)
    people = Rows(Part(HeardPerson), load_default=None, allow_none=True)
    decision = Part(HeardDecision, load_default=None, allow_none=True)


class ClaimHeard(StageHeard):
    application_id = Text(required=True)


def news_of_event(event: Event) -> News | None:
    """What an application's event says, its data loaded by `ApplicationHeard`; None where its matter claims nobody."""
    data = event.data
    if data["matter"] not in set(Matter):
        return None
    machine = data["machine"] or {}
    told = data | {"machine_id": machine.get("machine_id")}
    return _news(data["application_id"], told, STANDING[event.type], data["at"], event.principal)


def news_of_answer(application_id: str, answer: dict[str, Any], now: datetime, by: dict[str, Any]) -> News:
    """What filing answers, asked just now how an application stands. Raises `Invalid`."""
    data = read(StageHeard(), answer)
    standing = _standing(data["stage"], data["outcome"])
    return _news(application_id, data, standing, data["at"] or now, by, is_answer=True)


def _news(
    application_id: str,
    data: dict[str, Any],
    standing: Standing,
    at: datetime,
    by: dict[str, Any],
    *,
    is_answer: bool = False,
) -> News:
    people = data["people"]
    return News(
        application_id=application_id,
        matter=Matter(data["matter"]),
        version=data["version"],
        standing=standing,
        at=at,
        by=by,
        is_answer=is_answer,
        applicant_id=data["applicant_id"] or "",
        agency_id=data["agency_id"],
        project=project_of(data["project"]),
        machine_id=data["machine_id"],
        reason=data["decision"]["reason"] if data["decision"] else "",
        people=None if people is None else tuple(named_of(each) for each in people if each["role"] in set(Role)),
    )


def _standing(stage: str, outcome: str | None) -> Standing:
    if stage == "draft":
        return Standing.GONE
    if stage == "closed":
        return Standing(outcome or "withdrawn")
    return Standing.RETURNED if stage == "returned" else Standing.SUBMITTED
