"""Two levels, two officers, one decision; what an approval, a rejection and a withdrawal bring about."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from chassis.database import transaction
from chassis.errors import Conflict, Forbidden, NotFound, Unavailable
from chassis.principal import Principal
from filing import applications
from filing.desk import Command
from filing.models import Certificate, Counter, Project
from services.filing.tests import forms
from services.filing.tests.factories import (
    CITY,
    CONTRACTOR,
    COUNTY,
    INSTALLER,
    OTHER_COUNTY,
    OWNER,
    PROVINCE,
    SUPERVISOR,
    Stage,
    id_of,
    officer,
    seen,
)

REVIEWER = officer(name="reviewer", roles=("reviewer",))
BOTH = officer(name="both", roles=("reviewer", "approver"))


def certificates(stage: Stage) -> list[Certificate]:
    with transaction(stage.desk.sessions) as session:
        return list(session.scalars(select(Certificate).order_by(Certificate.issued_at, Certificate.number)))


def test_a_two_level_matter_needs_a_review_before_its_approval(stage: Stage) -> None:
    accepted = stage.registering()

    with pytest.raises(Conflict, match="wrong_stage"):
        stage.approve(accepted)
    approved = stage.approve(stage.review(accepted, REVIEWER))
    assert approved["certificate"]["number"] == "冀使130102-2026-00001"


def test_the_officer_who_reviewed_does_not_decide(stage: Stage) -> None:
    reviewed = stage.review(stage.registering(), BOTH)

    with pytest.raises(Forbidden, match="same_officer"):
        stage.approve(reviewed, BOTH)
    with pytest.raises(Forbidden, match="same_officer"):
        applications.reject(stage.desk, Command(BOTH), **seen(reviewed), reason="不符合")
    assert stage.approve(reviewed)["outcome"] == "approved"


def test_who_reviewed_an_earlier_round_may_decide_the_next(stage: Stage) -> None:
    """It is about this round's two opinions; a small agency has few officers."""
    returned = stage.give_back(stage.review(stage.registering(), BOTH), ("form.site_number", "缺少"))
    accepted = applications.accept(stage.desk, Command(officer()), **seen(stage.submit(returned, CONTRACTOR)))

    assert stage.approve(stage.review(accepted, REVIEWER), BOTH)["outcome"] == "approved"


def test_the_second_of_two_officers_is_told_that_it_is_decided(stage: Stage) -> None:
    accepted = stage.accepted()
    told: list[str] = []

    def decide(act: Callable[[], Any]) -> None:
        try:
            told.append(act()["outcome"])
        except Conflict as refusal:
            told.append(f"{refusal.code} {refusal.detail['stage']}")

    def reject() -> Any:
        by = Command(officer(name="two"))
        return applications.reject(stage.desk, by, **seen(accepted), reason="材料不符")

    one = threading.Thread(target=decide, args=(lambda: stage.approve(accepted, officer(name="one")),))
    two = threading.Thread(target=decide, args=(reject,))
    for each in (one, two):
        each.start()
    for each in (one, two):
        each.join()

    assert sorted(told)[1] == "stale_version closed"
    assert sorted(told)[0] in ("approved", "rejected")
    assert len(certificates(stage)) == told.count("approved")


def test_eight_officers_approve_at_once_and_one_certificate_is_issued(stage: Stage) -> None:
    accepted = stage.accepted()
    told: list[str] = []

    def approve(number: int) -> None:
        try:
            told.append(stage.approve(accepted, officer(name=f"officer {number}"))["outcome"])
        except Conflict as refusal:
            told.append(refusal.code)

    threads = [threading.Thread(target=approve, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(told) == ["approved", *["stale_version"] * 7]
    assert len(certificates(stage)) == 1
    with transaction(stage.desk.sessions) as session:
        assert session.scalar(select(Counter.last).where(Counter.kind == "install_receipt")) == 1


@pytest.mark.parametrize("by", [officer(OTHER_COUNTY)])
def test_t34_another_countys_officer_neither_sees_nor_acts(stage: Stage, by: Principal) -> None:
    arrived = stage.arrived()

    with pytest.raises(NotFound):
        stage.look(arrived, by)
    with pytest.raises(NotFound):
        applications.accept(stage.desk, Command(by), **seen(arrived))


@pytest.mark.parametrize("area", [CITY, PROVINCE])
def test_t34_city_and_province_see_but_do_not_act(stage: Stage, area: str) -> None:
    arrived = stage.arrived()

    page = stage.look(arrived, officer(area))

    assert page["acts"] == []
    with pytest.raises(Forbidden):
        applications.accept(stage.desk, Command(officer(area)), **seen(arrived))


@pytest.mark.parametrize("roles", [("administrator",), ("editor",), ("reviewer",), ("approver",)])
def test_accepting_takes_the_role_of_it(stage: Stage, roles: tuple[str, ...]) -> None:
    arrived = stage.arrived()

    with pytest.raises(Forbidden):
        applications.accept(stage.desk, Command(officer(roles=roles)), **seen(arrived))


@pytest.mark.parametrize("by", [INSTALLER, CONTRACTOR])
def test_no_enterprise_decides(stage: Stage, by: Principal) -> None:
    accepted = stage.accepted()

    with pytest.raises(Forbidden):
        stage.approve(accepted, by)


def test_a_rejection_has_its_reason_on_record_and_tells_the_lock_owners(stage: Stage) -> None:
    rejected = applications.reject(stage.desk, Command(officer()), **seen(stage.accepted()), reason="方案不可行")

    assert (rejected["stage"], rejected["outcome"]) == ("closed", "rejected")
    steps = stage.look(rejected, INSTALLER)["steps"]
    assert [(each["act"], each["words"]) for each in steps[-2:]] == [("reject", "方案不可行"), ("close", "")]
    assert stage.events()[-1][0] == "application_rejected"
    assert certificates(stage) == []


def test_it_can_be_withdrawn_until_the_agency_has_taken_it_on(stage: Stage) -> None:
    arrived = stage.arrived()

    withdrawn = applications.withdraw(stage.desk, Command(INSTALLER), **seen(arrived), reason="计划有变")

    assert (withdrawn["stage"], withdrawn["outcome"]) == ("closed", "withdrawn")
    type_, told = stage.events()[-1]
    assert (type_, told["machine"]) == ("application_withdrawn", {"machine_id": id_of("machine")})


def test_what_has_been_accepted_cannot_be_withdrawn(stage: Stage) -> None:
    accepted = stage.accepted()

    with pytest.raises(Conflict, match="wrong_stage"):
        applications.withdraw(stage.desk, Command(INSTALLER), **seen(accepted))


def test_after_a_rejection_the_machine_can_be_applied_for_again(stage: Stage) -> None:
    applications.reject(stage.desk, Command(officer()), **seen(stage.accepted()), reason="方案不可行")

    assert stage.submit(stage.draft())["stage"] == "countersigning"


def test_a_discarded_draft_frees_whatever_it_had_been_granted(stage: Stage) -> None:
    discarded = applications.withdraw(stage.desk, Command(INSTALLER), **seen(stage.draft()))

    assert discarded["outcome"] == "withdrawn"
    assert [(type_, told["application_id"]) for type_, told in stage.events()] == [
        ("application_withdrawn", discarded["application_id"])
    ]


def test_the_same_decision_again_under_its_key_is_the_same_answer(stage: Stage) -> None:
    accepted = stage.accepted()
    first = applications.approve(stage.desk, stage.owners, Command(officer(), "k"), **seen(accepted), opinion="同意")

    assert (
        applications.approve(stage.desk, stage.owners, Command(officer(), "k"), **seen(accepted), opinion="同意")
        == first
    )
    assert len(certificates(stage)) == 1


def test_t13_handling_a_dismantling_cancels_the_registration_in_the_same_step(stage: Stage) -> None:
    stage.registered()
    notice = stage.draft(INSTALLER, "dismantling_notice", forms.dismantling_notice())
    arrived = stage.sign(stage.sign(stage.submit(notice), CONTRACTOR), SUPERVISOR)
    stages = {each.kind: each.stage for each in certificates(stage)}
    assert stages == {"use_registration": "valid"}

    accepted = applications.accept(stage.desk, Command(officer()), **seen(arrived))
    before = len(stage.events())
    stage.approve(accepted)

    stages = {each.kind: each.stage for each in certificates(stage)}
    assert stages == {"use_registration": "cancelled", "dismantling_receipt": "valid"}
    assert [type_ for type_, _ in stage.events()[before:]] == ["certificate_cancelled", "application_approved"]


def test_an_approved_safety_filing_registers_its_project_under_its_number(stage: Stage) -> None:
    filing = stage.submit(stage.draft(OWNER, "safety_filing", forms.safety_filing()), OWNER)
    accepted = applications.accept(stage.desk, Command(officer()), **seen(filing))

    approved = stage.approve(stage.review(accepted, REVIEWER))

    registered = dict(stage.events())["project_registered"]
    assert registered["number"] == approved["certificate"]["number"] == "13010220260001"
    assert registered["stage"] == "filed"
    assert registered["agency_id"] == id_of("agency", COUNTY)


def test_a_failing_effect_leaves_neither_decision_nor_number(stage: Stage) -> None:
    """Approving is one transaction: a number registered before refuses the approval, and nothing of it remains."""
    form = forms.machine_registration()
    first = stage.submit(stage.draft(CONTRACTOR, "machine_registration", form), CONTRACTOR)
    stage.approve(applications.accept(stage.desk, Command(officer()), **seen(first)))
    second = stage.submit(stage.draft(CONTRACTOR, "machine_registration", form | {"serial_number": "2"}), CONTRACTOR)
    accepted = applications.accept(stage.desk, Command(officer()), **seen(second))
    before = len(stage.events())

    with pytest.raises(Conflict, match="number_taken"):
        stage.approve(accepted)

    page = stage.look(accepted, officer())
    assert (page["stage"], page["version"]) == ("accepted", accepted["version"])
    assert len(stage.events()) == before
    with transaction(stage.desk.sessions) as session:
        assert session.scalar(select(func.count()).select_from(Certificate)) == 1


def test_what_was_frozen_meanwhile_is_not_approved_and_keeps_its_place(stage: Stage) -> None:
    """Domain facts §2.5-14: a machine that an authority has flagged is frozen for every operation, those in hand too."""
    accepted = stage.accepted()
    frozen = {
        "severity": "error",
        "code": "machine_frozen",
        "path": "form.machine_id",
        "detail": {"reason": "标准节开裂"},
    }
    stage.owners.findings = [frozen]

    with pytest.raises(Conflict) as refused:
        stage.approve(accepted)

    assert (refused.value.code, refused.value.detail["reason"]) == ("machine_frozen", "标准节开裂")
    assert stage.owners.asked[-1].request["check_only"] is True
    stage.owners.findings = []
    assert stage.approve(accepted)["outcome"] == "approved"


def test_nothing_is_approved_while_an_owner_of_locks_is_silent(stage: Stage) -> None:
    accepted = stage.accepted()
    stage.owners.refusals["equipment"] = Unavailable("service_unavailable")

    with pytest.raises(Unavailable, match="claims_unavailable"):
        stage.approve(accepted)
    with pytest.raises(Unavailable, match="claims_unavailable"):
        stage.approve(accepted)
    stage.owners.refusals.clear()
    assert stage.approve(accepted)["outcome"] == "approved"


def test_what_is_put_up_is_not_approved_during_a_stoppage_of_the_works(stage: Stage) -> None:
    accepted = stage.accepted()
    with stage.desk.sessions.begin() as session:
        project = session.scalars(select(Project)).one()
        project.stage = "suspended"

    with pytest.raises(Conflict, match="project_suspended"):
        stage.approve(accepted)
    with stage.desk.sessions.begin() as session:
        session.get_one(Project, project.id).stage = "filed"
    assert stage.approve(accepted)["outcome"] == "approved"
