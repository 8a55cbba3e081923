"""Keys for an enterprise's own systems (R-O2): scopes, an end, revoking, limits of their own."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from gateway.accounts.models import KeyRow
from gateway.parts import Parts
from gateway.testing.visits import Visit


def codes(reply: Any) -> tuple[int, str]:
    return reply.status_code, reply.json["code"]


@pytest.fixture
def clerk(town: Any) -> Visit:
    town.rooms.say("equipment.list_machines", {"items": [], "next": None})
    return town.account(town.administrator(town.enterprise(), "acme-admin"), "acme-clerk", ["clerk"])


def make_key(town: Any, owner: Visit, *scopes: str, days: int = 30) -> dict[str, Any]:
    reply = owner.post("/keys", {"name": "ERP", "scopes": list(scopes), "expires_at": town.in_days(days)})
    assert reply.status_code == 201, reply.text
    made: dict[str, Any] = reply.json  # type: ignore[assignment]
    return made


def test_a_key_acts_as_its_owner_within_its_scopes(town: Any, clerk: Visit) -> None:
    system = clerk.as_(make_key(town, clerk, "machines:read")["secret"])

    assert system.get("/machines").status_code == 200
    asked = town.rooms.asked_of("equipment.list_machines")[0]
    assert asked.principal["user_id"] == clerk.get("/sessions/current").json["account"]["account_id"]
    missing = system.get("/people")
    assert codes(missing) == (403, "scope_missing")
    assert missing.json["data"]["needed"] == "people:read"
    writing = system.post("/machines/0190b5f2-7b1e-7c3a-9d2e-1f2a3b4c5d6e/freeze", {"version": 1, "reason": "x"})
    assert codes(writing) == (403, "scope_missing")


def test_a_key_cannot_touch_accounts_keys_or_passwords(town: Any, clerk: Visit) -> None:
    system = clerk.as_(make_key(town, clerk, "machines:read", "people:write")["secret"])

    assert codes(system.get("/keys")) == (403, "key_not_accepted")
    assert codes(system.get("/accounts")) == (403, "key_not_accepted")
    change = {"current_password": "Sitework-2026", "new_password": "Another-2026"}
    assert codes(system.post("/account/password", change)) == (403, "key_not_accepted")


def test_a_key_is_shown_once_and_kept_as_a_hash(town: Any, clerk: Visit, parts: Parts) -> None:
    made = make_key(town, clerk, "machines:read")

    listed = clerk.get("/keys")
    assert made["secret"] not in listed.text
    assert listed.json["items"][0]["last_used_at"] is None
    clerk.as_(made["secret"]).get("/machines")
    assert clerk.get("/keys").json["items"][0]["last_used_at"] is not None
    with parts.sessions() as session:
        assert made["secret"] not in str(session.query(KeyRow).one().__dict__)


def test_a_key_ends_by_itself_and_can_be_revoked(town: Any, clerk: Visit, clock: Any) -> None:
    short, long = make_key(town, clerk, "machines:read", days=1), make_key(town, clerk, "machines:read", days=300)

    clock.advance(timedelta(days=2))
    again = town.operator.sign_in("acme-clerk", "Sitework-2026")
    assert codes(again.as_(short["secret"]).get("/machines")) == (401, "key_invalid")
    assert again.as_(long["secret"]).get("/machines").status_code == 200
    assert again.delete(f"/keys/{long['key']['key_id']}").status_code == 200
    assert codes(again.as_(long["secret"]).get("/machines")) == (401, "key_invalid")


def test_a_reset_password_ends_all_keys_of_the_account(town: Any, clerk: Visit) -> None:
    """Whoever had the password may have made a key with it."""
    made = make_key(town, clerk, "machines:read")
    administrator = town.operator.sign_in("acme-admin", "Sitework-2026")

    reset = administrator.post(f"/accounts/{made['key']['account_id']}/password-reset")

    assert (reset.status_code, reset.json["keys_revoked"]) == (200, 1)
    assert codes(clerk.as_(made["secret"]).get("/machines")) == (401, "key_invalid")


@pytest.mark.parametrize(("keep", "revoked", "status"), [({}, 1, 401), ({"keep_keys": True}, 0, 200)])
def test_a_changed_password_ends_the_keys_unless_they_are_to_stay(
    town: Any, clerk: Visit, keep: dict[str, bool], revoked: int, status: int
) -> None:
    made = make_key(town, clerk, "machines:read")
    change = {"current_password": "Sitework-2026", "new_password": "Another-2026"}

    changed = clerk.post("/account/password", change | keep)

    assert (changed.status_code, changed.json) == (200, {"keys_revoked": revoked})
    assert clerk.as_(made["secret"]).get("/machines").status_code == status


@pytest.mark.parametrize(
    ("change", "path", "rule"),
    [
        ({"scopes": ["everything"]}, "scopes", "not_a_choice"),
        ({"scopes": []}, "scopes", "wrong_count"),
        ({"expires_at": "2020-01-01T00:00:00+08:00"}, "expires_at", "out_of_range"),
        ({"expires_at": "2099-01-01T00:00:00+08:00"}, "expires_at", "out_of_range"),
        ({"expires_at": "2099-01-01T00:00:00"}, "expires_at", "moment_without_offset"),
        ({"name": " "}, "name", "required"),
    ],
)
def test_what_is_wrong_with_a_new_key_is_named(
    town: Any, clerk: Visit, change: dict[str, Any], path: str, rule: str
) -> None:
    body = {"name": "ERP", "scopes": ["machines:read"], "expires_at": town.in_days(30)} | change

    reply = clerk.post("/keys", body)

    assert reply.status_code == 422
    assert [(each["path"], each["rule"]) for each in reply.json["fields"]] == [(path, rule)]


def test_an_administrator_sees_and_revokes_the_keys_of_his_people_a_clerk_only_his_own(town: Any, clerk: Visit) -> None:
    made = make_key(town, clerk, "machines:read")
    administrator = town.operator.sign_in("acme-admin", "Sitework-2026")
    colleague = town.account(administrator, "acme-second", ["clerk"])
    stranger = town.administrator(town.enterprise(), "other-admin")

    assert colleague.get("/keys").json["items"] == []
    for other in (colleague, stranger):
        assert codes(other.delete(f"/keys/{made['key']['key_id']}")) == (404, "key_unknown")
    assert len(administrator.get("/keys").json["items"]) == 1
    assert administrator.delete(f"/keys/{made['key']['key_id']}").status_code == 200
    assert codes(clerk.as_(made["secret"]).get("/machines")) == (401, "key_invalid")


def test_each_key_has_its_own_limit_and_is_told_when_to_come_again(
    town: Any, clerk: Visit, visit: Callable[..., Visit]
) -> None:
    first, second = make_key(town, clerk, "machines:read"), make_key(town, clerk, "machines:read")
    door = visit(limit_per_key="3 per minute")

    replies = [door.as_(first["secret"]).get("/machines") for _ in range(4)]
    assert [each.status_code for each in replies] == [200, 200, 200, 429]
    assert replies[3].json["code"] == "too_many_requests"
    assert 1 <= int(replies[3].headers["Retry-After"]) <= 61
    assert door.as_(second["secret"]).get("/machines").status_code == 200


def test_while_the_shared_count_is_away_each_gateway_counts_for_itself(
    town: Any, clerk: Visit, visit: Callable[..., Visit]
) -> None:
    key = make_key(town, clerk, "machines:read")
    door = visit(limit_per_key="2 per minute", limits_storage="redis://127.0.0.1:1/0")

    assert [door.as_(key["secret"]).get("/machines").status_code for _ in range(3)] == [200, 200, 429]


def test_no_key_and_a_made_up_one_are_refused(visit: Callable[..., Visit]) -> None:
    assert codes(visit().get("/machines")) == (401, "not_signed_in")
    assert codes(visit().as_("k_made-up").get("/machines")) == (401, "key_invalid")
    assert codes(visit().as_("made-up").get("/machines")) == (401, "session_over")
