"""Without a mouse, without scripts, without a connection: the work gets done, and nothing typed is lost."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from deploy.demo import papers
from tests.browser import hands
from tests.browser.looking import focus
from tests.browser.window import Windows
from tests.journeys import forms
from tests.journeys.site import Site
from tests.journeys.world import Firm, World

MOST_STEPS = 120
SAVED = re.compile("^已保存")
DOCUMENTS = ("L1", "L2", "L3", "L4", "L5")


@pytest.fixture
def lessor(world: World) -> Firm:
    return world.open_firm("lessor")


def test_a_draft_survives_a_lost_connection(windows: Windows, lessor: Firm) -> None:
    """It says that it is kept in the browser, and saves itself when the connection is back."""
    page = windows.open(lessor.client)
    draft = open_draft(page)
    page.context.set_offline(True)
    page.get_by_label("存放、维修场地地址").fill("北二环路7号院")
    expect(page.locator("[data-saved]")).to_contain_text("网络不通，内容已保存在本机")
    page.context.set_offline(False)
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    assert lessor.client.get(f"/applications/{draft}")["form"]["workshop_address"] == "北二环路7号院"


def test_a_draft_survives_a_server_that_is_gone_and_a_reload(windows: Windows, lessor: Firm) -> None:
    page = windows.open(lessor.client)
    draft = open_draft(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.route("**/autosave", lambda route: route.abort())
    page.get_by_label("存放、维修场地地址").fill("北二环路9号院")
    page.get_by_role("button", name="添加一行").click()
    page.locator('[id="form.machines.0.count"]').fill("12")
    expect(page.locator("[data-saved]")).to_contain_text("内容已保存在本机")

    page.reload()
    expect(page.get_by_label("存放、维修场地地址")).to_have_value("")
    page.unroute("**/autosave")
    page.get_by_role("button", name="恢复这些内容").click()
    expect(page.get_by_label("存放、维修场地地址")).to_have_value("北二环路9号院")
    expect(page.locator('[id="form.machines.0.count"]')).to_have_value("12")
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    assert lessor.client.get(f"/applications/{draft}")["form"]["workshop_address"] == "北二环路9号院"


def test_a_file_that_a_proxy_turned_away_is_sent_again_and_the_form_goes_on(windows: Windows, lessor: Firm) -> None:
    """A page of the proxy's is no answer of ours: the upload has ended, and may be tried once more."""
    page = windows.open(lessor.client)
    open_draft(page)
    page.route("**/api/v1/attachments**", lambda route: route.fulfill(status=413, body="<html>Too large</html>"))
    hands.drop_files(page, "L1", ("执照.pdf", "application/pdf", papers.pdf("执照")))
    tray = hands.document(page, "L1")
    expect(tray.locator(".field-error")).to_contain_text("暂时不能上传")
    expect(tray.locator("progress")).to_have_count(0)

    page.unroute("**/api/v1/attachments**")
    tray.get_by_role("button", name="重试").click()
    expect(tray.locator("[data-file]")).to_have_count(1)


def test_a_session_that_ended_loses_nothing(windows: Windows, lessor: Firm) -> None:
    page = windows.open(lessor.client)
    open_draft(page)
    cookies: Any = page.context.cookies()
    page.context.clear_cookies()
    page.get_by_label("存放、维修场地地址").fill("北二环路11号院")
    expect(page.locator("[data-saved]")).to_contain_text("登录已失效")
    page.context.add_cookies(cookies)
    page.evaluate("dispatchEvent(new Event('focus'))")  # back from the window where he signed in again
    expect(page.locator("[data-saved]")).to_have_text(SAVED)


def test_an_application_is_filled_in_and_submitted_by_keyboard(windows: Windows, lessor: Firm) -> None:
    page = windows.open(lessor.client)
    page.on("filechooser", lambda _: None)  # from the first one on they are Playwright's
    page.goto("/matters")
    tab_to(page, "新增 租赁企业备案")
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit")
    form = forms.lessor_filing()
    for name in (
        "office_address",
        "workshop_address",
        "workshop_area",
        "safety_lead",
        "safety_lead_phone",
        "technicians",
        "repairers",
    ):
        tab_to(page, f"form.{name}")
        page.keyboard.type(str(form[name]))
    tab_to(page, "添加一行")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    tab_to(page, "form.machines.0.count")
    page.keyboard.type("12")
    for code in DOCUMENTS:
        tab_to(page, f"file-{code}")
        with page.expect_file_chooser() as chooser:
            page.keyboard.press("Space")
        file: Any = {"name": f"{code}.pdf", "mimeType": "application/pdf", "buffer": papers.pdf(code)}
        chooser.value.set_files(file)
        expect(hands.document(page, code).locator("[data-file]")).to_have_count(1)
    tab_to(page, "保存并预审")
    page.keyboard.press("Enter")
    expect(page.get_by_text("将报送：")).to_be_visible()
    tab_to(page, "上报")
    page.keyboard.press("Enter")
    expect(page.locator(".told")).to_contain_text("已上报")


def test_an_officer_decides_by_keyboard(windows: Windows, site: Site) -> None:
    """Search the inbox, go down its rows, open one, read, decide: by the keys that the page names."""
    filing = site.world.submit(site.lessor.client, "machine_filing", forms.machine_filing())
    number = site.lessor.client.get(f"/applications/{filing}")["form"]["serial_number"]
    page = windows.open(site.world.county.acceptor)
    page.goto("/inbox")
    keys = page.get_by_text("快捷键：")  # shown once they work
    expect(keys).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type(site.lessor.name)
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    expect(keys).to_be_visible()
    page.keyboard.press("j")
    while str(number) not in page.locator(":focus").locator("xpath=ancestor::tr").inner_text():
        page.keyboard.press("j")
    seen(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(site.lessor.name)
    expect(keys).to_be_visible()
    page.keyboard.press("a")
    assert seen(page)["text"] == "受理"
    page.keyboard.press("Enter")
    expect(page.locator(".told")).to_contain_text("已受理")


def test_without_scripts_a_matter_is_filled_in_and_submitted(windows: Windows, lessor: Firm, site: Site) -> None:
    page = windows.open(lessor.client, java_script_enabled=False)
    page.goto("/matters")
    page.get_by_role("button", name="新增 租赁企业备案").click()
    form = forms.lessor_filing()
    machines = form.pop("machines")
    hands.fill_in(page, form)
    hands.fill_rows(page, "machines", machines)
    for code in DOCUMENTS:
        file: Any = {"name": f"{code}.pdf", "mimeType": "application/pdf", "buffer": papers.pdf(code)}
        hands.document(page, code).locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="保存并预审").click()
    page.get_by_role("button", name="上报").click()
    expect(page.locator(".told")).to_contain_text("已上报")

    officer = windows.open(site.world.county.acceptor, java_script_enabled=False)
    officer.goto(f"/inbox?q={lessor.name}")
    officer.get_by_role("row", name=lessor.name).get_by_role("link").click()
    officer.get_by_text("补正清单 点击").click()
    officer.get_by_label("第 1 项位置").select_option(label="存放、维修场地面积")
    officer.get_by_label("第 1 项需补正的内容").fill("与平面图不符")
    officer.get_by_role("button", name="退回补正", exact=True).click()
    expect(officer.locator(".told")).to_contain_text("已退回补正")
    page.reload()
    expect(page.locator(".next-act").get_by_role("listitem").filter(has_text="与平面图不符")).to_be_visible()


def test_without_scripts_a_list_is_picked_from(windows: Windows, site: Site) -> None:
    """The search button brings the page again with what was found; what was typed elsewhere still stands there."""
    name = str(site.contractor.client.get(f"/projects/{site.project_id}")["name"])
    page = windows.open(site.installer.client, java_script_enabled=False)
    page.goto("/matters")
    page.get_by_role("button", name="新增 安装告知").click()
    page.get_by_label("现场编号").fill("3#")
    page.get_by_role("combobox", name="工程", exact=True).fill(name)
    page.locator('[value="pick:project_id"][data-find]').click()
    found = page.locator("select[name=project_id]")
    found.select_option(label=found.get_by_role("option", name=name).inner_text())
    page.get_by_role("button", name="保存草稿").last.click()
    expect(page.get_by_text(name)).to_be_visible()
    expect(page.get_by_label("现场编号")).to_have_value("3#")


def open_draft(page: Page) -> str:
    """A new one of a lessor's own filing; returns its id."""
    page.goto("/matters")
    page.get_by_role("button", name="新增 租赁企业备案").click()
    page.wait_for_url("**/edit")
    return page.url.split("/")[-2]


def tab_to(page: Page, wanted: str) -> None:
    """On by the tabulator to the control with this id or these words; wherever one comes, one sees where one is."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        on = seen(page)
        if wanted in (on["id"], on["text"], on["label"]):
            return
    raise AssertionError(f"{wanted} was not reached")


def seen(page: Page) -> dict[str, Any]:
    on = focus(page)
    assert on["visible"] and not on["covered"], on
    return on
