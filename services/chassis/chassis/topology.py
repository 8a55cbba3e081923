"""Exchanges and queues: their names, and the command that declares them before any process starts.

    python -m chassis.topology declare [topology.toml …]    (by default services/*/*/topology.toml and gateway/…)
    python -m chassis.topology orphans                      queues declared once that no topology names any more
    python -m chassis.topology remove QUEUE                 an orphan that is empty and that nobody reads

Each package says what it does in its `topology.toml`, as data, so that nobody imports another's package:

    answers = true
    publishes = ["machine_locked.v1", "machine_unlocked.v1"]
    hears = [{ source = "filing", type = "application_submitted", version = 1 }]
    batches = [{ queue = "attendance.positions.v1", limit = 100000 }]

For a service S that becomes (durable all of it, quorum queues but for the first):

    nameko-rpc (topic)        ── S.* ──────────→ rpc-S                     requests; transient, they expire
    S.events (topic)          ── type.vN ──────→ R.type.vN                 one queue for each reader R
       │                      └─ type.vN ──────→ events.unheard            types without a reader: the last thousand
       └ alternate: S.unrouted (fanout) ───────→ S.unrouted                what no topology knows: must stay empty
    S.delay.5s … (fanout) ─→ S.delay.5s …      ── after a while, by S.readers (direct) ─→ the reader's queue again
    Q (fanout)                ─────────────────→ Q                         each batch queue, under its own name
    S.parked (fanout)         ─────────────────→ S.parked                  what could not be handled; also the dead
                                                                           letters of every queue of S
Safety does not hang on a policy that somebody might forget to import: types, delivery limits and dead letters are
arguments of the queues. Only lengths, which one may want to change on a living queue, are policies (deploy/broker).
"""

import json
import sys
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import amqp

from chassis.settings import load as load_settings
from chassis.settings import secret
from chassis.wire import ConfirmedLine, Outcome, Outgoing

RPC_EXCHANGE = "nameko-rpc"
UNHEARD = "events.unheard"
UNHEARD_KEPT = 1000
REMEMBERED = "topology.declared"
DELAYS = {"5s": 5, "1min": 60, "10min": 600}
# A message that takes its reader down with it is handed out this often, then parked.
DELIVERY_LIMIT = 20
SECONDS = 10.0


@dataclass(frozen=True, order=True)
class Heard:
    """A subscription: which event, in which version, of which service."""

    source: str
    type: str
    version: int

    @property
    def key(self) -> str:
        return event_key(self.type, self.version)


@dataclass(frozen=True)
class Batch:
    """A queue for a batch consumer; a publisher is refused when `limit` messages wait in it."""

    queue: str
    limit: int


@dataclass(frozen=True)
class Topology:
    """What one service does on the bus."""

    service: str
    answers: bool = False
    publishes: tuple[str, ...] = ()
    hears: tuple[Heard, ...] = ()
    batches: tuple[Batch, ...] = field(default=())


def event_key(type: str, version: int) -> str:
    return f"{type}.v{version}"


def events_exchange(service: str) -> str:
    return f"{service}.events"


def readers_exchange(service: str) -> str:
    return f"{service}.readers"


def reader_queue(service: str, type: str, version: int) -> str:
    """The queue in which `service` finds the events that it hears: named by the fact, not by a class or a method."""
    return f"{service}.{event_key(type, version)}"


def delay_exchange(service: str, delay: str) -> str:
    return f"{service}.delay.{delay}"


def parked_queue(service: str) -> str:
    return f"{service}.parked"


def unrouted_queue(service: str) -> str:
    return f"{service}.unrouted"


def rpc_queue(service: str) -> str:
    return f"rpc-{service}"


def read(file: Path) -> Topology:
    """The topology in a package's file; the package's folder names the service."""
    content = tomllib.loads(file.read_text())
    return Topology(
        service=file.parent.name,
        answers=bool(content.get("answers", False)),
        publishes=tuple(content.get("publishes", ())),
        hears=tuple(Heard(**each) for each in content.get("hears", ())),
        batches=tuple(Batch(**each) for each in content.get("batches", ())),
    )


def queue_names(topology: Topology) -> list[str]:
    """Every queue of one service."""
    service = topology.service
    names = [rpc_queue(service)] if topology.answers else []
    if topology.publishes:
        names.append(unrouted_queue(service))
    if topology.hears:
        names.extend(delay_exchange(service, delay) for delay in DELAYS)
    names.extend(reader_queue(service, each.type, each.version) for each in topology.hears)
    names.extend(each.queue for each in topology.batches)
    if topology.hears or topology.batches:
        names.append(parked_queue(service))
    return names


def all_queues(root: Path) -> list[str]:
    """Every queue of every package below the repository's `root`, and those that belong to none."""
    return [UNHEARD, REMEMBERED, *chain.from_iterable(queue_names(read(file)) for file in find(root))]


def declare_all(uri: str, topologies: Sequence[Topology]) -> None:
    """Declare everything, and remember it for `orphans`. May be repeated; takes nothing away."""
    line = ConfirmedLine(uri, seconds=SECONDS, name="topology")
    try:
        declare = _Declare(line.channel)
        declare.unheard()
        for topology in topologies:
            declare.service(topology)
        for topology in topologies:
            declare.subscriptions(topology)
        for topology in topologies:
            declare.facts_without_readers(topology, topologies)
        _remember(line, chain.from_iterable(queue_names(each) for each in topologies))
    finally:
        line.close()


class _Declare:
    def __init__(self, channel: amqp.Channel) -> None:
        self.channel = channel

    def exchange(self, name: str, kind: str, **arguments: Any) -> None:
        self.channel.exchange_declare(name, kind, durable=True, auto_delete=False, arguments=arguments)

    def quorum(self, name: str, exchange: str = "", key: str = "", **arguments: Any) -> None:
        given = {"x-queue-type": "quorum", **{f"x-{k.replace('_', '-')}": v for k, v in arguments.items()}}
        self.channel.queue_declare(name, durable=True, auto_delete=False, arguments=given)
        if exchange:
            self.channel.queue_bind(name, exchange, key)

    def unheard(self) -> None:
        self.quorum(UNHEARD, max_length=UNHEARD_KEPT)

    def service(self, topology: Topology) -> None:
        service = topology.service
        if topology.answers:
            self.exchange(RPC_EXCHANGE, "topic")
            self.channel.queue_declare(rpc_queue(service), durable=True, auto_delete=False)
            self.channel.queue_bind(rpc_queue(service), RPC_EXCHANGE, f"{service}.*")
        if topology.publishes:
            self.exchange(unrouted_queue(service), "fanout")
            self.quorum(unrouted_queue(service), unrouted_queue(service))
            self.exchange(events_exchange(service), "topic", **{"alternate-exchange": unrouted_queue(service)})
        if topology.hears or topology.batches:
            self.exchange(parked_queue(service), "fanout")
            self.quorum(parked_queue(service), parked_queue(service))
        for batch in topology.batches:
            self.exchange(batch.queue, "fanout")  # a door of its own, so that a publisher needs no right to any queue
            self.quorum(batch.queue, batch.queue, max_length=batch.limit, **self.to_parked(service))

    def to_parked(self, service: str) -> dict[str, Any]:
        """Dead letters are kept until the parking queue has confirmed them (needs overflow reject-publish)."""
        return {
            "delivery_limit": DELIVERY_LIMIT,
            "dead_letter_exchange": parked_queue(service),
            "dead_letter_strategy": "at-least-once",
            "overflow": "reject-publish",
        }

    def subscriptions(self, topology: Topology) -> None:
        service = topology.service
        if not topology.hears:
            return
        self.exchange(readers_exchange(service), "direct")
        for delay, seconds in DELAYS.items():
            self.exchange(delay_exchange(service, delay), "fanout")
            self.quorum(
                delay_exchange(service, delay),
                delay_exchange(service, delay),
                message_ttl=seconds * 1000,
                dead_letter_exchange=readers_exchange(service),
                dead_letter_strategy="at-least-once",
                overflow="reject-publish",
            )
        for heard in topology.hears:
            queue = reader_queue(service, heard.type, heard.version)
            self.quorum(queue, readers_exchange(service), queue, **self.to_parked(service))
            source = {"alternate-exchange": unrouted_queue(heard.source)}
            self.exchange(events_exchange(heard.source), "topic", **source)
            self.channel.queue_bind(queue, events_exchange(heard.source), heard.key)

    def facts_without_readers(self, topology: Topology, topologies: Sequence[Topology]) -> None:
        """They are told all the same, and are no fault: a ring of the last thousand takes them."""
        heard = {each.key for reader in topologies for each in reader.hears if each.source == topology.service}
        for key in topology.publishes:
            move = self.channel.queue_unbind if key in heard else self.channel.queue_bind
            move(UNHEARD, events_exchange(topology.service), key)


def _remember(line: ConfirmedLine, names: Iterable[str]) -> None:
    """AMQP cannot list queues, so the names ever declared are kept on the broker itself, as the one message of a queue."""
    line.channel.queue_declare(REMEMBERED, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
    kept = line.channel.basic_get(REMEMBERED)
    known = set(names) | set(json.loads(kept.body) if kept else ())
    body = json.dumps(sorted(known)).encode()
    outcomes = line.publish([Outgoing(exchange="", key=REMEMBERED, body=body, id="topology")], SECONDS)
    if outcomes == [Outcome.CONFIRMED] and kept:
        line.channel.basic_ack(kept.delivery_tag)


def remembered(uri: str) -> list[str]:
    """Every queue that was ever declared on this broker."""
    line = ConfirmedLine(uri, seconds=SECONDS, name="topology")
    try:
        kept = line.channel.basic_get(REMEMBERED)
        return sorted(json.loads(kept.body)) if kept else []
    except amqp.NotFound:
        return []
    finally:
        line.drop()  # hands the message back


def depth(uri: str, queue: str) -> int | None:
    """How many messages wait in a queue; None if there is no such queue."""
    line = ConfirmedLine(uri, seconds=SECONDS, name="topology")
    try:
        return int(line.channel.queue_declare(queue, passive=True).message_count)
    except amqp.NotFound:
        return None
    finally:
        line.close()


def orphans(uri: str, topologies: Sequence[Topology]) -> dict[str, int]:
    """Queues of former topologies that are still there, with the messages that wait in them for nobody."""
    wanted = {name for each in topologies for name in queue_names(each)}
    depths = {name: depth(uri, name) for name in remembered(uri) if name not in wanted}
    return {name: waiting for name, waiting in depths.items() if waiting is not None}


class StillNeeded(Exception):
    """Messages wait in the queue, or somebody reads it."""


def remove(uri: str, queue: str) -> None:
    """Delete a queue that is empty and has no reader; raises `StillNeeded` otherwise."""
    line = ConfirmedLine(uri, seconds=SECONDS, name="topology")
    try:
        found = line.channel.queue_declare(queue, passive=True)
        if found.message_count or found.consumer_count:  # quorum queues cannot be asked to check that themselves
            raise StillNeeded(f"{queue}: {found.message_count} messages, {found.consumer_count} readers")
        line.channel.queue_delete(queue)
    finally:
        line.close()


@dataclass(frozen=True)
class TopologySettings:
    amqp_uri: str = secret()


def find(root: Path) -> list[Path]:
    return sorted([*root.glob("services/*/*/topology.toml"), *root.glob("gateway/gateway/topology.toml")])


def main(arguments: Sequence[str]) -> int:
    uri = load_settings(TopologySettings).amqp_uri
    match list(arguments):
        case ["declare", *files]:
            declare_all(uri, [read(file) for file in map(Path, files)] or [read(file) for file in find(Path.cwd())])
        case ["orphans", *files]:
            paths = [Path(file) for file in files] or find(Path.cwd())
            for name, waiting in orphans(uri, [read(file) for file in paths]).items():
                sys.stdout.write(f"{name}\t{waiting}\n")
        case ["remove", queue]:
            remove(uri, queue)
        case _:
            sys.stderr.write(__doc__ or "")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
