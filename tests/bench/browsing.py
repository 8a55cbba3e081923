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


def browse(
    system: System,
    agency: str,
    roles: tuple[str, ...],
    pages: tuple[str, ...] = PAGES,
    ids: dict[str, list[str]] | None = None,
    users: int = USERS,
    seconds: float = BROWSING_SECONDS,
) -> dict[str, Any]:
    """`users` officers of this agency, each looking at one page after the other and reading it, after a few have warmed
    everything up. `ids` are drawn from for the pages of records; without them, the applications that are there.

    Raises `RuntimeError` for a page that did not come, since one that fails is quick.
    """
    door = Client(system.address())
    operator = door.another().sign_in("operator", system.operator_password.read_text().strip())
    administrator = _account(operator, "bench", ("administrator",), organisation_id=agency)
    with ThreadPoolExecutor(4) as few, ThreadPoolExecutor(users) as all_at_once:
        officers = list(few.map(lambda number: _account(administrator, f"bench{number}", roles), range(users)))
        ids = ids or _applications(officers[0])
        list(few.map(lambda officer: [_look(officer, page, ids, random.Random(1)) for page in pages], officers[:4]))
        seen = [
            each
            for one in all_at_once.map(lambda officer: _visit(officer, ids, pages, seconds), officers)
            for each in one
        ]
    return {
        "users": users,
        "seen": len(seen),
        "per_second": round(len(seen) / seconds, 1),
        **told([took for _, took in seen]),
        "by_page": {page: told(took) for page, took in _by_page(seen).items()},
    }


def told(seconds: list[float]) -> dict[str, float]:
    """`p50_ms`, `p95_ms`."""
    seconds = sorted(seconds)
    p95 = seconds[min(int(len(seconds) * 0.95), len(seconds) - 1)]
    return {"p50_ms": round(statistics.median(seconds) * 1000, 1), "p95_ms": round(p95 * 1000, 1)}


def _applications(officer: Client) -> dict[str, list[str]]:
    asked: tuple[tuple[str, dict[str, Any]], ...] = (("id", {}), ("waiting", {"waits_for_me": True}))
    return {
        name: [each["application_id"] for each in officer.get("/applications", **more)["items"]] for name, more in asked
    }


def _visit(officer: Client, ids: dict[str, list[str]], pages: tuple[str, ...], seconds: float) -> Seconds:
    chance, seen = random.Random(officer.me["account"]["username"]), []
    until = time.monotonic() + seconds
    for page in _walk(chance, pages):
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


def _walk(chance: random.Random, pages: tuple[str, ...]) -> Iterator[str]:
    return (chance.choice(pages) for _ in itertools.count())


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
