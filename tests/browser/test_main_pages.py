"""The main pages of every role: nobody is kept out (axe-core), nothing is cut off at 400 %, nothing goes wrong in them."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from chassis.clock import day_of, now
from deploy.demo import papers
from deploy.demo.client import Client, Problem
from gateway import portal
from tests.browser.looking import barriers, cut_off
from tests.browser.pages import (
    AGENCIES,
    DARK,
    DUTY_OF_AGENCIES,
    DUTY_OF_FIRMS,
    EDITORS,
    ENFORCEMENT,
    FIRMS,
    NEWCOMERS,
    NO_PAGE,
    PLATFORM,
    PUBLIC,
    REGISTERS,
    VISITED,
)
from tests.browser.test_administrators import SHEET, try_sheet
from tests.browser.window import Windows
from tests.journeys import forms
from tests.journeys.site import Site, build_site
from tests.journeys.test_staff_import import rows_of, workbook
from tests.journeys.waiting import eventually
from tests.journeys.world import Body, World
from tests.security.test_who_may_do_what import routes


@dataclass
class Things:
    """What the pages are about: `ids` by the names that stand in their addresses."""

    site: Site
    ids: dict[str, str]
    editor: Client

    def address(self, page: str) -> str:
        return page.format(**self.ids)


@pytest.fixture(scope="module")
def things(world: World) -> Things:
    """A crane in use, somebody locked, an application that waits, a draft, a day's log, a leader's shift, something published."""
    pit = {"kind": "pit", "part": "基坑东侧", "depth": 4.2, "planned_start": forms.days_ahead(0)}
    site = build_site(world, hazardous_works=[pit | {"planned_finish": forms.days_ahead(9)}])
    contractor, today = site.contractor.client, forms.days_ahead(0)
    machine = site.file_machine()
    site.install(machine)
    application = site.register_use(machine, site.operators())
    waiting = site.notify(site.file_machine())
    world.countersign(waiting, site.contractor, site.supervisor)
    draft = world.draft(contractor, "use_registration", forms.use_registration(machine, site.project_id, []))
    month = f"{day_of(now()):%Y-%m}"
    duty = f"/people/{site.manager}/attendance/{month}"
    eventually(lambda: answers(contractor, duty), "attendance has heard of the manager's duty")
    certificate = contractor.get(f"/applications/{application}")["certificate"]["certificate_id"]
    publisher, published = publish(world)
    ids = {
        "application": application, "waiting": waiting, "draft": str(draft["application_id"]), "machine": machine,
        "project": site.project_id, "person": site.manager, "certificate": str(certificate),
        "firm": site.contractor.organisation_id, "agency": world.county.organisation_id,
        "code": str(contractor.get(f"/certificates/{certificate}")["verification_code"]),
        "day": today, "leader": site.safety_officer, **published,
    }  # fmt: skip
    write_log(site, today)
    lead_a_shift(site)
    return Things(site, ids, publisher)


def publish(world: World) -> tuple[Client, dict[str, str]]:
    """A bulletin and a download for everybody, and the editor whose they are."""
    editor = world._account(world.county.administrator, f"writer{next(forms.serial)}", ["editor"])
    told = {"title": "关于开展塔机专项检查的通知", "body": "请各单位自查。", "is_public": True, "attachments": []}
    bulletin = editor.post("/bulletins", told)
    kept = editor.upload("/attachments", papers.pdf("自查表"), name="自查表.pdf", purpose="publication")
    file = {"file_name": kept["name"], **{name: kept[name] for name in ("sha256", "size", "media_type")}}
    download = editor.post("/downloads", {"title": "自查表", "note": "", "is_public": True, "file": file})
    return editor, {"bulletin": str(bulletin["bulletin_id"]), "download": str(download["download_id"])}


def write_log(site: Site, day: str) -> None:
    photo = site.contractor.client.upload("/attachments", papers.png(64), name="照片.png")
    log: Body = {"version": 0, "weather": "晴", "work_done": "基坑东侧支护", "measures": "临边防护、专人巡视"}
    log |= {"photos": [{"sha256": photo["sha256"], "name": "照片.png", "caption": "东侧"}], "works": [{"number": 1}]}
    site.contractor.client.put(f"/projects/{site.project_id}/work-logs/{day}", log)


def lead_a_shift(site: Site) -> None:
    led = {"person_id": site.safety_officer, "project_id": site.project_id, "leads_as": "enterprise_leader"}
    led |= {
        "day": forms.days_ahead(-1),
        "starts": "08:00",
        "ends": "10:00",
        "checked": "塔机基础、附着装置和楼层临边防护",
        "found": "未发现隐患",
    }
    site.contractor.client.post("/shifts", led)


def answers(client: Client, path: str) -> bool:
    with contextlib.suppress(Problem):
        return bool(client.get(path))
    return False


def visited(page: Page, addresses: tuple[str, ...], things: Things) -> Iterator[str]:
    """Each of the pages in a wide window, once it stands."""
    for address in addresses:
        page.set_viewport_size({"width": 1280, "height": 900})
        answer = page.goto(things.address(address), wait_until="load")
        assert answer is not None and answer.ok, f"{address}: {answer and answer.status}"
        yield address


def look_at(
    windows: Windows, things: Things, client: Client | None, addresses: tuple[str, ...], **options: Any
) -> None:
    page = windows.open(client, **options)
    found: dict[str, list[str]] = {}
    for address in visited(page, addresses, things):
        if wrong := barriers(page) + cut_off(page):
            found[address] = wrong
    assert not found, "\n".join(f"{address}\n  " + "\n  ".join(wrong) for address, wrong in found.items())


def test_no_page_is_forgotten() -> None:
    """Every route of the portal is visited by one of these tests, or said not to be a page."""
    app = Flask("portal")
    for blueprint in portal.BLUEPRINTS:
        app.register_blueprint(blueprint)
    places = app.url_map.bind("portal")
    ids = dict.fromkeys(re.findall(r"{(\w+)}", "".join(VISITED)), str(UUID(int=1))) | {"day": forms.days_ahead(0)}
    visited = set()
    for each in VISITED - {"/v/{code}"}:  # not the portal's
        rule, _ = places.match(urlsplit(each.format(**ids)).path, return_rule=True)
        visited.add(rule.rule)

    assert sorted(visited | set(NO_PAGE)) == routes("GET")
    assert not visited & set(NO_PAGE)


def test_what_everybody_may_see(windows: Windows, things: Things) -> None:
    look_at(windows, things, None, PUBLIC)


def test_the_pages_of_an_enterprise(windows: Windows, things: Things) -> None:
    look_at(windows, things, things.site.contractor.client, REGISTERS + FIRMS)


def test_an_enterprises_pages_about_duty(windows: Windows, things: Things) -> None:
    look_at(windows, things, things.site.contractor.client, DUTY_OF_FIRMS)


def test_the_pages_of_a_county(windows: Windows, things: Things) -> None:
    look_at(windows, things, things.site.world.county.approver, AGENCIES)


def test_a_countys_pages_about_duty(windows: Windows, things: Things) -> None:
    look_at(windows, things, things.site.world.county.approver, DUTY_OF_AGENCIES)


def test_a_countys_pages_about_enforcement(windows: Windows, things: Things) -> None:
    look_at(windows, things, things.site.world.county.approver, ENFORCEMENT)


def test_the_pages_of_an_agencys_administrator(windows: Windows, things: Things) -> None:
    look_at(windows, things, things.site.world.county.administrator, ("/", "/accounts", "/keys"))


def test_the_pages_of_an_agencys_editor(windows: Windows, things: Things) -> None:
    look_at(windows, things, things.editor, EDITORS)


def test_the_page_of_a_firm_that_is_not_open_yet(windows: Windows, things: Things) -> None:
    newcomer, _, _ = things.site.world.register("lessor")
    look_at(windows, things, newcomer, NEWCOMERS)


def test_what_is_refused_can_be_read(windows: Windows, things: Things) -> None:
    """An act on a version that is past, and a sheet with a fault in it: the pages that come instead of what was asked for."""
    officer = windows.open(things.site.world.county.approver)
    officer.goto(things.address("/acts/machines/{machine}/retire_machine?version=1"))
    officer.locator(".act-form textarea").first.fill("检查发现主要受力构件开裂")
    officer.locator(".act-form button").click()
    expect(officer.get_by_text("仍要办理的，再按一次即可，已填内容保留。")).to_be_visible()
    clerk = windows.open(things.site.contractor.client)
    clerk.goto("/people/import")
    wrong = forms.person("错号", [forms.certificate("C3")]) | {"identity_number": "130102199001011234"}
    try_sheet(clerk, {"name": "人员.xlsx", "mimeType": SHEET, "buffer": workbook(rows_of(wrong))})

    assert not [each for page in (officer, clerk) for each in barriers(page) + cut_off(page)]


def test_in_the_dark_scheme_all_can_be_read(windows: Windows, things: Things) -> None:
    look_at(windows, things, things.site.world.county.approver, DARK, color_scheme="dark")


def test_the_pages_of_the_operator(windows: Windows, things: Things) -> None:
    look_at(windows, things, things.site.world.operator, PLATFORM)


def test_who_prefers_english_reads_it_from_the_frame_to_the_scripts(windows: Windows, things: Things) -> None:
    page = windows.open(things.site.contractor.client)
    page.goto(things.address("/applications/{draft}/edit"))
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Use registration")
    expect(page.get_by_role("link", name="Home")).to_be_visible()
    page.locator('[id="form.installer_name"]').fill("冀安设备公司")
    expect(page.locator("[data-saved]")).to_contain_text("Saved")
