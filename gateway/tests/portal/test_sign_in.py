"""Signing in by page: the session is a new one, the way leads on to a page of ours, a forged form does nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from gateway.tests.portal.conftest import Browser

New = Callable[[], Browser]


@pytest.fixture
def clerk(town: Any) -> str:
    town.administrator(town.enterprise(), "clerk-one")
    return "clerk-one"


def test_a_stranger_is_led_to_the_sign_in_page_and_back_to_where_he_wanted(browser: New, clerk: str) -> None:
    here = browser()

    led = here.get("/account?tab=1")
    assert led.headers["Location"] == "/login?next=%2Faccount%3Ftab%3D1"
    page = here.get(led.headers["Location"])
    assert 'name="next" value="/account?tab=1"' in page.text
    signed_in = here.post("/login", {"username": clerk, "password": "Sitework-2026", "next": "/account?tab=1"})

    assert signed_in.headers["Location"] == "/account?tab=1"
    assert "clerk-one" in here.get("/account").text


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)"]
)
def test_signing_in_leads_to_no_other_host(browser: New, clerk: str, wanted: str) -> None:
    here = browser()
    here.get("/login")

    signed_in = here.post("/login", {"username": clerk, "password": "Sitework-2026", "next": wanted})

    assert signed_in.headers["Location"] == "/"


def test_a_wrong_password_is_told_on_the_page_and_the_name_stays(browser: New, clerk: str) -> None:
    here = browser()
    here.get("/login")

    page = here.post("/login", {"username": clerk, "password": "Wrong-2026"})

    assert page.status_code == 401
    assert f'value="{clerk}"' in page.text
    assert "Wrong-2026" not in page.text


def test_a_session_fixed_beforehand_is_not_taken_on(browser: New, clerk: str) -> None:
    here = browser()
    here.client.set_cookie("anjian_session", "fixed-by-somebody")
    here.get("/login")

    here.post("/login", {"username": clerk, "password": "Sitework-2026"})

    cookie = here.client.get_cookie("anjian_session")
    assert cookie is not None and cookie.value != "fixed-by-somebody"


def test_a_form_without_its_token_changes_nothing(browser: New, clerk: str) -> None:
    here = browser().sign_in(clerk)

    forged = here.client.post("/logout", data={"_csrf": "guessed"})

    assert forged.status_code == 403
    assert here.get("/account").status_code == 200


def test_a_form_of_another_site_signs_nobody_in(browser: New, clerk: str) -> None:
    here = browser()
    form = {"username": clerk, "password": "Sitework-2026"}

    forged = here.client.post("/login", data=form, headers={"Sec-Fetch-Site": "cross-site"})

    assert forged.status_code == 403
    assert here.client.get_cookie("anjian_session") is None


def test_who_signs_out_is_out(browser: New, clerk: str) -> None:
    here = browser().sign_in(clerk)

    here.post("/logout")

    assert here.get("/account").status_code == 303


def test_english_is_a_choice_that_lasts(browser: New, clerk: str) -> None:
    here = browser()
    here.get("/login")

    here.post("/language", {"language": "en", "next": "/login"})

    assert "Sign in" in here.get("/login").text
