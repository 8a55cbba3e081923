"""An inspection completed while everything that carries it is killed, one after the other: one record, one order, one number.

    phone ─1→ gateway ─2→ enforcement (seal, numbers, order, outbox: one commit) ─3→ gateway ─4→ phone

The phone sends the same again until it is answered, as it does where coverage comes and goes.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from deploy.demo.client import Client, new_key
from tests.faults.breaking import Breaker
from tests.journeys.inspecting import Inspectors
from tests.journeys.site import Site
from tests.journeys.waiting import eventually

RECORDS = "select count(*) from document where subject_id = %s"
ORDERS = "select id, number from site_order where inspection_id = %s"
# No serial without a document: nothing was leased here.
LOST = """
    select kind, max(serial) - count(*) from document group by agency_id, kind, year having max(serial) <> count(*)"""


class Completion:
    """Sent on a thread of its own, so that something can die meanwhile."""

    def __init__(self, site: Site, inspectors: Inspectors) -> None:
        self.client = inspectors.first
        self.id = inspectors.begin(site)
        self.body, self.key = inspectors.completed(), new_key()
        self.thread = threading.Thread(target=self._once)

    def begin(self) -> None:
        self.thread.start()

    def again(self, key: str | None = None) -> dict[str, Any]:
        """Until it is answered."""
        return self._of(patience=60).post(f"/inspections/{self.id}/complete", self.body, key=key or self.key)

    def _once(self) -> None:
        try:
            self._of(patience=0).post(f"/inspections/{self.id}/complete", self.body, key=self.key)
        except Exception:
            return  # whatever the phone saw: it sends again

    def _of(self, patience: int) -> Client:
        client = Client(self.client.base_url, patience=patience)
        client.token = self.client.token
        return client


@pytest.fixture
def completion(site: Site) -> Completion:
    return Completion(site, Inspectors.of(site))


def test_the_gateway_dies_while_enforcement_works(completion: Completion, breaker: Breaker) -> None:
    with breaker.frozen("enforcement-rpc"):
        completion.begin()
        eventually(lambda: waiting(breaker), "the gateway has taken it")
        breaker.kill("gateway-web")
    completion.thread.join(30)
    breaker.wait_until_back("gateway-web")
    assert_once(breaker, completion)


def test_enforcement_dies_before_it_begins(completion: Completion, breaker: Breaker) -> None:
    with breaker.frozen("enforcement-rpc"):
        completion.begin()
        completion.thread.join(30)
        breaker.kill("enforcement-rpc")
    breaker.wait_until_back("enforcement-rpc")
    assert breaker.sql("enforcement", RECORDS, completion.id) == [(0,)]
    assert_once(breaker, completion)


def test_enforcement_dies_when_it_has_sealed_and_nobody_hears_of_it(completion: Completion, breaker: Breaker) -> None:
    def is_sealed() -> bool:
        return breaker.sql("enforcement", "select seal is not null from inspection where id = %s", completion.id) == [
            (True,)
        ]

    breaker.dies_unaware_of_its_commit("enforcement-rpc", "document", completion.begin, is_sealed)
    completion.thread.join(30)
    assert_once(breaker, completion)


def test_the_database_and_the_broker_die_on_the_way(completion: Completion, breaker: Breaker) -> None:
    completion.begin()
    breaker.kill_database()
    breaker.kill_broker()
    completion.thread.join(60)
    breaker.wait_until_all_are_back()
    assert_once(breaker, completion)


def test_a_phone_that_sends_it_ten_times_at_once_gets_one_answer(completion: Completion, breaker: Breaker) -> None:
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: completion.again(new_key()), range(10)))
    assert all(each == answers[0] for each in answers)
    assert_once(breaker, completion)


def waiting(breaker: Breaker) -> bool:
    return breaker.sql("gateway", "select count(*) from answer where status is null") != [(0,)]


def assert_once(breaker: Breaker, completion: Completion) -> None:
    """One record, one order, no number lost; told once, and heard by who has to act on it."""
    answers = [completion.again(), completion.again(), completion.again(new_key())]
    assert answers[0] == answers[1] == answers[2]
    ((order_id, number),) = breaker.sql("enforcement", ORDERS, completion.id)
    assert [each["number"] for each in answers[0]["orders"]] == [number]
    assert breaker.sql("enforcement", RECORDS, completion.id) == [(1,)]
    assert breaker.sql("enforcement", LOST) == []
    told = "select type, count(*) from outbox where subject = %s group by type order by type"
    assert breaker.sql("enforcement", told, order_id) == [("order_issued", 1), ("work_stopped", 1)]
    breaker.wait_until_sent("enforcement", str(order_id))
