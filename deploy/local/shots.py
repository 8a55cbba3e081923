"""Which pages are photographed: who stands before them, and how he comes there."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

from chassis.clock import day_of, now
from deploy.demo.client import Client

COOKIE = "anjian_session"
NOBODY = ""


@dataclass(frozen=True)
class Shot:
    """`who`: a user name of the demo province; "" for somebody not signed in."""

    name: str
    who: str
    go: Callable[[Page], object]
    at_desk: bool = True
    on_phone: bool = False


class Visitors:
    """Signs in on the API whom a picture needs, each once."""

    def __init__(self, address: str, logins: Path) -> None:
        self.address = address
        self.logins: list[dict[str, str]] = json.loads(logins.read_text(encoding="utf-8"))
        self.tokens: dict[str, str] = {}

    def sign_in(self, context: BrowserContext, who: str) -> None:
        if who == NOBODY:
            return
        if who not in self.tokens:
            login = next(each for each in self.logins if each["username"] == who)
            client = Client(self.address).sign_in(login["username"], login["password"])
            self.tokens[who] = str(client.token)
        context.add_cookies([{"name": COOKIE, "value": self.tokens[who], "url": self.address}])


def at(path: str) -> Callable[[Page], object]:
    return lambda page: page.goto(path)


def first_of(path: str, link: str) -> Callable[[Page], object]:
    """The first record of a list: where the list's first such link leads."""

    def go(page: Page) -> None:
        page.goto(path)
        page.locator("main").locator(link).first.click()

    return go


def first_site(page: Page) -> None:
    """Who is due on the site of a city that has most of its people there."""
    page.goto("/duty")
    page.locator("main table").first.locator("tbody a").first.click()
    page.locator("main table").last.locator("tbody a").last.click()


def first_on_duty(page: Page) -> None:
    """The month of somebody of that site."""
    first_site(page)
    page.locator("main tbody a").first.click()


def site_on_the_map(page: Page) -> None:
    first_site(page)
    page.get_by_role("link", name="地图、位置和轨迹").click()


def in_english(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="English").click()


COUNTY, CITY, PROVINCE, ENFORCER = "aj130402", "aj130100-3", "aj130000-3", "aj130100"
FIRM, BUILDER = "contractor037", "contractor044"
MONTH = f"{day_of(now()):%Y-%m}"  # the demo province begins when it is loaded
ROW = "tbody tr td a"
SHOTS = (
    Shot("home-of-an-officer", COUNTY, at("/")),
    Shot("inbox", CITY, at("/inbox?scope=area")),
    Shot("inbox", COUNTY, at("/inbox"), at_desk=False, on_phone=True),
    Shot("decision", COUNTY, first_of("/inbox", "a[data-row]")),
    Shot("figures", PROVINCE, at(f"/figures?first_month={MONTH}&last_month={MONTH}")),
    Shot("map", CITY, at("/map")),
    Shot("machines", CITY, at("/machines?stage=registered")),
    Shot("machine", CITY, first_of("/machines?stage=registered", ROW)),
    Shot("person", CITY, first_of("/people?locked=1", ROW)),
    Shot("home-of-an-enterprise", FIRM, at("/"), on_phone=True),
    Shot("matters", FIRM, at("/matters")),
    Shot("application", BUILDER, first_of("/applications?open=0&matter=use_registration", ROW)),
    Shot("project", FIRM, first_of("/projects", ROW), on_phone=True),
    Shot("duty-board", CITY, at("/duty"), on_phone=True),
    Shot("site-on-duty", CITY, site_on_the_map),
    Shot("month-on-duty", CITY, first_on_duty, on_phone=True),
    Shot("enforcement-day", ENFORCER, at("/enforcement"), on_phone=True),
    Shot("inspection-map", ENFORCER, at("/enforcement/map")),
    Shot("inspection-record", ENFORCER, first_of("/enforcement/inspections", ROW)),
    Shot("order", ENFORCER, first_of("/enforcement/orders?stage=closed", ROW), on_phone=True),
    Shot("penalty-case", ENFORCER, first_of("/enforcement/cases", ROW)),
    Shot("registration", NOBODY, at("/register")),
    Shot("home-in-english", COUNTY, in_english),
)
