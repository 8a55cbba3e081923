"""What an agency does to machines of its own accord, and what it leaves of them."""

import pytest

from deploy.demo.client import Problem
from tests.journeys import forms
from tests.journeys.site import Site
from tests.journeys.test_refusals import refusal_of
from tests.journeys.waiting import eventually


def act(site: Site, machine_id: str, act: str) -> None:
    version = site.machine(machine_id)["version"]
    site.world.county.approver.post(
        f"/machines/{machine_id}/{act}", {"version": version, "reason": "检查发现主要受力构件开裂"}
    )


def refusal_of_notice(site: Site, machine_id: str) -> Problem:
    form = forms.install_notice(machine_id, site.project_id, site.installer.crew())
    problem, _ = refusal_of(site.installer.client, site.world, "install_notice", form)
    return problem


def test_a_frozen_crane_cannot_be_installed_until_it_is_thawed(site: Site) -> None:
    machine_id = site.file_machine()
    act(site, machine_id, "freeze")
    problem = refusal_of_notice(site, machine_id)
    assert (problem.status, problem.code) == (409, "machine_frozen")
    act(site, machine_id, "thaw")
    site.install(machine_id)


def test_a_crane_frozen_while_its_notice_is_with_the_agency_is_not_approved(site: Site) -> None:
    """Domain facts §2.5-14: frozen for every operation, the ones in hand too; the notice keeps its place and its lock."""
    machine_id = site.file_machine()
    notice = site.notify(machine_id)
    site.world.countersign(notice, site.contractor, site.supervisor)
    act(site, machine_id, "freeze")
    with pytest.raises(Problem) as refused:
        site.world.decide(notice, site.world.county)
    assert (refused.value.status, refused.value.code) == (409, "machine_frozen")
    assert site.machine(machine_id)["place"]["application_id"] == notice
    act(site, machine_id, "thaw")
    assert site.world.act(site.world.county.approver, notice, "approve", opinion="同意")["outcome"] == "approved"


def test_a_retired_crane_is_never_installed_again_and_one_at_work_is_not_retired(site: Site) -> None:
    machine_id, at_work = site.file_machine(), site.file_machine()
    site.install(at_work)
    with pytest.raises(Problem) as refused:
        act(site, at_work, "retire")
    assert refused.value.code == "machine_locked"
    number = site.machine(machine_id)["filing_number"]
    (certificate,) = [each for each in site.lessor.client.items("/certificates") if each["number"] == number]

    def told() -> str:
        return str(site.world.door.get(f"/verify/{certificate['verification_code']}")["stage"])

    assert told() == "valid"
    act(site, machine_id, "retire")
    assert site.machine(machine_id)["stage"] == "cancelled"
    assert refusal_of_notice(site, machine_id).code == "machine_cancelled"
    eventually(lambda: told() == "cancelled", "whoever checks the certificate reads that it is void")


def test_a_project_is_not_closed_while_a_crane_stands_on_it(site: Site) -> None:
    machine_id = site.file_machine()
    site.install(machine_id)
    with pytest.raises(Problem) as refused:
        site.act("close", reason="工程竣工验收合格，终止监督")
    assert refused.value.code == "machines_on_site"
    assert site.machine(machine_id)["filing_number"] in refused.value.data["machines"]
