"""Printing (打印): all that a paper of an application needs, in one reply."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import transaction
from chassis.principal import Principal
from filing import catalogue, words
from filing.applications.turn import find, whose
from filing.desk import Desk, Reply
from filing.models import Organisation, Project, Submission
from filing.permissions import permit_sight
from filing.queries import application_detail
from filing.workflow import ACT_TITLES, OUTCOME_TITLES, STAGE_TITLES

TITLES = {
    "acts": {act.value: title for act, title in ACT_TITLES.items()},
    "stages": {stage.value: title for stage, title in STAGE_TITLES.items()},
    "outcomes": {outcome.value: title for outcome, title in OUTCOME_TITLES.items()},
}


def print_application(
    desk: Desk, principal: Principal, *, application_id: str, round: int | None = None, against: int | None = None
) -> Reply:
    """The application (as in `get`), its matter with the form's description, and words for all that the form names by id,
    now or in the round that it is compared with.

    Refuses `NotFound` what he does not see. Papers are for those who may see the record, and for nobody else.
    """
    with transaction(desk.sessions) as session:
        application = find(session, application_id)
        of = whose(session, application)
        permit_sight(principal, of)
        told = application_detail.describe(
            session, principal, application, of, desk.calendar, desk.clock(), round, against
        )
        matter = catalogue.get_matter(desk, code=application.matter)
        labels = _labels(session, matter["sections"], [*_compared(session, told), told])
        return {"application": told, "matter": matter, "labels": labels, "titles": TITLES}


def _compared(session: Session, told: Reply) -> list[Reply]:
    """The round with which what is told is compared, if it is."""
    if told["changes"] is None:
        return []
    before = session.get_one(Submission, (told["application_id"], told["changes"]["against"]))
    return [{"form": before.form, "people": before.people, "machine": before.machine}]


def _labels(session: Session, sections: list[dict[str, Any]], rounds: list[Reply]) -> dict[str, str]:
    """Id → words. Machine and people as their owners described them when they were claimed; before that there are none."""
    named = [each for told in rounds for each in words.named_in(sections, told["form"])]
    ids = {value for _, value in named}
    labels = words.places(named) | _names(session, ids)
    for told in rounds:
        labels |= {each["person_id"]: words.person(each) for each in told["people"] if each["person_id"] in ids}
        machine = told["machine"]
        if machine and machine.get("machine_id") in ids:
            labels[machine["machine_id"]] = words.machine(machine)
    return labels


def _names(session: Session, ids: set[str]) -> dict[str, str]:
    organisations = session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids)))
    projects = session.execute(select(Project.id, Project.name).where(Project.id.in_(ids)))
    return {row.id: row.name for row in (*organisations, *projects)}
