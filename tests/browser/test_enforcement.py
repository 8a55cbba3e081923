"""Law enforcement by clicking: from the plan to the closed order, and from the clue to the closed case."""

from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from chassis.clock import day_of, now
from deploy.demo import papers
from tests.browser.counting import count_hands, expect_counted
from tests.browser.window import Windows
from tests.journeys.inspecting import Inspectors
from tests.journeys.site import Site

TODAY = day_of(now())


@pytest.fixture
def officers(site: Site) -> Inspectors:
    return Inspectors.of(site)


def test_from_the_plan_to_the_closed_order(windows: Windows, site: Site, officers: Inspectors) -> None:
    inspector, head = windows.open(officers.first), windows.open(site.world.county.approver)
    number = site.world.county.acceptor.get(f"/projects/{site.project_id}")["number"]
    plan(inspector, number)
    head.goto(inspector.url)
    head.get_by_role("button", name="批准计划").click()
    expect(head.locator(".told")).to_be_visible()

    inspector.reload()
    count_hands(inspector)
    inspector.reload()
    inspector.get_by_role("link", name="开始检查").click()
    inspector.get_by_label(officers.names[1]).check()
    inspector.get_by_role("button", name="开始检查").click()
    fill(inspector, officers)
    expect(inspector.locator(".told")).to_contain_text("已完成并封存")
    expect_counted(inspector, "执法人员：检查到责令通知")
    inspector.get_by_role("link", name="责令限期整改", exact=False).first.click()
    order = inspector.url
    expect(inspector.get_by_text("待责任单位整改").first).to_be_visible()

    clerk = windows.open(site.contractor.client)
    count_hands(clerk)
    clerk.goto("/")
    clerk.get_by_role("navigation").get_by_role("link", name="执法监督").first.click()
    clerk.get_by_role("link", name="填写整改报告").first.click()
    clerk.get_by_label("整改情况").first.fill("已按规范设置防护栏杆")
    picture: Any = {"name": "整改后.png", "mimeType": "image/png", "buffer": papers.png(90)}
    clerk.get_by_label("整改后照片").first.set_input_files(picture)
    clerk.get_by_role("button", name="提交整改报告").click()
    expect(clerk.locator(".told")).to_contain_text("已提交")
    expect_counted(clerk, "施工单位：回复责令通知")

    inspector.goto(order)
    inspector.get_by_role("link", name="复查", exact=True).click()
    inspector.get_by_label("已整改", exact=True).check()
    inspector.get_by_role("radio", name="书面核查").check()
    inspector.get_by_role("button", name="确认复查结果").click()
    expect(inspector.locator(".told")).to_contain_text("已办结")
    clerk.goto(order)
    expect(clerk.locator(".chip-approved").first).to_be_visible()


def plan(inspector: Page, number: str) -> None:
    inspector.goto("/enforcement/plans/new")
    inspector.get_by_label("检查类别").select_option("special")
    inspector.get_by_label("计划名称").fill("高处作业专项检查")
    inspector.get_by_label("开始日期").fill(TODAY.isoformat())
    inspector.get_by_label("结束日期").fill(min(TODAY + timedelta(days=14), date(TODAY.year, 12, 31)).isoformat())
    inspector.get_by_label("检查依据").fill("年度检查计划第三项")
    inspector.get_by_label("指定工程").fill(number)
    inspector.get_by_label("每个工程检查次数").fill("1")
    inspector.get_by_label("每家企业年度检查次数上限").fill("4")
    inspector.get_by_role("button", name="保存，提请批准").click()
    expect(inspector.get_by_role("heading", level=1)).to_contain_text("高处作业专项检查")


def fill(inspector: Page, officers: Inspectors) -> None:
    inspector.get_by_label("问题描述").fill("三层临边无防护栏杆")
    inspector.get_by_label("依据条款").select_option("B.13-04")
    inspector.get_by_label("部位", exact=True).fill("3号楼三层")
    picture: Any = {"name": "现场.png", "mimeType": "image/png", "buffer": papers.png(40)}
    inspector.get_by_label("照片", exact=True).set_input_files(picture)
    inspector.get_by_text("B.13 高处作业").click()
    inspector.get_by_label("扣分 临边防护").fill("10")
    for name in officers.names:
        inspector.get_by_label(f"{name} 确认以上记录属实并签字").check()
    inspector.get_by_label("现场负责人", exact=True).fill("王建国")
    inspector.get_by_role("button", name="完成并封存").click()


def test_from_the_clue_to_the_closed_case(windows: Windows, site: Site, officers: Inspectors) -> None:
    inspector, head = windows.open(officers.first), windows.open(site.world.county.approver)
    count_hands(inspector)
    inspector.goto(f"/enforcement/cases/new?project_id={site.project_id}")
    inspector.get_by_label("违法行为", exact=False).first.select_option("166-30")
    inspector.get_by_role("button", name="下一步").click()
    inspector.get_by_label("当事人（单位）").select_option(site.contractor.organisation_id)
    inspector.get_by_label("违法事实").fill("塔式起重机出现故障仍继续使用")
    inspector.get_by_label(officers.names[1]).check()
    inspector.get_by_role("button", name="登记线索，报请立案").click()
    expect_counted(inspector, "执法人员：登记案件")
    case = inspector.url
    act(head, case, "立案", 立案意见="同意立案")

    inspector.goto(case)
    inspector.get_by_role("link", name="调查终结").click()
    inspector.get_by_role("button", name="调查终结").click()
    act(windows.open(site.world.county.reviewer), case, "法制审核", 同意="yes", 审核意见="事实清楚，程序合法")
    act(inspector, case, "事先告知", 当场交付="项目经理 王建国")
    clerk = windows.open(site.contractor.client)
    act(clerk, case, "答复告知", 答复="waive")
    act(head, case, "作出决定")
    act(inspector, case, "登记送达", 受送达人="项目经理 王建国")
    act(inspector, case, "登记缴款", 票据号="2026000123")
    act(inspector, case, "登记公开", 公开网址="省厅网站行政处罚栏")
    act(head, case, "结案", 结案意见="已履行完毕")

    expect(head.get_by_role("heading", level=1)).to_contain_text("冀建罚")
    expect(head.get_by_text("已结案").first).to_be_visible()
    clerk.goto(case)
    expect(clerk.get_by_text("行政处罚决定书").first).to_be_visible()


def act(page: Page, case: str, title: str, **fields: str) -> None:
    """One step by its form on the case's page, with what has to be filled in beyond what stands there."""
    page.goto(case)
    form = page.locator("form.act-form").filter(has=page.get_by_role("button", name=title, exact=True))
    details = form.locator("xpath=ancestor::details")
    if details.count() and details.get_attribute("open") is None:
        details.locator("summary").click()
    for label, value in fields.items():
        if value == "yes":
            form.get_by_role("radio", name="是").check()
            continue
        field = form.get_by_label(label, exact=False).first
        if field.evaluate("node => node.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    form.get_by_role("button", name=title, exact=True).click()
    expect(page.locator(".told")).to_be_visible()
