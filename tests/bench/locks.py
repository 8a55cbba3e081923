"""`make bench-locks`: 50 users hand in notices that lock cranes, through gateway, filing, equipment and personnel.

Prints one line of JSON. Everything runs on this machine's cores, the load included:

- `p50_ms`, `p95_ms`: from sending a submission to its answer, as 50 users see it who each hand in a notice and then
  take `think_seconds` to look at the answer, as people do; `per_second` is what that makes together.
- `saturated`: the same with no pause at all: what the machine can do at most, and how long one waits then.
- `double_locks`: cranes that ever had two locks at the same time, read from equipment's ledger afterwards; must be 0.
- `refused`: submissions that found their crane taken, as some of them are made to (one in ten goes for a neighbour's).
- `rpc_per_second` against `echo_per_second`: our calls through the bus (verify, validate, answer) against a bare kombu
  request and reply over the same broker, measured in the same run with as many callers.
"""

import itertools
import json
import random
import statistics
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import psycopg

from chassis.call import Caller
from chassis.localservers.keys import Keys
from chassis.principal import Principal, sign
from deploy.demo.client import Client, Problem
from deploy.local.plan import ROOT
from deploy.local.system import System
from tests.bench.echo import echoes_per_second
from tests.journeys import forms
from tests.journeys.site import Site, build_site
from tests.journeys.world import World

USERS = 50
SECONDS = 20.0
THINK_SECONDS = 1.5
NEIGHBOURS_EVERY = 10
PREPARING = 6
CALLERS = 8
CALL_SECONDS = 4.0
TAKEN = ("machine_locked", "application_exists", "person_locked")
OVERLAPS = """
    select count(*) from machine_lock one join machine_lock other
    on one.machine_id = other.machine_id and one.id < other.id
    where tstzrange(one.granted_at, one.released_at) && tstzrange(other.granted_at, other.released_at)
"""


@dataclass
class User:
    """An installer's clerk with a crane and a crew of his own, and the next clerk's crane to covet."""

    client: Client
    world: World
    site: Site
    machine_id: str
    crew: list[dict[str, Any]]
    documents: list[dict[str, Any]]
    neighbours: str = ""
    seconds: list[float] = field(default_factory=list)
    refused: int = 0

    def hand_in(self, machine_id: str) -> None:
        """Draft, submit (the part that is timed), and take it back, so that the crane is free for the next time."""
        form = forms.install_notice(machine_id, self.site.project_id, self.crew)
        draft = self.world.draft(self.client, "install_notice", form, documents=self.documents)
        one = f"/applications/{draft['application_id']}"
        began = time.perf_counter()
        try:
            answer = self.client.post(f"{one}/submit", {"version": draft["version"]})
        except Problem as problem:
            if problem.code not in TAKEN:
                raise
            self.refused += 1
            return
        finally:
            self.seconds.append(time.perf_counter() - began)
        self.client.post(f"{one}/withdraw", {"version": answer["version"], "reason": "压力测试"})


def main() -> int:
    system = System(ROOT / ".run" / "bench", lambda line: print(line, file=sys.stderr))
    try:
        system.start()
        threading.Thread(target=system.stay, daemon=True).start()
        users = _prepare(system)
        result = {
            **_run(users, THINK_SECONDS),
            "users": USERS,
            "think_seconds": THINK_SECONDS,
            "saturated": _run(users, 0.0),
            "double_locks": _double_locks(system),
            "rpc_per_second": round(_calls_per_second(system)),
            "echo_per_second": round(echoes_per_second(_operator_uri(system), CALLERS, CALL_SECONDS)),
        }
        print(json.dumps(result))
        return 0 if result["double_locks"] == 0 else 1
    finally:
        system.stop()
        system.forget()


def _prepare(system: System) -> list[User]:
    """A site, and for each user an account, a crane and a crew."""
    door = Client(system.address())
    password = system.operator_password.read_text().strip()
    world = World(door, door.another().sign_in("operator", password))
    for division, name in (("130000", "省安监办"), ("130100", "市安监站"), ("130102", "长安区安监站")):
        world.open_agency(division, name)
    site = build_site(world)
    documents = world.documents(site.installer.client, "install_notice")

    def user(_: int) -> User:
        return User(site.installer.client, world, site, site.file_machine(), site.installer.crew(), documents)

    with ThreadPoolExecutor(PREPARING) as threads:
        users = list(threads.map(user, range(USERS)))
    for each, following in zip(users, [*users[1:], users[0]], strict=True):
        each.neighbours = following.machine_id
    return users


def _run(users: list[User], think: float) -> dict[str, Any]:
    """All users at once for `SECONDS`; what they saw."""
    until = time.monotonic() + SECONDS
    for each in users:
        each.seconds, each.refused = [], 0

    def work(user: User) -> None:
        for turn in itertools.count(1):
            if time.monotonic() > until:
                return
            user.hand_in(user.neighbours if turn % NEIGHBOURS_EVERY == 0 else user.machine_id)
            time.sleep(think * random.uniform(0.5, 1.5))

    began = time.monotonic()
    with ThreadPoolExecutor(len(users)) as threads:
        list(threads.map(work, users))
    seconds = sorted(second for user in users for second in user.seconds)
    return {
        "p50_ms": round(statistics.median(seconds) * 1000),
        "p95_ms": round(seconds[int(len(seconds) * 0.95)] * 1000),
        "per_second": round(len(seconds) / (time.monotonic() - began), 1),
        "refused": sum(user.refused for user in users),
    }


def _double_locks(system: System) -> int:
    """Pairs of locks on one crane whose times overlap, in all that equipment ever wrote down."""
    with psycopg.connect(system.environments.databases["equipment"].owner_uri) as connection:
        row = connection.execute(OVERLAPS).fetchone()
    assert row is not None
    return int(row[0])


def _calls_per_second(system: System) -> float:
    """Calls of `filing.get_matter` through the bus, from as many callers as the echo has."""
    keys: Keys = system.environments.keys
    token = sign(Principal(user_id="bench"), keys.private("gateway"), "gateway")
    caller = Caller(_gateway_uri(system), "bench")
    until = time.monotonic() + CALL_SECONDS

    def ask(_: int) -> int:
        for answered in itertools.count():
            if time.monotonic() > until:
                return answered
            caller.call("filing", "get_matter", {"code": "install_notice"}, token, deadline=5.0)
        return 0

    with ThreadPoolExecutor(CALLERS) as threads:
        return sum(threads.map(ask, range(CALLERS))) / CALL_SECONDS


def _operator_uri(system: System) -> str:
    return system.environments.of_operator()["AMQP_URI"]


def _gateway_uri(system: System) -> str:
    gateway = next(each for each in system.services if each.name == "gateway")
    return system.environments.of_service(gateway)["AMQP_URI"]


if __name__ == "__main__":
    sys.exit(main())
