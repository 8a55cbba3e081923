"""Events that nobody is there for, that come late, twice and in the wrong order: the locks are in the end what filing says."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import pytest

from tests.faults.breaking import Breaker
from tests.faults.submission import Rows, Submission, assert_locked, locks, told
from tests.faults.telling import TELLERS, disorder, last_told, tell_again, told_since, wait_until_heard
from tests.journeys import forms
from tests.journeys.site import Site
from tests.journeys.waiting import eventually

MACHINE_EVENTS = ("machine_filed", "machine_locked", "machine_installed", "machine_unlocked")
Tell = Callable[[], AbstractContextManager[object]]


def submitted(site: Site) -> Submission:
    submission = Submission(site)
    submission.hand_in()
    return submission


def approve(submission: Submission) -> None:
    site = submission.site
    site.world.countersign(submission.id, site.contractor, site.supervisor)
    site.world.decide(submission.id, site.world.county)


def reject(submission: Submission) -> None:
    site, county = submission.site, submission.site.world.county
    site.world.countersign(submission.id, site.contractor, site.supervisor)
    site.world.act(county.acceptor, submission.id, "accept")
    site.world.act(county.approver, submission.id, "reject", reason="安装单位资质等级不符")


def withdraw(submission: Submission) -> None:
    submission.site.world.act(submission.site.installer.client, submission.id, "withdraw", reason="工期调整")


@pytest.mark.parametrize(("decide", "stage"), [(approve, "held"), (reject, None), (withdraw, None)])
def test_a_decision_reaches_machine_and_crew_though_relay_and_readers_die(
    site: Site, breaker: Breaker, decide: Callable[[Submission], None], stage: str | None
) -> None:
    submission = submitted(site)
    assert_locked(breaker, submission, "reserved")
    with cut(breaker, "filing", "equipment", "personnel", subject=submission.id):
        decide(submission)
    assert_locked(breaker, submission, stage)


def test_a_dismantling_frees_machine_and_operators_though_relay_and_readers_die(site: Site, breaker: Breaker) -> None:
    machine_id, operators = in_use(site)
    dismantling = site.notify_dismantling(machine_id)
    with cut(breaker, "filing", "equipment", "personnel", subject=dismantling):
        site.world.decide(dismantling, site.world.county)
    assert_free(site, breaker, machine_id, operators)


def test_an_unlocking_ends_the_registration_and_frees_operators_though_relay_and_readers_die(
    site: Site, breaker: Breaker
) -> None:
    machine_id, operators = in_use(site)
    version = site.machine(machine_id)["version"]
    with cut(breaker, "equipment", "filing", "personnel", subject=machine_id):
        body = {"version": version, "reason": "设备已被强制拆除"}
        site.world.county.approver.post(f"/machines/{machine_id}/unlock", body)
    assert_free(site, breaker, machine_id, operators)


@contextmanager
def cut(breaker: Breaker, teller: str, *readers: str, subject: str) -> Iterator[None]:
    """What `teller` records inside the block: its relay is killed with it unsent, then each reader with it in hand."""
    relay, reading = f"{teller}-relay", [f"{reader}-subscriptions" for reader in readers]
    with ExitStack() as all_frozen:
        for name in (relay, *reading):
            all_frozen.enter_context(breaker.frozen(name))
        yield
        breaker.kill(relay)
        breaker.wait_until_sent(teller, subject)
        for name in reading:
            breaker.kill(name)
    for name in reading:
        breaker.wait_until_back(name)


def in_use(site: Site) -> tuple[str, list[str]]:
    """A crane whose use is registered, and its operators, firmly locked."""
    machine_id = site.file_machine()
    site.install(machine_id)
    operators = site.operators()
    site.register_use(machine_id, operators)
    people = [each["person_id"] for each in operators]
    for person in people:
        eventually(lambda who=person: site.active_locks(who) != [], "operator locked")  # type: ignore[misc]
    return machine_id, people


def assert_free(site: Site, breaker: Breaker, machine_id: str, operators: list[str]) -> None:
    site.wait_for_machine(machine_id, "filed")
    assert locks(breaker, machine_id) == []
    for person in operators:
        eventually(lambda who=person: not site.active_locks(who), "operator free")  # type: ignore[misc]
    registrations = "select stage from certificate where machine_id = %s and kind = 'use_registration'"
    eventually(
        lambda: breaker.sql("filing", registrations, machine_id) == [("cancelled",)], "the registration is cancelled"
    )
    assert told(breaker, "equipment", "machine_unlocked", machine_id) == 1


@dataclass
class Life:
    """A crane and the people who were at it, in the order of their parts."""

    machine_id: str
    people: list[str]


def live(site: Site, breaker: Breaker, tell: Tell = nullcontext) -> Life:
    """Filed, refused once, taken back once, installed, used, dismantled, installed again. What is told of each step is
    told inside `tell`; a step begins when the one before it has been heard of."""
    world, county = site.world, site.world.county
    with tell():
        filing = world.submit(site.lessor.client, "machine_filing", forms.machine_filing())
        world.decide(filing, county)
    machine_id = str(site.lessor.client.get(f"/applications/{filing}")["machine_id"])
    site.wait_for_machine(machine_id, "filed")
    for give_up in (reject, withdraw):
        with tell():
            given_up = Submission(site, machine_id)
            given_up.hand_in()
            give_up(given_up)
        assert_locked(breaker, given_up, None)
    with tell():
        installed = Submission(site, machine_id)
        installed.hand_in()
        approve(installed)
    site.wait_for_machine(machine_id, "installed")
    operators = site.operators()
    with tell():
        use = forms.use_registration(machine_id, site.project_id, operators)
        world.decide(world.submit(site.contractor.client, "use_registration", use), county)
    site.wait_for_machine(machine_id, "registered")
    with tell():
        world.decide(site.notify_dismantling(machine_id), county)
    site.wait_for_machine(machine_id, "filed")
    with tell():
        again = Submission(site, machine_id)
        again.hand_in()
        approve(again)
    site.wait_for_machine(machine_id, "installed")
    return Life(machine_id, [*installed.crew, *(each["person_id"] for each in operators), *again.crew])


def test_a_life_told_twice_and_in_the_wrong_order_is_the_life_that_was_told_well(site: Site, breaker: Breaker) -> None:
    begun = {service: last_told(breaker, service) for service in TELLERS}
    undisturbed = live(site, breaker)

    def all_in_disorder() -> AbstractContextManager[object]:
        stack = ExitStack()
        for service in reversed(TELLERS):  # filing's is heard first: what the others tell follows from it
            stack.enter_context(disorder(breaker, service))
        return stack

    disturbed = live(site, breaker, all_in_disorder)

    for service in TELLERS:
        wait_until_heard(breaker, service, told_since(breaker, service, begun[service]))
    assert told_of(site, breaker, disturbed) == told_of(site, breaker, undisturbed)

    both = (undisturbed, disturbed)
    before = [everything(breaker, each) for each in both]
    for service in TELLERS:
        tell_again(breaker, service, told_since(breaker, service, begun[service])[::-1])
    assert [everything(breaker, each) for each in both] == before


def told_of(site: Site, breaker: Breaker, life: Life) -> dict[str, Any]:
    """What all three services know of a life in the end, without what differs from life to life.

    Where a withdrawal is heard before the submission nobody ever learns that the lock had been confirmed.
    """
    machine = "select act, cause from machine_ledger where machine_id = %s and act <> 'confirmed' order by number"
    person = "select act, role, cause from person_ledger where person_id = %s and act <> 'confirmed' order by number"
    certificates = "select kind, stage from certificate where machine_id = %s order by issued_at"
    events = {type_: told(breaker, "equipment", type_, life.machine_id) for type_ in MACHINE_EVENTS}
    return {
        "stage": site.machine(life.machine_id)["stage"],
        "machine": breaker.sql("equipment", machine, life.machine_id),
        "people": [breaker.sql("personnel", person, each) for each in life.people],
        "certificates": breaker.sql("filing", certificates, life.machine_id),
        "filed, installed": (events["machine_filed"], events["machine_installed"]),
        "locked less unlocked": events["machine_locked"] - events["machine_unlocked"],
    }


def everything(breaker: Breaker, life: Life) -> list[Rows]:
    """All that a late repeat could change."""
    return [
        breaker.sql("equipment", "select * from machine where id = %s", life.machine_id),
        breaker.sql("equipment", "select * from machine_lock where machine_id = %s order by id", life.machine_id),
        breaker.sql("equipment", "select * from machine_ledger where machine_id = %s order by number", life.machine_id),
        breaker.sql("equipment", "select * from machine_event where machine_id = %s order by number", life.machine_id),
        breaker.sql("personnel", "select * from person_lock where person_id = any(%s) order by id", life.people),
        breaker.sql("personnel", "select * from person_ledger where person_id = any(%s) order by number", life.people),
        breaker.sql("filing", "select * from certificate where machine_id = %s order by id", life.machine_id),
        *(breaker.sql(service, "select count(*) from outbox") for service in TELLERS),
    ]
