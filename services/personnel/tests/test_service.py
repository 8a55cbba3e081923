"""Personnel as a process on the bus: every method, refusals, bad input, and death in the middle."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from chassis.blobs import BlobStore
from chassis.database import transaction
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.identifiers import new_id
from chassis.principal import Principal
from personnel.models import PersonLock
from services.personnel.tests import factories
from services.personnel.tests.conftest import Bus, until
from services.personnel.tests.factories import claim, named
from services.personnel.tests.test_staff_import import with_b, xlsx

CLERK = factories.clerk()


def wire(request: dict[str, Any]) -> dict[str, Any]:
    """As it goes over the bus: days as ISO text."""
    plain: dict[str, Any] = json.loads(json.dumps(request, default=date.isoformat))
    return plain


def locked(bus: Bus) -> int:
    with transaction(bus.database.sessions) as session:
        return session.scalar(select(func.count()).select_from(PersonLock)) or 0


def test_filing_reserves_people_and_who_comes_second_reads_who_holds_them(bus: Bus) -> None:
    manager = factories.manager(bus.database.sessions)
    mine = wire(claim(named(manager), project=factories.project("长安广场")))
    bus.start("rpc")

    granted, again = bus.ask("reserve", mine), bus.ask("reserve", mine, CLERK)
    with pytest.raises(Conflict) as refused:
        bus.ask("reserve", wire(claim(named(manager))))

    assert granted["people"] == again["people"]
    assert datetime.fromisoformat(granted["granted_until"]) > datetime.now(UTC)
    assert (refused.value.code, refused.value.detail["held_by"]) == ("person_locked", "长安广场")
    assert refused.value.detail["findings"][0]["path"] == "form.project_manager"


def test_T14_clients_that_ask_for_one_manager_at_once_leave_one_lock(bus: Bus) -> None:
    manager = factories.manager(bus.database.sessions)
    bus.start("rpc")

    def name(_: int) -> str:
        try:
            bus.ask("reserve", wire(claim(named(manager))))
        except Conflict as refused:
            return refused.code
        return "granted"

    with ThreadPoolExecutor(32) as pool:
        outcomes = list(pool.map(name, range(64)))

    assert sorted(outcomes) == ["granted"] + ["person_locked"] * 63
    assert locked(bus) == 1


def test_every_other_method_answers(bus: Bus) -> None:
    bus.start("rpc")
    certificate = {"kind": "B", "number": "冀建安B（2025）0000001", "valid_to": "2099-02-28"}
    entry = {"identity_number": "130102190001010014", "name": "张建国", "phone": "13812345678"}
    added = [bus.ask("add_person", entry | {"certificates": [certificate]}, CLERK, key="k") for _ in range(2)]
    person = {"person_id": added[0]["person_id"]}
    special = {"kind": "special_operation", "trade": "04", "number": "冀A042025000001", "valid_to": "2099-02-28"}

    changed = bus.ask("change_person", person | {"version": 1, "posts": ["安全员"]}, CLERK)
    more = bus.ask("add_certificate", person | {"version": changed["version"], "certificate": special}, CLERK)
    one = {"version": more["version"], "certificate_id": more["certificate_id"]}
    renewed = special | {"valid_to": "2100-02-28"}
    mended = bus.ask("change_certificate", person | one | {"certificate": renewed}, CLERK)
    removed = bus.ask("remove_certificate", person | one | {"version": mended["version"]}, CLERK)
    listed = bus.ask("list_people", {"q": "张"}, CLERK)["items"]
    pick = {"organisation_id": factories.CONTRACTOR, "role": "owner_lead", "q": "张建"}
    found = bus.ask("find_people", pick, factories.clerk(new_id()))["items"]
    page = bus.ask("get_person", person, factories.officer())
    unmasked = bus.ask("unmask_person", person | {"reason": "核对人员信息"}, factories.officer())
    bus.ask("reserve", wire(claim(named(person["person_id"], "owner_lead"))))
    (lock,) = bus.ask("list_locks", person, CLERK)["items"]
    now = datetime.now(UTC).isoformat()
    holders = bus.ask("get_person_holder", person | {"at": now}, CLERK)["holders"]
    figures = bus.ask("summarise", {}, factories.officer())
    with pytest.raises(Conflict, match="application_undecided"):
        bus.ask("unlock_person", {"lock_id": lock["lock_id"], "reason": "人员已经离岗"}, factories.officer())
    with pytest.raises(Conflict, match="person_locked"):
        bus.ask("release_person", person | {"version": removed["version"], "reason": "离职"}, CLERK)

    assert added[0] == added[1]
    assert [each["person_id"] for each in listed] == [each["person_id"] for each in found] == [person["person_id"]]
    assert (page["identity_number"], page["acts"]) == ("130102********0014", ["unmask_person"])
    assert unmasked["phone"] == "13812345678"
    assert [each["lock_id"] for each in holders] == [lock["lock_id"]]
    assert (figures["people"], figures["locked"]) == (1, 1)


def test_sheet_goes_by_its_name_and_the_report_comes_back(bus: Bus) -> None:
    bus.start("rpc")
    store = BlobStore(bus.environment["BLOB_URI"])
    good = store.put(xlsx(*(with_b(number) for number in range(600))))
    bomb = store.put(b"PK\x03\x04" + bytes(2000))

    assert "身份证号" in [each["title"] for each in bus.ask("staff_template", {}, CLERK)["columns"]]
    tried = bus.ask("import_staff", {"sha256": good, "dry_run": True}, CLERK, deadline=30)
    done = bus.ask("import_staff", {"sha256": good, "dry_run": False}, CLERK, deadline=30)
    again = bus.ask("import_staff", {"sha256": good, "dry_run": False}, CLERK, deadline=30)

    assert (tried["counts"]["new"], done["counts"]["new"], again["counts"]["unchanged"]) == (600, 600, 600)
    with pytest.raises(Invalid) as refused:
        bus.ask("import_staff", {"sha256": bomb}, CLERK, deadline=30)
    assert refused.value.fields["file"] == [{"rule": "file_damaged"}]


def test_other_requests_are_answered_while_a_sheet_is_read(bus: Bus) -> None:
    bus.start("rpc")
    store = BlobStore(bus.environment["BLOB_URI"])
    sheet = store.put(xlsx(*(with_b(number) for number in range(3_000))))

    with ThreadPoolExecutor(1) as pool:
        report = pool.submit(bus.ask, "import_staff", {"sha256": sheet, "dry_run": True}, CLERK, deadline=60)
        answered = 0
        while not report.done():
            bus.ask("staff_template", {}, CLERK, deadline=5)
            answered += 1

    assert report.result()["counts"]["new"] == 3_000
    assert answered > 3


AN_ID = new_id()
BAD: list[tuple[str, dict[str, Any], str, str]] = [
    ("reserve", {}, "application_id", "required"),
    ("reserve", wire(claim(matter="machine_filing")), "matter", "not_a_choice"),
    ("reserve", wire(claim(named("x"))), "people.0.person_id", "not_an_id"),
    ("reserve", wire(claim(named(AN_ID, "king"))), "people.0.role", "not_a_choice"),
    ("reserve", wire(claim(named(AN_ID), project=None)), "project", "required"),
    ("get_person", {"person_id": 7}, "person_id", "not_text"),
    ("get_person", {"person_id": AN_ID, "more": 1}, "more", "unknown_field"),
    ("get_person_holder", {"person_id": AN_ID, "at": "2026-03-02T10:00:00"}, "at", "moment_without_offset"),
    ("list_people", {"limit": 101}, "limit", "out_of_range"),
    ("list_people", {"after": "there"}, "after", "not_a_cursor"),
    ("list_people", {"expires_before": "2026-02-30"}, "expires_before", "not_a_day"),
    ("unmask_person", {"person_id": AN_ID, "reason": "1234"}, "reason", "wrong_length"),
    ("unlock_person", {"lock_id": AN_ID, "reason": ""}, "reason", "required"),
    ("import_staff", {"sha256": "../../etc/passwd"}, "sha256", "wrong_pattern"),
    ("add_person", {"identity_number": "130102190001010015", "name": "张三", "phone": "13812345678"}, "identity_number",
     "wrong_identity_number"),
    ("change_person", {"person_id": AN_ID, "version": 0}, "version", "out_of_range"),
]  # fmt: skip


def test_bad_input_names_field_and_rule(bus: Bus) -> None:
    bus.start("rpc")
    for method, request, path, rule in BAD:
        with pytest.raises(Invalid) as refused:
            bus.ask(method, request, CLERK if method == "add_person" else None)
        assert [each["rule"] for each in refused.value.fields[path]] == [rule], (method, request)


def test_what_is_not_his_is_not_found_or_forbidden(bus: Bus) -> None:
    manager = {"person_id": factories.manager(bus.database.sessions)}
    bus.start("rpc")

    for who in (factories.officer(factories.TANGSHAN), factories.clerk(new_id())):
        with pytest.raises(NotFound):
            bus.ask("get_person", manager, who)
    with pytest.raises(Forbidden):
        bus.ask("add_person", {"identity_number": "130102190001010014", "name": "张三", "phone": "13812345678"}, None)
    with pytest.raises(Forbidden):
        bus.ask("list_people", {}, Principal(user_id="anonymous", roles=("registrant",)))


def test_killed_while_it_grants_it_leaves_one_lock_or_none_and_the_next_try_gets_it(bus: Bus) -> None:
    request = wire(claim(named(factories.manager(bus.database.sessions))))
    process = bus.start("rpc")
    with ThreadPoolExecutor(8) as pool:
        tries = [pool.submit(bus.ask, "reserve", request, deadline=1.0) for _ in range(16)]
        process.kill()
        outcomes = [type(each.exception()) for each in tries]

    bus.start("rpc")
    bus.caller.breakers.clear()

    granted: list[Any] = []
    until(lambda: bool(granted.append(bus.ask("reserve", request)) or granted), "granted")
    assert len(outcomes) == 16
    assert locked(bus) == 1
