"""An agency's own acts on a machine: who may, with which reason, and what stays on record."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from chassis.database import transaction
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.journal import JournalRow, first_broken
from chassis.principal import Principal
from chassis.schemas import read
from equipment import acts, reading
from equipment.models import LedgerEntry
from equipment.schemas import ActRequest
from services.equipment.tests import factories as f
from services.equipment.tests.factories import CONTRACTOR, INSTALLER, Yard

REASON = "工程停建，设备已退场"
ACTS: dict[str, Callable[..., dict[str, Any]]] = {
    "unlock_machine": acts.unlock,
    "freeze_machine": acts.freeze,
    "thaw_machine": acts.thaw,
    "retire_machine": acts.retire,
}


def act(
    yard: Yard, name: str, machine_id: str, who: Principal, version: int | None = None, key: str | None = None
) -> dict[str, Any]:
    seen = yard.machine(machine_id).version if version is None else version
    return ACTS[name](yard.sessions, acts.Command(name, who, machine_id, seen, REASON, key), yard.clock)


def journal(yard: Yard) -> list[JournalRow]:
    with transaction(yard.sessions) as session:
        assert first_broken(session) is None
        return list(session.scalars(select(JournalRow).order_by(JournalRow.number)))


def test_the_agency_of_the_project_unlocks_with_a_reason_on_record(yard: Yard) -> None:
    area = f.CHANGAN
    crane = yard.filed()
    yard.installed(crane)
    yard.registered(crane)

    reply = act(yard, "unlock_machine", crane, f.agency(area))

    assert (reply["stage"], yard.machine(crane).registration_number) == ("filed", None)
    told = yard.told("machine_unlocked")
    assert [(each["data"]["cause"], each["data"]["reason"]) for each in told] == [("unlocked", REASON)]
    assert told[0]["data"]["by"]["organisation_name"] == f"监督站 {area}"
    entry = journal(yard)[-1]
    assert (entry.act, entry.subject, entry.detail["reason"]) == ("unlock_machine", crane, REASON)
    with transaction(yard.sessions) as session:
        last = session.scalars(select(LedgerEntry).order_by(LedgerEntry.number.desc())).first()
    assert last is not None
    assert (last.act, last.cause, last.reason) == ("released", "unlocked", REASON)


@pytest.mark.parametrize("area", ["13.1301", "13"])
def test_agencies_above_see_and_may_stop_a_danger_but_do_not_act_in_the_place_of_the_one_that_handles_it(
    yard: Yard, area: str
) -> None:
    above, crane, free = f.agency(area), yard.filed(), yard.filed("free")
    yard.installed(crane)

    for name, machine in (("unlock_machine", crane), ("retire_machine", free)):
        with pytest.raises(Forbidden):
            act(yard, name, machine, above)
        assert name not in reading.get_machine(yard.sessions, above, machine)["acts"]
    assert act(yard, "freeze_machine", crane, above)["stage"] == "installed"
    assert act(yard, "thaw_machine", crane, above)["stage"] == "installed"


def test_T34_the_agency_of_another_territory_does_not_know_the_machine(yard: Yard) -> None:
    crane = yard.filed()
    yard.installed(crane)

    for name in ACTS:
        with pytest.raises(NotFound):
            act(yard, name, crane, f.agency(f.TANGSHAN))


def test_the_owners_agency_sees_the_machine_but_another_territorys_lock_is_not_its_to_free(yard: Yard) -> None:
    crane = yard.filed()
    yard.installed(crane, site=f.project("唐山工地", area=f.TANGSHAN))

    with pytest.raises(Forbidden):
        act(yard, "unlock_machine", crane, f.agency())

    assert act(yard, "unlock_machine", crane, f.agency(f.TANGSHAN))["stage"] == "filed"


@pytest.mark.parametrize(
    "who",
    [INSTALLER, CONTRACTOR, f.enterprise(), f.agency(roles=("acceptor", "reviewer", "administrator", "editor"))],
    ids=["installer", "contractor", "owner", "officer without the role"],
)
def test_nobody_else_unlocks_freezes_thaws_or_retires(yard: Yard, who: Principal) -> None:
    crane = yard.filed()
    yard.installed(crane)

    for name in ACTS:
        with pytest.raises(Forbidden):
            act(yard, name, crane, who)
    assert yard.machine(crane).stage == "installed"


def test_who_saw_an_older_version_is_told_the_present_one(yard: Yard) -> None:
    crane = yard.filed()
    yard.installed(crane)

    with pytest.raises(Conflict) as refused:
        act(yard, "unlock_machine", crane, f.agency(), version=yard.machine(crane).version - 1)

    assert (refused.value.code, refused.value.detail["version"]) == ("stale_version", yard.machine(crane).version)


def test_a_repeat_under_the_same_key_gets_the_same_answer_and_is_done_once(yard: Yard) -> None:
    crane = yard.filed()
    yard.installed(crane)
    seen = yard.machine(crane).version

    first = act(yard, "unlock_machine", crane, f.agency(), version=seen, key="k1")
    second = act(yard, "unlock_machine", crane, f.agency(), version=seen, key="k1")

    assert first == second
    assert len(yard.told("machine_unlocked")) == 1
    with pytest.raises(Conflict) as reused:
        act(yard, "freeze_machine", crane, f.agency(), key="k1")
    assert reused.value.code == "idempotency_key_reused"


def test_an_undecided_notice_is_decided_not_unlocked(yard: Yard) -> None:
    free, noticed = yard.filed("free"), yard.filed("noticed")
    yard.noticed(noticed)

    with pytest.raises(Conflict) as undecided:
        act(yard, "unlock_machine", noticed, f.agency())
    with pytest.raises(Conflict) as nothing:
        act(yard, "unlock_machine", free, f.agency())

    assert (undecided.value.code, undecided.value.detail["application_id"]) == (
        "application_undecided",
        f.an_id("notice"),
    )
    assert nothing.value.code == "machine_not_locked"


@pytest.mark.parametrize("reason", ["", "    ", "1234", None, 5])
def test_a_reason_has_at_least_five_characters(reason: Any) -> None:
    with pytest.raises(Invalid) as refused:
        read(ActRequest(), {"machine_id": f.an_id("m"), "version": 1, "reason": reason})

    assert list(refused.value.fields) == ["reason"]


def test_a_frozen_machine_can_be_claimed_for_nothing_until_it_is_thawed(yard: Yard) -> None:
    free, installed = yard.filed("free"), yard.filed("installed")
    yard.installed(installed, "earlier")
    parts = {"project": f.project(), "evidence": f.evidence()}
    claims = [
        ("install_notice", INSTALLER, free),
        ("use_registration", CONTRACTOR, installed),
        ("dismantling_notice", INSTALLER, installed),
    ]
    for crane in (free, installed):
        act(yard, "freeze_machine", crane, f.agency())

    for matter, who, crane in claims:
        with pytest.raises(Conflict) as refused:
            yard.reserve(matter, f"frozen {matter}", who, machine={"machine_id": crane}, **parts)
        assert (refused.value.code, refused.value.detail["reason"]) == ("machine_frozen", REASON)
    for crane in (free, installed):
        act(yard, "thaw_machine", crane, f.agency())
    for matter, who, crane in claims:
        assert yard.reserve(matter, f"thawed {matter}", who, machine={"machine_id": crane}, **parts)["granted_until"]


def test_freezing_twice_and_thawing_what_is_not_frozen_are_refused(yard: Yard) -> None:
    crane = yard.filed()

    with pytest.raises(Conflict, match="machine_not_frozen"):
        act(yard, "thaw_machine", crane, f.agency())
    act(yard, "freeze_machine", crane, f.agency())
    with pytest.raises(Conflict, match="machine_frozen"):
        act(yard, "freeze_machine", crane, f.agency())


def test_a_machine_is_retired_only_while_no_project_has_it_and_then_its_owner_may_sell_it(yard: Yard) -> None:
    crane = yard.filed()
    yard.installed(crane)
    with pytest.raises(Conflict, match="machine_locked"):
        act(yard, "retire_machine", crane, f.agency())
    act(yard, "unlock_machine", crane, f.agency())

    assert act(yard, "retire_machine", crane, f.agency())["stage"] == "cancelled"

    assert yard.told("machine_retired")[0]["data"]["cause"] == "retired"
    buyer = f.enterprise("新产权单位")
    again = yard.reserve("machine_filing", "again", buyer, particulars=f.particulars(serial_number="SN-crane"))
    assert again["machine"]["machine_id"] != crane


def test_a_page_offers_only_what_this_principal_may_do_now(yard: Yard) -> None:
    crane = yard.filed()
    yard.installed(crane)

    def offered(who: Principal) -> list[str]:
        return list(reading.get_machine(yard.sessions, who, crane)["acts"])

    assert offered(f.agency()) == ["unlock_machine", "freeze_machine"]
    assert offered(f.agency(roles=("acceptor",))) == []
    assert offered(INSTALLER) == []
    act(yard, "unlock_machine", crane, f.agency())
    act(yard, "freeze_machine", crane, f.agency())
    assert offered(f.agency()) == ["thaw_machine", "retire_machine"]
