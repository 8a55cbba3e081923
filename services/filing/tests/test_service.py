"""Filing as a process on the bus: a life over RPC, its events relayed, what it hears, and what it refuses."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from chassis import envelope, topology
from chassis.blobs import BlobStore
from chassis.call import Caller
from chassis.database import transaction
from chassis.envelope import Event
from chassis.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from chassis.identifiers import new_id
from chassis.localservers.keys import Keys
from chassis.outbox import OutboxRow
from chassis.principal import Principal
from chassis.testing.broker import Broker
from chassis.testing.databases import Database
from chassis.testing.processes import ServiceProcesses
from filing.models import Application, Certificate, Submission
from services.filing.tests import forms
from services.filing.tests.bus import FilingOnTheBus, OwnersOnTheBus, declare, until
from services.filing.tests.factories import (
    CONTRACTOR,
    INSTALLER,
    PAPER_BYTES,
    SUPERVISOR,
    documents,
    found_province,
    id_of,
    officer,
    seen,
)

Environment = Callable[[str, Broker], dict[str, str]]
MACHINE_UNLOCKED = topology.reader_queue("filing", "machine_unlocked", 1)


@pytest.fixture
def bus(
    broker: Broker,
    database: Database,
    keys: Keys,
    settings_of: Environment,
    service_process: ServiceProcesses,
) -> Iterator[FilingOnTheBus]:
    """Filing's rpc role, asked by the gateway; the owners of locks grant everything until told otherwise."""
    declare(broker)
    found_province(database.sessions)
    owners = OwnersOnTheBus(broker)
    owners.start()
    environment = settings_of("filing", broker)
    blobs = BlobStore(environment["BLOB_URI"])
    blobs.put(PAPER_BYTES)
    service_process("filing", "rpc", environment=environment)
    caller = Caller(broker.uri_of("gateway"), "gateway")
    yield FilingOnTheBus(broker, keys, caller, owners, blobs)
    caller.close()
    owners.stop()


def coming(days: int) -> str:
    """A working day some weeks ahead: the process has the real clock."""
    day = datetime.now(UTC).date() + timedelta(days=days)
    return (day + timedelta(days=7 - day.weekday())).isoformat()


def notice(**changes: Any) -> dict[str, Any]:
    return forms.install_notice(planned_start=coming(14), planned_finish=coming(28), **changes)


def drafted(bus: FilingOnTheBus, by: Principal = INSTALLER) -> dict[str, Any]:
    application_id, form = new_id(), notice()
    begun = bus.ask("start_application", {"application_id": application_id, "matter": "install_notice"}, by)
    papers = documents("install_notice", form)
    return bus.ask("save_draft", {**seen(begun), "form": form, "attachments": papers}, by)


def arrived(bus: FilingOnTheBus) -> dict[str, Any]:
    reply = bus.ask("submit_application", seen(drafted(bus)), INSTALLER)
    for signer in (CONTRACTOR, SUPERVISOR):
        reply = bus.ask("countersign_application", {**seen(reply), "agrees": True}, signer)
    return reply


def test_a_life_over_the_bus_and_its_events_relayed_in_order(
    bus: FilingOnTheBus, settings_of: Environment, service_process: ServiceProcesses
) -> None:
    told = bus.broker.listen("filing.events")
    service_process("filing", "relay", environment=settings_of("filing", bus.broker))

    accepted = bus.ask("accept_application", seen(arrived(bus)), officer())
    approved = bus.ask("approve_application", {**seen(accepted), "opinion": "同意"}, officer())

    assert approved["certificate"]["kind"] == "install_receipt"
    types = [json.loads(bus.broker.take(told).body)["type"] for _ in range(3)]
    assert types == ["application_submitted", "application_submitted", "application_approved"]
    page = bus.ask("get_application", {"application_id": approved["application_id"]}, INSTALLER)
    assert [each["act"] for each in page["steps"]][-2:] == ["approve", "close"]
    code = page["certificate"]["verification_code"]
    anybody = Principal(user_id="anonymous")
    assert bus.ask("verify_certificate", {"code": code}, anybody)["stage"] == "valid"
    (entry,) = bus.ask("list_applications", {"open": False}, CONTRACTOR)["items"]
    assert entry["certificate_number"] == approved["certificate"]["number"]


def test_a_refusal_comes_over_the_bus_with_its_detail(bus: FilingOnTheBus) -> None:
    draft = drafted(bus)
    bus.others.owners.refusals["equipment"] = Conflict("machine_locked", held_by="乙工程", since="2026-02-01")

    with pytest.raises(Conflict) as refused:
        bus.ask("submit_application", seen(draft), INSTALLER)

    assert (refused.value.code, refused.value.detail["held_by"]) == ("machine_locked", "乙工程")


def test_a_silent_owner_is_unavailable_within_the_second(bus: FilingOnTheBus) -> None:
    draft = drafted(bus)
    bus.others.stop()
    began = datetime.now(UTC)

    with pytest.raises(Unavailable, match="claims_unavailable"):
        bus.ask("submit_application", seen(draft), INSTALLER)

    assert datetime.now(UTC) - began < timedelta(seconds=2)


def test_the_same_key_over_the_bus_is_one_submission(bus: FilingOnTheBus, database: Database) -> None:
    draft = drafted(bus)

    first = bus.ask("submit_application", seen(draft), INSTALLER, key="k")
    assert bus.ask("submit_application", seen(draft), INSTALLER, key="k") == first

    with transaction(database.sessions) as session:
        assert session.scalar(select(func.count()).select_from(Submission)) == 1


ID = new_id()
BAD = [
    ("start_application", {"matter": "install_notice"}, "application_id", "required"),
    ("start_application", {"application_id": "7", "matter": "install_notice"}, "application_id", "not_an_id"),
    ("submit_application", {"application_id": ID, "version": "1"}, "version", "not_integer"),
    ("submit_application", {"application_id": ID, "version": 1, "force": True}, "force", "unknown_field"),
    ("save_draft", {"application_id": ID, "version": 1, "form": []}, "form", "not_object"),
    ("list_applications", {"limit": 101}, "limit", "out_of_range"),
    ("list_applications", {"q": "一"}, "q", "wrong_length"),
    ("list_applications", {"after": "there"}, "after", "not_a_cursor"),
    ("reject_application", {"application_id": ID, "version": 1}, "reason", "required"),
]


def test_bad_input_names_field_and_rule(bus: FilingOnTheBus) -> None:
    for method, request, path, rule in BAD:
        with pytest.raises(Invalid) as refused:
            bus.ask(method, request, INSTALLER)
        assert [each["rule"] for each in refused.value.fields[path]] == [rule]


def test_an_attachment_of_more_than_600_kb_is_refused_whatever_is_said_of_it(bus: FilingOnTheBus) -> None:
    """T32, in filing too: a larger file may have been uploaded for another purpose."""
    draft, paper = drafted(bus), documents("install_notice", notice())[0]
    largest, larger = (bus.blobs.put(b"%PDF-1.7 ".ljust(size)) for size in (614_400, 614_401))

    with pytest.raises(Invalid) as refused:
        bus.ask("save_draft", {**seen(draft), "attachments": [paper | {"sha256": larger}]}, INSTALLER)

    assert refused.value.fields == {"attachments.0.sha256": [{"rule": "attachment_too_large", "limit": 614_400}]}
    bus.ask("save_draft", {**seen(draft), "attachments": [paper | {"sha256": largest}]}, INSTALLER)


def test_only_services_ask_for_the_stages_of_claims(bus: FilingOnTheBus) -> None:
    reply = arrived(bus)
    request = {"application_ids": [reply["application_id"]]}

    stages = bus.ask_as_service("equipment", "get_claim_stages", request)["stages"]

    assert stages[reply["application_id"]]["stage"] == "submitted"
    living = bus.ask_as_service("personnel", "list_living_claims", {"resource": "person"})["items"]
    assert [each["application_id"] for each in living] == [reply["application_id"]]
    for by in (INSTALLER, officer()):
        with pytest.raises(Forbidden):
            bus.ask("get_claim_stages", request, by)


def test_somebody_elses_application_is_not_found_over_the_bus(bus: FilingOnTheBus) -> None:
    draft = drafted(bus)

    with pytest.raises(NotFound):
        bus.ask("get_application", {"application_id": draft["application_id"]}, CONTRACTOR)


def test_killed_in_the_middle_of_a_submission_it_is_handed_in_by_the_next_try(
    bus: FilingOnTheBus, database: Database, settings_of: Environment, service_process: ServiceProcesses
) -> None:
    """Arrow 5 of the flow: the claim is granted, filing dies before its commit, the user presses again."""
    draft = drafted(bus)
    bus.ask("get_application", {"application_id": draft["application_id"]}, INSTALLER)
    (process,) = service_process.started
    grant = bus.others.owners.grant

    def kill_then_grant(question: Any) -> dict[str, Any]:
        process.kill()
        return grant(question)

    bus.others.owners.grant = kill_then_grant  # type: ignore[method-assign]
    with pytest.raises(Unavailable):
        bus.ask("submit_application", seen(draft), INSTALLER, key="k", seconds=2.0)
    with transaction(database.sessions) as session:
        assert session.get_one(Application, draft["application_id"]).stage == "draft"

    bus.others.owners.grant = grant  # type: ignore[method-assign]
    service_process("filing", "rpc", environment=settings_of("filing", bus.broker))
    bus.caller.breakers.clear()
    until(lambda: handed_in(bus, draft), 15, "handed in")

    with transaction(database.sessions) as session:
        assert session.scalar(select(func.count()).select_from(Submission)) == 1
        assert session.scalar(select(func.count()).select_from(OutboxRow)) == 1


def handed_in(bus: FilingOnTheBus, draft: dict[str, Any]) -> bool:
    try:
        return bool(bus.ask("submit_application", seen(draft), INSTALLER, key="k")["stage"] == "countersigning")
    except Unavailable:
        return False


def test_it_hears_that_a_machine_was_unlocked_and_parks_what_is_no_event(
    bus: FilingOnTheBus, database: Database, settings_of: Environment, service_process: ServiceProcesses
) -> None:
    with transaction(database.sessions) as session:
        session.add(application_row())
        session.flush()
        session.add_all([submission_row(), registration_row()])
    service_process("filing", "subscriptions", environment=settings_of("filing", bus.broker))
    event = Event(type="machine_unlocked", version=1, subject="m", data={"machine_id": id_of("machine"), "more": 1})

    bus.broker.publish(b"{broken", exchange="equipment.events", key="machine_unlocked.v1")
    for _ in range(2):
        bus.broker.publish(envelope.dump(event), exchange="equipment.events", key="machine_unlocked.v1")

    def cancelled() -> bool:
        with transaction(database.sessions) as session:
            return session.scalars(select(Certificate)).one().stage == "cancelled"

    until(cancelled, 10, "the registration is cancelled")
    until(lambda: bus.broker.depth(topology.parked_queue("filing")) == 1, 10, "the broken message is parked")
    assert bus.broker.depth(MACHINE_UNLOCKED) == 0
    with transaction(database.sessions) as session:
        assert session.scalars(select(OutboxRow.type)).all() == ["certificate_cancelled"]


LONG_AGO = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


def application_row() -> Application:
    return Application(
        id=id_of("registration"),
        matter="use_registration",
        stage="closed",
        outcome="approved",
        applicant_id=id_of("contractor"),
        applicant_name="contractor",
        machine_id=id_of("machine"),
        round=1,
        created_at=LONG_AGO,
        changed_at=LONG_AGO,
    )


def submission_row() -> Submission:
    return Submission(
        application_id=id_of("registration"),
        round=1,
        form={},
        attachments=[],
        claims={},
        people=[],
        findings=[],
        agency_id=officer().organisation_id,
        at=LONG_AGO,
        by={},
    )


def registration_row() -> Certificate:
    return Certificate(
        id=new_id(),
        kind="use_registration",
        title="建筑起重机械使用登记证",
        number="冀使130102-2026-00001",
        verification_code="ABCDEFGHJKMNPQRS",
        application_id=id_of("registration"),
        holder_id=id_of("contractor"),
        holder_name="contractor",
        agency_id=officer().organisation_id,
        agency_name="长安站",
        area="13.1301.130102",
        machine_id=id_of("machine"),
        issued_at=LONG_AGO,
        issued_on=LONG_AGO.date(),
    )
