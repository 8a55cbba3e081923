"""`make bench-locks`: 50 users hand in notices that lock cranes, through gateway, filing, equipment and personnel.

Prints one line of JSON. Everything runs on this machine's cores, the load included.

- `p50_ms`, `p95_ms`: from sending a submission to its answer. 50 users with a finished draft each press *submit* within
  `window_seconds`, each at a moment of his own, round after round; `per_second` is the rate at which they come. Five a
  second is 300 times what 60,000 machines with two notices a year make in working hours.
- `burst`: the same with everybody pressing at the same instant; `per_second` is then what the machine does at most.
- `refused`: submissions for a crane that a neighbour has (one user in ten tries that), told who holds it.
- `double_locks`: pairs of locks on one crane whose times overlap, in all that equipment ever wrote down; must be 0.
- `rpc_per_second` against `echo_per_second`: calls through our bus (signature, schema, a read of the database) against a
  bare kombu request and reply over the same broker, in the same run, from as many callers.
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
ROUNDS = 4
WINDOW_SECONDS = 10.0
NEIGHBOURS_EVERY = 10
PREPARING = 6
CALLERS = 8
CALL_SECONDS = 4.0
SETTLE_SECONDS = 1.0  # the locks of the round before are released by events
TAKEN = ("machine_locked", "application_exists", "person_locked")
OVERLAPS = """
    select count(*) from machine_lock one join machine_lock other
    on one.machine_id = other.machine_id and one.id < other.id
    where tstzrange(one.granted_at, one.released_at) && tstzrange(other.granted_at, other.released_at)
"""


@dataclass
class User:
    """An installer's clerk with a crane and a crew of his own; `covets` a neighbour's crane, if he is of that kind."""

    client: Client
    world: World
    site: Site
    machine_id: str
    crew: list[dict[str, Any]]
    documents: list[dict[str, Any]]
    covets: str = ""
    draft: dict[str, Any] = field(default_factory=dict)

    def prepare(self) -> None:
        form = forms.install_notice(self.covets or self.machine_id, self.site.project_id, self.crew)
        self.draft = self.world.draft(self.client, "install_notice", form, documents=self.documents)

    def submit(self, at: float) -> float | None:
        """Press the button at this moment: the seconds until the answer, None if the crane was taken."""
        time.sleep(max(0.0, at - time.monotonic()))
        began = time.perf_counter()
        try:
            self.draft = self.client.post(f"/applications/{self.draft['application_id']}/submit", self._version())
        except Problem as problem:
            if problem.code not in TAKEN:
                raise
            return None
        return time.perf_counter() - began

    def take_back(self) -> None:
        """Free the crane for the next round."""
        reason = {"reason": "压力测试"}
        self.client.post(f"/applications/{self.draft['application_id']}/withdraw", self._version() | reason)

    def _version(self) -> dict[str, Any]:
        return {"version": self.draft["version"]}


def main() -> int:
    system = System(ROOT / ".run" / "bench", lambda line: print(line, file=sys.stderr))
    try:
        system.start()
        threading.Thread(target=system.stay, daemon=True).start()
        users = _prepare(system)
        result = {
            **_run(users, WINDOW_SECONDS),
            "users": USERS,
            "window_seconds": WINDOW_SECONDS,
            "burst": _run(users, 0.0),
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
    for number in range(0, USERS, NEIGHBOURS_EVERY):
        users[number].covets = users[number + 1].machine_id
    return users


def _run(users: list[User], window: float) -> dict[str, Any]:
    """All users, `ROUNDS` times, each time spread over `window` seconds; what they saw."""
    seconds: list[float] = []
    refused, busy = 0, 0.0
    with ThreadPoolExecutor(PREPARING) as few, ThreadPoolExecutor(len(users)) as all_at_once:
        for _ in range(ROUNDS):
            list(few.map(User.prepare, users))
            began = time.monotonic()
            start = began + 0.2
            moments = [start + random.uniform(0, window) for _ in users]
            answers = list(all_at_once.map(User.submit, users, moments))
            busy += time.monotonic() - start
            seconds += [each for each in answers if each is not None]
            refused += answers.count(None)
            list(few.map(User.take_back, users))
            time.sleep(SETTLE_SECONDS)
    seconds.sort()
    return {
        "p50_ms": round(statistics.median(seconds) * 1000),
        "p95_ms": round(seconds[int(len(seconds) * 0.95)] * 1000),
        "per_second": round(len(seconds) / busy, 1),
        "refused": refused,
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
    caller = Caller(_gateway_uri(system), "gateway")
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
