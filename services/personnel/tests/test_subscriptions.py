"""Personnel's other processes on the bus: what it hears, what it tells, what it does by itself."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import amqp
import pytest

from chassis import envelope, topology
from chassis.call import PRINCIPAL
from chassis.clock import now
from chassis.envelope import Event
from chassis.principal import service_principal, verify
from personnel.reserve import reserve
from services.personnel.tests import factories
from services.personnel.tests.conftest import SERVICES, Bus, until
from services.personnel.tests.factories import FILING, claim, named
from services.personnel.tests.reading import active, locks_of

PARKED = topology.parked_queue("personnel")
SECOND = timedelta(seconds=1)


def told(request: dict[str, Any], type_: str, version: int) -> Event:
    """As filing's relay would publish it."""
    return factories.application_event(request, type_, version, now())


def becomes(bus: Bus, *locks: tuple[str, str]) -> None:
    until(lambda: active(bus.database.sessions) == sorted(locks), f"active locks are {locks}")


@pytest.fixture
def claimed(bus: Bus) -> dict[str, Any]:
    request = claim(named(factories.manager(bus.database.sessions)))
    reserve(bus.database.sessions, FILING, request, now)
    return request


def who(request: dict[str, Any]) -> str:
    return str(request["people"][0]["person_id"])


def test_it_hears_what_it_says_it_hears() -> None:
    from chassis.nameko.subscribe import declared_by
    from personnel.subscriptions import PersonnelSubscriptions

    said = topology.read(SERVICES / "personnel/personnel/topology.toml")

    assert set(declared_by(PersonnelSubscriptions)) == set(said.hears)


def test_application_events_are_heard_in_any_order_and_twice(bus: Bus, claimed: dict[str, Any]) -> None:
    bus.start("subscriptions")

    for event in (told(claimed, "returned", 3), told(claimed, "submitted", 2)):
        bus.tell(event)
        bus.tell(event)
    becomes(bus, (who(claimed), "reserved"))
    bus.tell(told(claimed, "submitted", 4))
    bus.tell(told(claimed, "approved", 7))
    becomes(bus, (who(claimed), "held"))

    other = claim(named(factories.manager(bus.database.sessions)))
    reserve(bus.database.sessions, FILING, other, now)
    bus.tell(told(other, "rejected", 5))
    until(lambda: locks_of(bus.database.sessions, who(other))[0].cause == "rejected", "the rejected one is free")
    bus.tell(told(other, "withdrawn", 6))


def test_events_of_projects_and_machines_are_heard(bus: Bus, claimed: dict[str, Any]) -> None:
    sessions, project = bus.database.sessions, claimed["project"]
    machine = {"machine_id": factories.new_id(), "kind": "S"}
    driver = factories.people(sessions, ("special_operation:06",))[0]
    use = claim(named(driver, "driver"), matter="use_registration", machine=machine, project=project)
    reserve(sessions, FILING, use, now)
    bus.start("subscriptions")
    bus.tell(told(claimed, "approved", 3))
    bus.tell(told(use, "approved", 3))
    becomes(bus, (who(claimed), "held"), (driver, "held"))

    unlocked = factories.machine_event(machine["machine_id"], project["project_id"], now() + SECOND)
    bus.tell(unlocked, source="equipment")
    becomes(bus, (who(claimed), "held"))
    stopped = {"since": "2026-01-01", "cause_by": "other", "owner_consents": True}
    for version, (type_, more) in enumerate(
        [
            ("registered", {}),
            ("suspended", {"stage": "suspended", "suspended": stopped}),
            ("resumed", {}),
            ("changed", {"works_accepted_on": "2026-03-01"}),
            ("closed", {"stage": "closed"}),
        ],
        start=1,
    ):
        bus.tell(factories.project_event(project, version, now(), type_, **more))
    becomes(bus)


def test_what_is_no_event_is_parked_and_the_others_go_on(bus: Bus, claimed: dict[str, Any]) -> None:
    bus.start("subscriptions")
    parked_before = bus.broker.depth(PARKED)
    event = told(claimed, "submitted", 2)
    unreadable = replace(event, id="p3", data=event.data | {"version": "two"})

    bus.publish(b"{broken", "application_submitted", "p1")
    bus.publish(b'{"id": "x", "type": "application_submitted"}', "application_submitted", "p2")
    bus.publish(envelope.to_bytes(unreadable), "application_submitted", "p3")
    bus.tell(event)

    becomes(bus, (who(claimed), "reserved"))
    until(lambda: bus.broker.depth(PARKED) == parked_before + 3, "three messages are parked")


def test_the_relay_tells_each_fact_once_and_in_order(bus: Bus, claimed: dict[str, Any]) -> None:
    from personnel import hearing

    heard = bus.broker.listen("personnel.events")
    sessions, project = bus.database.sessions, claimed["project"]
    hearing.application(sessions, factories.told(claimed, "approved", 3, now()), now)
    closed = factories.project_told(project, 5, now() + SECOND, "closed", stage="closed")
    hearing.project(sessions, closed, now)

    bus.start("relay")

    bodies = [json.loads(bus.broker.take(heard).body) for _ in range(2)]
    assert [each["type"] for each in bodies] == ["person_locked", "person_unlocked"]
    assert {each["subject"] for each in bodies} == {who(claimed)}
    until(lambda: bus.broker.depth(heard) == 0, "nothing more")


@dataclass
class FilingOnTheBus:
    """Answers filing's two questions from a thread of its own; keeps what was asked and by whom."""

    bus: Bus
    stages: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
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
        self.asked.append(method)
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
    bus: Bus, clock: Any, filing: FilingOnTheBus
) -> None:
    """The frozen clock stands in the past, so what is granted by it is due at once for the process's own."""
    sessions = bus.database.sessions
    dropped, kept = claim(named(factories.manager(sessions))), claim(named(factories.manager(sessions)))
    for request in (dropped, kept):
        reserve(sessions, FILING, request, clock)
    answer = {"matter": "safety_filing", "stage": "submitted", "outcome": None, "version": 2}
    filing.stages[kept["application_id"]] = answer

    bus.start("scheduler")

    becomes(bus, (who(kept), "reserved"))
    until(lambda: "list_living_claims" in filing.asked, "the reconciler has asked too")
    keys = {"personnel": bus.keys.public("personnel")}
    assert {verify(token, keys) for token in filing.askers} == {service_principal("personnel")}
    assert locks_of(sessions, who(dropped))[0].cause == "lapsed"
