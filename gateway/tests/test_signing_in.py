"""Signing in and out (R-A3), as a browser and as a program."""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from typing import Any

from chassis.journal import JournalRow, first_broken
from gateway.parts import Parts
from gateway.testing.visits import Visit

PASSWORD = "Platform-2026"


def codes(reply: Any) -> tuple[int, str]:
    return reply.status_code, reply.json["code"]


def try_in(visit: Visit, password: str, username: str = "operator") -> Any:
    return visit.post("/sessions", {"username": username, "password": password})


def test_one_signs_in_and_is_told_who_he_is(operator: Visit) -> None:
    me = operator.get("/sessions/current").json

    assert me["account"]["username"] == "operator"
    assert me["account"]["roles"] == ["operator"]


def test_a_username_is_the_same_in_capitals(operator: Visit, visit: Callable[..., Visit]) -> None:
    assert try_in(visit(), PASSWORD, "OPERATOR").status_code == 201


def test_unknown_name_and_wrong_password_are_told_alike(operator: Visit, visit: Callable[..., Visit]) -> None:
    wrong, unknown = try_in(visit(), "Wrong-2026"), try_in(visit(), "Wrong-2026", "nobody")

    assert codes(wrong) == codes(unknown) == (401, "sign_in_failed")
    assert wrong.json["detail"] == unknown.json["detail"] == "用户名或密码不正确，还可再试 4 次。"


def test_five_wrong_tries_lock_the_account_for_a_quarter_of_an_hour_and_say_so(
    operator: Visit, visit: Callable[..., Visit], clock: Any
) -> None:
    for _ in range(5):
        assert codes(try_in(visit(), "Wrong-2026")) == (401, "sign_in_failed")

    right = try_in(visit(), PASSWORD)
    assert codes(right) == (429, "sign_in_locked")
    assert 890 <= int(right.headers["Retry-After"]) <= 900
    assert "15 分钟" in right.json["detail"]

    clock.advance(timedelta(minutes=16))
    assert try_in(visit(), PASSWORD).status_code == 201


def test_a_right_try_begins_the_count_anew(operator: Visit, visit: Callable[..., Visit]) -> None:
    for _ in range(3):
        for _ in range(4):
            try_in(visit(), "Wrong-2026")
        assert try_in(visit(), PASSWORD).status_code == 201


def test_many_wrong_tries_at_once_do_not_slip_through(operator: Visit, visit: Callable[..., Visit]) -> None:
    replies: list[int] = []
    threads = [Thread(target=lambda: replies.append(try_in(visit(), "Wrong-2026").status_code)) for _ in range(12)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert replies.count(401) == 5
    assert replies.count(429) == 7


def test_one_address_cannot_try_many_names(operator: Visit, visit: Callable[..., Visit]) -> None:
    replies = [try_in(visit(), "Wrong-2026", f"name{number}").status_code for number in range(32)]

    assert replies == [401] * 30 + [429] * 2
    elsewhere = visit()
    elsewhere.address = "192.0.2.77"
    assert try_in(elsewhere, PASSWORD).status_code == 201


def test_a_session_ends_after_thirty_idle_minutes(operator: Visit, clock: Any) -> None:
    clock.advance(timedelta(minutes=29))
    assert operator.get("/sessions/current").status_code == 200
    clock.advance(timedelta(minutes=29))
    assert operator.get("/sessions/current").status_code == 200
    clock.advance(timedelta(minutes=31))
    assert codes(operator.get("/sessions/current")) == (401, "session_over")


def test_a_session_ends_after_twelve_hours_however_busy(operator: Visit, clock: Any) -> None:
    for _ in range(35):
        clock.advance(timedelta(minutes=20))
        assert operator.get("/sessions/current").status_code == 200
    clock.advance(timedelta(minutes=21))
    assert codes(operator.get("/sessions/current")) == (401, "session_over")


def test_one_signs_out_here_or_everywhere(operator: Visit, visit: Callable[..., Visit]) -> None:
    second, third = (visit().sign_in("operator", PASSWORD) for _ in range(2))
    assert len(operator.get("/sessions").json["items"]) == 3

    assert second.delete("/sessions/current").status_code == 200
    assert second.get("/sessions/current").status_code == 401
    assert third.get("/sessions/current").status_code == 200

    assert operator.delete("/sessions").status_code == 200
    assert third.get("/sessions/current").status_code == 401
    assert operator.get("/sessions/current").status_code == 401


def test_one_ends_a_session_left_open_elsewhere_but_nobody_elses(operator: Visit, town: Any) -> None:
    other = town.administrator(town.enterprise(), "other-admin")
    left_open = operator.sign_in("operator", PASSWORD)
    items = operator.get("/sessions").json["items"]
    [there] = [each["session_id"] for each in items if not each["current"]]

    other.delete(f"/sessions/{there}")
    assert left_open.get("/sessions/current").status_code == 200
    operator.delete(f"/sessions/{there}")
    assert left_open.get("/sessions/current").status_code == 401


def test_changing_the_password_ends_the_other_sessions(operator: Visit, visit: Callable[..., Visit]) -> None:
    other = visit().sign_in("operator", PASSWORD)
    change = {"current_password": PASSWORD, "new_password": "Quite-New-2026"}

    assert operator.post("/account/password", change).status_code == 200
    assert operator.get("/sessions/current").status_code == 200
    assert other.get("/sessions/current").status_code == 401
    assert try_in(visit(), PASSWORD).status_code == 401
    assert try_in(visit(), "Quite-New-2026").status_code == 201


def test_a_weak_wrong_or_unchanged_password_is_named(operator: Visit) -> None:
    def rules(current: str, new: str) -> dict[str, str]:
        reply = operator.post("/account/password", {"current_password": current, "new_password": new})
        assert reply.status_code == 422
        return {each["path"]: each["rule"] for each in reply.json["fields"]}

    assert rules("Wrong-2026", "Quite-New-2026") == {"current_password": "wrong_password"}
    assert rules(PASSWORD, "Sh0rt-1") == {"new_password": "wrong_length"}
    assert rules(PASSWORD, "onlyletters2026") == {"new_password": "password_too_simple"}
    assert rules(PASSWORD, "My-Operator-2026") == {"new_password": "password_holds_username"}
    assert rules(PASSWORD, PASSWORD) == {"new_password": "password_unchanged"}


def test_passwords_cannot_be_tried_on_a_page_left_open(operator: Visit) -> None:
    change = {"current_password": "Wrong-2026", "new_password": "Quite-New-2026"}

    replies = [operator.post("/account/password", change).status_code for _ in range(6)]
    assert replies == [422] * 5 + [429]


def test_signing_in_and_changing_passwords_at_once_do_not_wait_for_one_another(town: Any) -> None:
    people = [town.administrator(town.enterprise(), f"person{number}") for number in range(6)]
    replies: list[int] = []

    def change_and_sign_in(username: str, mine: Visit) -> None:
        password = "Sitework-2026"
        for number in range(4):
            change = {"current_password": password, "new_password": f"Quite-New-202{number}"}
            replies.append(mine.post("/account/password", change).status_code)
            password = change["new_password"]
            replies.append(try_in(mine.as_(""), password, username).status_code)

    threads = [Thread(target=change_and_sign_in, args=(f"person{n}", mine)) for n, mine in enumerate(people)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(replies) == [200] * 24 + [201] * 24


def test_a_browser_needs_the_csrf_token_for_every_change(operator: Visit, visit: Callable[..., Visit]) -> None:
    browser = visit()
    told = try_in(browser, PASSWORD)
    cookie = told.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie

    assert browser.get("/sessions/current").status_code == 200
    assert codes(browser.delete("/sessions/current")) == (403, "csrf_missing")
    forged = browser.delete("/sessions/current", headers={"X-CSRF-Token": "0" * 64})
    assert codes(forged) == (403, "csrf_missing")
    right = browser.delete("/sessions/current", headers={"X-CSRF-Token": told.json["csrf_token"]})
    assert right.status_code == 200
    assert codes(browser.get("/sessions/current")) == (401, "session_over")


def test_somebody_with_an_old_cookie_signs_in_again(operator: Visit, visit: Callable[..., Visit], clock: Any) -> None:
    browser = visit()
    try_in(browser, PASSWORD)
    assert try_in(browser, PASSWORD).status_code == 201
    clock.advance(timedelta(hours=13))

    assert try_in(browser, PASSWORD).status_code == 201
    assert browser.get("/sessions/current").status_code == 200


def test_behind_https_the_cookie_is_secure(operator: Visit, visit: Callable[..., Visit]) -> None:
    reply = try_in(visit(secure_cookies=True), PASSWORD)

    assert "Secure" in reply.headers["Set-Cookie"]
    assert "Strict-Transport-Security" in reply.headers


def test_the_address_is_the_visitors_only_behind_trusted_proxies(operator: Visit, visit: Callable[..., Visit]) -> None:
    forwarded = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}

    def address_seen(**settings: Any) -> str:
        here = visit(**settings).sign_in("operator", PASSWORD)
        body = {"username": "operator", "password": PASSWORD}
        there = here.as_(here.post("/sessions", body, headers=forwarded).json["token"])
        return next(each["address"] for each in there.get("/sessions").json["items"] if each["current"])

    assert address_seen() == "192.0.2.1"
    assert address_seen(trusted_proxies=1) == "198.51.100.7"


def test_each_act_is_in_the_journal_whose_chain_holds(
    operator: Visit, visit: Callable[..., Visit], parts: Parts
) -> None:
    try_in(visit(), "Wrong-2026")
    operator.delete("/sessions/current")

    with parts.sessions() as session:
        acts = [row.act for row in session.query(JournalRow).order_by(JournalRow.number)]
        assert acts == ["create_operator", "sign_in", "refuse_sign_in", "sign_out"]
        assert first_broken(session) is None
