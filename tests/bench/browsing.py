"""Officers who go from page to page of the portal, as browsers do: cookie, HTML, no assets (those are cached)."""

import itertools
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from deploy.demo.client import Client
from deploy.local.system import System

USERS, THINKING_SECONDS, BROWSING_SECONDS = 50, (2.0, 6.0), 60.0
COOKIE = "anjian_session"
PAGES = (
    "/",
    "/inbox",
    "/applications",
    "/applications/{id}",
    "/review/{waiting}",
    "/figures",
    "/projects",
    "/machines",
    "/people",
    "/search?q=锦绣",
)
Seconds = list[tuple[str, float]]


def browse(system: System, agency: str, roles: tuple[str, ...]) -> dict[str, Any]:
    """`USERS` officers of this agency, each looking at one page after the other and reading it, after a few have warmed
    everything up.

    Raises `RuntimeError` for a page that did not come, since one that fails is quick.
    """
    door = Client(system.address())
    operator = door.another().sign_in("operator", system.operator_password.read_text().strip())
    administrator = _account(operator, "bench", ("administrator",), organisation_id=agency)
    with ThreadPoolExecutor(4) as few, ThreadPoolExecutor(USERS) as all_at_once:
        officers = list(few.map(lambda number: _account(administrator, f"bench{number}", roles), range(USERS)))
        ids = {
            "id": [each["application_id"] for each in officers[0].get("/applications")["items"]],
            "waiting": [
                each["application_id"] for each in officers[0].get("/applications", waits_for_me=True)["items"]
            ],
        }
        list(few.map(lambda officer: [_look(officer, page, ids, random.Random(1)) for page in PAGES], officers[:4]))
        seen = [each for one in all_at_once.map(lambda officer: _visit(officer, ids), officers) for each in one]
    return {
        "users": USERS,
        "seen": len(seen),
        "per_second": round(len(seen) / BROWSING_SECONDS, 1),
        **told([seconds for _, seconds in seen]),
        "by_page": {page: told(seconds) for page, seconds in _by_page(seen).items()},
    }


def told(seconds: list[float]) -> dict[str, float]:
    """`p50_ms`, `p95_ms`."""
    seconds = sorted(seconds)
    p95 = seconds[min(int(len(seconds) * 0.95), len(seconds) - 1)]
    return {"p50_ms": round(statistics.median(seconds) * 1000, 1), "p95_ms": round(p95 * 1000, 1)}


def _visit(officer: Client, ids: dict[str, list[str]]) -> Seconds:
    chance, seen = random.Random(officer.me["account"]["username"]), []
    until = time.monotonic() + BROWSING_SECONDS
    for page in _walk(chance):
        time.sleep(chance.uniform(*THINKING_SECONDS))
        if time.monotonic() > until:
            break
        seen.append((page, _look(officer, page, ids, chance)))
    return seen


def _look(officer: Client, page: str, ids: dict[str, list[str]], chance: random.Random) -> float:
    address = page.format(**{name: chance.choice(found) for name, found in ids.items()})
    began = time.perf_counter()
    answer = officer.http.get(f"{officer.base_url}{address}", headers={"Cookie": f"{COOKIE}={officer.token}"})
    took = time.perf_counter() - began
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    return took


def _walk(chance: random.Random) -> Iterator[str]:
    return (chance.choice(PAGES) for _ in itertools.count())


def _account(maker: Client, username: str, roles: tuple[str, ...], **more: str) -> Client:
    made = maker.post("/accounts", {"username": username, "name": "监督员", "roles": list(roles), **more})
    client = maker.another().sign_in(username, made["one_time_password"])
    words = {"current_password": made["one_time_password"], "new_password": "Yanzhao-2026-安监"}
    client.post("/account/password", words)
    return client


def _by_page(seen: Seconds) -> dict[str, list[float]]:
    found: dict[str, list[float]] = defaultdict(list)
    for page, seconds in seen:
        found[page].append(seconds)
    return dict(sorted(found.items()))
