"""Equipment's other processes on the bus: what it hears, what it tells, what it does by itself."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import amqp
import pytest
from sqlalchemy import select

from chassis import topology
from chassis.call import PRINCIPAL
from chassis.database import transaction
from chassis.envelope import Event
from chassis.identifiers import new_id
from chassis.principal import service_principal, verify
from equipment.models import LedgerEntry, ProjectCopy
from services.equipment.tests import factories as f
from services.equipment.tests.conftest import SERVICES, Bus, until
from services.equipment.tests.factories import CONTRACTOR, INSTALLER, Yard

PARKED = topology.parked_queue("equipment")


def on_machine(machine_id: str, **parts: Any) -> dict[str, Any]:
    return {"machine": {"machine_id": machine_id}, "project": f.project(), **parts}


def tell(bus: Bus, yard: Yard, kind: str, matter: str, name: str, version: int, who: Any, **parts: Any) -> Event:
    """Publish application_<kind> as filing's relay would."""
    told = f.told(kind, matter, name, version, who, yard.clock(), **parts)
    event = Event(type=f"application_{kind}", version=1, subject=f.an_id(name), data={}, id=new_id())
    bus.tell(event, told)
    return event


def stage_becomes(yard: Yard, machine_id: str, stage: str) -> None:
    until(lambda: yard.machine(machine_id).stage == stage, f"the machine is {stage}")


def test_it_hears_what_it_says_it_hears() -> None:
    from chassis.nameko.subscribe import declared_by
    from equipment.subscriptions import EquipmentSubscriptions

    said = topology.read(SERVICES / "equipment/equipment/topology.toml")

    assert set(declared_by(EquipmentSubscriptions)) == set(said.hears)


def test_the_life_of_a_crane_is_heard_in_any_order_and_twice(bus: Bus, yard: Yard) -> None:
    crane, other = yard.filed("crane"), yard.filed("other")
    for name, machine_id in (("notice", crane), ("second", other)):
        yard.reserve("install_notice", name, INSTALLER, **on_machine(machine_id))
    bus.start("subscriptions")

    tell(bus, yard, "approved", "install_notice", "notice", 3, INSTALLER, **on_machine(crane))
    stage_becomes(yard, crane, "installed")
    for _ in range(2):
        tell(bus, yard, "submitted", "install_notice", "notice", 1, INSTALLER, **on_machine(crane))
    tell(bus, yard, "submitted", "install_notice", "second", 1, INSTALLER, **on_machine(other))
    stage_becomes(yard, other, "locked")
    tell(bus, yard, "returned", "install_notice", "second", 2, INSTALLER, **on_machine(other))
    tell(bus, yard, "withdrawn", "install_notice", "second", 3, INSTALLER, **on_machine(other))
    stage_becomes(yard, other, "filed")

    assert yard.machine(crane).stage == "installed"
    assert len(yard.told("machine_locked")) == 2


def test_a_rejected_filing_and_the_three_events_of_a_project_are_heard(bus: Bus, yard: Yard) -> None:
    lessor = f.enterprise()
    crane = yard.reserve("machine_filing", "a", lessor, particulars=f.particulars())["machine"]["machine_id"]
    bus.start("subscriptions")

    tell(bus, yard, "rejected", "machine_filing", "a", 2, lessor, particulars=f.particulars())
    stage_becomes(yard, crane, "cancelled")
    for version, kind in enumerate(("registered", "changed", "closed"), 1):
        data = f.project_told(version, stage=kind)
        bus.tell(Event(type=f"project_{kind}", version=1, subject=data["project_id"], data={}), data)

    def is_known_as_closed() -> bool:
        with transaction(bus.database.sessions) as session:
            return session.scalar(select(ProjectCopy.stage)) == "closed"

    until(is_known_as_closed, "the project is known as closed")


def test_what_is_no_event_is_parked_and_the_others_go_on(bus: Bus, yard: Yard) -> None:
    crane = yard.filed()
    yard.reserve("install_notice", "notice", INSTALLER, **on_machine(crane))
    bus.start("subscriptions")
    parked_before = bus.broker.depth(PARKED)

    bus.publish(b"{broken", "application_submitted", "p1")
    bus.publish({"id": "x", "type": "application_submitted"}, "application_submitted", "p2")
    tell(bus, yard, "submitted", "install_notice", "notice", 1, INSTALLER, machine={"machine_id": "not an id"})
    tell(bus, yard, "submitted", "install_notice", "notice", 1, INSTALLER, **on_machine(crane))

    stage_becomes(yard, crane, "locked")
    until(lambda: bus.broker.depth(PARKED) == parked_before + 3, "three messages are parked")


def test_the_relay_tells_each_fact_once_and_in_order(bus: Bus, yard: Yard) -> None:
    told = bus.broker.listen("equipment.events")
    crane = yard.filed()
    yard.installed(crane)
    yard.registered(crane)
    yard.reserve("dismantling_notice", "down", CONTRACTOR, **on_machine(crane))
    yard.tell("approved", "dismantling_notice", "down", 2, CONTRACTOR, **on_machine(crane))

    bus.start("relay")

    bodies = [json.loads(bus.broker.take(told).body) for _ in range(4)]
    assert [each["type"] for each in bodies] == [
        "machine_filed",
        "machine_locked",
        "machine_installed",
        "machine_unlocked",
    ]
    assert bodies[-1]["data"]["cause"] == "dismantled"
    assert {each["subject"] for each in bodies} == {crane}
    until(lambda: bus.broker.depth(told) == 0, "nothing more")


@dataclass
class FilingOnTheBus:
    """Answers filing's two questions from a thread of its own; keeps what was asked and by whom."""

    bus: Bus
    stages: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    askers: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        with self.bus.broker.channel() as channel:
            channel.basic_consume(topology.rpc_queue("filing"), callback=self._reply, no_ack=True)
            while not self.stopping.is_set():
                try:
                    channel.connection.drain_events(timeout=0.1)
                except TimeoutError:
                    continue

    def _reply(self, message: amqp.Message) -> None:
        method = message.delivery_info["routing_key"].partition(".")[2]
        (request,) = json.loads(message.body)["args"]
        self.asked.append((method, request))
        self.askers.append(message.headers[PRINCIPAL])
        ok: dict[str, Any] = {"items": [], "next": None}
        if method == "get_claim_stages":
            ok = {"stages": {each: self.stages.get(each) for each in request["application_ids"]}}
        body = json.dumps({"result": {"ok": ok}, "error": None})
        reply = amqp.Message(body, correlation_id=message.properties["correlation_id"], content_type="application/json")
        message.channel.basic_publish(reply, topology.RPC_EXCHANGE, message.properties["reply_to"])


@pytest.fixture
def filing(bus: Bus) -> Iterator[FilingOnTheBus]:
    filing = FilingOnTheBus(bus)
    thread = threading.Thread(target=filing.run, daemon=True)
    thread.start()
    yield filing
    filing.stopping.set()
    thread.join(5)


def test_the_scheduler_asks_filing_in_its_own_name_then_frees_or_keeps(
    bus: Bus, yard: Yard, filing: FilingOnTheBus
) -> None:
    """The yard's clock stands in the past, so what it grants is due at once for the process's own."""
    dropped, kept = yard.filed("dropped"), yard.filed("kept")
    yard.reserve("install_notice", "dropped", INSTALLER, **on_machine(dropped))
    yard.reserve("install_notice", "kept", INSTALLER, **on_machine(kept))
    told = {"matter": "install_notice", "stage": "submitted", "outcome": None, "version": 1, "machine_id": kept}
    filing.stages[f.an_id("kept")] = told

    bus.start("scheduler")

    stage_becomes(yard, kept, "locked")

    def is_free() -> bool:
        lock = yard.lock("dropped", dropped)
        return lock is not None and lock.stage == "released"

    until(is_free, "the lock that was never submitted is free")
    until(lambda: any(method == "list_living_claims" for method, _ in filing.asked), "the reconciler has asked too")
    keys = {"equipment": bus.keys.public("equipment")}
    assert {verify(token, keys) for token in filing.askers} == {service_principal("equipment")}
    with transaction(bus.database.sessions) as session:
        acts = session.scalars(select(LedgerEntry.act).order_by(LedgerEntry.number)).all()
    assert sorted(acts) == ["confirmed", "granted", "granted", "released"]
