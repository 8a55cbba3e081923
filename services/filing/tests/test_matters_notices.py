"""Installation and dismantling notices: T7 with make-up days, crew, installer's licence and grade, unfiled projects."""

from dataclasses import replace
from datetime import date

import pytest

from chassis.workdays import Calendar
from filing import matters
from filing.matters.base import ProjectFacts
from services.filing.tests.forms import (
    FILED_PROJECT,
    MACHINE,
    crew,
    dismantling_notice,
    errors,
    facts,
    id_of,
    install_notice,
    party,
    unfiled_project,
)

BY = "installer"
BOTH = pytest.mark.parametrize(
    ("matter", "form"), [("install_notice", install_notice), ("dismantling_notice", dismantling_notice)]
)


@BOTH
def test_a_complete_notice_has_nothing_wrong(matter, form):
    assert errors(matter, form(), BY) == []
    assert errors(matter, form(), BY, machine=MACHINE) == []


@BOTH
@pytest.mark.parametrize(
    ("noticed", "first_day"),
    [
        ("2026-03-02", "2026-03-04"),  # Monday
        ("2026-03-05", "2026-03-09"),  # Thursday, over a plain weekend
        ("2026-02-12", "2026-02-14"),  # a Saturday made up for the Spring Festival is worked
        ("2026-02-14", "2026-02-25"),  # and then the Festival lasts until the 23rd
        ("2026-02-26", "2026-02-28"),  # another worked Saturday
        ("2026-09-30", "2026-10-09"),  # National Day
        ("2026-09-25", "2026-09-29"),  # noticed on a holiday
        ("2026-10-08", "2026-10-10"),  # and a worked Saturday again
    ],
)
def test_t7_the_work_starts_on_the_second_working_day_after_the_notice_at_the_earliest(
    matter, form, noticed, first_day
):
    first = date.fromisoformat(first_day)
    too_early = form(planned_start=first.replace(day=first.day - 1).isoformat(), planned_finish="2026-12-31")
    in_time = form(planned_start=first_day, planned_finish="2026-12-31")
    today = date.fromisoformat(noticed)

    assert errors(matter, in_time, BY, today=today) == []
    assert errors(matter, too_early, BY, today=today) == [("start_too_early", "form.planned_start")]


def test_t7_the_reader_learns_the_first_day_and_whether_it_is_provisional():
    known = facts("install_notice", install_notice(planned_start="2026-03-03"), BY)
    unknown = replace(
        facts("install_notice", install_notice(planned_start="2027-03-02", planned_finish="2027-03-05"), BY),
        today=date(2027, 3, 1),
    )
    check = matters.ALL["install_notice"].check

    assert check(known)[0].detail == {"earliest": "2026-03-04", "provisional": False}
    assert check(unknown)[0].detail == {"earliest": "2027-03-03", "provisional": True}


def test_t7_an_administrators_override_of_a_day_counts():
    off = Calendar({date(2026, 3, 3): False})

    refused = errors("install_notice", install_notice(planned_start="2026-03-04"), BY, calendar=off)

    assert refused == [("start_too_early", "form.planned_start")]


def test_t7_days_count_from_the_notice_not_from_the_day_an_officer_looks_at_it():
    looked_at_later = {"today": date(2026, 3, 6), "submitted_on": date(2026, 3, 5)}

    assert errors("install_notice", install_notice(), BY, **looked_at_later) == []


@BOTH
def test_a_crew_has_one_lead_a_safety_officer_and_a_worker(matter, form):
    lead, officer, worker = crew()
    second_lead = {**lead, "person_id": id_of("second")}

    assert errors(matter, form(crew=[officer, worker]), BY) == [("exactly_one_needed", "form.crew")]
    assert errors(matter, form(crew=[lead, second_lead, officer, worker]), BY) == [("exactly_one_needed", "form.crew")]
    assert errors(matter, form(crew=[lead, worker]), BY) == [("at_least_needed", "form.crew")]
    assert errors(matter, form(crew=[lead, officer]), BY) == [("at_least_needed", "form.crew")]
    twice = [lead, officer, worker, {**worker, "person_id": lead["person_id"]}]
    assert errors(matter, form(crew=twice), BY) == [("person_named_twice", "form.crew.3.person_id")]


@BOTH
def test_an_installer_needs_licence_and_qualification_in_force(matter, form):
    def of(**details):
        return errors(matter, form(), BY, more_parties=[party("installer", details=details)])

    held = party("installer").details

    assert of(qualifications=held["qualifications"]) == [("safety_licence_missing", "")]
    expired = {"number": "x", "valid_to": "2026-03-01"}
    assert of(**{**held, "safety_licence": expired}) == [("safety_licence_expired", "")]
    assert of(safety_licence=held["safety_licence"]) == [("installer_qualification_missing", "")]
    other = [{"name": "建筑工程施工总承包", "grade": "一级", "number": "D1"}]
    assert of(**{**held, "qualifications": other}) == [("installer_qualification_missing", "")]


@BOTH
@pytest.mark.parametrize(
    ("grade", "moment", "allowed"),
    [("三级", 800, True), ("三级", 801, False), ("二级", 3150, True), ("二级", 3151, False), ("一级", 9000, True)],
)
def test_the_installers_grade_must_reach_to_the_machines_moment(matter, form, grade, moment, allowed):
    held = [{"name": "起重设备安装工程专业承包", "grade": grade, "number": "D3"}]
    installer = party("installer", details={**party("installer").details, "qualifications": held})
    machine = {**MACHINE, "rated_moment_knm": moment}

    refused = errors(matter, form(), BY, more_parties=[installer], machine=machine)

    assert refused == ([] if allowed else [("installer_grade_too_low", "form.machine_id")])


@BOTH
def test_an_installer_from_outside_works_on_its_approved_entry_filing(matter, form):
    outside = party("installer", area="13", details={"outside_province": True})
    entry = {"grade": "2", "safety_licence": {"number": "苏…", "valid_to": "2028-01-01"}}
    filed = party("installer", area="13", details={"outside_province": True, "installer_filing": entry})
    approved = frozenset({"installer_filing"})

    assert errors(matter, form(), BY, more_parties=[outside]) == [("installer_entry_not_filed", "")]
    assert errors(matter, form(), BY, more_parties=[filed]) == [("installer_entry_not_filed", "")]
    assert errors(matter, form(), BY, more_parties=[filed], certificates=approved, machine=MACHINE) == []


@BOTH
def test_a_machine_of_another_kind_than_named_is_refused(matter, form):
    hoist = {**MACHINE, "kind": "S"}

    assert errors(matter, form(), BY, machine=hoist) == [("machine_of_other_kind", "form.machine_kind")]


@BOTH
def test_the_crew_is_claimed_as_the_installers_own_and_the_machine_by_its_id(matter, form):
    claimed = matters.ALL[matter].claims(facts(matter, form(), BY))

    assert (claimed.machine.machine_id, claimed.machine.kind) == (id_of("machine"), "T")
    assert {each.employer_id for each in claimed.people} == {id_of("installer")}
    assert [each.role for each in claimed.people] == ["install_lead", "install_safety_officer", "install_worker"]


@pytest.mark.parametrize(
    ("stage", "install", "dismantle"),
    [
        ("filed", [], []),
        ("unfiled", [], []),
        ("suspended", ["project_suspended"], []),
        ("closed", ["project_closed"], []),
        ("merged", ["project_merged"], ["project_merged"]),
        ("under_filing", ["project_under_filing"], ["project_under_filing"]),
    ],
)
def test_a_machine_may_come_down_from_a_stopped_project_but_not_go_up(stage, install, dismantle):
    project = replace(FILED_PROJECT, stage=stage)

    for matter, form, expected in (
        ("install_notice", install_notice, install),
        ("dismantling_notice", dismantling_notice, dismantle),
    ):
        assert [code for code, _ in errors(matter, form(), BY, project=project)] == expected


@BOTH
def test_one_project_is_named_either_of_the_register_or_unfiled(matter, form):
    described = unfiled_project()

    assert errors(matter, form(project_id=None, unfiled_project=described) | {"project_id": id_of("project")}, BY) == [
        ("project_not_named_once", "form.project_id")
    ]
    without = {name: value for name, value in form().items() if name != "project_id"}
    assert errors(matter, without, BY) == [("project_not_named_once", "form.project_id")]
    assert errors(matter, form(), BY, project=None) == [("project_unknown", "form.project_id")]


def unfiled(**changes):
    form = {name: value for name, value in install_notice().items() if name != "project_id"}
    return form | {"unfiled_project": unfiled_project(**changes)}


def test_an_unfiled_project_goes_to_the_agency_of_its_place_and_keeps_its_countersigners():
    brought = facts("install_notice", unfiled(), BY)

    assert errors("install_notice", unfiled(), BY) == []
    assert isinstance(brought.project, ProjectFacts)
    assert (brought.project.stage, brought.project.area) == ("unfiled", "13.1301.130104")
    assert matters.ALL["install_notice"].place(brought).area == "13.1301.130104"
    assert brought.project.party("contractor") == id_of("contractor")
    assert brought.project.party("supervisor") == id_of("supervisor")


def test_the_same_unfiled_project_typed_twice_is_one():
    first = facts("install_notice", unfiled(name="某某小区 配套"), BY).project
    again = facts("install_notice", unfiled(name="某某小区配套", reason="另一原因"), BY).project
    elsewhere = facts("install_notice", unfiled(division="130105"), BY).project

    assert first.project_id == again.project_id != elsewhere.project_id


def test_the_parties_of_an_unfiled_project_are_enterprises_of_their_kind():
    path = "form.unfiled_project.contractor_id"

    assert errors("install_notice", unfiled(contractor_id=id_of("lessor")), BY) == [
        ("organisation_of_other_kind", path)
    ]
    assert errors("install_notice", unfiled(contractor_id=id_of("nobody")), BY) == [("organisation_unknown", path)]


def test_auxiliary_cranes_ask_for_their_papers():
    kind = matters.ALL["install_notice"].attachment("N8")

    assert kind.is_required({"auxiliary_cranes": "QY25 汽车起重机"})
    assert not kind.is_required({})
