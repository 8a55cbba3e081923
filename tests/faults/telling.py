"""What services tell each other, held back, turned round, doubled, and told again."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chassis import topology
from chassis.identifiers import new_id
from chassis.wire import ConfirmedLine, Outcome, Outgoing
from deploy.local.plan import ROOT
from tests.faults.breaking import Breaker
from tests.journeys.waiting import eventually

TELLERS = ("filing", "equipment", "personnel")
READERS = [topology.read(file) for file in topology.find(ROOT)]
# The matters that claim a machine, and those that claim people: of others a lock owner takes no notice.
CLAIMING = {
    "equipment": ("machine_filing", "machine_registration", "install_notice", "use_registration", "dismantling_notice"),
    "personnel": ("safety_filing", "personnel_change", "install_notice", "use_registration", "dismantling_notice"),
}
Told = dict[str, Any]


@contextmanager
def disorder(breaker: Breaker, service: str) -> Iterator[None]:
    """What `service` tells inside the block goes out at its end: the newest first and everything twice, each under an id
    of its own, so that no inbox knows it; then once more by the relay, in order. Ends when all has been heard."""
    with breaker.frozen(f"{service}-relay"):
        begun = last_told(breaker, service)
        yield
        events = told_since(breaker, service, begun)
        tell_again(breaker, service, [each for each in reversed(events) for _ in range(2)])
    wait_until_heard(breaker, service, events)


def last_told(breaker: Breaker, service: str) -> int:
    return int(str(breaker.sql(service, "select coalesce(max(position), 0) from outbox")[0][0]))


def told_since(breaker: Breaker, service: str, position: int) -> list[Told]:
    rows = breaker.sql(service, "select body from outbox where position > %s order by position", position)
    return [body for (body,) in rows]  # type: ignore[misc]


def tell_again(breaker: Breaker, service: str, events: list[Told]) -> None:
    """In this order, each under a new id; returns when they have been heard."""
    again = [{**body, "id": new_id()} for body in events]
    line = ConfirmedLine(breaker.system.environments.of_operator()["AMQP_URI"], seconds=10, name="again")
    try:
        for body in again:
            assert line.publish([_outgoing(service, body)], 10) == [Outcome.CONFIRMED]
    finally:
        line.close()
    wait_until_heard(breaker, service, again)


def wait_until_heard(breaker: Breaker, source: str, events: list[Told]) -> None:
    """Every reader has handled every one of them."""
    count = "select count(distinct event_id) from inbox where event_id = any(%s)"
    for reader in READERS:
        types = {each.type for each in reader.hears if each.source == source}
        ids = [each["id"] for each in events if each["type"] in types and _is_about(reader.service, each)]

        def has_heard(service: str = reader.service, ids: list[str] = ids) -> bool:
            return breaker.sql(service, count, ids) == [(len(ids),)]

        eventually(has_heard, f"{reader.service} has heard {source}", 40)


def _is_about(reader: str, event: Told) -> bool:
    matter = event["data"].get("matter")
    return matter is None or matter in CLAIMING.get(reader, ())


def _outgoing(service: str, body: Told) -> Outgoing:
    """As the service's relay would send it."""
    key = topology.event_key(body["type"], body["version"])
    content = json.dumps(body, ensure_ascii=False).encode()
    return Outgoing(exchange=topology.events_exchange(service), key=key, body=content, id=body["id"])
