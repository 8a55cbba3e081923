"""Each arrow of a submission (docs/decisions/0003), cut by kill −9 at that very place; then all stands up again.

    browser ─1→ gateway ─2→ filing ─3→ equipment, personnel ─4→ filing (commit, outbox) ─5→ gateway
                                   relay ─6→ broker ─7→ equipment.subscriptions

A process is frozen, or a transaction held at its commit, where the arrow should end, so that the one before it is
surely waiting there when it is killed. Afterwards nothing is lost, nothing is locked twice, nothing is locked for ever.
"""

import pytest

from tests.faults.breaking import Breaker
from tests.faults.submission import Submission, assert_locked, assert_submitted_and_locked_once, locks, told
from tests.journeys.site import Site
from tests.journeys.waiting import eventually


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
        assert submission.end() != "submitted"
        breaker.kill("filing-rpc")
    breaker.wait_until_back("filing-rpc")
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


@pytest.mark.parametrize(("owner", "table"), [("equipment-rpc", "machine_lock"), ("personnel-rpc", "person_lock")])
def test_arrow_4_a_lock_owner_dies_when_it_has_granted_and_nobody_hears_of_it(
    site: Site, breaker: Breaker, owner: str, table: str
) -> None:
    submission = Submission(site)

    def is_granted() -> bool:
        of = f"select count(*) > 0 from {table} where application_id = %s and stage = 'provisional'"
        return breaker.sql(owner.removesuffix("-rpc"), of, submission.id) == [(True,)]

    breaker.dies_unaware_of_its_commit(owner, table, submission.begin, is_granted)
    assert submission.end() != "submitted"
    assert submission.stage() == "draft"
    submission.again()
    assert_submitted_and_locked_once(breaker, submission)


def test_arrow_4_filing_dies_after_the_claim_and_the_same_command_finds_its_lock(site: Site, breaker: Breaker) -> None:
    submission = cut_after_claim(site, breaker)
    submission.again()
    assert_submitted_and_locked_once(breaker, submission)


def test_arrow_4_filing_dies_after_the_claim_and_a_forgotten_lock_lapses(site: Site, breaker: Breaker) -> None:
    submission = cut_after_claim(site, breaker)
    for owner, table in (("equipment", "machine_lock"), ("personnel", "person_lock")):
        breaker.sql(owner, f"update {table} set lapses_at = now() where application_id = %s", submission.id)
    assert_locked(breaker, submission, None)
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


@pytest.mark.parametrize("who", ["filing-rpc", "gateway-web"])
def test_arrow_5_who_should_bring_the_answer_dies_and_the_same_key_finds_it(
    site: Site, breaker: Breaker, who: str
) -> None:
    submission = Submission(site)

    def is_submitted() -> bool:
        return told(breaker, "filing", "application_submitted", submission.id) == 1

    if who == "filing-rpc":
        breaker.dies_unaware_of_its_commit(who, "outbox", submission.begin, is_submitted)
    else:
        with breaker.held_at_commit("filing", "outbox") as wait_for_one:
            submission.begin()
            wait_for_one()
            breaker.kill(who)
        eventually(is_submitted, "filing has committed for a caller who is dead")
        breaker.wait_until_back(who)
    submission.end()
    submission.again()
    assert_submitted_and_locked_once(breaker, submission)


def test_arrow_6_the_relay_is_down_and_the_event_waits(site: Site, breaker: Breaker) -> None:
    submission = Submission(site)
    with breaker.down("filing-relay"):
        submission.begin()
        assert submission.end() == "submitted"
        assert locks(breaker, submission.machine_id) == [(submission.id, "provisional")]
    assert_submitted_and_locked_once(breaker, submission)


@pytest.mark.parametrize("reader", ["equipment-subscriptions", "personnel-subscriptions"])
def test_arrow_7_the_reader_dies_with_the_event_in_its_hands(site: Site, breaker: Breaker, reader: str) -> None:
    submission = Submission(site)
    with breaker.frozen(reader):
        submission.begin()
        assert submission.end() == "submitted"
        breaker.wait_until_sent("filing", submission.id)
        breaker.kill(reader)
    breaker.wait_until_back(reader)
    assert_submitted_and_locked_once(breaker, submission)


def test_the_broker_dies_while_a_request_is_in_hand(site: Site, breaker: Breaker) -> None:
    in_hand, meanwhile = Submission(site), Submission(site)
    with breaker.held_at_commit("filing", "outbox") as wait_for_one:
        in_hand.begin()
        wait_for_one()
        breaker.kill_broker()
    meanwhile.begin()
    eventually(lambda: told(breaker, "filing", "application_submitted", in_hand.id) == 1, "filing has committed")
    for each in (in_hand, meanwhile):
        assert each.end() != "submitted"
    breaker.wait_until_all_are_back()
    for each in (in_hand, meanwhile):
        each.again()
        assert_submitted_and_locked_once(breaker, each)
