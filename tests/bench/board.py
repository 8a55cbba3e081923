"""`make bench-board`: the province's duty board and a person's month over a province of people on duty; prints JSON.

30,000 sites and 150,000 people who are due, two in three of them with positions today, and a month of days behind them for
one in thirty. Asked by RPC, one after another: `p50_ms`, `p95_ms`; `echo_ms` is a refusal that reads nothing, in the same run.
Meanwhile the sites are counted as often as the scheduler counts them: `count_ms` is what each count took.
"""

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from hashlib import md5
from pathlib import Path
from typing import Any
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import psycopg

from attendance import board
from chassis.call import Caller
from chassis.clock import day_of, now
from chassis.database import engine, session_factory
from chassis.errors import Forbidden
from chassis.principal import sign
from deploy.local.plan import ROOT
from deploy.local.system import System
from filing import divisions
from tests.bench.browsing import told
from tests.bench.portal import officer

SITES, PEOPLE, TIMES = 30_000, 150_000, 40
DEADLINE_SECONDS = 10.0
BOARD_MS, MONTH_MS = 300, 50
PERSON, SITE = (str(UUID(md5(name.encode()).hexdigest())) for name in ("person 30", "site 30"))


def main() -> int:
    system = System(ROOT / ".run" / "bench-board", lambda line: print(line, file=sys.stderr), name="bench_board")
    system.services = [
        replace(each, processes=tuple(p for p in each.processes if p.name == "attendance-rpc"))
        for each in system.services
    ]
    try:
        system.start()
        threading.Thread(target=system.stay, daemon=True).start()
        uri = system.environments.databases["attendance"].owner_uri
        _fill(uri)
        with _counting(uri) as took:
            result = _measure(system) | {"count_ms": took}
        print(json.dumps(result))
        return 0 if result["reached"] else 1
    finally:
        system.stop()
        system.forget()


def _fill(uri: str) -> None:
    counties = [each.area for each in divisions.all_divisions() if each.level == "county"]
    asked = {"sites": SITES, "people": PEOPLE, "counties": counties, "today": day_of(now())}
    with psycopg.connect(uri) as connection:
        for statement in A_PROVINCE:
            connection.execute(statement, asked)
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("vacuum analyze")


@contextmanager
def _counting(uri: str) -> Iterator[list[int]]:
    """In milliseconds, what each count took; the first is over before anything is asked."""
    took: list[int] = []
    stop, sessions = threading.Event(), session_factory(engine(uri))

    def count() -> None:
        began = time.perf_counter()
        board.count(sessions, now)
        took.append(round((time.perf_counter() - began) * 1000))

    def go_on() -> None:
        while not stop.wait(board.COUNTED_EVERY.total_seconds()):
            count()

    count()
    counting = threading.Thread(target=go_on)
    counting.start()
    yield took
    stop.set()
    counting.join()


def _measure(system: System) -> dict[str, Any]:
    gateway = next(each for each in system.services if each.name == "gateway")
    caller = Caller(system.environments.of_service(gateway)["AMQP_URI"], "gateway")
    key = system.environments.keys.private("gateway")

    def ask(method: str, of: str, **request: Any) -> Callable[[], None]:
        def once() -> None:
            token = sign(officer(of), key, "gateway")
            caller.call("attendance", method, request, token, deadline=DEADLINE_SECONDS)

        return once

    def refused() -> None:
        """Another city's board."""
        with suppress(Forbidden):
            ask("get_duty_board", "13.1301", area="13.1302")()

    month = f"{day_of(now()):%Y-%m}"
    county = divisions.all_divisions()[-1].area
    asked = {
        "echo": refused,
        "board, province": ask("get_duty_board", "13"),
        "board, city": ask("get_duty_board", "13.1301"),
        "board, county": ask("get_duty_board", county),
        "board, site": ask("get_duty_board", "13", project_id=SITE),
        "a person's month": ask("get_month", "13", person_id=PERSON, month=month),
    }
    took = {name: _time(once) for name, once in asked.items()}
    caller.close()
    reached = took["board, province"]["p95_ms"] <= BOARD_MS and took["a person's month"]["p95_ms"] <= MONTH_MS
    return {"sites": SITES, "people": PEOPLE, "echo_ms": took.pop("echo")["p50_ms"], "took": took, "reached": reached}


def _time(once: Callable[[], None]) -> dict[str, float]:
    seconds = []
    for _ in range(TIMES + 3):
        began = time.perf_counter()
        once()
        seconds.append(time.perf_counter() - began)
    return told(seconds[3:])


MINUTES_OF_A_DAY = "lpad('', 480, '0') || lpad('', 600, '1') || lpad('', 360, '0')"
A_PROVINCE = (
    "insert into person (id) select md5('person ' || n)::uuid from generate_series(1, %(people)s) n order by n",
    """insert into site (id, version, name, area, stage, starts_on)
    select md5('site ' || n)::uuid, 1, '工地 ' || n, (%(counties)s::text[])[n %% cardinality(%(counties)s::text[]) + 1], 'filed',
        '2026-01-01' from generate_series(1, %(sites)s) n order by n""",
    """insert into duty (application_id, person, role, site, since)
    select md5('application ' || n)::uuid, n, (array['project_manager', 'technical_lead', 'safety_officer', 'chief_supervisor',
        'supervising_engineer'])[n %% 5 + 1], (n - 1) %% %(sites)s + 1, '2026-01-01'
    from generate_series(1, %(people)s) n""",
    f"""insert into presence (person, site, day, seen, inside, outside, last_seen_at, last_inside_at, changed_at)
    select n, (n - 1) %% %(sites)s + 1, %(today)s - back, minutes, minutes, ~minutes & minutes,
        now() - back * interval '1 day', now() - back * interval '1 day' - n %% 60 * interval '1 minute', now()
    from generate_series(1, %(people)s) n, generate_series(0, 30) back,
        lateral (select ({MINUTES_OF_A_DAY})::bit(1440) as minutes) day
    where back = 0 and n %% 3 > 0 or n %% 30 = 0""",
)


if __name__ == "__main__":
    sys.exit(main())
