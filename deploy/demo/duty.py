"""Managers on duty: some are given a phone, and it tells where they were today until now; most on site, some elsewhere."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from shapely.geometry import shape

from deploy.demo import sites
from deploy.demo.chance import chance
from deploy.demo.client import Problem
from deploy.demo.crowd import Task
from deploy.demo.loading import Loading, NotAsExpected
from deploy.demo.sites import Site

PHONES = 24
ABSENT_EVERY = 5  # of those with a phone, one is elsewhere
BEGIN, END = 8, 18  # o'clock
EVERY = timedelta(minutes=5)
ELSEWHERE = 0.02  # degrees: two kilometres
TIMEOUT = 30.0
SHANGHAI = ZoneInfo("Asia/Shanghai")


def tasks(loading: Loading, positions_url: str) -> list[Task]:
    filed = [each for each in sites.all_sites(loading.today) if each.stage == "approved" and not each.ending]
    return [
        Task(f"manager of {site.name}", partial(_locate, loading, positions_url, site, number))
        for number, site in enumerate(filed[:PHONES])
    ]


def _locate(loading: Loading, positions_url: str, site: Site, number: int) -> None:
    person_id = loading.ids.people[f"{site.key}/project_manager"]
    key = loading.kept.key("phone", site.key)
    told = {"person_id": person_id, "label": "演示手机"}
    try:
        opened = loading.firm(site.contractor).post("/devices", told, key=key)
    except Problem as problem:
        if problem.code == "person_not_on_duty":  # released meanwhile: nobody need know where he is
            return
        raise
    rows = _day(site, is_absent=number % ABSENT_EVERY == ABSENT_EVERY - 1)
    answer = httpx.post(
        f"{positions_url}/positions",
        json={"rows": rows, "sent_at": _milliseconds(datetime.now(SHANGHAI))},
        headers={"Authorization": f"Bearer {opened['key']}"},
        timeout=TIMEOUT,
    )
    if answer.status_code != httpx.codes.ACCEPTED:
        raise NotAsExpected(f"positions were answered by {answer.status_code}")


def _day(site: Site, *, is_absent: bool) -> list[list[Any]]:
    """Every five minutes of the working day so far: at a point of the site, a few metres off each time."""
    draw, point = chance("positions", site.key), shape(site.boundary).representative_point()
    shanghai = datetime.now(SHANGHAI)
    moment = shanghai.replace(hour=BEGIN, minute=draw.randint(0, 20), second=0, microsecond=0)
    end = min(shanghai, shanghai.replace(hour=END, minute=0))
    off = ELSEWHERE if is_absent else 0.0
    rows: list[list[Any]] = []
    while moment <= end:
        place = (point.x + off + draw.gauss(0, 3e-5), point.y + draw.gauss(0, 3e-5))
        rows.append([_milliseconds(moment), *place, round(draw.uniform(5, 20), 1), len(rows)])
        moment += EVERY
    return rows


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
