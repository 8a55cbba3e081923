"""Bad input is a 4xx that names field and rule, never a 500 (issue 2, "Bad input")."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.errors import Conflict, Invalid
from gateway.testing.rooms import Asked
from gateway.testing.visits import Visit

JSON = {"Content-Type": "application/json"}
MACHINE = "0190b5f2-7b1e-7c3a-9d2e-1f2a3b4c5d6e"
FREEZE = f"/machines/{MACHINE}/freeze"


def codes(reply: Any) -> tuple[int, str]:
    return reply.status_code, reply.json["code"]


@pytest.fixture
def officer(town: Any) -> Visit:
    return town.administrator(town.agency(), "qiaoxi-head")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"version": 1', 400, "json_broken"),
        (b"{'version': 1}", 400, "json_broken"),
        (b'{"version": NaN}', 400, "json_broken"),
        (b'{"version": 1e999}', 400, "json_broken"),
        (b"\xff\xfe", 400, "json_broken"),
        (b"[1, 2]", 400, "json_no_object"),
        (b'"text"', 400, "json_no_object"),
        (b"null", 400, "json_no_object"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400, "json_broken"),
        (b'{"a": ' + b"[" * 60 + b"]" * 60 + b"}", 400, "json_too_deep"),
        (b'{"reason": "\\ud800"}', 400, "text_unreadable"),
        (b'{"reason": "a\\u0000b"}', 400, "text_unreadable"),
        (b'{"\\u0000": 1}', 400, "text_unreadable"),
        (b'{"version": ' + b"9" * 5000 + b"}", 400, "json_broken"),
        (b'{"a": "' + b"x" * 1_100_000 + b'"}', 413, "body_too_large"),
    ],
)
def test_a_body_that_is_no_json_object_is_told_so(officer: Visit, body: bytes, status: int, code: str) -> None:
    assert codes(officer.post(FREEZE, data=body, headers=JSON)) == (status, code)


def test_what_is_not_called_json_is_refused(officer: Visit) -> None:
    assert codes(officer.post(FREEZE, data=b"version=1", headers={"Content-Type": "text/plain"})) == (
        415,
        "json_expected",
    )


def test_unknown_addresses_and_methods_are_problems_too(officer: Visit) -> None:
    assert codes(officer.get("/cranes")) == (404, "no_such_address")
    wrong = officer.patch(FREEZE, {})
    assert codes(wrong) == (405, "method_not_allowed")
    assert "POST" in wrong.json["detail"]


def test_a_field_that_the_path_decides_cannot_be_said_again(town: Any, officer: Visit) -> None:
    other = {"machine_id": "0190b5f2-7b1e-7c3a-9d2e-000000000000", "version": 1, "reason": "x"}

    reply = officer.post(FREEZE, other)

    assert reply.status_code == 422
    assert reply.json["fields"] == [{"path": "machine_id", "rule": "unknown_field", "message": "没有这一项，请删去。"}]
    assert town.rooms.asked_of("equipment.freeze_machine") == []


def test_a_word_in_the_query_of_a_change_is_refused(officer: Visit) -> None:
    assert officer.post(f"{FREEZE}?force=true", {"version": 1}).json["fields"][0]["path"] == "force"


def test_a_body_where_none_is_read_is_not_passed_over_in_silence(officer: Visit) -> None:
    assert codes(officer.delete("/sessions", json={"session_id": MACHINE})) == (400, "body_not_expected")
    assert codes(officer.get("/machines", json={"kind": "T"})) == (400, "body_not_expected")
    assert officer.get("/sessions/current").status_code == 200


def test_a_word_given_twice_is_refused(officer: Visit) -> None:
    assert officer.get("/machines?kind=T&kind=S").json["fields"][0]["rule"] == "given_twice"


def test_broken_rules_come_with_field_rule_and_a_sentence(town: Any, officer: Visit) -> None:
    fields = {
        "form.machine.made_on": [{"rule": "not_a_day"}],
        "form.name": [{"rule": "wrong_length", "min": 2, "max": 100}],
        "form.kinds": [{"rule": "wrong_length", "max": 5}],
    }
    town.rooms.say("equipment.freeze_machine", Invalid(fields))

    reply = officer.post(FREEZE, {"version": 1})

    assert reply.headers["Content-Type"] == "application/problem+json"
    assert codes(reply) == (422, "invalid_fields")
    told = {each["path"]: each["message"] for each in reply.json["fields"]}
    assert told == {
        "form.machine.made_on": "应为日期，如 2026-11-22。",
        "form.name": "应为 2 至 100 个字。",
        "form.kinds": "不得超过 5 个字。",
    }


def test_a_conflict_says_who_holds_it_since_when_and_what_to_do(town: Any, officer: Visit) -> None:
    finding = {
        "code": "machine_locked",
        "severity": "error",
        "path": "form.machine_id",
        "detail": {"held_by": "某项目"},
    }
    held = {"held_by": "石家庄某项目", "held_by_organisation": "某安装公司", "since": "2026-11-03T01:30:00+00:00"}
    town.rooms.say("equipment.freeze_machine", Conflict("machine_locked", **held, findings=[finding]))

    reply = officer.post(FREEZE, {"version": 1})

    assert codes(reply) == (409, "machine_locked")
    assert reply.json["title"] == "机械设备已锁定"
    assert reply.json["detail"] == (
        "该机械设备已锁定在“石家庄某项目”（2026-11-03 09:30 起，某安装公司），办理拆卸告知并由监督机构解锁后方可使用。"
    )
    assert reply.json["data"]["held_by"] == "石家庄某项目"
    assert reply.json["data"]["findings"][0]["message"].startswith("该机械设备已被锁定")


def test_findings_and_rows_of_a_reply_are_told_in_words_too(town: Any, officer: Visit) -> None:
    warning = {"code": "certificate_expires_soon", "severity": "warning", "path": "", "detail": {"name": "张三"}}
    cell = {"column": "身份证号", "rule": "wrong_identity_number"}
    town.rooms.say("filing.check_application", {"findings": [warning], "rows": [{"cells": [cell]}]})

    reply = officer.post(f"/applications/{MACHINE}/check").json

    assert reply["findings"][0]["message"] == "该人员的证书即将到期，请及时延期。"
    assert reply["rows"][0]["cells"][0]["message"].startswith("身份证号有误")


def test_a_fault_of_ours_tells_the_trace_and_nothing_else(
    officer: Visit, town: Any, visit: Callable[..., Visit]
) -> None:
    town.rooms.say("equipment.get_machine", lambda asked: {"not": "told"})
    door = officer.client.application
    door.view_functions["get_machines_machine_id"] = lambda **_: 1 / 0

    reply = officer.get(f"/machines/{MACHINE}", headers={"X-Trace-Id": "trace-of-mine-1"})

    assert codes(reply) == (500, "internal_error")
    assert reply.json["trace"] == reply.headers["X-Trace-Id"] == "trace-of-mine-1"
    assert "ZeroDivision" not in reply.text and "Traceback" not in reply.text


def test_the_trace_goes_on_to_the_service(town: Any, officer: Visit) -> None:
    officer.get("/machines", headers={"X-Trace-Id": "trace-of-mine-2"})
    assert town.rooms.asked_of("equipment.list_machines")[0].trace == "trace-of-mine-2"

    reply = officer.get("/machines", headers={"X-Trace-Id": "<script>"})
    assert reply.headers["X-Trace-Id"] != "<script>"


def test_nobody_names_the_server_or_frames_a_page(visit: Callable[..., Visit]) -> None:
    headers = visit().get("/openapi.json").headers

    assert headers["Server"] == "anjian"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in headers


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=ANYTHING, name=st.sampled_from(["username", "password", "account", "form", "scopes", "expires_at", "x"]))
def test_whatever_is_sent_it_is_never_a_500(officer: Visit, town: Any, body: Any, name: str) -> None:
    def echo(asked: Asked) -> Any:
        return {"asked": asked.request}

    town.rooms.say("equipment.freeze_machine", echo)
    content = json.dumps({name: body})

    for path in ("/sessions", "/registrations", "/keys", "/accounts", "/account/password", FREEZE):
        reply = officer.post(path, data=content, headers=JSON)
        assert reply.status_code < 500, (path, reply.text)
        if reply.status_code >= 400:
            assert reply.json["code"] and reply.json["detail"]
