"""An installer notifies that it puts up a crane, picking project, machine and crew; the parties sign, the agency decides."""

from playwright.sync_api import Page, expect

from tests.browser import hands
from tests.browser.counting import count_hands, expect_counted
from tests.browser.officers import handle
from tests.browser.printing import print_certificate
from tests.browser.window import Windows
from tests.journeys import forms
from tests.journeys.site import Site

CREW = {"install_lead": "沈队长", "install_safety_officer": "韩安全", "install_worker": "杨师傅"}
KINDS = {"install_safety_officer": ("C1", None)}
SCAFFOLDER = ("special_operation", "08")


def test_a_notice_with_its_crew_is_signed_and_locks_the_machine(windows: Windows, site: Site) -> None:
    machine_id = site.file_machine()
    clerk = windows.open(site.installer.client)
    count_hands(clerk)
    fill_in_notice(clerk, site, machine_id)
    expect(clerk.get_by_text("；先由")).to_contain_text("施工总承包单位、监理单位 会签")
    clerk.get_by_role("button", name="上报").click()
    expect(clerk.locator(".told")).to_contain_text("已上报")
    expect_counted(clerk, "安装单位：安装告知")
    address = clerk.url

    clerk.goto("/matters")
    clerk.get_by_role("button", name="新增 安装告知").click()
    clerk.get_by_label("设备类型").select_option("塔式起重机")
    filing_number = str(site.machine(machine_id)["filing_number"])
    clerk.get_by_label("设备 必填", exact=True).fill(filing_number)
    taken = clerk.get_by_role("option", name=filing_number)
    expect(taken).to_contain_text("已锁定于")
    expect(taken).to_be_disabled()

    lessor = windows.open(site.lessor.client)
    lessor.goto(f"/machines/{machine_id}")
    expect(lessor.locator(".lock").first).to_contain_text("锁定于")

    for firm in (site.contractor, site.supervisor):
        sign(windows.open(firm.client), address)
    handle(windows.open(site.world.county.acceptor), site.installer.name, "受理", machine=filing_number)
    clerk.goto(address)
    expect(clerk.locator(".stage-now")).to_contain_text("受理")
    handle(windows.open(site.world.county.approver), site.installer.name, "通过", "同意", machine=filing_number)
    clerk.reload()
    print_certificate(windows, clerk)


def fill_in_notice(clerk: Page, site: Site, machine_id: str) -> None:
    for role, name in CREW.items():
        site.installer.hire(name, forms.certificate(*KINDS.get(role, SCAFFOLDER)))
    crew = [{"role": role, "person_id": name} for role, name in [*CREW.items(), ("install_worker", "第二人")]]
    site.installer.hire("第二人", forms.certificate(*SCAFFOLDER))
    filing_number, project = site.machine(machine_id)["filing_number"], project_name(site)
    known = {"machine": filing_number, "project": project, **{each["person_id"]: each["person_id"] for each in crew}}
    clerk.goto("/matters")
    clerk.get_by_role("button", name="新增 安装告知").click()
    hands.fill_in(clerk, forms.install_notice("machine", "project", crew), known)

    hands.choose_files(clerk, "N1", "N2", "N3", "N4", "N5", "N6", "N7")
    clerk.get_by_role("button", name="保存并预审").click()


def project_name(site: Site) -> str:
    return str(site.contractor.client.get(f"/projects/{site.project_id}")["name"])


def sign(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("意见（退回时必填）").fill("已核对现场条件")
    page.get_by_role("button", name="同意", exact=True).click()
    expect(page.locator(".told")).to_be_visible()
