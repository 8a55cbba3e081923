"""A machine's end: its filing cancelled by its owner (76号 Art. 9, 10), or freed by the agency at somebody's request."""

from datetime import timedelta
from typing import Any

import pytest

from chassis.errors import Conflict
from equipment.terms import Contradiction
from services.equipment.tests import factories as f
from services.equipment.tests.factories import CONTRACTOR, INSTALLER, Yard

CANCELLATION, RELEASE = "machine_cancellation", "machine_release"
OWNER, BUYER = f.enterprise(), f.enterprise("买方租赁")
SCRAPPED = {"retirement": {"ground": "scrapped"}}
SOLD = {"retirement": {"ground": "transferred", "new_owner": "买方租赁"}}


def leaving(machine_id: str, evidence: dict[str, Any] = SCRAPPED) -> dict[str, Any]:
    return {"machine": {"machine_id": machine_id}, "evidence": evidence}


def on_site(machine_id: str, **parts: Any) -> dict[str, Any]:
    return {"machine": {"machine_id": machine_id}, "project": f.project(), **parts}


def cancelled(yard: Yard, machine_id: str, evidence: dict[str, Any] = SCRAPPED) -> None:
    parts = leaving(machine_id, evidence)
    yard.reserve(CANCELLATION, "leave", OWNER, **parts)
    yard.tell("submitted", CANCELLATION, "leave", 1, OWNER, **parts)
    yard.tell("approved", CANCELLATION, "leave", 3, OWNER, certificate=f.certificate("冀备销-1"), **parts)


def codes(refused: pytest.ExceptionInfo[Conflict]) -> list[str]:
    return [finding["code"] for finding in refused.value.detail["findings"]]


def test_an_approved_cancellation_retires_the_machine_once_and_tells_why(yard: Yard) -> None:
    crane = yard.filed()

    cancelled(yard, crane)
    yard.tell("approved", CANCELLATION, "leave", 3, OWNER, certificate=f.certificate("冀备销-1"), **leaving(crane))

    machine = yard.machine(crane)
    assert (machine.stage, machine.retired_for) == ("cancelled", "scrapped")
    told = yard.told("machine_retired")
    assert [(each["data"]["cause"], each["data"]["reason"]) for each in told] == [("retired", "报废解体")]


def test_until_it_is_decided_the_machine_stays_filed_and_a_rejection_leaves_it_so(yard: Yard) -> None:
    crane = yard.filed()
    yard.reserve(CANCELLATION, "leave", OWNER, **leaving(crane))
    yard.tell("submitted", CANCELLATION, "leave", 1, OWNER, **leaving(crane))
    assert yard.machine(crane).stage == "filed"

    yard.tell("rejected", CANCELLATION, "leave", 2, OWNER, **leaving(crane))

    assert yard.machine(crane).stage == "filed"
    assert yard.reserve("install_notice", "next", INSTALLER, **on_site(crane))["granted_until"]


def test_a_machine_that_a_project_has_is_not_cancelled(yard: Yard) -> None:
    crane = yard.filed()
    yard.noticed(crane)

    with pytest.raises(Conflict) as refused:
        yard.reserve(CANCELLATION, "leave", OWNER, **leaving(crane))

    assert codes(refused) == ["machine_locked"]
    assert refused.value.detail["held_by"] == "长安广场"


def test_a_machine_about_to_be_cancelled_is_not_installed(yard: Yard) -> None:
    crane = yard.filed()
    yard.reserve(CANCELLATION, "leave", OWNER, **leaving(crane))

    with pytest.raises(Conflict) as refused:
        yard.reserve("install_notice", "notice", INSTALLER, **on_site(crane))

    assert codes(refused) == ["machine_being_cancelled"]


def test_only_its_owner_cancels_a_machines_filing(yard: Yard) -> None:
    with pytest.raises(Conflict) as refused:
        yard.reserve(CANCELLATION, "leave", BUYER, **leaving(yard.filed()))

    assert codes(refused) == ["not_owner_of_machine"]


@pytest.mark.parametrize("again", [OWNER, BUYER])
def test_what_was_destroyed_is_never_filed_again(yard: Yard, again) -> None:
    cancelled(yard, yard.filed("crane"))

    with pytest.raises(Conflict) as refused:
        yard.reserve("machine_filing", "again", again, particulars=f.particulars(serial_number="SN-crane"))

    assert codes(refused) == ["machine_destroyed"]


def test_the_buyer_files_a_sold_machine_only_after_the_sellers_cancellation_and_under_a_new_number(yard: Yard) -> None:
    crane = yard.filed("crane", number="冀AA-T00001")
    with pytest.raises(Conflict) as refused:
        yard.reserve("machine_filing", "early", BUYER, particulars=f.particulars(serial_number="SN-crane"))
    assert codes(refused) == ["machine_already_filed"]
    yard.clock.advance(timedelta(minutes=6))

    cancelled(yard, crane, SOLD)
    bought = yard.filed("bought", who=BUYER, number="冀BA-T00001", serial_number="SN-crane")

    assert bought != crane
    assert (yard.machine(crane).stage, yard.machine(bought).stage) == ("cancelled", "filed")
    assert yard.machine(bought).filing_number == "冀BA-T00001"


def test_a_cancellation_that_meets_an_installed_machine_is_for_an_operator(yard: Yard) -> None:
    crane = yard.filed()
    yard.installed(crane)

    with pytest.raises(Contradiction):
        yard.tell("approved", CANCELLATION, "leave", 3, OWNER, **leaving(crane))


def test_an_approved_release_unlocks_for_the_agencys_reason_and_voids_the_use(yard: Yard) -> None:
    crane = yard.filed()
    yard.installed(crane)
    yard.registered(crane)
    yard.reserve(RELEASE, "free", OWNER, **on_site(crane))
    yard.tell("submitted", RELEASE, "free", 1, OWNER, **on_site(crane))
    assert yard.machine(crane).stage == "registered"

    decision = {"reason": "工程停建，设备已退场"}
    yard.tell("approved", RELEASE, "free", 3, OWNER, decision=decision, **on_site(crane))

    machine = yard.machine(crane)
    assert (machine.stage, machine.registration_number) == ("filed", None)
    told = yard.told("machine_unlocked")[0]
    assert (told["data"]["cause"], told["data"]["reason"]) == ("unlocked", "工程停建，设备已退场")
    assert told["principal"]["user_name"] == "审批人"


def test_a_rejected_release_leaves_the_machine_where_it_is(yard: Yard) -> None:
    crane = yard.filed()
    yard.installed(crane)
    yard.reserve(RELEASE, "free", OWNER, **on_site(crane))
    yard.tell("rejected", RELEASE, "free", 2, OWNER, **on_site(crane))

    assert yard.machine(crane).stage == "installed"


def test_a_release_is_about_one_lock_not_about_the_next_one(yard: Yard) -> None:
    crane = yard.filed()
    yard.installed(crane)
    yard.reserve(RELEASE, "free", OWNER, **on_site(crane))
    yard.tell("submitted", RELEASE, "free", 1, OWNER, **on_site(crane))
    yard.reserve("dismantling_notice", "down", INSTALLER, **on_site(crane))
    yard.tell("approved", "dismantling_notice", "down", 2, INSTALLER, **on_site(crane))
    yard.installed(crane, "again")

    yard.tell("approved", RELEASE, "free", 3, OWNER, decision={"reason": "设备已退场"}, **on_site(crane))

    assert yard.machine(crane).stage == "installed"


@pytest.mark.parametrize(
    ("site", "stage", "code"),
    [
        ("长安广场", "filed", "machine_not_on_project"),
        ("别处", "installed", "machine_not_on_project"),
        ("长安广场", "locked", "install_not_accepted"),
    ],
)
def test_only_a_machine_that_the_project_holds_is_asked_for(yard: Yard, site, stage, code) -> None:
    crane = yard.filed()
    {"filed": lambda: None, "locked": lambda: yard.noticed(crane), "installed": lambda: yard.installed(crane)}[stage]()

    with pytest.raises(Conflict) as refused:
        yard.reserve(RELEASE, "free", CONTRACTOR, machine={"machine_id": crane}, project=f.project(site))

    assert codes(refused) == [code]
