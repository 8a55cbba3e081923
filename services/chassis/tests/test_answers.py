"""Requests under Nameko: answered once, in time, whatever happens to the process (traps of style.md §8)."""

import json
import subprocess
import sys
import time

import amqp
import pytest

from chassis import telemetry
from chassis.call import Caller, Question
from chassis.errors import Conflict, Unavailable
from chassis.testing.broker import Broker
from services.chassis.tests.conftest import Echo, until


def raw_request(broker: Broker, body: bytes, method: str = "echo", **properties: object) -> dict[str, object]:
    """What comes back to a request that no `Caller` would make."""
    with broker.channel() as channel:
        queue = str(channel.queue_declare("", exclusive=True).queue)
        channel.queue_bind(queue, "nameko-rpc", queue)
        message = amqp.Message(body, content_type="application/json", reply_to=queue, correlation_id="c", **properties)
        channel.basic_publish(message, "nameko-rpc", f"echo.{method}")
        deadline = time.monotonic() + 5
        while (reply := channel.basic_get(queue, no_ack=True)) is None:
            assert time.monotonic() < deadline, "no reply"
            time.sleep(0.01)
        assert reply.properties["correlation_id"] == "c"
        answer: dict[str, object] = json.loads(reply.body)
        return answer


def test_a_reply_is_plain_json(running_echo: Echo, caller: Caller, token: str) -> None:
    """N18: Nameko's JSON writes dates as tags that no other language reads."""
    reply = caller.call("echo", "moments", {}, token)

    assert reply == {"day": "2026-03-02", "at": "2026-03-02T00:00:00+00:00", "rate": 0.5, "parts": ["a", "b"]}


@pytest.mark.parametrize("how", ["bug", "wrong_reply", "wrong_refusal"])
def test_a_bug_is_logged_with_its_trace_and_not_told(running_echo: Echo, caller: Caller, token: str, how: str) -> None:
    """N17: Nameko sends the exception's Python path and arguments over the bus."""
    trace = telemetry.new_trace()

    with pytest.raises(Unavailable) as refused:
        caller.call("echo", "behave", {"how": how}, token)

    assert refused.value.code == "internal_error" and refused.value.detail["trace"] == trace
    log = running_echo.processes.started[0].log.read_text()
    told = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    (failure,) = [line for line in told if line["event"] == "method_failed" and line["trace"] == trace]
    assert failure["method"] == "behave" and "Traceback" in failure["exception"]
    assert "13812345678" not in log


def test_a_database_that_takes_too_long_is_unavailable_and_no_bug(
    running_echo: Echo, caller: Caller, token: str
) -> None:
    with pytest.raises(Unavailable) as refused:
        caller.call("echo", "behave", {"how": "database_away"}, token, deadline=8.0)

    assert refused.value.code == "database_unavailable"


@pytest.mark.parametrize("body", [b"\xff{", b"[]", b'{"args": []}', b'{"args": [], "kwargs": {}}', b"null"])
def test_a_body_that_is_no_request_is_answered_and_gone(running_echo: Echo, token: str, body: bytes) -> None:
    """N4: Nameko lets it vanish, and the caller waits."""
    headers = {"principal": token}

    answer = raw_request(running_echo.broker, body, application_headers=headers)

    assert answer["result"]["refused"]["kind"] == "invalid"  # type: ignore[index]
    assert running_echo.broker.depth("rpc-echo") == 0


def test_an_unknown_method_is_an_error_to_the_caller_only(running_echo: Echo, caller: Caller, token: str) -> None:
    with pytest.raises(Unavailable, match="internal_error"):
        caller.call("echo", "no_such_method", {}, token)
    assert caller.call("echo", "echo", {"text": "still here"}, token)["text"] == "still here"


def test_a_request_without_any_header_is_forbidden(running_echo: Echo) -> None:
    answer = raw_request(running_echo.broker, b'{"args": [{"text": "a"}], "kwargs": {}}')

    assert answer["result"]["refused"]["code"] == "principal_invalid"  # type: ignore[index]


def test_database_waits_of_several_requests_overlap(running_echo: Echo, caller: Caller, token: str) -> None:
    """N26: psycopg's own wait would stop every green thread: five times 0.5 s in a row."""
    questions = [Question("echo", "sleep_in_database", {"text": str(n), "seconds": 0.5}) for n in range(5)]
    caller.call("echo", "sleep_in_database", {"text": "warm"}, token)

    began = time.monotonic()
    answers = caller.call_many(questions, token, deadline=5.0)

    assert all(isinstance(answer, dict) for answer in answers)
    assert time.monotonic() - began < 1.6


def test_more_requests_than_workers_are_all_answered(running_echo: Echo, caller: Caller, token: str) -> None:
    questions = [Question("echo", "echo", {"text": str(n), "seconds": 0.05}) for n in range(100)]

    answers = caller.call_many(questions, token, deadline=10.0)

    assert [answer["text"] for answer in answers if isinstance(answer, dict)] == [str(n) for n in range(100)]


def test_a_call_that_is_late_when_its_turn_comes_is_not_run(running_echo: Echo, token: str) -> None:
    """N8 once more: the header, for what has left the queue in time and then waited in a busy process."""
    with running_echo.broker.channel() as channel:
        headers = {"principal": token, "expires": int(time.time() * 1000) - 1}
        body = b'{"args": [{"text": "expired"}], "kwargs": {}}'
        channel.basic_publish(amqp.Message(body, application_headers=headers), "nameko-rpc", "echo.echo")

    metrics = running_echo.processes.started[0]
    late = 'rpc_answers_total{method="echo",outcome="late",service="echo"} 1.0'
    until(lambda: late in metrics.get("/metrics"), 5, late)
    assert "began expired" not in running_echo.did()


def test_the_runner_refuses_to_patch_too_late() -> None:
    """N21: a lock made before is not green, and one day hangs."""
    program = "import sqlalchemy\nimport chassis.nameko.runner"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30)

    assert done.returncode != 0 and "imported before chassis.nameko.runner had patched: sqlalchemy" in done.stderr


def test_a_refusal_is_an_answer_and_no_exception_in_the_log(running_echo: Echo, caller: Caller, token: str) -> None:
    log = running_echo.processes.started[0].log
    before = log.read_text()

    with pytest.raises(Conflict):
        caller.call("echo", "behave", {"how": "conflict"}, token)

    assert log.read_text() == before
