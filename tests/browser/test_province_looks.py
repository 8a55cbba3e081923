"""A city's officer: from a figure to the list behind it, the map, a search by initials, a list as an Excel file."""

import re
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pypinyin import Style, lazy_pinyin

from tests.browser.window import Windows
from tests.journeys.site import Site


def initials(name: str) -> str:
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))


def test_from_a_figure_to_the_list_that_it_counts(windows: Windows, site: Site) -> None:
    page = windows.open(site.world.city.approver)
    page.goto("/")
    page.get_by_role("link", name="统计分析").click()
    expect(page.locator("[data-chart] canvas").first).to_be_visible()
    figure = page.get_by_role("row", name="安全监督备案").get_by_role("link").nth(1)
    count = figure.inner_text()
    figure.click()
    expect(page.get_by_text(re.compile(r"^共 .* 条"))).to_contain_text(f"共 {count} 条")
    expect(page.locator("tbody").get_by_role("link", name="安全监督备案").first).to_be_visible()


def test_a_project_is_found_by_the_initials_of_its_name_and_on_the_map(windows: Windows, site: Site) -> None:
    name = str(site.world.city.approver.get(f"/projects/{site.project_id}")["name"])
    page = windows.open(site.world.city.approver)
    page.goto("/")
    page.get_by_role("searchbox", name="全站查找").fill(initials(name))
    page.keyboard.press("Enter")
    expect(page.get_by_role("main").get_by_role("link", name=name)).to_be_visible()

    page.goto("/projects")
    page.get_by_role("searchbox", name="查找", exact=True).fill(initials(name))
    page.get_by_role("button", name="筛选").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("tbody").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)

    page.goto("/map")
    page.get_by_role("searchbox", name="查找", exact=True).fill(name)
    page.get_by_role("button", name="查看").click()
    page.locator("#map path.leaflet-interactive").last.click()
    expect(page.locator(".leaflet-popup").get_by_role("link", name=name)).to_be_visible()


def test_a_list_becomes_an_excel_file_while_one_waits(windows: Windows, site: Site, tmp_path: Path) -> None:
    site.file_machine()
    page = windows.open(site.world.city.approver)
    page.goto("/machines")
    page.get_by_role("button", name="导出 Excel").click()
    expect(page.locator(".told")).to_contain_text("已开始导出")
    kept = download(page, tmp_path)
    rows = list(load_workbook(BytesIO(kept), read_only=True).worksheets[0].iter_rows(values_only=True))
    assert any("冀工重工有限公司" in row for row in rows), rows[:3]


def download(page: Page, folder: Path) -> bytes:
    """As soon as the page, which looks again by itself, offers the file."""
    ready = page.locator("#exports tbody tr").first.get_by_role("link")
    with page.expect_download() as started:
        ready.click()
    started.value.save_as(folder / "export.xlsx")
    return (folder / "export.xlsx").read_bytes()
