"""An administrator gives accounts to his own people, with the roles they need and no more (R-A5)."""

from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest

from gateway.testing.visits import Visit


def codes(reply: Any) -> tuple[int, str]:
    return reply.status_code, reply.json["code"]


def make(maker: Visit, username: str, *roles: str, **more: str) -> Any:
    return maker.post("/accounts", {"username": username, "name": "张三", "roles": list(roles), **more})


def account_of(here: Visit) -> dict[str, Any]:
    account: dict[str, Any] = here.get("/sessions/current").json["account"]  # type: ignore[index]
    return account


def change(maker: Visit, account: dict[str, Any], **changes: Any) -> Any:
    return maker.patch(f"/accounts/{account['account_id']}", {"version": account["version"], **changes})


@pytest.fixture
def administrator(town: Any) -> Visit:
    return town.administrator(town.enterprise(), "acme-admin")


def test_a_new_account_has_a_password_for_one_use(town: Any, administrator: Visit) -> None:
    made = make(administrator, "acme-clerk", "clerk").json
    clerk = town.operator.sign_in("acme-clerk", made["one_time_password"])

    assert account_of(clerk)["must_change_password"]
    assert codes(clerk.get("/keys")) == (403, "password_change_needed")
    clerk.post(
        "/account/password",
        {"current_password": made["one_time_password"], "new_password": "Sitework-2026"},
    )
    assert clerk.get("/keys").status_code == 200


@pytest.mark.parametrize("role", ["operator", "approver", "acceptor"])
def test_an_enterprises_people_get_no_role_of_an_agency_or_of_the_platform(administrator: Visit, role: str) -> None:
    reply = make(administrator, "acme-clerk", role)

    assert reply.status_code == 422
    assert reply.json["fields"][0]["path"] == "roles"
    assert reply.json["fields"][0]["choices"] == ["administrator", "clerk"]


def test_an_officer_may_hold_several_roles_of_his_agency(town: Any) -> None:
    head = town.administrator(town.agency(), "qiaoxi-head")

    officer = town.account(head, "qiaoxi-officer", ["acceptor", "reviewer"])

    assert account_of(officer)["roles"] == ["acceptor", "reviewer"]
    assert make(head, "qiaoxi-clerk", "clerk").status_code == 422


def test_a_clerk_manages_nobody(town: Any, administrator: Visit) -> None:
    clerk = town.account(administrator, "acme-clerk", ["clerk"])
    mine = account_of(clerk)

    assert codes(make(clerk, "acme-second", "clerk")) == (403, "not_an_administrator")
    assert codes(clerk.get("/accounts")) == (403, "not_an_administrator")
    assert codes(change(clerk, mine, roles=["administrator"])) == (404, "account_unknown")


def test_an_administrator_sees_and_changes_his_own_organisation_only(town: Any, administrator: Visit) -> None:
    stranger = account_of(town.administrator(town.enterprise("别家公司"), "other-admin"))

    assert codes(change(administrator, stranger, name="李四")) == (404, "account_unknown")
    assert codes(administrator.post(f"/accounts/{stranger['account_id']}/password-reset")) == (404, "account_unknown")
    assert codes(administrator.get(f"/accounts/{stranger['account_id']}")) == (404, "account_unknown")
    assert [each["username"] for each in administrator.get("/accounts").json["items"]] == ["acme-admin"]
    organisation = stranger["organisation_id"]
    assert codes(administrator.get(f"/accounts?organisation_id={organisation}")) == (403, "other_organisation")
    assert codes(make(administrator, "mole", "clerk", organisation_id=organisation)) == (403, "other_organisation")


def test_the_operator_gives_an_organisation_its_first_administrator_and_no_clerk(town: Any) -> None:
    enterprise = town.enterprise()

    assert make(town.operator, "acme-clerk", "clerk", organisation_id=enterprise).status_code == 422
    assert make(town.operator, "acme-admin", "administrator", organisation_id=enterprise).status_code == 201
    unknown = "0190b5f2-7b1e-7c3a-9d2e-1f2a3b4c5d6e"
    assert make(town.operator, "lost-admin", "administrator", organisation_id=unknown).status_code == 404


def test_a_username_is_given_once_also_when_two_ask_at_the_same_time(town: Any, administrator: Visit) -> None:
    replies: list[int] = []
    ask = lambda: replies.append(make(administrator, "Same-Name", "clerk").status_code)  # noqa: E731
    threads = [Thread(target=ask) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(replies) == [201, 409, 409, 409]
    assert codes(make(administrator, "same-name", "clerk")) == (409, "username_taken")


def test_who_changes_an_account_must_have_seen_its_newest_version(town: Any, administrator: Visit) -> None:
    clerk = account_of(town.account(administrator, "acme-clerk", ["clerk"]))

    assert change(administrator, clerk, roles=["administrator", "clerk"]).status_code == 200
    stale = change(administrator, clerk, roles=["clerk"])
    assert codes(stale) == (409, "stale_version")
    assert stale.json["data"]["version"] == clerk["version"] + 1


def test_the_last_administrator_stays(town: Any, administrator: Visit) -> None:
    only = account_of(administrator)

    assert codes(change(administrator, only, roles=["clerk"])) == (409, "last_administrator")
    second = account_of(town.account(administrator, "acme-second", ["administrator"]))
    assert change(administrator, only, roles=["clerk"]).status_code == 200
    closed = town.operator.post(f"/accounts/{second['account_id']}/close", {"version": second["version"]})
    assert codes(closed) == (409, "last_administrator")


def test_two_administrators_who_step_down_at_once_do_not_leave_nobody(town: Any, administrator: Visit) -> None:
    other = town.account(administrator, "acme-second", ["administrator"])
    both = [(administrator, account_of(administrator)), (other, account_of(other))]
    replies: list[int] = []
    threads = [
        Thread(
            target=lambda who=who, account=account: replies.append(change(who, account, roles=["clerk"]).status_code)
        )
        for who, account in both
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(replies) == [200, 409]


def test_a_closed_account_is_out_at_once_and_comes_back_when_reopened(town: Any, administrator: Visit) -> None:
    clerk = town.account(administrator, "acme-clerk", ["clerk"])
    account = account_of(clerk)
    key = clerk.post("/keys", {"name": "ERP", "scopes": ["machines:read"], "expires_at": town.in_days(30)}).json

    closed = administrator.post(f"/accounts/{account['account_id']}/close", {"version": account["version"]}).json
    assert clerk.get("/sessions/current").status_code == 401
    assert clerk.as_(key["secret"]).get("/machines").status_code == 401
    tried = {"username": "acme-clerk", "password": "Sitework-2026"}
    assert codes(town.operator.post("/sessions", tried)) == (401, "sign_in_failed")

    administrator.post(f"/accounts/{account['account_id']}/reopen", {"version": closed["version"]})
    assert town.operator.post("/sessions", tried).status_code == 201
    assert clerk.as_(key["secret"]).get("/machines").status_code == 401


def test_a_reset_signs_out_everywhere_and_gives_a_password_for_one_use(town: Any, administrator: Visit) -> None:
    clerk = town.account(administrator, "acme-clerk", ["clerk"])

    reset = administrator.post(f"/accounts/{account_of(clerk)['account_id']}/password-reset").json

    assert clerk.get("/sessions/current").status_code == 401
    again = town.first_use("acme-clerk", reset["one_time_password"], "Another-2026")
    assert again.get("/keys").status_code == 200


def test_accounts_come_page_by_page(town: Any, administrator: Visit) -> None:
    for number in range(5):
        make(administrator, f"clerk{number}", "clerk")

    first = administrator.get("/accounts?limit=4").json
    second = administrator.get(f"/accounts?limit=4&after={first['next']}").json
    assert [each["username"] for each in first["items"] + second["items"]] == [
        "acme-admin", "clerk0", "clerk1", "clerk2", "clerk3", "clerk4",
    ]  # fmt: skip
    assert second["next"] is None
    assert [each["username"] for each in administrator.get("/accounts?q=clerk3").json["items"]] == ["clerk3"]
    assert administrator.get("/accounts?after=nonsense").json["fields"][0]["rule"] == "not_a_cursor"
    assert administrator.get("/accounts?limit=0").json["fields"][0]["path"] == "limit"
    assert administrator.get("/accounts?limit=many").json["fields"][0]["rule"] == "not_integer"


def test_an_organisation_that_is_not_open_manages_no_accounts(
    town: Any, visit: Callable[..., Visit], administrator: Visit
) -> None:
    pending = town.administrator(town.enterprise(stage="pending"), "new-admin")

    reply = make(pending, "new-clerk", "clerk")
    assert codes(reply) == (403, "organisation_not_open")
