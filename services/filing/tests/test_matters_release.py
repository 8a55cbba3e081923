"""解除锁定申请: asked with reason and proof; the agency's approval is its act of unlocking (R-E4, R-P5, domain.md §3.5)."""

from dataclasses import replace

import pytest

from chassis.database import transaction
from chassis.errors import Conflict, Invalid
from filing import matters
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
