"""Logs tell constant events with keys and nobody's data; every metric says what it means."""

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from chassis import telemetry

Lines = Callable[[], list[dict[str, object]]]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Lines]:
    """What has been logged since, as read by a machine."""
    handlers = logging.getLogger().handlers[:]
    telemetry.configure_logging("echo", "rpc")
    yield lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    logging.getLogger().handlers[:] = handlers


def test_a_log_line_is_one_json_object_with_the_trace(lines: Lines) -> None:
    trace = telemetry.new_trace()
    telemetry.logger().info("machine_locked", machine_id="m1", place="保定")

    (line,) = lines()

    assert line["event"] == "machine_locked" and line["machine_id"] == "m1" and line["place"] == "保定"
    assert (line["service"], line["role"], line["level"], line["trace"]) == ("echo", "rpc", "info", trace)
    assert str(line["at"]).endswith("Z")


def test_personal_data_and_secrets_are_struck_out_by_their_key(lines: Lines) -> None:
    telemetry.logger().info("seen", identity_number="x", phone="y", password="z", person={"phone": "w"}, token="t")

    (line,) = lines()

    assert [line[key] for key in ("identity_number", "phone", "password", "token")] == ["***"] * 4
    assert line["person"] == {"phone": "***"}


def test_personal_data_inside_a_text_or_a_traceback_are_masked(lines: Lines) -> None:
    try:
        raise ValueError("Key (number)=(130102199003070014) exists, call 13812345678, amqp://me:secret@host/")
    except ValueError as error:
        telemetry.logger().error("failed", exc_info=error, tried=["13812345678"])

    (line,) = lines()

    told = json.dumps(line)
    for private in ("130102199003070014", "13812345678", "secret"):
        assert private not in told
    assert "130102********0014" in told and "ValueError" in told


def test_what_libraries_warn_of_comes_as_json_too(lines: Lines) -> None:
    telemetry.configure_logging("echo", "rpc")

    logging.getLogger("some.library").warning("lost %s", "13812345678")

    (line,) = lines()

    assert (line["logger"], line["event"], line["level"]) == ("some.library", "lost 138****5678", "warning")


def test_a_trace_that_is_none_of_ours_is_not_followed() -> None:
    assert telemetry.follow("01a20551-c41d-7b73") == "01a20551-c41d-7b73" == telemetry.current_trace()
    for odd in ("\ud800", "a b", "x" * 65, 7, None):
        assert telemetry.follow(odd) == ""


def test_every_metric_says_what_it_means() -> None:
    families = list(text_string_to_metric_families(telemetry.exposition().decode()))

    assert {"rpc_calls", "events_relayed", "events_handled", "outbox_oldest_seconds", "reconciler_repairs"} <= {
        each.name for each in families
    }
    assert all(len(each.documentation) > 12 for each in families)


def test_only_two_files_know_the_metrics_library() -> None:
    sources = Path(telemetry.__file__).parent.rglob("*.py")
    users = {each.name for each in sources if "prometheus_client" in each.read_text() and "testing" not in each.parts}
    assert users <= {"telemetry.py", "health.py", "runner.py"}  # the runner names it, to see that it comes later
