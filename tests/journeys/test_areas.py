"""T34: an agency sees and acts in its own area and nowhere else; people's numbers stay masked (T35)."""

import pytest

from deploy.demo.client import Client, Problem
from tests.journeys import forms
from tests.journeys.site import Site
from tests.journeys.world import World


def sees(client: Client, path: str) -> bool:
    try:
        client.get(path)
    except Problem as problem:
        assert problem.status == 404, problem
        return False
    return True


def test_T34_county_a_is_invisible_to_county_b_and_seen_by_city_and_province(world: World, site: Site) -> None:
    application = world.submit(site.lessor.client, "machine_filing", forms.machine_filing())
    machine_id = site.file_machine()
    for path in (
        f"/applications/{application}",
        f"/projects/{site.project_id}",
        f"/machines/{machine_id}",
        f"/people/{site.manager}",
    ):
        assert sees(world.county.acceptor, path), path
        assert not sees(world.other_county.acceptor, path), path
        assert sees(world.city.acceptor, path), path
        assert sees(world.province.acceptor, path), path


@pytest.mark.parametrize("act", ["accept", "return", "reject", "approve"])
def test_T34_county_b_cannot_act_on_county_a(world: World, site: Site, act: str) -> None:
    application = world.submit(site.lessor.client, "machine_filing", forms.machine_filing())
    version = site.lessor.client.get(f"/applications/{application}")["version"]
    words = {"return": {"remarks": "退回"}, "reject": {"reason": "不予通过"}, "approve": {"opinion": "同意"}}.get(
        act, {}
    )
    for officer in (world.other_county.acceptor, world.other_county.approver):
        with pytest.raises(Problem) as refused:
            officer.post(f"/applications/{application}/{act}", {"version": version, **words})
        assert refused.value.status in (403, 404)
    assert site.lessor.client.get(f"/applications/{application}")["version"] == version


def test_T34_lists_hold_only_ones_own_area(world: World, site: Site) -> None:
    ours = {each["project_id"] for each in world.county.acceptor.items("/projects")}
    theirs = {each["project_id"] for each in world.other_county.acceptor.items("/projects")}
    assert site.project_id in ours and site.project_id not in theirs


def test_one_firm_does_not_see_anothers_application_draft_or_staff(world: World, site: Site) -> None:
    other = world.open_firm("lessor")
    draft = world.draft(site.lessor.client, "machine_filing", forms.machine_filing())
    assert not sees(other.client, f"/applications/{draft['application_id']}")
    assert not sees(world.county.acceptor, f"/applications/{draft['application_id']}")
    assert not sees(other.client, f"/people/{site.manager}")


def test_T1_a_machines_filing_goes_to_its_owners_agency_and_no_other(world: World, site: Site) -> None:
    drafted = world.draft(site.lessor.client, "machine_filing", forms.machine_filing())
    body = {
        "version": drafted["version"],
        "form": forms.machine_filing(),
        "attachments": world.documents(site.lessor.client, "machine_filing"),
        "agency_id": world.other_county.organisation_id,
    }
    with pytest.raises(Problem) as refused:
        answer = site.lessor.client.put(f"/applications/{drafted['application_id']}/draft", body)
        body_ = {"version": answer["version"]}
        site.lessor.client.post(f"/applications/{drafted['application_id']}/submit", body_)
    assert "agency_id" in str(refused.value.fields)


def test_T35_numbers_are_masked_and_unmasking_is_for_who_needs_it_and_on_record(world: World, site: Site) -> None:
    shown = site.contractor.client.get(f"/people/{site.manager}")
    assert "****" in shown["phone"] and "********" in shown["identity_number"]
    for each in world.county.acceptor.items("/people", organisation_id=site.contractor.organisation_id):
        assert "*" in each["identity_number"] and "*" in each["phone"]
    full = site.contractor.client.post(f"/people/{site.manager}/unmask", {"reason": "核对证书原件"})
    assert len(full["identity_number"]) == 18 and "*" not in full["identity_number"]
    with pytest.raises(Problem) as refused:
        world.other_county.acceptor.post(f"/people/{site.manager}/unmask", {"reason": "好奇想看一看"})
    assert refused.value.status in (403, 404)
