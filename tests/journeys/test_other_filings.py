"""What firms file besides cranes: themselves, old papers, a hoist, works that have no filing yet."""

from tests.journeys import forms
from tests.journeys.site import Site
from tests.journeys.test_areas import sees
from tests.journeys.test_refusals import refusal_of
from tests.journeys.waiting import eventually
from tests.journeys.world import World


def test_a_crane_filed_earlier_on_paper_keeps_its_number_and_can_be_installed(site: Site) -> None:
    number = f"冀AA-T{next(forms.serial):05d}"
    form = forms.machine_registration(number)
    application = site.world.submit(site.lessor.client, "machine_registration", form)
    machine_id = site.lessor.client.get(f"/applications/{application}")["machine_id"]
    notice = forms.install_notice(machine_id, site.project_id, site.installer.crew())
    problem, _ = refusal_of(site.installer.client, site.world, "install_notice", notice)
    assert problem.code == "machine_under_review"  # not before the agency has confirmed it

    site.world.decide(application, site.world.county)

    site.wait_for_machine(machine_id, "filed")
    assert site.machine(machine_id)["filing_number"] == number
    site.install(machine_id)


def test_a_lessor_files_itself_with_the_agency_of_its_seat(world: World) -> None:
    lessor = world.open_firm("lessor", division="130104")
    application = world.submit(lessor.client, "lessor_filing", forms.lessor_filing())
    world.decide(application, world.other_county)
    (certificate,) = lessor.client.items("/certificates", kind="lessor_filing")
    told = world.door.get(f"/verify/{certificate['verification_code']}")
    assert (told["kind"], told["stage"], told["number"]) == ("lessor_filing", "valid", certificate["number"])


def test_an_installer_from_outside_works_here_once_the_province_has_filed_its_entry(site: Site) -> None:
    world, machine_id = site.world, site.file_machine()
    outsider = world.open_firm("installer", division="130000", outside_province=True)
    notice = forms.install_notice(machine_id, site.project_id, outsider.crew())
    problem, _ = refusal_of(outsider.client, world, "install_notice", notice)
    assert problem.code == "installer_entry_not_filed"

    entry = world.submit(outsider.client, "installer_filing", forms.installer_filing())
    assert not sees(world.county.acceptor, f"/applications/{entry}")  # it went straight to the province
    world.decide(entry, world.province)

    application = world.submit(outsider.client, "install_notice", notice)
    world.countersign(application, site.contractor, site.supervisor)
    world.decide(application, world.county)
    site.wait_for_machine(machine_id, "installed")


def test_a_hoist_is_put_up_and_driven_by_people_of_its_own_trades(site: Site) -> None:
    world = site.world
    filing = world.submit(site.lessor.client, "machine_filing", forms.hoist_filing())
    world.decide(filing, world.county)
    machine_id = site.lessor.client.get(f"/applications/{filing}")["machine_id"]
    site.wait_for_machine(machine_id, "filed")
    with_crane_crew = forms.install_notice(machine_id, site.project_id, site.installer.crew(), machine_kind="S")
    problem, application = refusal_of(site.installer.client, world, "install_notice", with_crane_crew)
    assert problem.code == "trade_mismatch"

    world.correct(site.installer.client, application, crew=site.installer.crew("09"))
    world.countersign(application, site.contractor, site.supervisor)
    world.decide(application, world.county)
    site.wait_for_machine(machine_id, "installed")

    driver = site.contractor.driver("06")
    use = forms.use_registration(
        machine_id, site.project_id, [{"person_id": driver, "role": "driver"}], machine_kind="S"
    )
    problem, _ = refusal_of(site.contractor.client, world, "use_registration", use)
    assert (problem.code, [each["path"] for each in problem.data["findings"]]) == (
        "required",
        ["form.anti_fall_device"],
    )
    device = {"number": "FZ-001", "calibrated_on": forms.days_ahead(-30), "valid_to": forms.days_ahead(335)}
    registration = world.submit(site.contractor.client, "use_registration", use | {"anti_fall_device": device})
    world.decide(registration, world.county)
    site.wait_for_machine(machine_id, "registered")
    eventually(lambda: site.active_roles(driver) == [("driver", site.project_id)], "the driver is held")


def test_a_crane_works_and_is_taken_down_on_works_that_have_no_filing_yet(site: Site) -> None:
    """R-F12: all three forms describe the same unfiled project, and it is one project."""
    world, machine_id = site.world, site.file_machine()
    described = forms.unfiled_project(site.contractor.organisation_id, site.supervisor.organisation_id)

    def unfiled(form: dict[str, object]) -> dict[str, object]:
        return {name: value for name, value in form.items() if name != "project_id"} | {"unfiled_project": described}

    notice = forms.install_notice(machine_id, None, site.installer.crew(), unfiled_project=described)
    application = world.submit(site.installer.client, "install_notice", notice)
    world.countersign(application, site.contractor, site.supervisor)
    world.decide(application, world.county)
    site.wait_for_machine(machine_id, "installed")
    project_id = site.installer.client.get(f"/applications/{application}")["project_id"]

    operators = site.operators()
    use = world.submit(
        site.contractor.client, "use_registration", unfiled(forms.use_registration(machine_id, "", operators))
    )
    world.decide(use, world.county)
    site.wait_for_machine(machine_id, "registered")
    assert site.contractor.client.get(f"/applications/{use}")["project_id"] == project_id

    down = world.submit(
        site.installer.client,
        "dismantling_notice",
        unfiled(forms.dismantling_notice(machine_id, "", site.installer.crew())),
    )
    world.countersign(down, site.contractor, site.supervisor)
    world.decide(down, world.county)
    site.wait_for_machine(machine_id, "filed")
    eventually(lambda: not site.active_locks(operators[0]["person_id"]), "operators free")
