"""The narrow views of foreign events and answers that we read: what stands here is all that filing must keep for us."""

from datetime import datetime
from typing import Any

from chassis.envelope import Event
from chassis.schemas import Day, Heard, Id, Integer, Moment, Part, Text, read
from equipment.schemas import EvidencePart, MachinePart, ParticularsPart, ProjectPart, evidence_of, particulars_of
from equipment.terms import Certificate, Matter, News, Party, Project, Standing

STANDING = {
    "application_submitted": Standing.SUBMITTED,
    "application_returned": Standing.RETURNED,
    "application_withdrawn": Standing.WITHDRAWN,
    "application_rejected": Standing.REJECTED,
    "application_approved": Standing.APPROVED,
}


class CertificatePart(Heard):
    number = Text(max=100, required=True)
    issued_on = Day(allow_none=True, load_default=None)
    valid_to = Day(allow_none=True, load_default=None)


class DecisionPart(Heard):
    """What the agency decided: the reason of a release."""

    reason = Text(max=500, load_default="")


class ApplicationHeard(Heard):
    """application_submitted, _returned, _withdrawn, _rejected, _approved."""

    application_id = Id(required=True)
    matter = Text(required=True)
    version = Integer(required=True)
    at = Moment(required=True)
    applicant_id = Id(required=True)
    applicant_name = Text(required=True)
    area = Text(allow_none=True, load_default=None)
    agency_id = Id(allow_none=True, load_default=None)
    project = Part(ProjectPart, allow_none=True, load_default=None)
    machine = Part(MachinePart, allow_none=True, load_default=None)
    particulars = Part(ParticularsPart, allow_none=True, load_default=None)
    evidence = Part(EvidencePart, allow_none=True, load_default=None)
    certificate = Part(CertificatePart, allow_none=True, load_default=None)
    decision = Part(DecisionPart, allow_none=True, load_default=None)


class ProjectHeard(Heard):
    """project_registered, project_changed, project_closed."""

    project_id = Id(required=True)
    version = Integer(required=True)
    name = Text(required=True)
    area = Text(required=True)
    agency_id = Id(allow_none=True, load_default=None)
    number = Text(allow_none=True, load_default=None)
    stage = Text(allow_none=True, load_default=None)
    owner_id = Id(allow_none=True, load_default=None)
    contractor_id = Id(allow_none=True, load_default=None)
    supervisor_id = Id(allow_none=True, load_default=None)
    merged_into = Id(allow_none=True, load_default=None)


class WorksHeard(Heard):
    """enforcement: work_stopped, work_resumed, version 1. An order stops works once, and lets them go on once."""

    order_id = Id(required=True)
    number = Text(required=True)
    project_id = Id(required=True)
    whole = Text(required=True)


class StageHeard(Heard):
    """One application in filing's answer to get_claim_stages, or in list_living_claims.

    `machine_id` is that of the newest *submission* (a draft's choice is nobody's business yet).
    """

    matter = Text(required=True)
    stage = Text(required=True)
    outcome = Text(allow_none=True, load_default=None)
    version = Integer(load_default=0)
    at = Moment(allow_none=True, load_default=None)
    machine_id = Id(allow_none=True, load_default=None)
    agency_id = Id(allow_none=True, load_default=None)
    applicant_id = Id(allow_none=True, load_default=None)
    applicant_name = Text(allow_none=True, load_default=None)
    area = Text(allow_none=True, load_default=None)
    project = Part(ProjectPart, allow_none=True, load_default=None)
    particulars = Part(ParticularsPart, allow_none=True, load_default=None)
    evidence = Part(EvidencePart, allow_none=True, load_default=None)
    certificate = Part(CertificatePart, allow_none=True, load_default=None)
    decision = Part(DecisionPart, allow_none=True, load_default=None)


class ClaimHeard(StageHeard):
    application_id = Id(required=True)


def news_of_event(event: Event) -> News | None:
    """What an event says, its data loaded by `ApplicationHeard`; None where its matter claims no machine."""
    data = event.data
    if data["matter"] not in set(Matter):
        return None
    return _news(data["application_id"], data, STANDING[event.type], data["at"], event.principal)


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
    applicant_id, machine = data["applicant_id"], data.get("machine")
    return News(
        application_id=application_id,
        matter=Matter(data["matter"]),
        version=data["version"],
        standing=standing,
        at=at,
        by=by,
        is_answer=is_answer,
        applicant=Party(applicant_id, data["applicant_name"] or "", data["area"] or "") if applicant_id else None,
        agency_id=data["agency_id"],
        project=Project(**data["project"]) if data["project"] else None,
        machine_id=machine["machine_id"] if machine else data.get("machine_id"),
        particulars=particulars_of(data["particulars"]) if data["particulars"] else None,
        evidence=evidence_of(data["evidence"]) if data["evidence"] else None,
        certificate=Certificate(**data["certificate"]) if data["certificate"] else None,
        reason=data["decision"]["reason"] if data["decision"] else "",
    )


def _standing(stage: str, outcome: str | None) -> Standing:
    if stage == "draft":
        return Standing.GONE
    if stage == "closed":
        return Standing(outcome or "withdrawn")
    return Standing.RETURNED if stage == "returned" else Standing.SUBMITTED
