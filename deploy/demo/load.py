"""Loads the demo province into a running system, through its public API.

    python -m deploy.demo.load --base-url http://127.0.0.1:8000 \\
        --operator-password-file .run/keys/operator-password --logins .run/logins.json

Run again after it was stopped, it goes on and makes nothing twice: what it must remember for that stands beside the
logins (`demo-province.json`).
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from zoneinfo import ZoneInfo

if not __package__:  # run as a file: its own folder is no place to import from
    sys.path[0] = str(Path(__file__).resolve().parents[2])

import httpx

from deploy.demo import duty, enforcement, later, logins, steps, works
from deploy.demo.client import Client, Problem
from deploy.demo.crowd import Crowd, Failed, Task
from deploy.demo.kept import keep
from deploy.demo.loading import Loading, NotAsExpected
from deploy.demo.users import Users

KEPT = "demo-province.json"
SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Asked:
    base_url: str
    operator_username: str
    operator_password: str
    logins: Path
    positions_url: str = ""


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _asked(arguments)
    begun = monotonic()
    try:
        loaded = load(asked)
    except (Failed, Problem, httpx.HTTPError, NotAsExpected) as error:
        print(f"demo province: {error}", file=sys.stderr)
        return 1
    print(f"demo province: loaded in {monotonic() - begun:.0f} s, {len(loaded)} logins in {asked.logins}")
    return 0


def load(asked: Asked) -> list[logins.Login]:
    """Everything, step by step; raises `Failed` naming the first task that failed."""
    asked.logins.parent.mkdir(parents=True, exist_ok=True)
    kept = keep(asked.logins.with_name(KEPT), datetime.now(SHANGHAI).date())
    door = Client(asked.base_url)
    operator = door.another().sign_in(asked.operator_username, asked.operator_password)
    loading = Loading(Users(door, kept), kept)
    batches = [
        *(("agencies", rank) for rank in steps.agency_ranks(loading, operator)),
        ("papers", steps.documents(loading, operator)),
        ("enterprises", steps.enterprises(loading)),
        ("staff", steps.staffing(loading)),
        ("lessors", works.lessors(loading)),
        ("filings", works.first_filings(loading)),
        ("register", [Task("the register", lambda: works.learn_names(loading))]),
        ("machines on sites", works.first_lives(loading) + works.changes(loading)),
        ("second sites, bulletins", works.second_lives(loading) + works.publications(loading)),
        ("what comes later", later.tasks(loading)),
        ("inspections and orders", enforcement.tasks(loading)),
        *([("managers on duty", duty.tasks(loading, asked.positions_url))] if asked.positions_url else []),
    ]
    with Crowd(sum(len(tasks) for _, tasks in batches)) as crowd:
        for title, tasks in batches:
            crowd.run(title, tasks)
    everybody = list(logins.all_logins(kept, (asked.operator_username, asked.operator_password)))
    logins.write(asked.logins, everybody)
    return everybody


def _asked(arguments: Sequence[str] | None) -> Asked:
    parser = argparse.ArgumentParser(description="Load the demo province through the public API.")
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--operator-username", default="operator")
    parser.add_argument("--operator-password-file", type=Path, required=True)
    parser.add_argument("--logins", type=Path, required=True, help="where to write all logins")
    parser.add_argument("--positions-url", default="", help="the door for positions; without it nobody is located")
    told = parser.parse_args(arguments)
    password = told.operator_password_file.read_text(encoding="utf-8").strip()
    return Asked(told.base_url, told.operator_username, password, told.logins, told.positions_url)


if __name__ == "__main__":
    sys.exit(main())
