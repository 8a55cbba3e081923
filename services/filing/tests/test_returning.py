"""Return for correction: one complete list, as often as needed, the clock standing still, every round kept."""

from datetime import timedelta

import pytest

from chassis.clock import end_of
from chassis.errors import Conflict, Invalid, NotFound
from filing import applications
from filing.desk import Command
from services.filing.tests import forms
from services.filing.tests.factories import CONTRACTOR, INSTALLER, LESSOR, SUPERVISOR, Stage, officer, seen


def test_the_applicant_reads_the_whole_list_and_corrects(stage: Stage) -> None:
    returned = stage.give_back(stage.arrived(), ("form.crew", "缺少信号工"), ("attachments.N4", "方案未盖章"))

    page = stage.look(returned, INSTALLER)

    assert page["corrections"] == [
        {"path": "form.crew", "text": "缺少信号工", "late": False, "reviewed_in_round": None},
        {"path": "attachments.N4", "text": "方案未盖章", "late": False, "reviewed_in_round": None},
    ]
    assert page["remarks"] == "请补正"
    assert page["next_to_act"][0]["role"] == "applicant"
    assert page["acts"] == ["save_draft", "submit_application", "withdraw_application"]
    again = stage.submit(returned)
    assert stage.look(again, INSTALLER)["corrections"] == []


def test_a_return_says_what_is_wrong(stage: Stage) -> None:
    arrived = stage.arrived()

    with pytest.raises(Invalid):
        applications.return_for_correction(stage.desk, Command(officer()), **seen(arrived))


def test_the_clock_stands_still_meanwhile_and_what_was_left_is_kept(stage: Stage) -> None:
    clock = stage.desk.clock
    arrived = stage.submit(stage.draft(LESSOR, "machine_filing", forms.machine_filing()), LESSOR)
    assert arrived["due_at"] == end_of(forms.TODAY + timedelta(days=9)).isoformat()  # Monday + 7 wd = Wednesday

    clock.advance(timedelta(days=3))  # type: ignore[attr-defined]
    returned = stage.give_back(arrived, ("form.maker", "与证书不符"))
    clock.advance(timedelta(days=20))  # type: ignore[attr-defined]
    waiting = stage.look(returned, LESSOR)
    assert (waiting["due_at"], waiting["workdays_left"], waiting["suspended"]) == (None, 4, True)
    assert not waiting["overdue"]

    again = stage.submit(returned, LESSOR)  # Wednesday 25 March
    assert again["due_at"] == end_of(forms.TODAY + timedelta(days=29)).isoformat()  # Tuesday 31 March
    page = stage.look(again, officer())
    assert (page["workdays_left"], page["suspended"], page["round"]) == (4, False, 2)


def test_every_round_is_kept_as_it_was_handed_in(stage: Stage) -> None:
    returned = stage.give_back(stage.arrived(), ("form.position", "不清楚"))
    changed = stage.save(returned, form=forms.install_notice(position="2 号楼东侧"))
    stage.sign(stage.sign(stage.submit(changed), CONTRACTOR), SUPERVISOR)

    assert stage.look(changed, officer(), round=1)["form"]["position"] == "1 号楼西侧"
    assert stage.look(changed, officer(), round=2)["form"]["position"] == "2 号楼东侧"
    with pytest.raises(NotFound):
        stage.look(changed, officer(), round=3)


def test_what_the_applicant_is_typing_is_his_own_until_he_hands_it_in(stage: Stage) -> None:
    returned = stage.give_back(stage.arrived(), ("form.position", "不清楚"))
    stage.save(returned, form=forms.install_notice(position="还没想好"))

    assert stage.look(returned, INSTALLER)["form"]["position"] == "还没想好"
    assert stage.look(returned, officer())["form"]["position"] == "1 号楼西侧"
    assert stage.look(returned, CONTRACTOR)["form"]["position"] == "1 号楼西侧"


def test_it_may_come_back_again_and_again_and_keeps_its_number_of_acceptance(stage: Stage) -> None:
    at = stage.accepted()
    number = at["acceptance_number"]
    for _ in range(3):
        arrived = stage.submit(stage.give_back(at, ("form.position", "不清楚")))
        at = applications.accept(stage.desk, Command(officer()), **seen(arrived))

    assert (at["round"], at["acceptance_number"]) == (4, number)
    acts = [each["act"] for each in stage.look(at, officer())["steps"]]
    assert acts.count("return") == 3
    assert len(stage.look(at, officer())["submissions"]) == 4


def test_a_resubmission_claims_anew_and_tells_that_it_is_one(stage: Stage) -> None:
    returned = stage.give_back(stage.arrived(), ("form.position", "不清楚"))
    before = len(stage.owners.asked)

    stage.submit(returned)

    assert len(stage.owners.asked) == before + 2
    assert [(type_, told["resubmitted"]) for type_, told in stage.events()][-2:] == [
        ("application_returned", False),
        ("application_submitted", True),
    ]


def test_t7_days_count_from_the_day_it_is_handed_in_again_not_from_the_round_before(stage: Stage) -> None:
    """Returned, six weeks later handed in unchanged: its start has passed long ago."""
    returned = stage.give_back(stage.arrived(), ("attachments.N4", "方案未盖章"))
    stage.desk.clock.advance(timedelta(weeks=6))  # type: ignore[attr-defined]

    with pytest.raises(Conflict) as refused:
        stage.submit(returned)

    assert refused.value.code == "start_too_early"
    assert refused.value.detail["earliest"] == "2026-04-15"
    found = applications.check(stage.desk, stage.owners, INSTALLER, application_id=returned["application_id"])
    assert [each["code"] for each in found["findings"]] == ["start_too_early"]


def test_t7_an_officer_who_looks_later_counts_from_the_notice(stage: Stage) -> None:
    accepted = stage.accepted()
    stage.desk.clock.advance(timedelta(days=6))  # type: ignore[attr-defined]

    found = applications.check(stage.desk, stage.owners, officer(), application_id=accepted["application_id"])

    assert found["findings"] == []


def test_t10_a_registration_applied_for_in_time_is_not_late_when_it_comes_back_mended(stage: Stage) -> None:
    returned = stage.give_back(stage.registering(), ("attachments.U3", "检验报告不清晰"))
    stage.desk.clock.advance(timedelta(weeks=6))  # type: ignore[attr-defined]

    assert stage.submit(returned, CONTRACTOR)["findings"] == []


def test_the_words_of_every_step_are_on_record(stage: Stage) -> None:
    returned = stage.give_back(stage.accepted(), ("form.crew", "缺少信号工"))

    step = stage.look(returned, INSTALLER)["steps"][-1]

    assert (step["act"], step["words"], step["user_name"]) == ("return", "请补正", "officer")
    (correction,) = step["detail"]["corrections"]
    assert (correction["path"], correction["text"]) == ("form.crew", "缺少信号工")
    assert (step["stage_before"], step["stage_after"]) == ("accepted", "returned")
