"""Equipment as a process on the bus: one test a kind of method, plus refusals, bad input, and death in the middle."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from chassis.database import transaction
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.principal import Principal
from equipment.models import MachineLock
from services.equipment.tests import factories as f
from services.equipment.tests.conftest import Bus, until
from services.equipment.tests.factories import INSTALLER, Yard


def claim(machine_id: str, application: str = "notice", who: Principal = INSTALLER, **more: Any) -> dict[str, Any]:
    return {
        "application_id": f.an_id(application),
        "matter": "install_notice",
        "check_only": False,
        "on": f.TODAY.isoformat(),
        "applicant": f.applicant(who),
        "agency_id": f.an_id("agency"),
        "project": f.project(),
        "machine": {"machine_id": machine_id},
        "particulars": None,
        "evidence": {"planned_start": "2026-03-06"},
        **more,
    }


def test_filing_reserves_a_machine_and_who_comes_second_reads_who_holds_it(bus: Bus, yard: Yard) -> None:
    crane = yard.filed()
    bus.start("rpc")

    granted = bus.ask("reserve", claim(crane))
    again = bus.ask("reserve", claim(crane), INSTALLER)
    with pytest.raises(Conflict) as refused:
        bus.ask("reserve", claim(crane, "theirs", f.enterprise("另一安拆")))

    assert granted["machine"]["filing_number"] == again["machine"]["filing_number"]
    assert datetime.fromisoformat(granted["granted_until"]) > datetime.now(UTC)
    assert (refused.value.code, refused.value.detail["held_by"]) == ("machine_locked", "长安广场")
    assert [each["code"] for each in refused.value.detail["findings"]] == ["machine_locked"]


def test_T9_clients_that_ask_for_one_machine_at_once_leave_one_lock(bus: Bus, yard: Yard) -> None:
    crane = yard.filed()
    bus.start("rpc")

    def notify(number: int) -> str:
        try:
            bus.ask("reserve", claim(crane, f"notice {number}", f.enterprise(f"安拆{number}")))
        except Conflict as refused:
            return refused.code
        return "granted"

    with ThreadPoolExecutor(32) as pool:
        outcomes = list(pool.map(notify, range(64)))

    assert sorted(outcomes) == ["granted"] + ["machine_locked"] * 63
    with transaction(bus.database.sessions) as session:
        assert session.scalar(select(func.count()).select_from(MachineLock)) == 1


def test_every_other_method_answers(bus: Bus, yard: Yard) -> None:
    crane = yard.filed()
    yard.installed(crane)
    bus.start("rpc")
    officer, this = f.agency(), {"machine_id": crane}

    listed = bus.ask("list_machines", {"stage": "installed"}, officer)["items"]
    page = bus.ask("get_machine", this, officer)
    history = bus.ask("get_machine_history", this, officer)["items"]
    holder = bus.ask("get_machine_holder", {**this, "at": yard.clock().isoformat()}, officer)["holder"]
    figures = bus.ask("summarise", {}, officer)
    frozen = bus.ask("freeze_machine", {**this, "version": page["version"], "reason": "存在安全隐患"}, officer)
    thawed = bus.ask("thaw_machine", {**this, "version": frozen["version"], "reason": "隐患已经消除"}, officer)
    act = {**this, "version": thawed["version"], "reason": "工程停建退场"}
    unlocked = [bus.ask("unlock_machine", act, officer, key="k") for _ in range(2)]
    retire = {**this, "version": unlocked[0]["version"], "reason": "设备报废解体"}
    retired = bus.ask("retire_machine", retire, officer)

    assert [each["machine_id"] for each in listed] == [crane]
    assert (page["place"]["stage"], page["acts"]) == ("held", ["unlock_machine", "freeze_machine"])
    assert history[0]["act"] == "machine_installed"
    assert holder["project_name"] == "长安广场"
    assert figures["by_stage"]["installed"] == 1
    assert unlocked[0] == unlocked[1]
    assert (unlocked[0]["stage"], retired["stage"]) == ("filed", "cancelled")


BAD: list[tuple[str, dict[str, Any], str, str]] = [
    ("reserve", {}, "application_id", "required"),
    ("reserve", claim(f.an_id("m"), matter="safety_filing"), "matter", "not_a_choice"),
    ("reserve", claim(f.an_id("m"), on="2026-02-30"), "on", "not_a_day"),
    ("reserve", claim("m"), "machine.machine_id", "not_an_id"),
    ("get_machine", {"machine_id": 7}, "machine_id", "not_text"),
    ("get_machine", {"machine_id": f.an_id("m"), "more": 1}, "more", "unknown_field"),
    ("get_machine_holder", {"machine_id": f.an_id("m"), "at": "2026-03-02T10:00:00"}, "at", "moment_without_offset"),
    ("get_machine_history", {"machine_id": f.an_id("m"), "after": "x"}, "after", "wrong_pattern"),
    ("list_machines", {"limit": 0}, "limit", "out_of_range"),
    ("list_machines", {"after": "there"}, "after", "not_a_cursor"),
    ("unlock_machine", {"machine_id": f.an_id("m"), "version": 1, "reason": "1234"}, "reason", "wrong_length"),
    ("unlock_machine", {"machine_id": f.an_id("m"), "version": True, "reason": "12345"}, "version", "not_integer"),
]


def test_bad_input_names_field_and_rule(bus: Bus) -> None:
    bus.start("rpc")
    for method, request, path, rule in BAD:
        with pytest.raises(Invalid) as refused:
            bus.ask(method, request, f.agency())
        assert [each["rule"] for each in refused.value.fields[path]] == [rule]


def test_what_is_not_his_is_not_found_or_forbidden(bus: Bus, yard: Yard) -> None:
    crane = yard.filed()
    yard.installed(crane)
    bus.start("rpc")

    with pytest.raises(NotFound):
        bus.ask("get_machine", {"machine_id": crane}, f.agency(f.TANGSHAN))
    with pytest.raises(Forbidden):
        bus.ask("unlock_machine", {"machine_id": crane, "version": 1, "reason": "工程停建退场"}, f.enterprise())
    with pytest.raises(Forbidden):
        bus.ask("list_machines", {}, Principal(user_id="anonymous", roles=("registrant",)))


def test_killed_while_it_grants_it_leaves_one_lock_or_none_and_the_next_try_gets_it(bus: Bus, yard: Yard) -> None:
    crane = yard.filed()
    process = bus.start("rpc")
    with ThreadPoolExecutor(8) as pool:
        tries = [pool.submit(bus.ask, "reserve", claim(crane), None, None, 1.0) for _ in range(16)]
        process.kill()
        outcomes = [type(each.exception()) for each in tries]

    bus.start("rpc")
    bus.caller.breakers.clear()

    granted = []
    until(lambda: bool(granted.append(bus.ask("reserve", claim(crane))) or granted), "granted")
    assert len(outcomes) == 16
    with transaction(bus.database.sessions) as session:
        assert session.scalar(select(func.count()).select_from(MachineLock)) == 1
