"""The registers' tables as one works with them: the head stays, columns are chosen and sorted by; and the import that fills one."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.test_administrators import SHEET, try_sheet
from tests.browser.window import Windows
from tests.journeys import forms
from tests.journeys.test_staff_import import rows_of, workbook
from tests.journeys.world import Firm, World

NAMES = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未"
TOP = "node => node.getBoundingClientRect().top"  # from the window's upper edge
DESK: Any = {"width": 1280, "height": 420}


@pytest.fixture(scope="module")
def firm(world: World) -> Firm:
    return world.open_firm("contractor")


def people(count: int) -> bytes:
    staff = [forms.person(f"职工{name}", [forms.certificate("C3")]) for name in NAMES[:count]]
    return workbook([row for each in staff for row in rows_of(each)])


def test_the_import_says_that_it_checks_and_that_it_enters(windows: Windows, firm: Firm) -> None:
    page = windows.open(firm.client)
    page.goto("/people/import")
    waiting = held(page)
    page.get_by_label("填好的模板").set_input_files({"name": "人员.xlsx", "mimeType": SHEET, "buffer": people(2)})
    page.get_by_role("button", name="试导入").click()
    busy(page.locator("form[data-progress]"), "正在上传并逐行检查")
    waiting.pop().continue_()
    page.get_by_role("button", name="正式导入").click()
    busy(page.locator("form[data-entering]"), "正在导入 2 行")
    waiting.pop().continue_()
    expect(page.get_by_role("heading", name="导入结果", exact=True)).to_be_visible()


def test_the_head_of_a_table_stays_in_view_and_sorts(windows: Windows, firm: Firm) -> None:
    page = windows.open(firm.client)
    page.goto("/people/import")
    try_sheet(page, {"name": "人员.xlsx", "mimeType": SHEET, "buffer": people(len(NAMES))})
    page.get_by_role("button", name="正式导入").click()
    page.get_by_role("link", name="查看人员").click()
    page.set_viewport_size(DESK)
    page.get_by_text("选择列", exact=True).click()
    page.get_by_label("录入时间").check()
    page.get_by_label("岗位").uncheck()
    page.get_by_role("button", name="显示所选列").click()
    head = page.get_by_role("columnheader", name="录入时间")
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(page.get_by_role("columnheader", name="岗位")).to_have_count(0)

    page.locator("tbody tr").last.scroll_into_view_if_needed()
    assert page.locator("table").evaluate(TOP) < -200  # the table begins far above
    assert head.evaluate(TOP) == pytest.approx(0, abs=1)
    expect(head).to_be_in_viewport(ratio=1)

    head.get_by_role("link").click()  # nothing lies over it
    expect(head).to_have_attribute("aria-sort", "ascending")
    expect(page.get_by_role("columnheader", name="岗位")).to_have_count(0)


def held(page: Page) -> list[Route]:
    """What the page sends waits here."""
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            waiting.append(route)
        else:
            route.continue_()

    page.route("**/people/import", hold)
    return waiting


def busy(form: Locator, words: str) -> None:
    expect(form).to_have_attribute("aria-busy", "true")
    expect(form.get_by_role("status")).to_contain_text(words)
    expect(form.locator("button")).to_be_disabled()
