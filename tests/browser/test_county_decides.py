"""A county officer: returns with a list made by clicking, sees what changed, objects late; two officers at once."""

import pytest
from playwright.sync_api import Page, expect

from deploy.demo.client import Client
from tests.browser.counting import count_hands, expect_counted
from tests.browser.officers import decide
from tests.browser.window import Windows
from tests.journeys import forms
from tests.journeys.site import Site
from tests.journeys.world import World


@pytest.fixture
def filing(site: Site) -> str:
    """A crane's filing that waits for the county; returns the application's id."""
    return site.world.submit(site.lessor.client, "machine_filing", forms.machine_filing())


def test_returned_corrected_marked_and_objected_to_late(windows: Windows, site: Site, filing: str) -> None:
    officer, clerk = windows.open(site.world.county.acceptor), windows.open(site.lessor.client)
    count_hands(officer)
    officer.goto(f"/review/{filing}")
    point_at(officer, "规格型号", "与合格证不一致")
    point_at(officer, "产品合格证", "缺少骑缝章")
    decide(officer, "退回补正")
    expect_counted(officer, "经办人员：退回补正")

    clerk.goto(f"/applications/{filing}")
    expect(clerk.locator(".next-act").get_by_role("listitem").filter(has_text="与合格证不一致")).to_be_visible()
    clerk.get_by_role("link", name="去补正").click()
    expect(clerk.get_by_text("需补正 与合格证不一致")).to_be_visible()
    before = clerk.get_by_label("规格型号").input_value()
    clerk.get_by_label("规格型号").fill("QTZ63(TC5013)")
    clerk.get_by_role("button", name="保存并预审").click()
    clerk.get_by_role("button", name="上报").click()
    expect(clerk.locator(".told")).to_contain_text("已上报")

    officer.goto(f"/review/{filing}")
    expect(officer.get_by_text("有 1 处改动")).to_be_visible()
    changed = officer.locator('[data-label="规格型号"]')
    expect(changed).to_contain_text("QTZ63(TC5013)")
    expect(changed.locator("del")).to_have_text(before)
    point_at(officer, "制造厂家", "应填写全称")
    decide(officer, "退回补正")

    officer.goto(f"/review/{filing}")
    expect(officer.get_by_role("listitem").filter(has_text="应填写全称").last).to_contain_text("迟到的意见")
    clerk.goto(f"/applications/{filing}")
    record = clerk.locator(".timeline")
    expect(record).to_contain_text("与合格证不一致")
    expect(record.get_by_role("listitem").filter(has_text="应填写全称").last).to_contain_text("迟到的意见")


def test_two_officers_decide_at_once(windows: Windows, site: Site, filing: str) -> None:
    """Whoever comes second reads who decided, and what he had typed is still there."""
    first, second = windows.open(site.world.county.acceptor), windows.open(another_acceptor(site.world))
    for officer in (first, second):
        officer.goto(f"/review/{filing}")
    decide(first, "受理")

    opinion = second.get_by_role("textbox", name="意见")
    opinion.fill("材料有疑问")
    second.get_by_role("button", name="受理", exact=True).click()

    told = second.get_by_role("status").filter(has_text="本件已被他人办理")
    expect(told).to_contain_text("acceptor130102")
    expect(told).to_contain_text("受理")
    expect(opinion).to_have_value("材料有疑问")


def test_the_next_one_opens_by_itself(windows: Windows, site: Site, filing: str) -> None:
    site.world.submit(site.lessor.client, "machine_filing", forms.machine_filing())
    officer = windows.open(site.world.county.acceptor)
    count_hands(officer)
    officer.goto(f"/inbox?q={site.lessor.name}")
    officer.get_by_role("row", name=site.lessor.name).get_by_role("link").first.click()
    decide(officer, "受理")
    expect_counted(officer, "经办人员：办理一件")
    expect(officer.get_by_role("heading", level=1)).to_contain_text(site.lessor.name)
    expect(officer.get_by_role("button", name="受理", exact=True)).to_be_visible()


def point_at(officer: Page, label: str, text: str) -> None:
    """The button beside a field or a document writes its place into the list; the officer types what is wrong."""
    place = officer.locator(f'[data-path][data-label="{label}"]')
    place.hover()
    place.get_by_role("button", name=f"指出问题：{label}").click()
    officer.keyboard.type(text)


def another_acceptor(world: World) -> Client:
    return world._account(world.county.administrator, f"acceptor{next(forms.serial)}", ["acceptor"])
