"""Key people on duty: some are given a phone, and it tells where they were today until now; most on site, some elsewhere."""

from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from shapely.geometry import shape

from deploy.demo import sites
from deploy.demo.chance import chance
from deploy.demo.client import Problem
from deploy.demo.crowd import Task
from deploy.demo.firms import Firm
from deploy.demo.loading import Loading, NotAsExpected
from deploy.demo.sites import Site
from deploy.demo.staff import key_people

SITES = 24  # whose key people have phones
ABSENT_EVERY = 5  # of those with a phone, one is elsewhere
SUPERVISING = ("chief_supervisor", "supervising_engineer")
LOCATED_ROLES = ("project_manager", "technical_lead", "safety_officer", *SUPERVISING)
BEGIN, END = 8, 18  # o'clock
EVERY = timedelta(minutes=5)
ELSEWHERE = 0.02  # degrees: two kilometres
TIMEOUT = 30.0
SHANGHAI = ZoneInfo("Asia/Shanghai")


def tasks(loading: Loading, positions_url: str) -> list[Task]:
    filed = [each for each in sites.all_sites(loading.today) if each.stage == "approved" and not each.ending]
    first_post = {key: (site, role) for site in reversed(filed[:SITES]) for role, key in _located(site, loading.today)}
    return [
        Task(f"phone of {key}", partial(_locate, loading, positions_url, site, role, key, number))
        for number, (key, (site, role)) in enumerate(first_post.items())
    ]


def _located(site: Site, today: date) -> list[tuple[str, str]]:
    return [(role, key) for role, key in key_people(site, today) if role in LOCATED_ROLES]


def _locate(loading: Loading, positions_url: str, site: Site, role: str, person: str, number: int) -> None:
    person_id = loading.ids.people[person]
    key = loading.kept.key("phone", person)
    told = {"person_id": person_id, "label": "演示手机"}
    try:
        opened = loading.firm(_firm(site, role)).post("/devices", told, key=key)
    except Problem as problem:
        if problem.code == "person_not_on_duty":  # released meanwhile: nobody need know where he is
            return
        raise
    rows = _day(site, person, is_absent=number % ABSENT_EVERY == ABSENT_EVERY - 1)
    answer = httpx.post(
        f"{positions_url}/positions",
        json={"rows": rows, "sent_at": _milliseconds(datetime.now(SHANGHAI))},
        headers={"Authorization": f"Bearer {opened['key']}"},
        timeout=TIMEOUT,
    )
    if answer.status_code != httpx.codes.ACCEPTED:
        raise NotAsExpected(f"positions were answered by {answer.status_code}")


def _firm(site: Site, role: str) -> Firm:
    """Whose man he is."""
    return site.supervisor if role in SUPERVISING else site.contractor


def _day(site: Site, person: str, *, is_absent: bool) -> list[list[Any]]:
    """Every five minutes of the working day so far, and now: at a point of the site, a few metres off each time."""
    draw, point = chance("positions", person), shape(site.boundary).representative_point()
    shanghai = datetime.now(SHANGHAI)
    moment = shanghai.replace(hour=BEGIN, minute=draw.randint(0, 20), second=0, microsecond=0)
    moments = []
    while moment < min(shanghai, shanghai.replace(hour=END, minute=0)):
        moments.append(moment)
        moment += EVERY
    if BEGIN <= shanghai.hour < END:
        moments.append(shanghai)
    return [_row(number, each, point, ELSEWHERE if is_absent else 0.0, draw) for number, each in enumerate(moments)]


def _row(number: int, moment: datetime, point: Any, off: float, draw: Random) -> list[Any]:
    place = (point.x + off + draw.gauss(0, 3e-5), point.y + draw.gauss(0, 3e-5))
    return [_milliseconds(moment), *place, round(draw.uniform(5, 20), 1), number]


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
