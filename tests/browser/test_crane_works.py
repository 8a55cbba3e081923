"""The life of a crane by hand, up to its papers: a lessor files it, a contractor registers its use, an installer takes it down.

Who decides, and how, other journeys click: here the agency decides without pages.
"""

from playwright.sync_api import Page

from tests.browser.clerks import fill_in_matter, hand_in
from tests.browser.counting import count_hands, counted, expect_counted
from tests.browser.newcomers import register_and_open
from tests.browser.printing import print_certificate
from tests.browser.window import Windows
from tests.journeys import forms
from tests.journeys.site import Site, file_project, key_people
from tests.journeys.world import Body, Firm

OPERATORS = {"driver": ("马司机", "05"), "signaller": ("许信号", "04")}
CREW = {"install_lead": "拆队长", "install_safety_officer": "拆专职", "install_worker": "拆师傅"}


def test_a_lessor_registers_files_a_crane_and_prints_its_proof(windows: Windows, site: Site) -> None:
    world, clerk = site.world, windows.open()
    lessor = register_and_open(clerk, world, "lessor")
    world.decide(world.submit(lessor.client, "lessor_filing", forms.lessor_filing()), world.county)

    clerk = signed_in(windows, lessor)
    fill_in_matter(clerk, "建筑起重机械设备备案", forms.machine_filing(), {}, "F1 F2 F3 F4 F5")
    application = hand_in(clerk)
    expect_counted(clerk, "产权单位：设备备案")

    world.decide(application, world.county)
    clerk.reload()
    print_certificate(windows, clerk)


def test_a_contractor_registers_and_gets_its_crane_into_use(windows: Windows, site: Site) -> None:
    stranger = windows.open()
    count_hands(stranger)
    contractor = register_and_open(stranger, site.world, "contractor")
    expect_counted(stranger, "企业：注册")
    own = site_of(site, contractor)
    machine = own.file_machine()
    own.install(machine)
    for name, trade in OPERATORS.values():
        contractor.hire(name, forms.certificate("special_operation", trade))
    operators: list[Body] = [{"role": role, "person_id": name} for role, (name, _) in OPERATORS.items()]
    known = {name: name for name, _ in OPERATORS.values()}
    known |= {"machine": str(own.machine(machine)["filing_number"]), "project": project_name(own)}

    clerk = signed_in(windows, contractor)
    form = forms.use_registration("machine", "project", operators)
    fill_in_matter(clerk, "建筑起重机械使用登记", form, known, "U1 U2 U3 U4 U5 U6")
    application = hand_in(clerk)
    expect_counted(clerk, "施工单位：使用登记")

    site.world.decide(application, site.world.county)
    clerk.reload()
    print_certificate(windows, clerk)


def test_an_installer_takes_a_crane_down_and_prints_the_receipt(windows: Windows, site: Site) -> None:
    machine = site.file_machine()
    site.install(machine)
    site.register_use(machine, site.operators())
    crew: list[Body] = [{"role": role, "person_id": name} for role, name in CREW.items()]
    crew.append({"role": "install_worker", "person_id": "拆二人"})
    for each in crew:
        kind = ("C1",) if each["role"] == "install_safety_officer" else ("special_operation", "08")
        site.installer.hire(each["person_id"], forms.certificate(*kind))
    known = {each["person_id"]: each["person_id"] for each in crew}
    known |= {"machine": str(site.machine(machine)["filing_number"]), "project": project_name(site)}

    clerk = signed_in(windows, site.installer)
    form = forms.dismantling_notice("machine", "project", crew)
    fill_in_matter(clerk, "拆卸告知", form, known, "N1 N2 N3 N4 N5 N6 N7")
    application = hand_in(clerk)
    expect_counted(clerk, "安装单位：拆卸告知")

    site.world.countersign(application, site.contractor, site.supervisor)
    site.world.decide(application, site.world.county)
    clerk.reload()
    print_certificate(windows, clerk)


def test_a_contractor_declares_a_civilised_site_and_prints_the_certificate(windows: Windows, site: Site) -> None:
    own = site_of(site, site.world.open_firm("contractor"))
    form = {
        "project_id": "project", "standard": "municipal", "progress": "主体施工至 9 层",
        "measures": "围挡封闭，道路硬化，裸土覆盖", "remote_monitoring": True, "contact": "何联系",
        "contact_phone": forms.numbers_of.phone(next(forms.serial)),
    }  # fmt: skip
    clerk = signed_in(windows, own.contractor)
    fill_in_matter(clerk, "文明工地申报", form, {"project": project_name(own)}, "W1 W2 W3 W4")
    application = hand_in(clerk)
    expect_counted(clerk, "施工单位：文明工地申报")

    site.world.decide(application, site.world.county)
    clerk.reload()
    print_certificate(windows, clerk)


def signed_in(windows: Windows, firm: Firm) -> Page:
    """The firm's clerk on the home page; what he does from now on counts."""
    clerk = windows.open(firm.client)
    count_hands(clerk)
    clerk.goto("/")
    counted(clerk)
    return clerk


def site_of(site: Site, contractor: Firm) -> Site:
    """A project of this contractor's; all others are those of the site that there is."""
    manager, safety_officer = contractor.manager(), contractor.safety_officer()
    chief = site.supervisor.hire("总监", forms.certificate("supervising_engineer"))
    people = key_people(site.owner, contractor, manager, safety_officer, chief)
    project = file_project(site.world, site.owner, contractor, site.supervisor, people)
    return Site(
        site.world, site.owner, contractor, site.supervisor, site.lessor, site.installer, project, manager,
        safety_officer, chief,
    )  # fmt: skip


def project_name(site: Site) -> str:
    return str(site.contractor.client.get(f"/projects/{site.project_id}")["name"])
