"""An owner comes for the first time: registers, files a project, and hangs the printed certificate on the wall."""

import re

from playwright.sync_api import Page, expect

from deploy.demo import papers
from tests.browser import hands
from tests.browser.counting import count_hands, counted, expect_counted
from tests.browser.newcomers import register
from tests.browser.officers import handle
from tests.browser.printing import print_certificate
from tests.browser.window import Windows, sign_in
from tests.journeys import forms
from tests.journeys.site import Site

HERE = "114.531, 38.0507"
LEAD, MANAGER, TECHNICIAN, SAFETY_OFFICER, CHIEF = "孟业主", "冯经理", "褚技术", "卫安全", "蒋总监"


def test_from_registration_to_the_certificate(windows: Windows, site: Site) -> None:
    county = site.world.county
    username, name = register(windows.open())
    acceptor = windows.open(county.acceptor)
    handle(acceptor, name, "受理")
    handle(windows.open(county.approver), name, "通过", "同意开通")

    clerk = windows.open()
    count_hands(clerk)
    sign_in(clerk, username)
    enter_staff(clerk, LEAD)
    counted(clerk)
    start_filing(clerk, site)
    fill_in_documents(clerk)
    submit(clerk, "长安区安监站")
    expect_counted(clerk, "建设单位：安全监督备案")

    handle(acceptor, name, "受理")
    handle(windows.open(county.reviewer), name, "审核", "材料齐全，符合要求")
    handle(windows.open(county.approver), name, "通过", "同意")

    clerk.reload()
    print_certificate(windows, clerk)


def enter_staff(page: Page, name: str) -> None:
    person = forms.person(name, [])
    page.get_by_role("link", name="人员", exact=True).click()
    page.get_by_role("link", name="录入人员").click()
    page.get_by_label("姓名").fill(name)
    page.get_by_label("身份证号").fill(person["identity_number"])
    page.get_by_label("手机号").fill(person["phone"])
    page.get_by_role("button", name="录入").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def start_filing(page: Page, site: Site) -> None:
    """The form from top to bottom, the boundary drawn; it saves itself on the way."""
    contractor, supervisor = site.contractor, site.supervisor
    contractor.hire(MANAGER, forms.certificate("B"), forms.certificate("builder"))
    contractor.hire(TECHNICIAN)
    contractor.hire(SAFETY_OFFICER, forms.certificate("C3"))
    supervisor.hire(CHIEF, forms.certificate("supervising_engineer"))
    roles = ("owner_lead", "project_manager", "technical_lead", "safety_officer", "chief_supervisor")
    people = zip(roles, (LEAD, MANAGER, TECHNICIAN, SAFETY_OFFICER, CHIEF), strict=True)
    rows = [
        {"role": role, "person_id": who, "phone": forms.numbers_of.phone(next(forms.serial))} for role, who in people
    ]
    pit = {"kind": "pit", "part": "基坑东侧", "depth": 4.2, "planned_start": forms.days_ahead(0)}
    form = forms.safety_filing(
        "contractor", "supervisor", rows, hazardous_works=[pit | {"planned_finish": forms.days_ahead(20)}]
    )
    del form["boundary"]
    known = {
        "contractor": contractor.name,
        "supervisor": supervisor.name,
        **{each["person_id"]: each["person_id"] for each in rows},
    }

    page.get_by_role("link", name="业务办理").click()
    page.get_by_role("button", name="新增 安全监督备案").click()
    hands.fill_in(page, form, known)
    hands.draw_boundary(page, HERE)
    expect(page.locator("[data-saved]")).to_have_text(re.compile("^已保存"))


def fill_in_documents(page: Page) -> None:
    """Two dropped at once and put into order, one picture made smaller, one that is no document, the rest chosen."""
    one, two = (papers.pdf(f"施工合同 {number}") for number in (1, 2))
    contract = hands.document(page, "P2")
    hands.drop_files(page, "P2", ("合同-2.pdf", "application/pdf", two), ("合同-1.pdf", "application/pdf", one))
    expect(contract.locator("[data-file] a")).to_have_text(["合同-2.pdf", "合同-1.pdf"])
    contract.get_by_role("button", name="上移 合同-1.pdf").click()
    expect(contract.locator("[data-file] a")).to_have_text(["合同-1.pdf", "合同-2.pdf"])

    plan = hands.document(page, "P1")
    hands.drop_files(page, "P1", ("一览表.png", "image/png", hands.large_picture()), ("一览表.txt", "text/plain", b"1"))
    expect(plan.get_by_text("只接受 PDF、JPEG、PNG 文件")).to_be_visible()
    plan.get_by_role("button", name="压缩到 600 KB 以内").click()
    plan.get_by_role("button", name="使用压缩后的图片").click()
    expect(plan.locator("[data-file] a")).to_have_text(["一览表.jpg"])
    hands.choose_files(page, "P3", "P4", "P5", "P6", "P12")


def submit(page: Page, agency: str) -> None:
    page.get_by_role("button", name="保存并预审").click()
    expect(page.get_by_text("将报送：")).to_contain_text(agency)
    page.get_by_role("button", name="上报").click()
    expect(page.get_by_text(re.compile("^等待"))).to_contain_text(agency)
