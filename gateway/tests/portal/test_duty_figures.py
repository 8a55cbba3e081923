"""到岗统计: a ranking and a year, every number a link to the rows that it counts, and their export."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from chassis.errors import Conflict, Forbidden, Unavailable
from gateway.testing.rooms import Rooms
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import checked, id_of

AREA, COUNTY = "13.1301", "13.1301.130102"
COUNTS = {
    "people": 1240, "short": 31, "undecided": 77, "valid": 9000, "denominator": 12000, "rate": 75.0,
    "through": "2026-11-25",
}  # fmt: skip
FIRM, SITE, MANAGER = id_of("firm"), id_of("site"), id_of("manager")


def ranking(*keys: tuple[str, str | None], following: str | None = None) -> dict[str, Any]:
    items = [{"key": key, "name": name} | COUNTS for key, name in keys]
    told = {"area": AREA, "month": "2026-11", "items": items, "next": following}
    return checked("duty_ranking", told, "attendance")


def rows(**told: Any) -> dict[str, Any]:
    item = {
        "person_id": MANAGER, "role": "project_manager", "project_id": SITE, "project_name": "长安花园", "month": "2026-11",
        "valid": 5, "undecided": 2, "denominator": 20, "rate": 25.0, "highest_rate": 35.0, "required": 80,
        "standing": "short", "through": "2026-11-25", "closed_at": None,
    }  # fmt: skip
    return checked(
        "list_duty_months", {"items": [item], "next": None, "total": 1, "total_is_exact": True, **told}, "attendance"
    )


@pytest.fixture
def officer(town: Any, rooms: Rooms, browser: Callable[[], Browser]) -> Browser:
    town.administrator(town.agency(area=AREA, level="city"), "officer")
    for name in ("summarise", "list_bulletins", "list_downloads"):
        rooms.say(f"filing.{name}", Conflict("not_now"))
    places = [{"area": AREA, "name": "石家庄市", "level": "city", "code": "130100"}]
    places += [{"area": COUNTY, "name": "长安区", "level": "county", "code": "130102"}]
    rooms.say("filing.list_divisions", {"items": places})
    rooms.say("filing.name_organisations", {"items": [{"organisation_id": FIRM, "name": "冀北建设"}]})
    rooms.say("personnel.name_people", {"items": [{"person_id": MANAGER, "name": "王建国", "employer_name": "某公司"}]})
    rooms.say("attendance.duty_ranking", ranking((COUNTY, None)))
    trend = {"area": AREA, "items": [{"month": each} | COUNTS for each in ("2026-10", "2026-11")]}
    rooms.say("attendance.duty_trend", checked("duty_trend", trend, "attendance"))
    rooms.say("attendance.list_duty_months", rows())
    return browser().sign_in("officer")


def test_every_number_leads_to_the_rows_that_it_counts(officer: Browser) -> None:
    shown = unescape(officer.get("/duty/figures?month=2026-11").text)

    behind = f"/duty/months?month=2026-11&area={COUNTY}"
    for words in (
        "长安区", ">75<", f'href="{behind}">1,240<', f'href="{behind}&standing=short">31<', f'href="{behind}&undecided=1">77<',
        f'href="/duty/months?month=2026-10&area={AREA}">1,240<', 'data-chart="bars"', 'data-chart="lines"', "统计至 2026-11-25",
    ):  # fmt: skip
        assert words in shown, words


def test_firms_have_their_names_from_filing_and_sites_their_own(officer: Browser, rooms: Rooms) -> None:
    rooms.say("attendance.duty_ranking", ranking((FIRM, None), following=FIRM))
    shown = unescape(officer.get("/duty/figures?month=2026-11&by=enterprise").text)
    assert f'<a href="/organisations/{FIRM}">冀北建设</a>' in shown and f"after={FIRM}" in shown
    assert f"/duty/months?month=2026-11&area={AREA}&organisation_id={FIRM}" in shown

    rooms.say("filing.name_organisations", Unavailable())
    assert FIRM in officer.get("/duty/figures?month=2026-11&by=enterprise").text

    rooms.say("attendance.duty_ranking", ranking((SITE, "长安花园")))
    assert f'<a href="/duty/sites/{SITE}">长安花园</a>' in officer.get("/duty/figures?by=site").text


def test_the_list_behind_a_number_asks_for_the_same_and_exports_the_same(officer: Browser, rooms: Rooms) -> None:
    shown = unescape(officer.get(f"/duty/months?month=2026-11&area={COUNTY}&standing=short&undecided=1").text)

    asked = {"month": "2026-11", "area": COUNTY, "standing": "short", "undecided": True}
    assert rooms.asked_of("attendance.list_duty_months")[-1].request == asked | {"after": None}
    for words in ("王建国", "长安花园", "25 – 35", "不达标", f'href="/people/{MANAGER}/duty?month=2026-11"', "共 1 条"):
        assert words in shown, words
    assert '"duty_months"' in shown or 'value="duty_months"' in shown
    for name, value in (("standing", '"short"'), ("undecided", "true"), ("month", '"2026-11"')):
        assert f'"{name}": {value}' in shown


def test_who_never_was_there_can_be_asked_for(officer: Browser, rooms: Rooms) -> None:
    shown = officer.get("/duty/months?no_valid=1").text

    assert rooms.asked_of("attendance.list_duty_months")[-1].request["no_valid"] is True
    assert '<option value="1" selected>一天也没有</option>' in shown


def test_who_may_not_see_the_figures_is_told_so(officer: Browser, rooms: Rooms) -> None:
    rooms.say("attendance.duty_ranking", Forbidden("not_permitted", act="read_duty_figures"))
    assert officer.get("/duty/figures").status_code == 403
