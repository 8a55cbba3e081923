"""解除锁定申请: asked with reason and proof; the agency's approval is its act of unlocking (R-E4, R-P5, domain.md §3.5)."""

from dataclasses import replace

import pytest

from chassis.clock import now
from chassis.database import transaction
from chassis.envelope import Event
from chassis.errors import Conflict, Invalid
from chassis.identifiers import new_id
from filing import matters, vacancies
from filing.models import Project
from services.filing.tests import forms
from services.filing.tests.factories import (
    CONTRACTOR,
    FILED_PROJECT,
    INSTALLER,
    LESSOR,
    OTHER_COUNTY,
    Stage,
    id_of,
    project_row,
)
from services.filing.tests.forms import MACHINE, errors, facts, party
from services.filing.tests.steps import accepted, approved, decide, events, rejected

MACHINES, PEOPLE = "machine_release", "person_release"
REASON = {"reason": "工程停建，经现场核实设备已退场"}
OFFICER = id_of("safety_officer", "1")


def test_the_agencys_reason_goes_to_the_owner_of_the_machine_lock(stage: Stage) -> None:
    approved(stage, MACHINES, forms.machine_release(), LESSOR, decision=REASON)

    told = events(stage, "application_approved")[0]
    assert told["machine"] == {"machine_id": forms.machine_release()["machine_id"]}
    assert (told["decision"], told["project"]["project_id"]) == (REASON, FILED_PROJECT)


def test_the_agencys_reason_goes_to_the_owner_of_the_person_locks(stage: Stage) -> None:
    approved(stage, PEOPLE, forms.person_release(), CONTRACTOR, decision=REASON)

    told = events(stage, "application_approved")[0]
    assert told["decision"] == REASON
    assert told["people"] == [{"person_id": OFFICER, "role": "safety_officer", "replaces": None}]


@pytest.mark.parametrize("matter", [MACHINES, PEOPLE])
@pytest.mark.parametrize("decision", [None, {"reason": "同意"}])
def test_nothing_is_unlocked_without_a_reason_of_the_agencys_own(stage: Stage, matter, decision) -> None:
    waiting = accepted(stage, matter, getattr(forms, matter)(), CONTRACTOR)

    with pytest.raises(Invalid) as refused:
        decide(stage, matter, waiting, decision=decision)

    assert list(refused.value.fields) == ["decision.reason"]


@pytest.mark.parametrize("matter", [MACHINES, PEOPLE])
def test_a_rejection_is_told_and_decides_nothing(stage: Stage, matter) -> None:
    rejected(stage, accepted(stage, matter, getattr(forms, matter)(), CONTRACTOR))

    assert events(stage, "application_rejected")[0]["decision"] is None


def test_it_goes_to_the_agency_of_the_project_that_holds_the_lock(stage: Stage) -> None:
    with transaction(stage.desk.sessions) as session:
        session.add(project_row("elsewhere", OTHER_COUNTY))
    form = forms.person_release(project_id=id_of("elsewhere"))

    handed_in = stage.submit(stage.draft(CONTRACTOR, PEOPLE, form), CONTRACTOR)

    assert handed_in["agency_id"] == id_of("agency", OTHER_COUNTY)


def test_a_closed_project_still_holds_machines_that_can_be_asked_for():
    closed = replace(forms.FILED_PROJECT, stage="closed")

    assert errors(MACHINES, forms.machine_release(), "lessor", machine=MACHINE, project=closed) == []


@pytest.mark.parametrize(
    ("by", "refused"),
    [("lessor", []), ("contractor", []), ("owner", []), ("other", [("release_not_yours_to_ask", "form.project_id")])],
)
def test_a_machine_is_asked_for_by_its_owner_or_a_party_of_the_project(by, refused):
    found = errors(MACHINES, forms.machine_release(), by, machine=MACHINE, more_parties=[party("other", "lessor")])

    assert found == refused


def test_a_party_of_the_project_asks_for_anybody_on_it_and_others_for_their_own_people():
    def employer(by):
        asked = matters.ALL[PEOPLE].claims(facts(PEOPLE, forms.person_release(), by)).people
        return [each.employer_id for each in asked]

    assert employer("contractor") == employer("owner") == [None]
    assert employer("installer") == [id_of("installer")]


def test_what_the_owners_of_locks_refuse_is_refused(stage: Stage) -> None:
    stage.owners.refusals["personnel"] = Conflict("person_not_locked_here")

    with pytest.raises(Conflict, match="person_not_locked_here"):
        stage.submit(stage.draft(INSTALLER, PEOPLE, forms.person_release()), INSTALLER)


def test_unknown_projects_days_to_come_and_people_named_twice_are_named():
    twice = forms.person_release(people=[{"person_id": OFFICER, "role": "safety_officer"}] * 2)

    assert errors(PEOPLE, twice, "contractor") == [("person_named_twice", "form.people.1.person_id")]
    assert errors(PEOPLE, forms.person_release(), "contractor", project=None) == [
        ("project_unknown", "form.project_id")
    ]
    assert matters.ALL[PEOPLE].claims(facts(PEOPLE, forms.person_release(), "contractor", project=None)).people == ()
    assert errors(MACHINES, forms.machine_release(left_on="2026-03-03"), "lessor") == [
        ("in_the_future", "form.left_on")
    ]


def unlocked(person_id: str, role: str = "safety_officer", project_id: str = FILED_PROJECT) -> Event:
    data = {"person_id": person_id, "role": role, "project_id": project_id}
    return Event("person_unlocked", 1, person_id, data, occurred_at=now(), id=new_id())


def with_key_people(stage: Stage, **values) -> None:
    with transaction(stage.desk.sessions) as session:
        row = session.get_one(Project, FILED_PROJECT)
        row.key_people = [
            {"role": "project_manager", "person_id": id_of("project_manager", "1"), "name": "张三"},
            {"role": "safety_officer", "person_id": OFFICER, "name": "李四"},
        ]
        for name, value in values.items():
            setattr(row, name, value)


def key_people(stage: Stage) -> list[str]:
    with transaction(stage.desk.sessions) as session:
        return [each["role"] for each in session.get_one(Project, FILED_PROJECT).key_people]


def test_a_post_whose_holder_was_unlocked_stands_empty_and_others_are_told_once(stage: Stage) -> None:
    with_key_people(stage)
    event = unlocked(OFFICER)

    vacancies.person_unlocked(stage.desk.sessions, event)
    vacancies.person_unlocked(stage.desk.sessions, event)

    assert key_people(stage) == ["project_manager"]
    told = events(stage, "project_changed")
    assert [[each["role"] for each in one["key_people"]] for one in told] == [["project_manager"]]


@pytest.mark.parametrize(
    "event", [unlocked(id_of("somebody")), unlocked(OFFICER, "driver"), unlocked(OFFICER, project_id=new_id())]
)
def test_whoever_holds_no_key_post_there_leaves_none_empty(stage: Stage, event: Event) -> None:
    with_key_people(stage)

    vacancies.person_unlocked(stage.desk.sessions, event)

    assert len(key_people(stage)) == 2
    assert events(stage, "project_changed") == []


def test_a_closed_projects_table_stays_as_it_was(stage: Stage) -> None:
    with_key_people(stage, stage="closed")

    vacancies.person_unlocked(stage.desk.sessions, unlocked(OFFICER))

    assert len(key_people(stage)) == 2


def test_an_empty_post_is_filled_by_a_change_that_replaces_nobody():
    empty = replace(forms.FILED_PROJECT, key_people=())
    change = {
        name: value
        for name, value in forms.change(ground="added").items()
        if name not in ("replaces", "handed_over_on")
    }
    form = {"project_id": FILED_PROJECT, "changes": [change]}

    assert errors("personnel_change", form, "contractor", project=empty) == []
    assert errors("personnel_change", form, "contractor") == [("required", "form.changes.0.replaces")]
