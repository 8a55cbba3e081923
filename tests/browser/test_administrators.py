"""An enterprise's administrator enters staff from Excel and opens accounts; the platform's operator sets up an agency."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.window import Windows, sign_in
from tests.journeys import forms
from tests.journeys.test_staff_import import rows_of, workbook
from tests.journeys.world import PASSWORD, Firm, World

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def firm(world: World) -> Firm:
    return world.open_firm("contractor")


def test_staff_comes_in_from_excel(windows: Windows, firm: Firm) -> None:
    """Tried first, with every fault named by row and cell; entered; the same sheet again changes nothing."""
    manager = forms.person("项经理", [forms.certificate("B"), forms.certificate("builder")])
    wrong = forms.person("错号", [forms.certificate("C3")]) | {"identity_number": "130102199001011234"}
    sheet: Any = {"name": "人员.xlsx", "mimeType": SHEET, "buffer": workbook([*rows_of(manager), *rows_of(wrong)])}
    page = windows.open(firm.client)
    page.goto("/people")
    page.get_by_role("link", name="Excel 导入").click()

    try_sheet(page, sheet)
    expect(page.get_by_text("新增 2 行，变更 0 行，无变化 0 行，错误 1 行。")).to_be_visible()
    fault = page.get_by_role("row", name="身份证号")
    expect(fault.get_by_role("cell").first).to_have_text("4")
    page.get_by_role("button", name="正式导入").click()
    expect(page.get_by_role("heading", name="导入结果", exact=True)).to_be_visible()
    page.get_by_role("link", name="查看人员").click()
    expect(page.locator("tbody tr")).to_have_count(1)

    page.goto("/people/import")
    try_sheet(page, sheet)
    expect(page.get_by_text("新增 0 行，变更 0 行，无变化 2 行，错误 1 行。")).to_be_visible()


def test_a_colleague_gets_an_account_and_his_own_password(windows: Windows, firm: Firm) -> None:
    page = windows.open(firm.client)
    page.goto("/accounts")
    username = f"colleague{next(forms.serial)}"
    page.locator("form.panel").get_by_label("用户名").fill(username)
    page.locator("form.panel").get_by_label("姓名").fill("同事")
    page.locator("form.panel").get_by_label("经办人").check()
    page.get_by_role("button", name="开通").click()
    newcomer(windows, username, one_time_password(page))
    page.get_by_role("link", name="已记下，返回").click()
    expect(page.get_by_role("row", name=username)).to_contain_text("经办人")


def test_an_agency_is_set_up(windows: Windows, world: World) -> None:
    page = windows.open(world.operator)
    page.goto("/")
    page.get_by_role("link", name="单位", exact=True).first.click()
    page.get_by_role("link", name="设立监督机构").click()
    name = f"开发区安监站{next(forms.serial)}"
    page.get_by_label("机构名称").fill(name)
    page.get_by_label("行政区划").select_option("130102")
    page.get_by_label("开发区等机构的编码").fill(f"13{next(forms.serial):04d}")
    page.get_by_role("button", name="设立").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    username = f"head{next(forms.serial)}"
    page.get_by_label("用户名").fill(username)
    page.get_by_label("姓名").fill("站长")
    page.get_by_role("button", name="开通").click()
    head = newcomer(windows, username, one_time_password(page))
    expect(head.locator(".who-name")).to_contain_text(name)


def try_sheet(page: Page, sheet: Any) -> None:
    page.get_by_label(re.compile("填好的模板")).set_input_files(sheet)
    page.get_by_role("button", name="试导入").click()
    expect(page.get_by_role("heading", name="试导入结果")).to_be_visible()


def one_time_password(page: Page) -> str:
    return page.locator(".facts dd code").nth(1).inner_text()


def newcomer(windows: Windows, username: str, password: str) -> Page:
    """Signs in for the first time, and must choose a password before anything else."""
    page = windows.open()
    sign_in(page, username, password)
    expect(page).to_have_url(re.compile("/account/password$"))
    page.get_by_label("原密码").fill(password)
    page.get_by_label("新密码 必填", exact=True).fill(PASSWORD)
    page.get_by_label("再输一次新密码").fill(PASSWORD)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("link", name="首页")).to_be_visible()
    return page
