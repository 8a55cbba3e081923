"""`make bench-enforcement`: lists, figures, map and the overdue sweep over a province's inspections; prints JSON.

1,000,000 findings of 250,000 inspections in three years, 200,000 orders with their documents, 30,000 sites of 20,000 firms, an
agency with ten officers for each division (A="--findings 100000" for a short one: all but divisions follow it).

- `services`: each request asked by RPC one after another, `p50_ms` and `p95_ms` from asking to answer; `reached`: p95 ≤ 100 ms.
- `pages`: the pages as HTML, a few signed-in officers of a city with pauses to think: p95 ≤ 150 ms.
- `count_ms`: what counting all months for the figures took, and what it takes every ten minutes from then on.
- `sweep`: a day's overdue orders told, and the sweep that finds nothing, which is what runs every minute.
- `select_1_ms`, `echo_ms`: a bare round trip to PostgreSQL, and a refusal that reads nothing, in the same run.
"""

import argparse
import itertools
import json
import random
import statistics
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from hashlib import md5
from pathlib import Path
from typing import Any
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import psycopg

from chassis.call import Caller
from chassis.clock import day_of, now
from chassis.database import engine, session_factory
from chassis.errors import Forbidden
from chassis.principal import Principal, sign
from chassis.workdays import Calendar
from deploy.local.plan import ROOT, Process, Service
from deploy.local.system import System
from enforcement import overdue, tallying
from filing import divisions
from tests.bench import registers
from tests.bench.browsing import browse, told
from tests.bench.copying import copy
from tests.bench.enforcement_rows import A_PROVINCE
from tests.bench.portal import SHARED_BUFFERS, officer, superuser
from tests.bench.registers import agency_id

TIMES, DEADLINE_SECONDS = 40, 30.0
SERVICE_LIMIT_MS, PAGE_LIMIT_MS = 100, 150
USERS, BROWSING_SECONDS = 5, 25.0
ANSWERING = ("gateway", "filing", "enforcement")
PROVINCE, CITY, COUNTY = "13", "13.1301", "13.1301.130102"
OVERDUE_A_DAY = 1_000
PAGES = (
    "/enforcement",
    "/enforcement/calendar",
    "/enforcement/map",
    "/enforcement/figures",
    "/enforcement/orders",
    "/enforcement/orders?state=overdue",
    "/enforcement/orders/{order}",
    "/enforcement/inspections",
    "/enforcement/findings",
    "/enforcement/findings?open=1&severity=major",
    "/projects/{site}/safety",
)
Request = dict[str, Any]
FINDINGS: dict[str, Request] = {
    "major": {"severity": "major"},
    "open major": {"severity": "major", "open": True},
    "repeated": {"repeated": True},
    "one clause's": {"clause_key": "B.3-02"},
}


def an_id(name: str) -> str:
    """As the statements of `enforcement_rows` make it."""
    return str(UUID(md5(name.encode()).hexdigest()))


def main() -> int:
    sizes = _sizes()
    system = System(
        ROOT / ".run" / "bench-enforcement", lambda line: print(line, file=sys.stderr), name="bench_enforcement"
    )
    # The schedulers are left out: what they do is timed here.
    system.services = [replace(each, processes=_answering(each)) for each in system.services]
    system.servers.private_postgres.settings["shared_buffers"] = SHARED_BUFFERS
    try:
        system.start()
        threading.Thread(target=system.stay, daemon=True).start()
        result = _measure(system, sizes)
        print(json.dumps(result, ensure_ascii=False))
        return 0 if result["reached"] else 1
    finally:
        system.stop()
        system.forget()


def _answering(service: Service) -> tuple[Process, ...]:
    if service.name not in ANSWERING:
        return ()
    return tuple(each for each in service.processes if each.name.endswith(("-rpc", "-web")))


def _sizes() -> dict[str, int]:
    parser = argparse.ArgumentParser()
    parser.add_argument("--findings", type=int, default=1_000_000)
    findings = parser.parse_args().findings
    shares = {"inspections": 4, "orders": 5, "sites": 33, "firms": 50}
    return {"findings": findings} | {name: findings // share for name, share in shares.items()}


def _measure(system: System, sizes: dict[str, int]) -> dict[str, Any]:
    uri = system.environments.databases["enforcement"].owner_uri
    began = time.monotonic()
    _fill(system, uri, sizes)
    print(f"filled in {time.monotonic() - began:.0f} s", file=sys.stderr)
    sessions = session_factory(engine(uri))
    count_ms = [_milliseconds(lambda: tallying.count_due(sessions, now))]
    count_ms.append(_milliseconds(lambda: tallying.count_due(sessions, lambda: now() + timedelta(minutes=11))))
    services = _services(system, sizes)
    echo = services.pop("echo")["p50_ms"]
    pages = _pages(system, sizes)
    sweep = _sweep(sessions)
    return {
        "rows": sizes,
        "select_1_ms": _select_1(uri),
        "echo_ms": echo,
        "count_ms": count_ms,
        "services": services,
        "pages": pages,
        "sweep": sweep,
        "reached": all(each["p95_ms"] <= SERVICE_LIMIT_MS for each in services.values())
        and pages["p95_ms"] <= PAGE_LIMIT_MS,
    }


def _fill(system: System, uri: str, sizes: dict[str, int]) -> None:
    counties = [each.area for each in divisions.all_divisions() if each.level == "county"]
    every = [each.area for each in divisions.all_divisions()]
    asked = sizes | {
        "counties": counties,
        "agencies": [agency_id(each) for each in counties],
        "areas": every,
        "every_agency": [agency_id(each) for each in every],
        "today": day_of(now()),
        "overdue": OVERDUE_A_DAY,
    }
    with psycopg.connect(uri) as connection:
        for statement in A_PROVINCE:
            connection.execute(statement, asked)
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("vacuum analyze")
    with psycopg.connect(superuser(system, "enforcement"), autocommit=True) as connection:
        connection.execute("checkpoint")
    with psycopg.connect(superuser(system, "filing")) as connection:
        columns = (*registers.ORGANISATION, "kinds", "level", "code")
        copy(connection, "organisation", columns, (registers.agency_row(each) for each in divisions.all_divisions()))


def _services(system: System, sizes: dict[str, int]) -> dict[str, dict[str, float]]:
    gateway = next(each for each in system.services if each.name == "gateway")
    caller = Caller(system.environments.of_service(gateway)["AMQP_URI"], "gateway")
    key = system.environments.keys.private("gateway")

    def ask(who: Principal, method: str, request: Callable[[], Request]) -> Callable[[], None]:
        def once() -> None:
            caller.call("enforcement", method, request(), sign(who, key, "gateway"), deadline=DEADLINE_SECONDS)

        return once

    def refused() -> None:
        """Another city's figures."""
        with suppress(Forbidden):
            ask(officer(CITY), "get_enforcement_figures", lambda: {"area": "13.1302"})()

    try:
        asked = {name: ask(*what) for name, what in _asked(sizes).items()}
        return {name: _time(once) for name, once in ({"echo": refused} | asked).items()}
    finally:
        caller.close()


def _asked(sizes: dict[str, int]) -> dict[str, tuple[Principal, str, Callable[[], Request]]]:
    chance = random.Random(1)
    levels = {"province": officer(PROVINCE), "city": officer(CITY), "county": officer(COUNTY)}
    firm = Principal(
        user_id="bench clerk", organisation_id=an_id("firm 7"), organisation_name="建筑公司", kinds=("contractor",),
        organisation_kind="enterprise", area=COUNTY, roles=("clerk",),
    )  # fmt: skip

    def one(kind: str) -> str:
        return an_id(f"{kind} {chance.randrange(sizes[f'{kind}s']) + 1}")

    def same(**request: Any) -> Callable[[], Request]:
        return lambda: request

    asked = {}
    for level, who in (levels | {"firm": firm}).items():
        asked[f"orders, {level}"] = (who, "list_orders", same())
        asked[f"overdue orders, {level}"] = (who, "list_orders", same(overdue=True))
        asked[f"findings, {level}"] = (who, "list_findings", same())
        asked[f"open findings, {level}"] = (who, "list_findings", same(open=True))
        asked[f"inspections, {level}"] = (who, "list_inspections", same())
        asked[f"home, {level}"] = (who, "summarise", same())
    for level, who in levels.items():
        asked[f"figures, {level}"] = (who, "get_enforcement_figures", same())
        asked[f"calendar, {level}"] = (who, "get_inspection_calendar", same())
        asked[f"map, {level}"] = (who, "get_inspection_map", same())
    province = levels["province"]
    first, last = (f"{day_of(now()).year - back}-{month}" for back, month in ((1, "01"), (0, "01")))
    asked["figures of two years, province"] = (province, "get_enforcement_figures", same(first=first, last=last))
    for name, wish in FINDINGS.items():
        asked[f"{name} findings, province"] = (province, "list_findings", same(**wish))
    asked["day"] = (levels["county"], "get_officer_day", same())
    asked["one order"] = (province, "get_order", lambda: {"order_id": one("order")})
    asked["safety history"] = (province, "get_safety_history", lambda: {"project_id": one("site")})
    return asked


def _pages(system: System, sizes: dict[str, int]) -> dict[str, Any]:
    here = range(1, 200)
    ids = {"order": [an_id(f"order {n}") for n in here], "site": [an_id(f"site {n}") for n in here]}
    return browse(
        system, agency_id(PROVINCE), ("inspector",), pages=PAGES, ids=ids, users=USERS, seconds=BROWSING_SECONDS
    )


def _sweep(sessions: Any) -> dict[str, Any]:
    told_of: list[int] = []
    took = _milliseconds(lambda: told_of.append(overdue.sweep(sessions, now, Calendar())))
    return {
        "told": told_of[0],
        "ms": took,
        "nothing_ms": _milliseconds(lambda: overdue.sweep(sessions, now, Calendar())),
    }


def _time(once: Callable[[], None]) -> dict[str, float]:
    seconds = []
    for _ in itertools.repeat(None, TIMES + 3):
        began = time.perf_counter()
        once()
        seconds.append(time.perf_counter() - began)
    return told(seconds[3:])


def _milliseconds(act: Callable[[], Any]) -> int:
    began = time.perf_counter()
    act()
    return round((time.perf_counter() - began) * 1000)


def _select_1(uri: str) -> float:
    seconds = []
    with psycopg.connect(uri, autocommit=True) as connection:
        for _ in range(TIMES):
            began = time.perf_counter()
            connection.execute("select 1").fetchone()
            seconds.append(time.perf_counter() - began)
    return round(statistics.median(seconds) * 1000, 2)


if __name__ == "__main__":
    sys.exit(main())
