"""Each arrow of a submission (docs/decisions/0003), cut by kill −9 at that very place; then all stands up again.

    browser ─1→ gateway ─2→ filing ─3→ equipment, personnel ─4→ filing (commit, outbox) ─5→ gateway
                                   relay ─6→ broker ─7→ equipment.subscriptions

A process is frozen where the arrow should end, so that the one before it is surely waiting there when it is killed.
Afterwards nothing is lost, nothing is locked twice, nothing is locked for ever.
"""

import json
import threading
from typing import Any

import pytest

from chassis import topology
from chassis.wire import ConfirmedLine, Outgoing
from deploy.demo.client import Client, Problem, new_key
from deploy.local.plan import ROOT
from tests.faults.breaking import Breaker
from tests.journeys import forms
from tests.journeys.site import Site
from tests.journeys.waiting import eventually


class Submission:
    """A notice for a crane, handed in on a thread of its own with a key that can be used again."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.machine_id = site.file_machine()
        form = forms.install_notice(self.machine_id, site.project_id, site.installer.crew())
        self.draft = site.world.draft(site.installer.client, "install_notice", form)
        self.id = self.draft["application_id"]
        self.key = new_key()
        self.client = Client(site.world.door.base_url, patience=0)
        self.client.token = site.installer.client.token
        self.outcome: Any = None
        self._thread = threading.Thread(target=self._try)

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> Any:
        """What the user saw: "submitted", a problem's code, or the name of a broken connection."""
        self._thread.join(30)
        assert not self._thread.is_alive(), "a request hung"
        return self.outcome

    def again(self) -> None:
        """The user presses the button again: the same command under the same key, until it is answered."""
        patient = Client(self.site.world.door.base_url, patience=60)
        patient.token = self.client.token
        answer = patient.post(f"/applications/{self.id}/submit", {"version": self.draft["version"]}, key=self.key)
        assert answer["stage"] == "countersigning"

    def stage(self) -> str:
        return str(self.site.installer.client.get(f"/applications/{self.id}")["stage"])

    def _try(self) -> None:
        try:
            body = {"version": self.draft["version"]}
            self.client.post(f"/applications/{self.id}/submit", body, key=self.key)
            self.outcome = "submitted"
        except Problem as problem:
            self.outcome = problem.code
        except Exception as error:
            self.outcome = type(error).__name__


def locks(breaker: Breaker, machine_id: str) -> list[tuple[object, ...]]:
    return breaker.sql(
        "equipment",
        "select application_id, stage from machine_lock where machine_id = %s and released_at is null",
        machine_id,
    )


def assert_submitted_and_locked_once(breaker: Breaker, submission: Submission) -> None:
    assert submission.stage() == "countersigning"
    wanted = [(submission.id, "reserved")]
    eventually(lambda: locks(breaker, submission.machine_id) == wanted, "one lock, confirmed by the event")
    told = breaker.sql(
        "filing", "select count(*) from outbox where type = 'application_submitted' and subject = %s", submission.id
    )
    assert told == [(1,)]


def test_arrow_1_the_gateway_dies_while_filing_works(site: Site, breaker: Breaker) -> None:
    submission = Submission(site)
    with breaker.frozen("filing-rpc"):
        submission.begin()
        eventually(lambda: in_progress(breaker) == [(1,)], "the gateway has taken the request")
        breaker.kill("gateway-web")
    submission.end()
    breaker.wait_until_back("gateway-web")
    submission.again()
    assert_submitted_and_locked_once(breaker, submission)


def in_progress(breaker: Breaker) -> list[tuple[object, ...]]:
    """How many requests the gateway has begun to answer (their keys are kept as fingerprints)."""
    return breaker.sql("gateway", "select count(*) from answer where status is null")


def test_arrow_2_filing_dies_before_it_begins_and_nothing_happens_late(site: Site, breaker: Breaker) -> None:
    submission = Submission(site)
    with breaker.frozen("filing-rpc"):
        submission.begin()
        assert submission.end() == "service_down" or submission.outcome
        breaker.kill("filing-rpc")
    breaker.wait_until_back("filing-rpc")
    assert submission.outcome != "submitted"
    assert submission.stage() == "draft"  # the expired request was not done when filing came back
    submission.again()
    assert_submitted_and_locked_once(breaker, submission)


@pytest.mark.parametrize("owner", ["equipment-rpc", "personnel-rpc"])
def test_arrow_3_a_lock_owner_dies_before_it_answers(site: Site, breaker: Breaker, owner: str) -> None:
    submission = Submission(site)
    with breaker.frozen(owner):
        submission.begin()
        assert submission.end() != "submitted"
        breaker.kill(owner)
    breaker.wait_until_back(owner)
    assert submission.stage() == "draft"
    submission.again()
    assert_submitted_and_locked_once(breaker, submission)


def test_arrow_4_filing_dies_after_the_claim_and_the_same_command_finds_its_lock(site: Site, breaker: Breaker) -> None:
    submission = cut_after_claim(site, breaker)
    submission.again()
    assert_submitted_and_locked_once(breaker, submission)


def test_arrow_4_filing_dies_after_the_claim_and_a_forgotten_lock_lapses(site: Site, breaker: Breaker) -> None:
    submission = cut_after_claim(site, breaker)
    breaker.sql("equipment", "update machine_lock set lapses_at = now() where application_id = %s", submission.id)
    eventually(lambda: locks(breaker, submission.machine_id) == [], "the provisional lock has lapsed", 90)
    site.install(submission.machine_id)


def cut_after_claim(site: Site, breaker: Breaker) -> Submission:
    """Equipment has granted, personnel is frozen, filing waits for it and is killed there."""
    submission = Submission(site)
    with breaker.frozen("personnel-rpc"):
        submission.begin()
        provisional = [(submission.id, "provisional")]
        eventually(lambda: locks(breaker, submission.machine_id) == provisional, "equipment has granted")
        # Down until the user has given up: else the broker hands the request to the next filing, which finishes it.
        with breaker.down("filing-rpc"):
            assert submission.end() != "submitted"
    assert submission.stage() == "draft"
    return submission


def test_arrow_6_the_relay_is_down_and_the_event_waits(site: Site, breaker: Breaker) -> None:
    submission = Submission(site)
    with breaker.down("filing-relay"):
        submission.begin()
        assert submission.end() == "submitted"
        assert locks(breaker, submission.machine_id) == [(submission.id, "provisional")]
    assert_submitted_and_locked_once(breaker, submission)


def test_arrow_7_the_reader_dies_with_the_event_in_its_hands(site: Site, breaker: Breaker) -> None:
    submission = Submission(site)
    with breaker.frozen("equipment-subscriptions"):
        submission.begin()
        assert submission.end() == "submitted"
        breaker.kill("equipment-subscriptions")
    breaker.wait_until_back("equipment-subscriptions")
    assert_submitted_and_locked_once(breaker, submission)


def test_the_broker_is_restarted_in_the_middle(site: Site, breaker: Breaker) -> None:
    submissions = [Submission(site) for _ in range(4)]
    for each in submissions[:2]:
        each.begin()
    breaker.system.restart_broker()
    for each in submissions[2:]:
        each.begin()
    for each in submissions:
        each.end()
        each.again()
        assert_submitted_and_locked_once(breaker, each)


def test_every_event_twice_and_in_the_wrong_order_changes_nothing(site: Site, breaker: Breaker) -> None:
    machine_id = site.file_machine()
    site.install(machine_id)
    operators = site.operators()
    site.register_use(machine_id, operators)
    site.world.decide(site.notify_dismantling(machine_id), site.world.county)
    site.wait_for_machine(machine_id, "filed")
    site.install(machine_id)
    eventually(lambda: nothing_waits(breaker), "all queues read")
    before = everything(site, breaker, machine_id, operators)
    for service in ("filing", "equipment", "personnel"):
        # All of them again, the newest first: by making new what was sent long ago.
        rows = breaker.sql(service, "select body from outbox where sent_at is not null order by position desc")
        assert rows
        replay(breaker, service, [body for (body,) in rows])
    eventually(lambda: nothing_waits(breaker), "all queues read")
    assert everything(site, breaker, machine_id, operators) == before


def replay(breaker: Breaker, service: str, bodies: list[Any]) -> None:
    uri = breaker.system.environments.of_operator()["AMQP_URI"]
    line = ConfirmedLine(uri, seconds=10, name="replay")
    try:
        for body in bodies:
            content = json.dumps(body, ensure_ascii=False).encode()
            key = topology.event_key(body["type"], body["version"])
            line.publish(
                [Outgoing(exchange=topology.events_exchange(service), key=key, body=content, id=body["id"])], 10
            )
    finally:
        line.close()


def nothing_waits(breaker: Breaker) -> bool:
    uri = breaker.system.environments.of_operator()["AMQP_URI"]
    queues = [
        topology.reader_queue(each.service, heard.type, heard.version)
        for each in map(topology.read, topology.find(ROOT))
        for heard in each.hears
    ]
    return all(topology.depth(uri, queue) == 0 for queue in queues)


def everything(site: Site, breaker: Breaker, machine_id: str, operators: list[Any]) -> list[object]:
    """What the world looks like: locks, ledgers and histories, and how many events were told."""
    people = [each["person_id"] for each in operators]
    return [
        site.machine(machine_id),
        breaker.sql(
            "equipment", "select number, act, stage from machine_ledger where machine_id = %s order by 1", machine_id
        ),
        breaker.sql(
            "personnel", "select id, stage, released_at from person_lock where person_id = any(%s) order by 1", people
        ),
        *(breaker.sql(service, "select count(*) from outbox") for service in ("filing", "equipment", "personnel")),
    ]
