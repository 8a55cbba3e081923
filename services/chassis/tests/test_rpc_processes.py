"""What becomes of requests when the process that answers them ends, is killed, or is blocked (style.md §8)."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor, wait

import pytest

from chassis.call import Caller
from chassis.errors import Unavailable
from chassis.testing.broker import BreakableBroker
from services.chassis.tests.conftest import PACKAGES, Echo, until


def test_a_request_in_hand_at_the_end_is_answered_once(echo: Echo, caller: Caller, token: str) -> None:
    """N1: Nameko closes the connection first; another instance runs the command a second time."""
    ending = echo.start("rpc")
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(caller.call, "echo", "echo", {"text": "slow", "seconds": 2}, token, deadline=10.0)
        echo.wait_for("began slow")
        ending.terminate()
        echo.start("rpc")

        assert asked.result()["text"] == "slow"

    assert ending.wait() == 0
    assert echo.did() == ["began slow", "ended slow"]


def test_who_has_just_died_keeps_a_long_call_no_longer_waiting(echo: Echo, caller: Caller, token: str) -> None:
    """It was heard of a moment ago; all the same it is looked for before a call that may take seconds."""
    process = echo.start("rpc")
    until(lambda: readers_of(echo, "rpc-echo") == 1, 5, "it reads its queue")
    caller.call("echo", "echo", {"text": "last words"}, token)
    process.kill()
    until(lambda: readers_of(echo, "rpc-echo") == 0, 5, "the broker knows of its death")

    began = time.monotonic()
    with pytest.raises(Unavailable, match="service_down"):
        caller.call("echo", "echo", {"text": "still there?"}, token, deadline=10.0)

    assert time.monotonic() - began < 0.5


def readers_of(echo: Echo, queue: str) -> int:
    with echo.broker.channel() as channel:
        return int(channel.queue_declare(queue, passive=True).consumer_count)


WORKERS, MORE_THAN_WORKERS = 20, 30  # those of chassis.nameko.runner (importing it would patch this process)


def test_a_ring_of_calls_ends_at_its_deadline_and_the_process_goes_on(echo: Echo, caller: Caller, token: str) -> None:
    """N10: with Nameko a service that is called by whom it calls stands still for ever once all its workers wait."""
    process = echo.start("rpc")

    def ask(number: int) -> str:
        try:
            caller.call("echo", "ask_again", {"text": f"ring {number}"}, token, deadline=5.0)
        except Unavailable as refusal:
            return refusal.code
        return "answered"

    os.kill(process.pid, signal.SIGSTOP)  # all of them wait before the first is taken: nobody gets his own in between
    with ThreadPoolExecutor(MORE_THAN_WORKERS) as threads:
        asked = [threads.submit(ask, number) for number in range(MORE_THAN_WORKERS)]
        until(lambda: echo.broker.depth("rpc-echo") >= MORE_THAN_WORKERS - WORKERS, 4, "requests wait")
        os.kill(process.pid, signal.SIGCONT)
        outcomes = [each.result() for each in asked]

    assert "no_answer" in outcomes  # the ring had closed
    assert set(outcomes) <= {"no_answer", "service_down", "answered"}
    caller.breakers.clear()
    assert answers(caller, token)


def test_a_process_whose_workers_all_wait_for_each_other_obeys_sigterm(echo: Echo, caller: Caller, token: str) -> None:
    process = echo.start("rpc")
    with ThreadPoolExecutor(MORE_THAN_WORKERS) as threads:
        asked = [
            threads.submit(caller.call, "echo", "ask_again", {"text": f"ring {number}"}, token, deadline=5.0)
            for number in range(MORE_THAN_WORKERS)
        ]
        until(lambda: echo.broker.depth("rpc-echo") >= MORE_THAN_WORKERS - WORKERS, 5, "their own requests wait")

        process.terminate()

        assert process.wait() == 0
        wait(asked)


def test_what_takes_too_long_at_the_end_is_given_up_and_handed_out_again(
    echo: Echo, caller: Caller, token: str
) -> None:
    ending = echo.start("rpc", GRACE="6")  # less five seconds
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(caller.call, "echo", "echo", {"text": "long", "seconds": 4}, token, deadline=15.0)
        echo.wait_for("began long")
        ending.terminate()
        assert ending.wait() == 1
        echo.start("rpc")

        assert asked.result()["text"] == "long"

    assert echo.did() == ["began long", "began long", "ended long"]


def test_a_killed_process_leaves_its_request_to_the_next(echo: Echo, caller: Caller, token: str) -> None:
    killed = echo.start("rpc")
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(caller.call, "echo", "echo", {"text": "twice", "seconds": 1}, token, deadline=15.0)
        echo.wait_for("began twice")
        killed.kill()
        echo.start("rpc")

        assert asked.result()["text"] == "twice"


def test_a_call_that_nobody_waits_for_is_not_run_later(echo: Echo, caller: Caller, token: str) -> None:
    """N8: with Nameko it stays in the queue, and runs when the service comes back."""
    process = echo.start("rpc")
    caller.call("echo", "echo", {"text": "there"}, token)
    process.kill()

    with pytest.raises(Unavailable):  # it has answered a moment ago, so this one is sent and waits
        caller.call("echo", "echo", {"text": "too late"}, token, deadline=0.4)
    echo.start("rpc")
    caller.breakers.clear()
    caller.call("echo", "echo", {"text": "in time"}, token, deadline=5.0)

    assert "began too late" not in echo.did() and "began in time" in echo.did()


def test_it_runs_without_pkg_resources(echo: Echo, caller: Caller, token: str) -> None:
    """N22: Nameko's own command line needs it, and recent setuptools have it no more."""
    code = "import sys; sys.modules['pkg_resources'] = None; import runpy; sys.argv[1:] = ['rpc']; "
    code += "runpy.run_module('echo', run_name='__main__')"
    (echo.processes.folder / "bare").mkdir()
    bare = echo.processes.folder / "bare" / "bare_echo.py"
    bare.write_text(code)
    paths = os.pathsep.join((str(PACKAGES), str(bare.parent)))

    echo.processes("bare_echo", environment=echo.environment | {"PYTHONPATH": paths})

    assert caller.call("echo", "echo", {"text": "bare"}, token)["text"] == "bare"


def answers(caller: Caller, token: str) -> bool:
    try:
        return caller.call("echo", "echo", {"text": "again"}, token)["text"] == "again"
    except Unavailable:
        return False


def test_a_process_survives_that_its_connection_goes_while_its_hub_is_blocked(
    breakable_echo: Echo, breakable_broker: BreakableBroker, token: str
) -> None:
    """N12: the late acknowledgement raises what Nameko does not catch, and its container kills itself."""
    process, caller = breakable_echo.start("rpc"), Caller(breakable_broker.uri, "gateway")
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(caller.call, "echo", "behave", {"how": "block_hub"}, token, deadline=2.0)
        breakable_echo.wait_for("began to block")
        breakable_broker.node.ctl("close_all_connections", "heartbeats missed")
        with pytest.raises(Unavailable):
            asked.result()
    breakable_echo.wait_for("ended to block")

    until(lambda: answers(caller, token), 15, "answers again")
    assert process.process.poll() is None


def test_a_restart_of_the_broker_is_survived_and_its_absence_waited_out(
    breakable_echo: Echo, breakable_broker: BreakableBroker, token: str
) -> None:
    """N16: idle connections, the service's and the pooled one of the caller. N15: Nameko crashes when started now."""
    idle, caller = breakable_echo.start("rpc"), Caller(breakable_broker.uri, "gateway")
    assert answers(caller, token)

    breakable_broker.stop()
    started_without = breakable_echo.start("rpc", wait=False)
    until(lambda: "broker_away" in started_without.log.read_text(), 15, "it tries")
    assert started_without.get("/health/live") == "{}" and not started_without.is_ready()
    breakable_broker.start()
    for process in (idle, started_without):
        process.wait_until_ready()

    assert caller.call("echo", "echo", {"text": "after"}, token)["text"] == "after"
    idle.kill()
    until(lambda: answers(caller, token), 5, "the one that waited answers too")


def test_it_can_be_stopped_while_it_waits(breakable_echo: Echo) -> None:
    process = breakable_echo.start("rpc", wait=False, AMQP_URI="amqp://guest:guest@127.0.0.1:1/")
    until(lambda: "broker_away" in process.log.read_text(), 15, "it tries")

    process.terminate()

    assert process.wait() == 0


def test_a_call_under_a_broker_alarm_ends_at_its_deadline(
    breakable_echo: Echo, breakable_broker: BreakableBroker, token: str
) -> None:
    """N14: Nameko's publisher hangs for ever."""
    breakable_echo.start("rpc")
    caller = Caller(breakable_broker.uri, "gateway")
    assert answers(caller, token)
    breakable_broker.raise_memory_alarm()
    try:
        for _ in range(3):
            began = time.monotonic()
            with pytest.raises(Unavailable):
                caller.call("echo", "echo", {"text": "blocked"}, token, deadline=1.0)
            assert time.monotonic() - began < 1.6
    finally:
        breakable_broker.clear_memory_alarm()

    until(lambda: answers(caller, token), 15, "answers again")
