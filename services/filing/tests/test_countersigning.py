"""T8: without contractor's and supervising firm's signatures a notice cannot reach the agency (76号 Art. 12)."""

from datetime import timedelta

import pytest

from chassis.clock import end_of
from chassis.database import transaction
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from filing import applications
from filing.desk import Command
from filing.models import Project
from services.filing.tests import forms
from services.filing.tests.factories import (
    CONTRACTOR,
    COUNTY,
    INSTALLER,
    OWNER,
    STORE,
    SUPERVISOR,
    Stage,
    clerk,
    id_of,
    officer,
    seen,
)


def test_t8_one_signature_is_not_enough(stage: Stage) -> None:
    one = stage.sign(stage.submit(stage.draft()), CONTRACTOR)

    assert one["stage"] == "countersigning"
    with pytest.raises(NotFound):
        stage.look(one, officer())
    with pytest.raises(NotFound):
        applications.accept(stage.desk, Command(officer()), **seen(one))
    assert stage.sign(one, SUPERVISOR)["stage"] == "submitted"


def test_the_agency_sees_it_and_its_clock_runs_from_the_last_signature_on(stage: Stage) -> None:
    circulating = stage.submit(stage.draft())
    assert circulating["due_at"] is None

    stage.desk.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]
    arrived = stage.sign(stage.sign(circulating, CONTRACTOR), SUPERVISOR)

    assert arrived["due_at"] == end_of(forms.TODAY + timedelta(days=3)).isoformat()
    assert stage.look(arrived, officer())["stage"] == "submitted"


def test_each_has_two_working_days(stage: Stage) -> None:
    circulating = stage.submit(stage.draft())

    asked = stage.look(circulating, INSTALLER)["countersignatures"]

    assert [(each["role"], each["agrees"], each["overdue"]) for each in asked] == [
        ("contractor", None, False),
        ("supervisor", None, False),
    ]
    assert {each["due_at"] for each in asked} == {end_of(forms.TODAY + timedelta(days=2)).isoformat()}
    stage.desk.clock.advance(timedelta(days=3))  # type: ignore[attr-defined]
    assert all(each["overdue"] for each in stage.look(circulating, INSTALLER)["countersignatures"])


def test_who_is_waited_for_is_named(stage: Stage) -> None:
    one = stage.sign(stage.submit(stage.draft()), SUPERVISOR)

    assert stage.look(one, INSTALLER)["next_to_act"] == [
        {"organisation_id": id_of("contractor"), "organisation_name": "contractor", "role": "contractor"}
    ]


def test_a_refusal_gives_it_back_with_remarks_and_keeps_the_locks(stage: Stage) -> None:
    refused = stage.sign(stage.submit(stage.draft()), CONTRACTOR, agrees=False, remarks="专项方案未审批")

    assert refused["stage"] == "returned"
    assert stage.look(refused, INSTALLER)["remarks"] == "专项方案未审批"
    type_, told = stage.events()[-1]
    assert (type_, told["stage"]) == ("application_returned", "returned")
    with pytest.raises(NotFound):
        stage.look(refused, officer())


def test_a_refusal_says_why(stage: Stage) -> None:
    with pytest.raises(Invalid) as refused:
        stage.sign(stage.submit(stage.draft()), CONTRACTOR, agrees=False)

    assert refused.value.fields == {"remarks": [{"rule": "required"}]}


def test_after_a_refusal_both_are_asked_again_even_for_the_same_form(stage: Stage) -> None:
    refused = stage.sign(stage.sign(stage.submit(stage.draft()), SUPERVISOR), CONTRACTOR, False, "缺少交底")

    again = stage.submit(refused)

    assert again["stage"] == "countersigning"
    waiting = {each["role"] for each in stage.look(again, INSTALLER)["next_to_act"]}
    assert waiting == {"contractor", "supervisor"}


def test_after_a_return_by_the_agency_an_unchanged_form_needs_no_new_signature(stage: Stage) -> None:
    returned = stage.give_back(stage.accepted(), ("attachments.N4", "方案缺少计算书"))

    assert stage.submit(returned)["stage"] == "submitted"


def test_after_a_return_by_the_agency_a_changed_form_is_signed_anew(stage: Stage) -> None:
    returned = stage.give_back(stage.accepted(), ("form.position", "位置不符"))
    changed = stage.save(returned, form=forms.install_notice(position="2 号楼东侧"))

    again = stage.submit(changed)

    assert again["stage"] == "countersigning"
    with pytest.raises(Conflict, match="wrong_stage"):
        applications.accept(stage.desk, Command(officer()), **seen(again))
    assert stage.sign(stage.sign(again, CONTRACTOR), SUPERVISOR)["stage"] == "submitted"


def test_a_form_changed_back_to_what_was_signed_needs_no_new_signature(stage: Stage) -> None:
    returned = stage.give_back(stage.accepted(), ("form.position", "位置不符"))
    changed = stage.save(returned, form=forms.install_notice(position="2 号楼东侧"))
    back = stage.save(changed, form=forms.install_notice())

    assert stage.submit(back)["stage"] == "submitted"


def test_documents_changed_after_the_signatures_are_signed_anew(stage: Stage) -> None:
    """The scheme that both signed is not swapped for another one behind their backs, whatever its file is called."""
    returned = stage.give_back(stage.accepted(), ("attachments.N4", "方案缺少计算书"))
    papers = stage.look(returned, INSTALLER)["attachments"]
    renamed = stage.save(returned, attachments=[each | {"name": f"新_{each['name']}"} for each in papers])
    another = STORE.put(b"%PDF-1.7 another scheme")
    swapped = [each | {"sha256": another} if each["code"] == "N4" else each for each in papers]

    again = stage.submit(stage.save(renamed, attachments=swapped))

    assert again["stage"] == "countersigning"
    waiting = {each["role"] for each in stage.look(again, INSTALLER)["next_to_act"]}
    assert waiting == {"contractor", "supervisor"}


def test_the_same_documents_under_other_file_names_need_no_new_signature(stage: Stage) -> None:
    returned = stage.give_back(stage.accepted(), ("attachments.N4", "文件名有误"))
    papers = stage.look(returned, INSTALLER)["attachments"]
    renamed = stage.save(returned, attachments=[each | {"name": f"新_{each['name']}"} for each in reversed(papers)])

    assert stage.submit(renamed)["stage"] == "submitted"


def test_t7_a_notice_that_is_signed_too_late_for_its_start_goes_back_and_not_to_the_agency(stage: Stage) -> None:
    """Handed in a week ahead, signed on the last working day before the start: the agency would have one day, not two."""
    one = stage.sign(stage.submit(stage.draft()), CONTRACTOR)  # Monday 2 March; starts on Monday the 9th
    stage.desk.clock.advance(timedelta(days=4))  # type: ignore[attr-defined]

    late = stage.sign(one, SUPERVISOR)

    assert (late["stage"], late["due_at"]) == ("returned", None)
    page = stage.look(late, INSTALLER)
    assert page["findings"] == [
        {
            "code": "start_too_early",
            "severity": "error",
            "path": "form.planned_start",
            "detail": {"earliest": "2026-03-10", "provisional": False},
        }
    ]
    assert [each["agrees"] for each in page["countersignatures"]] == [True, True]
    type_, told = stage.events()[-1]
    assert (type_, told["stage"], told["version"]) == ("application_returned", "returned", late["version"])
    with pytest.raises(NotFound):
        stage.look(late, officer())


def test_t7_the_day_before_it_still_reaches_the_agency(stage: Stage) -> None:
    one = stage.sign(stage.submit(stage.draft()), CONTRACTOR)
    stage.desk.clock.advance(timedelta(days=3))  # type: ignore[attr-defined]

    assert stage.sign(one, SUPERVISOR)["stage"] == "submitted"


def test_a_notice_that_came_back_for_being_late_is_handed_in_with_another_start(stage: Stage) -> None:
    one = stage.sign(stage.submit(stage.draft()), CONTRACTOR)
    stage.desk.clock.advance(timedelta(days=4))  # type: ignore[attr-defined]
    late = stage.sign(one, SUPERVISOR)
    later = forms.install_notice(planned_start="2026-03-16", planned_finish="2026-03-20")

    again = stage.submit(stage.save(late, form=later))

    assert (again["stage"], stage.look(again, INSTALLER)["findings"]) == ("countersigning", [])
    assert stage.sign(stage.sign(again, CONTRACTOR), SUPERVISOR)["stage"] == "submitted"


def test_a_notice_for_a_project_stopped_while_it_was_signed_does_not_reach_the_agency(stage: Stage) -> None:
    circulating = stage.submit(stage.draft())
    with transaction(stage.desk.sessions) as session:
        session.get_one(Project, id_of("project")).stage = "suspended"

    stopped = stage.sign(stage.sign(circulating, CONTRACTOR), SUPERVISOR)

    assert stopped["stage"] == "returned"
    assert [each["code"] for each in stage.look(stopped, INSTALLER)["findings"]] == ["project_suspended"]


def test_only_those_asked_may_sign_and_only_once(stage: Stage) -> None:
    circulating = stage.submit(stage.draft())

    with pytest.raises(NotFound):
        stage.sign(circulating, OWNER)
    with pytest.raises(Forbidden):
        stage.sign(circulating, INSTALLER)
    signed = stage.sign(circulating, CONTRACTOR)
    with pytest.raises(Forbidden):
        stage.sign(signed, CONTRACTOR)


def test_an_installer_who_is_the_contractor_too_has_signed_by_handing_in(stage: Stage) -> None:
    with transaction(stage.desk.sessions) as session:
        session.get_one(Project, id_of("project")).contractor_id = id_of("installer")

    circulating = stage.submit(stage.draft())

    assert [each["role"] for each in stage.look(circulating, INSTALLER)["next_to_act"]] == ["supervisor"]
    assert stage.sign(circulating, SUPERVISOR)["stage"] == "submitted"


def test_a_project_without_a_supervising_firm_cannot_be_given_notice_of(stage: Stage) -> None:
    with transaction(stage.desk.sessions) as session:
        session.get_one(Project, id_of("project")).supervisor_id = None

    with pytest.raises(Conflict) as refused:
        stage.submit(stage.draft())

    assert (refused.value.code, refused.value.detail["role"]) == ("countersigner_missing", "supervisor")


def test_an_unfiled_projects_own_firms_sign_and_its_agency_is_the_places(stage: Stage) -> None:
    unfiled = forms.install_notice(unfiled_project=forms.unfiled_project(division="130102"))
    del unfiled["project_id"]

    arrived = stage.arrived(form=unfiled)

    assert arrived["agency_id"] == id_of("agency", COUNTY)
    described = stage.look(arrived, officer())
    with transaction(stage.desk.sessions) as session:
        project = session.get_one(Project, described["project_id"])
        assert (project.stage, project.agency_id) == ("unfiled", id_of("agency", COUNTY))
    assert stage.events()[-1][1]["project"]["project_id"] == described["project_id"]


def test_a_countersigner_sees_what_he_signs(stage: Stage) -> None:
    circulating = stage.submit(stage.draft())

    seen_by_him = stage.look(circulating, CONTRACTOR)

    assert seen_by_him["form"]["position"] == "1 号楼西侧"
    assert seen_by_him["acts"] == ["countersign_application"]
    with pytest.raises(NotFound):
        stage.look(circulating, clerk("stranger"))
