"""Positions: whatever is killed while they come, each that was answered with success is there, and is there once."""

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

import httpx
import pytest

from deploy.demo.client import Problem
from deploy.local.system import System
from tests.faults.breaking import Breaker
from tests.journeys.site import Site
from tests.journeys.waiting import eventually

SHANGHAI = timezone(timedelta(hours=8))
POINTS = 20  # in a message
SENDERS = 4


VICTIMS: dict[str, Callable[[Breaker], None]] = {
    "the worker": lambda breaker: breaker.kill_if_alive("attendance-ingest"),
    "the door": lambda breaker: breaker.kill_if_alive("gateway-positions"),
    "the broker": lambda breaker: breaker.kill_broker(),
    "the database": lambda breaker: breaker.kill_database(),
}


@dataclass
class Phone:
    """Sends batch after batch, each until it is answered with success, as the app does."""

    address: str
    key: str
    device_id: str
    hour: int
    sent: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def send_until_told(self) -> None:
        with httpx.Client(timeout=10) as client:
            while not self.stopping.is_set():
                with self.lock:
                    first, self.sent = self.sent, self.sent + POINTS
                batch = self._batch_from(first)
                while self._answer(client, batch) != 202:
                    self.stopping.wait(random.uniform(0.05, 0.2))
                if random.random() < 0.2:
                    self._answer(client, batch)  # once more, as after an answer that got lost

    def _answer(self, client: httpx.Client, batch: dict[str, object]) -> int:
        try:
            headers = {"Authorization": f"Bearer {self.key}"}
            return client.post(f"{self.address}/positions", json=batch, headers=headers).status_code
        except httpx.HTTPError:
            return 0

    def _batch_from(self, first: int) -> dict[str, object]:
        """Positions of yesterday from some hour on, a second apart, each with its number."""
        start = datetime.now(SHANGHAI).replace(hour=self.hour, minute=0, second=0, microsecond=0) - timedelta(days=1)
        at = int(start.timestamp() * 1000)
        return {"rows": [[at + n * 1000, 114.5, 38.04, 10, n] for n in range(first, first + POINTS)]}


@pytest.fixture
def phone(site: Site, system: System, victim: str) -> Iterator[Phone]:
    """A new one for each test, of the same manager: each has an hour of his day to itself."""
    client, opened = site.contractor.client, {}

    def open_device() -> bool:
        try:
            opened.update(client.post("/devices", {"person_id": site.manager, "label": "测试"}))
        except Problem as problem:  # the event of his lock is still on its way
            assert problem.code == "person_not_on_duty"
        return bool(opened)

    eventually(open_device, "the manager is known to be on duty")
    address = f"http://127.0.0.1:{system.ports('gateway-positions')}"
    phone = Phone(address, opened["key"], opened["device_id"], 8 + 3 * list(VICTIMS).index(victim))
    with ThreadPoolExecutor(SENDERS) as senders:
        sending = [senders.submit(phone.send_until_told) for _ in range(SENDERS)]
        try:
            yield phone
        finally:
            phone.stopping.set()
            for each in sending:
                each.result()


@pytest.mark.parametrize("victim", VICTIMS)
def test_each_position_answered_with_success_is_there_once(
    victim: str, phone: Phone, site: Site, breaker: Breaker
) -> None:
    for _ in range(3):
        seen = phone.sent
        eventually(lambda seen=seen: phone.sent > seen + 10 * POINTS, "phones go on sending")
        VICTIMS[victim](breaker)
    phone.stopping.set()

    eventually(lambda: nothing_is_missing(phone, site), "all have arrived", 90)
    count = (
        "select count(*), count(distinct time) from position join device on device.number = position.device where id = "
    )
    assert breaker.sql("attendance", f"{count}'{phone.device_id}'") == [(phone.sent, phone.sent)]


def nothing_is_missing(phone: Phone, site: Site) -> bool:
    try:
        told = site.contractor.client.get(f"/devices/{phone.device_id}/missing")
    except (Problem, httpx.HTTPError):  # while what was killed comes back
        return False
    return bool(told["last"] == phone.sent - 1 and told["missing"] == [])
