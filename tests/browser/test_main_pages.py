"""The main pages of every role: nobody is kept out (axe-core), nothing is cut off at 400 %, nothing goes wrong in them."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from chassis.clock import day_of, now
from deploy.demo.client import Client, Problem
from tests.browser.looking import barriers, cut_off
from tests.browser.window import Windows
from tests.journeys import forms
from tests.journeys.site import Site
from tests.journeys.waiting import eventually

PUBLIC = ("/login", "/register", "/bulletins", "/downloads", "/v/{code}")
REGISTERS = (
    "/", "/applications", "/applications/{application}", "/applications?open=0", "/applications/new/safety_filing",
    "/projects", "/projects/{project}", "/projects/{project}/work-logs", "/work-logs", "/map",
    "/machines", "/machines/{machine}", "/machines/{machine}/history", "/people", "/people/{person}", "/people/{person}/locks",
    "/certificates", "/certificates/{certificate}", "/exports", "/bulletins", "/downloads", "/account", "/search?q=QTZ",
    "/people/{person}/duty",
)  # fmt: skip
FIRMS = ("/matters", "/applications/{draft}/edit", "/people/new", "/people/import", "/accounts", "/keys")
# Where an officer's pages differ from an enterprise's, or hold more.
AGENCIES = (
    "/", "/applications", "/applications/{application}", "/projects/{project}", "/machines/{machine}", "/people/{person}",
    "/people/{person}/locks", "/certificates/{certificate}", "/map", "/exports", "/search?q=QTZ",
    "/inbox", "/review/{waiting}", "/figures", "/organisations", "/organisations/{firm}",
    "/duty", "/duty?project_id={project}", "/people/{person}/duty",
)  # fmt: skip
DARK = ("/", "/inbox", "/review/{waiting}", "/applications/{application}", "/machines", "/figures", "/map", "/duty")
PLATFORM = ("/", "/organisations", "/organisations/{agency}", "/agencies/new", "/accounts", "/account", "/bulletins")


@dataclass
class Things:
    """What the pages are about: `ids` by the names that stand in their addresses."""

    site: Site
    ids: dict[str, str]

    def address(self, page: str) -> str:
        return page.format(**self.ids)


@pytest.fixture(scope="module")
def things(site: Site) -> Things:
    """A crane in use, somebody locked, an application that waits, a draft."""
    world, contractor = site.world, site.contractor.client
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
    ids = {
        "application": application, "waiting": waiting, "draft": str(draft["application_id"]), "machine": machine,
        "project": site.project_id, "person": site.manager, "certificate": str(certificate),
        "firm": site.contractor.organisation_id, "agency": world.county.organisation_id,
        "code": str(contractor.get(f"/certificates/{certificate}")["verification_code"]),
    }  # fmt: skip
    return Things(site, ids)


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


def test_what_everybody_may_see(windows: Windows, things: Things) -> None:
    look_at(windows, things, None, PUBLIC)


def test_the_pages_of_an_enterprise(windows: Windows, things: Things) -> None:
    look_at(windows, things, things.site.contractor.client, REGISTERS + FIRMS)


def test_the_pages_of_a_county(windows: Windows, things: Things) -> None:
    look_at(windows, things, things.site.world.county.approver, AGENCIES)


def test_the_pages_of_an_agencys_administrator(windows: Windows, things: Things) -> None:
    look_at(windows, things, things.site.world.county.administrator, ("/", "/accounts", "/keys"))


def test_the_pages_of_an_agencys_editor(windows: Windows, things: Things) -> None:
    world = things.site.world
    editor = world._account(world.county.administrator, f"writer{next(forms.serial)}", ["editor"])
    look_at(windows, things, editor, ("/bulletins/new", "/downloads/new"))


def test_the_page_of_a_firm_that_is_not_open_yet(windows: Windows, things: Things) -> None:
    newcomer, _, _ = things.site.world.register("lessor")
    look_at(windows, things, newcomer, ("/", "/account/password"))


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
