"""Law enforcement by clicking: from the plan to the closed order, and from the clue to the closed case."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from deploy.demo import papers
from deploy.demo.client import Client
from tests.browser.counting import count_hands, expect_counted
from tests.browser.window import Windows
from tests.journeys import forms
from tests.journeys.site import Site
from tests.journeys.waiting import eventually
from tests.journeys.world import World

TODAY = date.today()


@dataclass
class Officers:
    """Two inspectors of the county, a legal reviewer and its head; the inspectors are on the roster."""

    first: Client
    second: Client
    names: tuple[str, str]

    @classmethod
    def of(cls, world: World) -> "Officers":
        people = [_inspector(world) for _ in range(2)]
        return cls(people[0], people[1], (_name(people[0]), _name(people[1])))


def _name(client: Client) -> str:
    return str(client.me["account"]["name"])


def _inspector(world: World) -> Client:
    client = world._account(world.county.administrator, f"inspector{next(forms.serial)}", ["inspector"])
    account = client.me["account"]
    told = {
        "name": account["name"], "certificate_number": f"冀A{next(forms.serial):06d}", "user_id": account["account_id"],
        "certificate_valid_to": (TODAY + timedelta(days=700)).isoformat(),
    }  # fmt: skip
    world.county.administrator.post("/officers", told)
    return client


@pytest.fixture
def officers(site: Site) -> Officers:
    """Once enforcement has heard of the site and of the county's agency."""
    eventually(lambda: _knows(site), "enforcement knows the site")
    return Officers.of(site.world)


def _knows(site: Site) -> bool:
    return bool(site.world.county.acceptor.get("/orders", project_id=site.project_id) is not None)


def test_from_the_plan_to_the_closed_order(windows: Windows, site: Site, officers: Officers) -> None:
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
    inspector.get_by_label("检查类型").select_option("special")
    inspector.get_by_label("计划名称").fill("高处作业专项检查")
    inspector.get_by_label("开始日期").fill(TODAY.isoformat())
    inspector.get_by_label("结束日期").fill(min(TODAY + timedelta(days=14), date(TODAY.year, 12, 31)).isoformat())
    inspector.get_by_label("检查依据").fill("年度检查计划第三项")
    inspector.get_by_label("指定工程").fill(number)
    inspector.get_by_label("每个工程检查次数").fill("1")
    inspector.get_by_label("每家企业年度检查次数上限").fill("4")
    inspector.get_by_role("button", name="保存，提请批准").click()
    expect(inspector.get_by_role("heading", level=1)).to_contain_text("高处作业专项检查")


def fill(inspector: Page, officers: Officers) -> None:
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
