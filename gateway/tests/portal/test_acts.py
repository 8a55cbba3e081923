"""An agency's acts on records: what they ask for, that a refusal keeps what was typed, that the way back is ours."""

from collections.abc import Callable
from typing import Any

import pytest

from chassis.errors import Conflict, Invalid
from gateway.api.contracts import Contracts
from gateway.portal.acts.registers import REGISTERS
from gateway.settings import GatewaySettings
from gateway.testing.rooms import Rooms
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import id_of

MACHINE, LOCK, PROJECT = id_of("machine"), id_of("lock"), id_of("project")


@pytest.fixture
def officer(town: Any, rooms: Rooms, browser: Callable[[], Browser]) -> Browser:
    town.administrator(town.agency(), "officer")
    for name in ("summarise", "list_bulletins", "list_downloads"):
        rooms.say(f"filing.{name}", Conflict("not_now"))
    return browser().sign_in("officer")


def test_unlocking_a_machine_goes_with_its_reason_and_back_to_its_record(officer: Browser, rooms: Rooms) -> None:
    rooms.say("equipment.unlock_machine", {"machine_id": MACHINE, "version": 4, "stage": "filed"})
    address = f"/acts/machines/{MACHINE}/unlock_machine"

    page = officer.get(f"{address}?version=3&back=/machines/{MACHINE}")
    assert 'name="reason"' in page.text and 'minlength="5"' in page.text
    reply = officer.post(address, {"version": "3", "back": f"/machines/{MACHINE}", "reason": "拆卸已完成"})

    asked = rooms.asked_of("equipment.unlock_machine")[-1]
    assert asked.request == {"machine_id": MACHINE, "version": 3, "reason": "拆卸已完成"}
    assert asked.key == officer.hidden("_key")
    assert reply.headers["Location"] == f"/machines/{MACHINE}"


def test_a_refused_act_keeps_its_reason_beside_what_is_wrong(officer: Browser, rooms: Rooms) -> None:
    rooms.say("personnel.unlock_person", Invalid.field("reason", "too_short", min=5))
    address = f"/acts/person-locks/{LOCK}/unlock_person"
    officer.get(f"{address}?back=/people/1")

    reply = officer.post(address, {"back": "/people/1", "reason": "离"})

    assert reply.status_code == 422
    assert ">离</textarea>" in reply.text and 'class="field-error"' in reply.text
    assert "version" not in rooms.asked_of("personnel.unlock_person")[-1].request


def test_somebody_else_was_quicker_the_officer_is_told_and_may_go_on(officer: Browser, rooms: Rooms) -> None:
    rooms.say("equipment.freeze_machine", Conflict("stale_version", version=9, stage="filed"))
    address = f"/acts/machines/{MACHINE}/freeze_machine"
    officer.get(f"{address}?version=3")

    reply = officer.post(address, {"version": "3", "back": f"/machines/{MACHINE}", "reason": "事故调查期间"})

    assert reply.status_code == 409
    assert 'name="version" value="9"' in reply.text and "事故调查期间" in reply.text


def test_a_stoppage_asks_for_what_decides_about_the_manager(officer: Browser, rooms: Rooms) -> None:
    rooms.say("filing.record_stoppage", {"project_id": PROJECT, "version": 3, "stage": "suspended"})
    address = f"/acts/projects/{PROJECT}/record_stoppage"
    page = officer.get(f"{address}?version=2")
    assert 'type="date"' in page.text and "施工企业原因" in page.text

    typed = {"since": "2026-11-20", "cause_by": "contractor", "owner_consents": "no", "reason": ""}
    officer.post(address, {"version": "2", "back": f"/projects/{PROJECT}", **typed})

    assert rooms.asked_of("filing.record_stoppage")[-1].request == {
        "project_id": PROJECT,
        "version": 2,
        "since": "2026-11-20",
        "cause_by": "contractor",
        "owner_consents": False,
        "reason": "",
    }


def test_a_project_to_merge_into_is_looked_up(officer: Browser, rooms: Rooms) -> None:
    filed = {
        "project_id": id_of("filed"),
        "name": "<b>某小区</b>",
        "number": "石安备1",
        "contractor_name": "甲",
        "place": "乙",
    }
    rooms.say("filing.list_projects", {"items": [filed], "next": None})
    rooms.say("filing.merge_projects", {"project_id": PROJECT, "version": 3, "stage": "merged"})
    address = f"/acts/projects/{PROJECT}/merge_projects"

    page = officer.get(f"{address}?version=2&q=某小区")
    assert id_of("filed") in page.text and "&lt;b&gt;某小区" in page.text
    officer.post(address, {"version": "2", "filed_id": id_of("filed"), "back": "/projects"})

    asked = rooms.asked_of("filing.merge_projects")[-1].request
    assert asked == {"unfiled_id": PROJECT, "version": 2, "filed_id": id_of("filed")}


def test_the_way_back_is_never_another_hosts(officer: Browser, rooms: Rooms) -> None:
    rooms.say("equipment.thaw_machine", {"machine_id": MACHINE, "version": 4, "stage": "filed"})
    address = f"/acts/machines/{MACHINE}/thaw_machine"
    page = officer.get(f"{address}?version=3&back=//evil.example/")
    assert 'href="//evil' not in page.text and 'name="back" value="/"' in page.text

    reply = officer.post(address, {"version": "3", "back": "https://evil.example/", "reason": "调查结束，恢复使用"})

    assert reply.headers["Location"] == "/"


def test_there_are_no_other_acts(officer: Browser) -> None:
    assert officer.get(f"/acts/machines/{MACHINE}/delete_machine").status_code == 404
    assert officer.get(f"/acts/accounts/{MACHINE}/unlock_machine").status_code == 404


def test_a_certificate_is_suspended_with_a_reason_and_reissued_under_a_new_number(
    officer: Browser, rooms: Rooms
) -> None:
    certificate = id_of("certificate")
    told = {"certificate_id": certificate, "version": 2, "stage": "suspended"}
    rooms.say("filing.suspend_certificate", told)
    rooms.say("filing.reissue_certificate", told | {"stage": "replaced", "reissued": told})
    address, typed = f"/acts/certificates/{certificate}", {"version": "1", "back": f"/certificates/{certificate}"}
    officer.get(f"{address}/suspend_certificate?version=1")

    officer.post(f"{address}/suspend_certificate", {**typed, "reason": "核查材料真伪"})
    officer.post(f"{address}/reissue_certificate", {**typed, "reason": "原件遗失", "new_number": "yes"})

    asked = rooms.asked_of("filing.suspend_certificate")[-1].request
    assert asked == {"certificate_id": certificate, "version": 1, "reason": "核查材料真伪"}
    assert rooms.asked_of("filing.reissue_certificate")[-1].request["new_number"] is True


def test_every_act_of_every_register_is_in_a_contract() -> None:
    """A misspelt act would never be offered."""
    known = Contracts(GatewaySettings.contracts)
    for acts in REGISTERS.values():
        for act in acts:
            fields = known.request(act.rpc)["properties"]
            assert act.id_field in fields and (not act.picks or act.picks in fields)
