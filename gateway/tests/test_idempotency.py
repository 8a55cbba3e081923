"""Idempotency-Key: what is sent twice is done once (R-O2)."""

import time
from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import select

from chassis.errors import Conflict, Unavailable
from gateway.idempotency import AnswerRow
from gateway.parts import Parts
from gateway.testing.rooms import Asked, Silence
from gateway.testing.visits import Visit

MACHINE = "0190b5f2-7b1e-7c3a-9d2e-1f2a3b4c5d6e"
FREEZE = f"/machines/{MACHINE}/freeze"
BODY = {"version": 1, "reason": "事故调查"}
DONE = {"machine_id": MACHINE, "version": 2}


def codes(reply: Any) -> tuple[int, str]:
    return reply.status_code, reply.json["code"]


def kept_keys(parts: Parts) -> set[str]:
    with parts.sessions() as session:
        return set(session.scalars(select(AnswerRow.key)))


@pytest.fixture
def officer(town: Any) -> Visit:
    town.rooms.say("equipment.freeze_machine", DONE)
    return town.administrator(town.agency(), "qiaoxi-head")


def calls(town: Any) -> list[Asked]:
    found: list[Asked] = town.rooms.asked_of("equipment.freeze_machine")
    return found


def test_the_same_request_again_gets_the_first_answer_and_the_service_is_asked_once(town: Any, officer: Visit) -> None:
    first, second = (officer.post(FREEZE, BODY, key="k1") for _ in range(2))

    assert first.status_code == second.status_code == 200
    assert first.json == second.json == DONE
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len(calls(town)) == 1


def test_the_order_of_names_in_the_body_makes_no_other_request(officer: Visit) -> None:
    officer.post(FREEZE, BODY, key="k1")

    assert officer.post(FREEZE, dict(reversed(BODY.items())), key="k1").status_code == 200


def test_another_body_or_another_address_under_the_same_key_is_refused(town: Any, officer: Visit) -> None:
    officer.post(FREEZE, BODY, key="k1")

    assert codes(officer.post(FREEZE, {**BODY, "reason": "别的"}, key="k1")) == (422, "idempotency_key_reused")
    assert codes(officer.post(FREEZE.replace("freeze", "thaw"), BODY, key="k1")) == (422, "idempotency_key_reused")
    assert len(calls(town)) == 1


def test_two_people_may_use_the_same_key(town: Any, officer: Visit) -> None:
    other = town.account(officer, "qiaoxi-second", ["acceptor"])

    officer.post(FREEZE, BODY, key="k1")
    other.post(FREEZE, BODY, key="k1")

    keys = [each.key for each in calls(town)]
    assert len(keys) == 2 and keys[0] != keys[1]


def test_a_post_without_a_key_is_refused_a_put_may_go_without(town: Any, officer: Visit) -> None:
    missing = officer.send("POST", FREEZE, json=BODY)
    assert codes(missing) == (400, "idempotency_key_missing")
    assert calls(town) == []

    town.rooms.say("filing.save_draft", {"version": 2})
    path = f"/applications/{MACHINE}/draft"
    assert officer.put(path, {"version": 1}).status_code == 200
    assert officer.put(path, {"version": 1}, headers={"Idempotency-Key": "k9"}).status_code == 200
    repeated = officer.put(path, {"version": 1}, headers={"Idempotency-Key": "k9"})
    assert repeated.headers["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize("key", ["", "x" * 201, "with space"])
def test_a_key_that_is_none_is_refused(officer: Visit, key: str) -> None:
    assert codes(officer.send("POST", FREEZE, json=BODY, headers={"Idempotency-Key": key})) == (
        400,
        "idempotency_key_malformed",
    )


def test_a_refusal_changes_nothing_so_its_key_serves_the_next_try(town: Any, officer: Visit) -> None:
    town.rooms.say("equipment.freeze_machine", Conflict("stale_version", version=7))
    assert codes(officer.post(FREEZE, BODY, key="k1")) == (409, "stale_version")

    town.rooms.say("equipment.freeze_machine", DONE)
    assert officer.post(FREEZE, {**BODY, "version": 7}, key="k1").status_code == 200


def test_while_the_first_try_runs_the_second_is_told_to_wait(town: Any, officer: Visit) -> None:
    running, go_on = Event(), Event()

    def slow(asked: Asked) -> dict[str, Any]:
        running.set()
        go_on.wait(5)
        return DONE

    town.rooms.say("equipment.freeze_machine", slow)
    replies: list[Any] = []
    first = Thread(target=lambda: replies.append(officer.post(FREEZE, BODY, key="k1")))
    first.start()
    running.wait(5)
    meanwhile = officer.as_(officer.token).post(FREEZE, BODY, key="k1")
    go_on.set()
    first.join()

    assert codes(meanwhile) == (409, "request_in_progress")
    assert int(meanwhile.headers["Retry-After"]) >= 1
    assert replies[0].status_code == 200
    assert officer.post(FREEZE, BODY, key="k1").json == DONE
    assert len(calls(town)) == 1


def test_of_many_at_once_one_is_done_and_in_the_end_all_hear_the_same(town: Any, officer: Visit) -> None:
    def work(asked: Asked) -> dict[str, Any]:
        time.sleep(0.1)
        return DONE

    town.rooms.say("equipment.freeze_machine", work)
    replies: list[Any] = []

    def ask_until_answered() -> None:
        mine, deadline = officer.as_(officer.token), time.monotonic() + 20
        while time.monotonic() < deadline:
            reply = mine.post(FREEZE, BODY, key="k1")
            if reply.status_code != 409:
                replies.append(reply)
                return

    threads = [Thread(target=ask_until_answered) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert [each.json for each in replies] == [DONE] * 8
    assert len(calls(town)) == 1


def test_a_try_whose_process_died_is_taken_over_under_the_same_command_key(
    town: Any, officer: Visit, parts: Parts, clock: Any
) -> None:
    earlier = kept_keys(parts)
    officer.post(FREEZE, BODY, key="k1")
    with parts.sessions.begin() as session:  # as it stands when the process dies before it has kept the answer
        row = session.scalars(select(AnswerRow).where(AnswerRow.key.not_in(earlier))).one()
        row.status, row.body = None, None

    assert codes(officer.post(FREEZE, BODY, key="k1")) == (409, "request_in_progress")
    clock.advance(timedelta(seconds=30))
    assert codes(officer.post(FREEZE, {**BODY, "reason": "别的"}, key="k1")) == (422, "idempotency_key_reused")
    assert officer.post(FREEZE, BODY, key="k1").json == DONE
    first, second = calls(town)
    assert first.key == second.key


def test_after_a_lost_answer_the_retry_goes_on_under_the_same_command_key(town: Any, officer: Visit) -> None:
    def silent(asked: Asked) -> dict[str, Any]:
        raise Silence

    town.rooms.say("equipment.freeze_machine", silent)
    assert codes(officer.post(FREEZE, BODY, key="k1")) == (503, "no_answer")
    town.rooms.say("equipment.freeze_machine", DONE)
    assert officer.post(FREEZE, BODY, key="k1").status_code == 200
    first, second = calls(town)
    assert first.key == second.key


def test_what_a_service_cannot_do_now_is_told_with_when_to_ask_again(town: Any, officer: Visit) -> None:
    town.rooms.say("equipment.freeze_machine", Unavailable("machine_contended", retry_after=2))

    reply = officer.post(FREEZE, BODY)

    assert codes(reply) == (503, "machine_contended")
    assert reply.headers["Retry-After"] == "2"


def test_a_secret_answer_is_repeated_too_but_does_not_lie_readable_in_the_table(
    town: Any, officer: Visit, parts: Parts
) -> None:
    body = {"name": "ERP", "scopes": ["machines:read"], "expires_at": town.in_days(3)}

    first, second = (officer.post("/keys", body, key="k1") for _ in range(2))

    assert first.json == second.json
    assert len(officer.get("/keys").json["items"]) == 1
    with parts.sessions() as session:
        rows = session.scalars(select(AnswerRow)).all()
    assert rows and all(first.json["secret"].encode() not in (row.body or b"") for row in rows)
    assert all(row.key != "k1" for row in rows)


def test_answers_are_forgotten_after_a_day(
    town: Any, officer: Visit, parts: Parts, clock: Any, visit: Callable[..., Visit]
) -> None:
    officer.post(FREEZE, BODY, key="k1")
    clock.advance(timedelta(hours=25))
    parts.answers.forget_old()

    again = visit().sign_in("qiaoxi-head", "Sitework-2026")
    assert "Idempotent-Replayed" not in again.post(FREEZE, BODY, key="k1").headers
    assert len(calls(town)) == 2
