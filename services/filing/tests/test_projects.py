"""Projects: filed, dropped, brought along unfiled and merged later, stopped, resumed, accepted, closed; who sees them."""

from dataclasses import replace

import pytest

from chassis.database import transaction
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.identifiers import new_id
from chassis.journal import first_broken
from chassis.searching import search_words
from filing import applications, coordinates, project_acts
from filing.desk import Command
from filing.models import Application, Certificate, Project
from filing.queries.projects import get_project, list_projects
from filing.unlocking import machine_unlocked
from services.filing.tests import forms
from services.filing.tests.factories import (
    CITY,
    CONTRACTOR,
    COUNTY,
    FILED_PROJECT,
    INSTALLER,
    OTHER_COUNTY,
    OTHER_INSTALLER,
    OWNER,
    PROVINCE,
    SUPERVISOR,
    Stage,
    agency_row,
    id_of,
    officer,
    project_row,
    seen,
)
from services.filing.tests.steps import accept, accepted, approved, decide, events, rejected, submitted, unlocked

PAGE = {"scope": "mine", "stage": None, "area": None, "works_kind": None, "q": None, "limit": 20, "after": None}
DECIDER = Command(officer(COUNTY, "p", ("approver",)))


def row(stage: Stage, project_id: str) -> Project:
    with transaction(stage.desk.sessions) as session:
        return session.get_one(Project, project_id)


def only_project_of(stage: Stage, reply) -> Project:
    with transaction(stage.desk.sessions) as session:
        return session.query(Project).filter_by(application_id=reply["application_id"]).one()


def page(stage: Stage, principal, project_id: str) -> dict:
    with transaction(stage.desk.sessions) as session:
        return get_project(session, principal, project_id)


def names(stage: Stage, principal, /, **filters) -> list[str]:
    with transaction(stage.desk.sessions) as session:
        return [each["name"] for each in list_projects(session, principal, PAGE | filters)["items"]]


def test_an_approved_filing_registers_its_project_under_its_number(stage: Stage):
    works = [{"kind": "pit", "part": "基坑", "depth": 6, "planned_start": "2026-04-01", "planned_finish": "2026-05-01"}]

    filed = approved(stage, "safety_filing", forms.safety_filing(hazardous_works=works), OWNER)

    project = only_project_of(stage, filed)
    assert (project.stage, project.number) == ("filed", "13010220260001")
    assert (project.owner_name, project.contractor_name) == ("owner", "contractor")
    assert (project.agency_id, project.area) == (id_of("agency", COUNTY), COUNTY)
    assert project.hazardous_works[0]["tier"] == 2
    assert {each["role"] for each in project.key_people} >= {"project_manager", "safety_officer"}
    assert project.key_people[0]["name"] == "张三"
    assert "phone" not in project.key_people[0]
    assert project.details["survey"] == {"name": "某勘察院", "lead": "王五"}
    told = events(stage, "project_registered")[0]
    assert (told["project_id"], told["version"], told["stage"]) == (project.id, project.version, "filed")
    assert told["boundary"] == forms.BOUNDARY
    assert told["key_people"][0] == {"role": "project_manager", "person_id": forms.id_of("project_manager", "1")}


def test_a_boundary_drawn_on_a_gcj02_map_is_kept_and_told_in_wgs84(stage: Stage):
    filed = approved(stage, "safety_filing", forms.safety_filing(datum="GCJ-02"), OWNER)

    project = only_project_of(stage, filed)
    x, y = project.boundary["coordinates"][0][0]
    assert coordinates.to_gcj02(x, y) == pytest.approx(tuple(forms.SQUARE[0]), abs=1e-6)
    assert project.details["datum"] == "GCJ-02"
    assert events(stage, "project_registered")[0]["boundary"] == project.boundary


def test_a_filing_under_way_has_a_row_that_follows_its_form_and_goes_with_its_rejection(stage: Stage):
    handed_in = submitted(stage, "safety_filing", forms.safety_filing(), OWNER)
    project = only_project_of(stage, handed_in)
    assert (project.stage, project.number) == ("under_filing", None)

    back = applications.return_for_correction(
        stage.desk, Command(officer(COUNTY, "a", ("acceptor",))), **seen(handed_in), remarks="名称有误"
    )
    form = forms.safety_filing(name="某某花园二期", division="130104")
    saved = applications.save_draft(
        stage.desk, Command(OWNER), **seen(back), form=form, agency_id=id_of("agency", OTHER_COUNTY)
    )
    again = stage.submit(saved, OWNER)
    moved = only_project_of(stage, again)
    assert (moved.id, moved.name, moved.area) == (project.id, "某某花园二期", OTHER_COUNTY)
    assert again["agency_id"] == id_of("agency", OTHER_COUNTY)
    assert events(stage, "application_submitted")[-1]["project"]["name"] == "某某花园二期"

    reviewed = applications.review(
        stage.desk,
        Command(officer(OTHER_COUNTY, "r", ("reviewer",))),
        **seen(accept(stage, again, OTHER_COUNTY)),
        opinion="不符合",
    )
    rejected(stage, reviewed, OTHER_COUNTY)
    with pytest.raises(NotFound):
        page(stage, OWNER, project.id)
    assert events(stage, "project_registered") == []


def unfiled_form(**changes) -> dict:
    form = {name: value for name, value in forms.install_notice().items() if name != "project_id"}
    parties = {"contractor_id": id_of("contractor"), "supervisor_id": id_of("supervisor"), "division": "130102"}
    return form | {"unfiled_project": forms.unfiled_project(**parties)} | changes


def installed_unfiled(stage: Stage) -> Project:
    """An approved install notice on a project that nobody has filed."""
    done = stage.approve(stage.accepted(form=unfiled_form()))
    return only_project_of(stage, done)


def test_an_unfiled_project_goes_to_the_agency_of_its_place_and_gets_a_row(stage: Stage):
    circulating = stage.submit(stage.draft(form=unfiled_form()))

    assert circulating["agency_id"] == id_of("agency", COUNTY)
    project = only_project_of(stage, circulating)
    assert (project.stage, project.name, project.contractor_name) == ("unfiled", "某某小区配套", "contractor")
    request = stage.owners.asked[0].request
    assert request["project"]["project_id"] == project.id
    assert names(stage, CONTRACTOR, stage="unfiled") == ["某某小区配套"]


def test_an_unfiled_project_goes_with_the_notice_that_brought_it(stage: Stage):
    circulating = stage.submit(stage.draft(form=unfiled_form()))
    project = only_project_of(stage, circulating)

    applications.withdraw(stage.desk, Command(INSTALLER), **seen(circulating))

    with pytest.raises(NotFound):
        page(stage, CONTRACTOR, project.id)


def test_use_is_registered_on_the_unfiled_project_that_the_notice_brought(stage: Stage):
    project = installed_unfiled(stage)
    form = forms.use_registration(project_id=project.id, machine_id=forms.install_notice()["machine_id"])
    named_again = {name: value for name, value in form.items() if name != "project_id"}
    named_again["unfiled_project"] = unfiled_form()["unfiled_project"]

    accepted(stage, "use_registration", named_again, CONTRACTOR)

    assert stage.owners.asked[-1].request["project"]["project_id"] == project.id


def test_an_unfiled_project_is_merged_into_the_filed_one(stage: Stage):
    project = installed_unfiled(stage)

    merged = project_acts.merge_projects(
        stage.desk, DECIDER, unfiled_id=project.id, version=project.version, filed_id=FILED_PROJECT
    )

    assert merged["stage"] == "merged"
    told = events(stage, "project_changed")[-1]
    assert (told["project_id"], told["merged_into"], told["version"]) == (project.id, FILED_PROJECT, merged["version"])
    with transaction(stage.desk.sessions) as session:
        assert {each.project_id for each in session.query(Application)} == {FILED_PROJECT}
        assert {each.project_id for each in session.query(Certificate)} == {FILED_PROJECT}
        assert first_broken(session) is None
    with pytest.raises(Conflict) as refused:
        stage.submit(stage.draft(form=forms.install_notice(machine_id=id_of("m2"), project_id=project.id)))
    assert refused.value.code == "project_merged"


def test_a_notice_in_hand_when_its_project_is_merged_is_approved_for_the_filed_one(stage: Stage):
    waiting = stage.accepted(form=unfiled_form())
    project = only_project_of(stage, waiting)
    project_acts.merge_projects(
        stage.desk, DECIDER, unfiled_id=project.id, version=project.version, filed_id=FILED_PROJECT
    )

    stage.approve(waiting)

    assert events(stage, "application_approved")[-1]["project"]["project_id"] == FILED_PROJECT


def test_what_cannot_be_merged_is_told(stage: Stage):
    project = installed_unfiled(stage)
    with transaction(stage.desk.sessions) as session:
        session.add(project_row("other", contractor_id=id_of("owner")))
        session.add(project_row("elsewhere", area=OTHER_COUNTY))
    given = {"unfiled_id": project.id, "version": project.version}

    def code(filed_id, **changes):
        with pytest.raises((Conflict, NotFound, Forbidden)) as refused:
            project_acts.merge_projects(stage.desk, DECIDER, **(given | {"filed_id": filed_id} | changes))
        return refused.value.code

    assert code(id_of("other")) == "contractors_differ"
    assert code(id_of("elsewhere")) == "not_found"
    assert code(project.id) == "project_not_filed"
    assert code(FILED_PROJECT, version=99) == "stale_version"
    assert code(id_of("project"), unfiled_id=FILED_PROJECT, version=1) == "wrong_stage"


def stoppage(stage: Stage, **changes):
    given = {
        "project_id": FILED_PROJECT,
        "version": 1,
        "since": stage.desk.today(),
        "cause_by": "other",
        "owner_consents": True,
        "reason": "资金",
    }
    return project_acts.record_stoppage(stage.desk, DECIDER, **(given | changes))


def test_a_stoppage_and_a_resumption_are_told_with_cause_and_consent(stage: Stage):
    stopped = stoppage(stage)

    told = events(stage, "project_suspended")[0]
    assert told["suspended"] == {"since": "2026-03-02", "cause_by": "other", "owner_consents": True, "reason": "资金"}
    assert (told["stage"], told["version"]) == ("suspended", stopped["version"])
    with pytest.raises(Conflict) as refused:
        stage.submit(stage.draft())
    assert refused.value.code == "project_suspended"

    again = project_acts.record_resumption(
        stage.desk, DECIDER, project_id=FILED_PROJECT, version=stopped["version"], on=stage.desk.today()
    )
    assert again["stage"] == "filed"
    assert events(stage, "project_resumed")[0]["suspended"] is None


def test_days_of_a_stoppage_are_in_order(stage: Stage):
    tomorrow, before = stage.desk.today().replace(day=3), stage.desk.today().replace(day=1)

    with pytest.raises(Invalid):
        stoppage(stage, since=tomorrow)
    stopped = stoppage(stage)
    with pytest.raises(Invalid) as refused:
        project_acts.record_resumption(
            stage.desk, DECIDER, project_id=FILED_PROJECT, version=stopped["version"], on=before
        )
    assert refused.value.fields["on"][0]["rule"] == "before_the_stoppage"


def test_accepted_works_are_told_and_supervision_goes_on(stage: Stage):
    done = project_acts.record_works_acceptance(
        stage.desk, DECIDER, project_id=FILED_PROJECT, version=1, on=stage.desk.today()
    )

    assert done["stage"] == "filed"
    assert events(stage, "project_changed")[0]["works_accepted_on"] == "2026-03-02"


CLOSE = {"project_id": FILED_PROJECT, "version": 1, "reason": "工程竣工"}


def test_a_project_is_closed_once_nothing_is_in_hand_and_its_machines_are_down(stage: Stage):
    waiting = stage.accepted()
    with pytest.raises(Conflict) as refused:
        project_acts.close_project(stage.desk, DECIDER, **CLOSE)
    assert (refused.value.code, refused.value.detail["application_ids"]) == (
        "applications_in_hand",
        [waiting["application_id"]],
    )
    stage.approve(waiting)

    with pytest.raises(Conflict) as refused:
        project_acts.close_project(stage.desk, DECIDER, **CLOSE)

    assert (refused.value.code, refused.value.detail) == (
        "machines_on_site",
        {"count": 1, "machines": ["冀AB-T00001"], "machine_ids": [forms.install_notice()["machine_id"]]},
    )
    assert row(stage, FILED_PROJECT).stage == "filed"
    down = stage.submit(stage.draft(INSTALLER, "dismantling_notice", forms.dismantling_notice()))
    decide(stage, "dismantling_notice", accept(stage, stage.sign(stage.sign(down, CONTRACTOR), SUPERVISOR)))
    assert project_acts.close_project(stage.desk, DECIDER, **CLOSE)["stage"] == "closed"
    assert events(stage, "project_closed")[0]["stage"] == "closed"


def test_a_machine_that_the_agency_unlocked_does_not_keep_its_project_open(stage: Stage):
    stage.approve(stage.accepted())
    machine_unlocked(stage.desk.sessions, unlocked(stage))

    assert project_acts.close_project(stage.desk, DECIDER, **CLOSE)["stage"] == "closed"
    assert [each["kind"] for each in events(stage, "certificate_cancelled")] == ["install_receipt"]


def test_a_handled_dismantling_cancels_registration_and_receipt_once(stage: Stage):
    stage.approve(stage.accepted())
    form = forms.use_registration(project_id=FILED_PROJECT, machine_id=forms.install_notice()["machine_id"])
    approved(stage, "use_registration", form, CONTRACTOR)
    away = {
        name: value for name, value in forms.install_notice().items() if name not in ("position", "install_height_m")
    }
    arrived = submitted(stage, "dismantling_notice", away, INSTALLER)
    assert events(stage, "certificate_cancelled") == []

    decide(stage, "dismantling_notice", accept(stage, arrived))

    told = events(stage, "certificate_cancelled")
    assert sorted(each["kind"] for each in told) == ["install_receipt", "use_registration"]
    assert {each["reason"] for each in told} == {"dismantled"}


def test_a_change_of_key_personnel_puts_the_new_one_in_the_old_ones_place(stage: Stage):
    filed = approved(stage, "safety_filing", forms.safety_filing(), OWNER)
    project = only_project_of(stage, filed)
    form = forms.personnel_change()
    form["project_id"] = project.id

    approved(stage, "personnel_change", form, CONTRACTOR)

    people = {(each["role"], each["person_id"]) for each in row(stage, project.id).key_people}
    assert ("project_manager", forms.id_of("project_manager", "2")) in people
    assert ("project_manager", forms.id_of("project_manager", "1")) not in people
    assert len(people) == 5
    told = events(stage, "project_changed")[-1]
    assert {"role": "project_manager", "person_id": forms.id_of("project_manager", "2")} in told["key_people"]


ACTS = {
    "record_resumption": {"on": None},
    "record_works_acceptance": {"on": None},
    "close_project": {"reason": "工程竣工"},
}


@pytest.mark.parametrize("act", sorted(ACTS))
def test_t34_only_the_projects_own_agency_acts_and_only_in_the_right_stage_and_version(stage: Stage, act):
    told = {name: value or stage.desk.today() for name, value in ACTS[act].items()}
    on = {"project_id": FILED_PROJECT, **told}

    def code(principal, version=1):
        with pytest.raises((Forbidden, NotFound, Conflict)) as refused:
            getattr(project_acts, act)(stage.desk, Command(principal), **on, version=version)
        return refused.value.code

    approver = officer(COUNTY, "p", ("approver",))
    assert code(officer(OTHER_COUNTY, roles=("approver",))) == "not_found"
    assert code(officer(CITY, roles=("approver",))) == "not_permitted"
    assert code(officer(COUNTY, roles=("editor",))) == "not_permitted"
    assert code(CONTRACTOR) == "not_permitted"
    assert code(INSTALLER) == "not_found"
    assert code(approver, version=7) == "stale_version"
    if act == "record_resumption":
        assert code(approver) == "wrong_stage"


def test_the_same_act_again_gets_the_same_answer_and_is_told_once(stage: Stage):
    command = Command(DECIDER.principal, "key")
    close = {"project_id": FILED_PROJECT, "version": 1, "reason": "工程竣工"}

    first = project_acts.close_project(stage.desk, command, **close)
    second = project_acts.close_project(stage.desk, command, **close)

    assert first == second
    assert len(events(stage, "project_closed")) == 1


def test_t34_a_project_is_seen_in_its_area_by_its_parties_and_by_who_applies_for_it(stage: Stage):
    with transaction(stage.desk.sessions) as session:
        session.add(project_row("far", area="13.1302.130202", owner_id=None, contractor_id=None, supervisor_id=None))
    stage.submit(stage.draft())

    for principal in (officer(COUNTY), officer(CITY), OWNER, CONTRACTOR, SUPERVISOR):
        assert names(stage, principal) == ["project 一期"]
        assert page(stage, principal, FILED_PROJECT)["certificates"] == []
    assert sorted(names(stage, officer(PROVINCE))) == ["far 一期", "project 一期"]
    assert names(stage, officer(OTHER_COUNTY)) == []
    assert names(stage, OTHER_INSTALLER) == []
    brief = page(stage, INSTALLER, FILED_PROJECT)
    assert "key_people" not in brief
    assert [each["matter"] for each in brief["applications"]] == ["install_notice"]
    for principal in (officer(OTHER_COUNTY), OTHER_INSTALLER):
        with pytest.raises(NotFound):
            page(stage, principal, FILED_PROJECT)


def test_the_agency_sees_no_application_on_the_project_before_it_arrives(stage: Stage):
    stage.submit(stage.draft())

    assert page(stage, officer(COUNTY), FILED_PROJECT)["applications"] == []
    assert len(page(stage, CONTRACTOR, FILED_PROJECT)["applications"]) == 1


def test_the_page_tells_what_its_reader_may_do(stage: Stage):
    assert page(stage, DECIDER.principal, FILED_PROJECT)["acts"] == [
        "record_stoppage",
        "record_works_acceptance",
        "close_project",
    ]
    assert page(stage, officer(CITY, roles=("approver",)), FILED_PROJECT)["acts"] == []
    assert page(stage, OWNER, FILED_PROJECT)["acts"] == []


def test_an_installer_looks_a_filed_project_of_the_province_up_to_name_it(stage: Stage):
    with transaction(stage.desk.sessions) as session:
        session.add(
            project_row("far", area="13.1302.130202", number="13020220260007", search=search_words(["13020220260007"]))
        )
        session.get_one(Project, FILED_PROJECT).search = search_words(["project 一期"])

    assert names(stage, OTHER_INSTALLER, scope="filed", q="project") == ["project 一期"]
    assert names(stage, OTHER_INSTALLER, scope="filed", q="proj", stage="closed") == []
    with pytest.raises(Invalid):
        names(stage, OTHER_INSTALLER, scope="filed")
    with pytest.raises(Forbidden):
        names(stage, replace(OWNER, kinds=("owner",)), scope="filed", q="project")


def test_pages_of_projects_follow_each_other(stage: Stage):
    with transaction(stage.desk.sessions) as session:
        for number in range(5):
            session.add(project_row(f"p{number}", number=None, id=new_id()))

    found, after = [], None
    with transaction(stage.desk.sessions) as session:
        for _ in range(3):
            told = list_projects(session, officer(COUNTY), PAGE | {"limit": 2, "after": after})
            found += [each["name"] for each in told["items"]]
            after = told["next"]

    assert after is None
    assert len(found) == len(set(found)) == 6


def test_a_zone_office_keeps_what_it_files_under_its_own_area(stage: Stage):
    zone = f"{CITY}.130171"
    with transaction(stage.desk.sessions) as session:
        session.add(agency_row(zone))
    form = forms.safety_filing()
    draft = stage.draft(OWNER, "safety_filing", form)
    chosen = applications.save_draft(stage.desk, Command(OWNER), **seen(draft), agency_id=id_of("agency", zone))

    handed_in = stage.submit(chosen, OWNER)
    filed = decide(stage, "safety_filing", accept(stage, handed_in, zone), zone)

    project = only_project_of(stage, filed)
    assert (project.area, project.number) == (zone, "13017120260001")
    for type_ in ("application_submitted", "application_approved"):
        assert events(stage, type_)[-1]["project"]["area"] == zone
    assert stage.owners.asked[-1].request["project"]["area"] == zone
    assert names(stage, officer(zone)) == names(stage, officer(CITY), q="花园") == ["某某花园一期"]
    assert "某某花园一期" not in names(stage, officer(COUNTY))
