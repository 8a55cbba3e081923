"""Handing an application in: what is checked before, what is claimed, and that a refusal changes nothing."""

import threading
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import func, select

from chassis.call import Question
from chassis.database import transaction
from chassis.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, Unavailable
from chassis.identifiers import new_id
from filing import applications, project_acts
from filing.desk import Command
from filing.models import Application, Organisation, Submission
from services.filing.tests import forms
from services.filing.tests.factories import (
    CITY,
    CONTRACTOR,
    COUNTY,
    INSTALLER,
    LESSOR,
    MERE_LESSOR,
    OTHER_COUNTY,
    OTHER_INSTALLER,
    PROVINCE,
    Stage,
    id_of,
    officer,
    seen,
)
from services.filing.tests.steps import approved

DECIDER = Command(officer(name="decider", roles=("approver",)))
LOCKED = Conflict("machine_locked", held_by="乙工程", held_by_organisation="丙公司", since="2026-02-01", findings=[])


def row_of(stage: Stage, application_id: str) -> Application:
    with transaction(stage.desk.sessions) as session:
        return session.get_one(Application, application_id)


def submissions(stage: Stage) -> int:
    with transaction(stage.desk.sessions) as session:
        return session.scalar(select(func.count()).select_from(Submission)) or 0


def test_the_second_firm_is_told_who_holds_the_machine_and_its_draft_stays(stage: Stage) -> None:
    draft = stage.draft()
    before = row_of(stage, draft["application_id"])
    stage.owners.refusals["equipment"] = LOCKED

    with pytest.raises(Conflict) as refused:
        stage.submit(draft, key="k1")

    assert refused.value.code == "machine_locked"
    assert refused.value.detail["held_by"] == "乙工程"
    after = row_of(stage, draft["application_id"])
    assert (after.stage, after.version, after.form) == ("draft", before.version, before.form)
    assert stage.events() == []
    assert submissions(stage) == 0


def test_a_refused_submission_can_be_tried_again_under_the_same_key(stage: Stage) -> None:
    draft = stage.draft()
    stage.owners.refusals["equipment"] = LOCKED
    with pytest.raises(Conflict):
        stage.submit(draft, key="k1")

    stage.owners.refusals.clear()

    assert stage.submit(draft, key="k1")["stage"] == "countersigning"


def test_the_same_command_again_gets_the_same_answer_and_claims_nothing_more(stage: Stage) -> None:
    draft = stage.draft()
    first = stage.submit(draft, key="k1")
    asked = len(stage.owners.asked)

    assert stage.submit(draft, key="k1") == first
    assert len(stage.owners.asked) == asked
    assert submissions(stage) == 1
    assert len(stage.events()) == 1


def test_a_key_is_good_for_one_request_only(stage: Stage) -> None:
    stage.submit(stage.draft(), key="k1")

    with pytest.raises(Conflict, match="idempotency_key_reused"):
        stage.submit(stage.draft(), key="k1")


def test_another_users_key_is_not_his(stage: Stage) -> None:
    """Whoever guesses a key gets neither the answer nor a refusal from it."""
    stage.submit(stage.draft(), key="k1")
    other = forms.install_notice(machine_id=id_of("other machine"))

    assert (
        stage.submit(stage.draft(OTHER_INSTALLER, form=other), OTHER_INSTALLER, key="k1")["stage"] == "countersigning"
    )


def test_both_owners_are_asked_at_the_same_time_with_all_that_they_need(stage: Stage) -> None:
    calls: list[list[Question]] = []

    def ask(questions: Sequence[Question], seconds: float) -> list[dict[str, Any] | Refusal]:
        calls.append(list(questions))
        assert seconds <= 1.0
        return stage.owners(questions, seconds)

    draft = stage.draft()
    applications.submit(stage.desk, ask, Command(INSTALLER), **seen(draft))

    (questions,) = calls
    equipment, personnel = (each.request for each in questions)
    assert [(each.service, each.method) for each in questions] == [("equipment", "reserve"), ("personnel", "reserve")]
    assert equipment["machine"] == {"machine_id": id_of("machine")}
    assert equipment["evidence"] == {"planned_start": "2026-03-09"}
    assert equipment["project"] == {
        "project_id": id_of("project"),
        "name": "project 一期",
        "area": COUNTY,
        "agency_id": id_of("agency", COUNTY),
    }
    assert personnel["machine"] == {"machine_id": id_of("machine"), "kind": "T"}
    assert personnel["project"]["starts_on"] == "2026-01-01"
    assert [each["path"] for each in personnel["people"]] == [f"form.crew.{n}.person_id" for n in range(3)]
    assert {each["employer_id"] for each in personnel["people"]} == {id_of("installer")}


def test_a_silent_owner_is_told_as_not_now(stage: Stage) -> None:
    draft = stage.draft()
    stage.owners.refusals["personnel"] = Unavailable("no_answer", service="personnel")

    with pytest.raises(Unavailable) as refused:
        stage.submit(draft)

    assert refused.value.code == "claims_unavailable"
    assert row_of(stage, draft["application_id"]).stage == "draft"


def test_a_reason_goes_before_a_silence(stage: Stage) -> None:
    stage.owners.refusals = {
        "equipment": Unavailable("no_answer"),
        "personnel": Conflict("person_locked", role="driver"),
    }

    with pytest.raises(Conflict, match="person_locked"):
        stage.submit(stage.draft())


def test_a_process_that_dies_after_the_claim_leaves_a_draft_that_can_be_handed_in(stage: Stage) -> None:
    draft = stage.draft()

    def dying(questions: Sequence[Question], seconds: float) -> list[dict[str, Any] | Refusal]:
        stage.owners(questions, seconds)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        applications.submit(stage.desk, dying, Command(INSTALLER, "k1"), **seen(draft))

    assert row_of(stage, draft["application_id"]).stage == "draft"
    assert stage.submit(draft, key="k1")["stage"] == "countersigning"
    first, _, again, _ = stage.owners.asked
    assert first.request == again.request


def test_a_draft_changed_while_it_was_being_claimed_is_not_handed_in(stage: Stage) -> None:
    draft = stage.draft()

    def meanwhile(questions: Sequence[Question], seconds: float) -> list[dict[str, Any] | Refusal]:
        stage.save(draft, form=forms.install_notice(machine_id=id_of("another machine")))
        return stage.owners(questions, seconds)

    with pytest.raises(Conflict) as refused:
        applications.submit(stage.desk, meanwhile, Command(INSTALLER), **seen(draft))

    assert refused.value.code == "stale_version"
    assert refused.value.detail["version"] == draft["version"] + 1
    assert stage.events() == []


def test_a_project_closed_while_the_claims_were_asked_takes_no_application_in(stage: Stage) -> None:
    draft = stage.draft()

    def meanwhile(questions: Sequence[Question], seconds: float) -> list[dict[str, Any] | Refusal]:
        project_acts.close_project(stage.desk, DECIDER, project_id=id_of("project"), version=1, reason="竣工")
        return stage.owners(questions, seconds)

    with pytest.raises(Conflict) as refused:
        applications.submit(stage.desk, meanwhile, Command(INSTALLER, "k1"), **seen(draft))

    assert (refused.value.code, refused.value.detail["stage"]) == ("project_changed", "closed")
    assert row_of(stage, draft["application_id"]).stage == "draft"
    with pytest.raises(Conflict, match="project_closed"):
        stage.submit(draft, key="k1")


def test_an_unfiled_project_merged_while_the_claims_were_asked_is_the_filed_one_at_the_next_try(stage: Stage) -> None:
    described = forms.install_notice(unfiled_project=forms.unfiled_project(division="130102"))
    del described["project_id"]
    unfiled = stage.arrived(form=described)
    project_id = stage.look(unfiled, officer())["project_id"]
    registration = forms.use_registration(unfiled_project=described["unfiled_project"])
    del registration["project_id"]
    draft = stage.draft(CONTRACTOR, "use_registration", registration)

    def meanwhile(questions: Sequence[Question], seconds: float) -> list[dict[str, Any] | Refusal]:
        merge = {"unfiled_id": project_id, "version": 1, "filed_id": id_of("project")}
        project_acts.merge_projects(stage.desk, DECIDER, **merge)
        return stage.owners(questions, seconds)

    with pytest.raises(Conflict, match="project_changed"):
        applications.submit(stage.desk, meanwhile, Command(CONTRACTOR), **seen(draft))

    again = stage.submit(draft, CONTRACTOR)
    assert row_of(stage, again["application_id"]).project_id == id_of("project")


def test_pressed_twice_at_once_it_is_handed_in_once(stage: Stage) -> None:
    draft = stage.draft()
    told: list[str] = []

    def press() -> None:
        try:
            told.append(stage.submit(draft)["stage"])
        except Conflict as refusal:
            told.append(refusal.code)

    presses = [threading.Thread(target=press) for _ in range(6)]
    for each in presses:
        each.start()
    for each in presses:
        each.join()

    assert sorted(told) == ["countersigning", *["stale_version"] * 5]
    assert submissions(stage) == 1


def test_a_machine_has_one_living_notice_even_if_its_owner_granted_two(stage: Stage) -> None:
    first = stage.submit(stage.draft())

    with pytest.raises(Conflict) as refused:
        stage.submit(stage.draft(OTHER_INSTALLER), OTHER_INSTALLER)
    assert refused.value.code == "machine_applied_for"
    assert refused.value.detail["held_by_organisation"] == "installer"

    with pytest.raises(Conflict) as refused:
        stage.submit(stage.draft())
    assert refused.value.code == "application_exists"
    assert refused.value.detail == {"application_id": first["application_id"]}


def test_everything_missing_is_told_at_once_with_its_path(stage: Stage) -> None:
    begun = applications.start(
        stage.desk, Command(INSTALLER), application_id=new_id(), matter="install_notice", form={"lead_phone": "12"}
    )

    with pytest.raises(Invalid) as refused:
        stage.submit(begun)

    wrong = refused.value.fields
    assert wrong["form.machine_id"] == [{"rule": "required"}]
    assert wrong["form.lead_phone"] == [{"rule": "wrong_phone"}]
    assert wrong["attachments.N1"] == [{"rule": "attachment_missing", "title": "建筑起重机械备案证明"}]
    assert stage.owners.asked == []


def test_t7_a_start_less_than_two_working_days_ahead_is_refused_before_anything_is_claimed(stage: Stage) -> None:
    draft = stage.draft(form=forms.install_notice(planned_start="2026-03-03"))

    with pytest.raises(Conflict) as refused:
        stage.submit(draft)

    assert refused.value.code == "start_too_early"
    assert refused.value.detail["earliest"] == "2026-03-04"
    assert stage.owners.asked == []


def test_what_the_owner_knows_of_the_machine_is_checked_after_the_claim(stage: Stage) -> None:
    """The installer of the third grade learns from equipment's answer that the crane is too large for it."""
    with transaction(stage.desk.sessions) as session:
        installer = session.get_one(Organisation, id_of("installer"))
        installer.details = installer.details | {
            "qualifications": [{"name": "起重设备安装工程专业承包", "grade": "三级", "number": "D3"}]
        }
    stage.owners.machine = {"rated_moment_knm": 3150}
    draft = stage.draft()

    with pytest.raises(Conflict, match="installer_grade_too_low"):
        stage.submit(draft)

    assert row_of(stage, draft["application_id"]).stage == "draft"


def test_warnings_do_not_hinder_and_are_kept(stage: Stage) -> None:
    late = {"code": "machine_life_ends_soon", "severity": "warning", "path": "form.machine_id", "detail": {}}
    stage.owners.findings = [late]

    reply = stage.submit(stage.draft())

    assert reply["findings"] == [late]
    assert stage.look(reply, INSTALLER)["findings"] == [late]


def test_an_errors_finding_in_a_grant_is_a_refusal_all_the_same(stage: Stage) -> None:
    stage.owners.findings = [
        {"code": "machine_banned", "severity": "error", "path": "", "detail": {"document": "659号"}}
    ]

    with pytest.raises(Conflict, match="machine_banned"):
        stage.submit(stage.draft())


@pytest.mark.parametrize("stranger", [OTHER_INSTALLER, CONTRACTOR, officer(), officer(PROVINCE)])
def test_somebody_elses_draft_is_not_there(stage: Stage, stranger: Any) -> None:
    draft = stage.draft()

    for act in (lambda: stage.submit(draft, stranger), lambda: stage.look(draft, stranger)):
        with pytest.raises(NotFound):
            act()


def test_an_unknown_id_is_not_there(stage: Stage) -> None:
    with pytest.raises(NotFound):
        stage.submit({"application_id": new_id(), "version": 1})


def test_a_matter_is_for_its_own_kinds_of_enterprise(stage: Stage) -> None:
    with pytest.raises(Forbidden) as refused:
        stage.draft(LESSOR, "install_notice")

    assert refused.value.code == "matter_of_other_enterprises"


def test_an_enterprise_that_is_not_open_hands_nothing_in(stage: Stage) -> None:
    draft = stage.draft()
    with transaction(stage.desk.sessions) as session:
        session.get_one(Organisation, id_of("installer")).stage = "closed"

    with pytest.raises(Forbidden, match="organisation_not_open"):
        stage.submit(draft)


@pytest.mark.parametrize("area", [OTHER_COUNTY, CITY, PROVINCE])
def test_t1_only_the_agency_that_the_rule_leads_to_can_be_chosen(stage: Stage, area: str) -> None:
    chosen = stage.save(stage.draft(), agency_id=id_of("agency", area))

    with pytest.raises(Invalid) as refused:
        stage.submit(chosen)

    (told,) = refused.value.fields["agency_id"]
    assert [each["organisation_id"] for each in told["offered"]] == [id_of("agency", COUNTY)]


def test_a_check_lists_everything_and_claims_nothing(stage: Stage) -> None:
    draft = stage.draft(form=forms.install_notice(planned_start="2026-03-03"))
    late = {"code": "machine_life_ends_soon", "severity": "warning", "path": "form.machine_id", "detail": {}}
    stage.owners.findings = [late]
    stage.owners.refusals["personnel"] = Unavailable("no_answer")

    found = applications.check(stage.desk, stage.owners, INSTALLER, application_id=draft["application_id"])["findings"]

    assert [each["code"] for each in found] == ["start_too_early", "machine_life_ends_soon", "check_unavailable"]
    assert all(each.request["check_only"] for each in stage.owners.asked)
    assert row_of(stage, draft["application_id"]).version == draft["version"]


def test_a_check_of_an_incomplete_form_says_what_is_missing(stage: Stage) -> None:
    begun = applications.start(stage.desk, Command(INSTALLER), application_id=new_id(), matter="install_notice")

    found = applications.check(stage.desk, stage.owners, INSTALLER, application_id=begun["application_id"])["findings"]

    assert {"code": "required", "severity": "error", "path": "form.machine_id", "detail": {}} in found
    assert stage.owners.asked == []


@pytest.mark.parametrize("matter", ["machine_filing", "machine_registration"])
def test_a_lessor_is_registered_before_its_machines_are(stage: Stage, matter: str) -> None:
    """Domain facts §2.5-5: machines on sites are their user's own, or a registered lessor's."""
    draft = stage.draft(MERE_LESSOR, matter, getattr(forms, matter)())
    with pytest.raises(Conflict, match="lessor_not_filed"):
        stage.submit(draft, MERE_LESSOR)
    assert stage.owners.asked == []

    approved(stage, "lessor_filing", forms.lessor_filing(), MERE_LESSOR)

    assert stage.submit(draft, MERE_LESSOR)["stage"] == "submitted"


def test_a_machine_filing_takes_its_machine_from_the_owners_answer(stage: Stage) -> None:
    form = forms.machine_filing()
    begun = stage.draft(LESSOR, "machine_filing", form)

    reply = stage.submit(begun, LESSOR)

    assert reply["stage"] == "submitted"
    question = stage.owners.asked[0].request
    assert question["machine"] is None
    assert question["particulars"]["made_on"] == "2020-05-01"
    row = row_of(stage, reply["application_id"])
    assert row.machine_id == id_of("machine", reply["application_id"])
    assert row.due_at is not None
