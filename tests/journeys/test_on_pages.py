"""What officers and clerks do on the pages themselves, without scripts, against the whole system."""

import pytest

from tests.journeys.browsing import Browser
from tests.journeys.site import Site
from tests.journeys.waiting import eventually


@pytest.fixture(scope="module")
def approver(site: Site) -> Browser:
    return Browser(site.world.county.approver)


def test_a_matter_with_a_conclusion_is_approved_on_the_review_page(site: Site, approver: Browser) -> None:
    """A request to release somebody: the agency's reason is asked for, refused beside its field, then taken."""
    world = site.world
    asked = {
        "project_id": site.project_id,
        "people": [{"person_id": site.safety_officer, "role": "safety_officer"}],
        "reason": "已离职，人员不再到岗",
    }
    assert site.active_roles(site.safety_officer)
    application = world.submit(site.contractor.client, "person_release", asked)
    world.act(world.county.acceptor, application, "accept")
    address = f"/review/{application}"

    assert "解除锁定的理由" in approver.open(address)
    page = approver.send(address, act="approve", words="同意")
    assert approver.status == 422 and 'id="form.decision.reason-error"' in page and ">同意</textarea>" in page
    approver.send(address, act="approve", words="同意", **{"decision.reason": "经核实，该人员已离职"})

    assert approver.status == 200 and not approver.address.startswith(address)
    eventually(lambda: not site.active_roles(site.safety_officer), "the person went free")
    assert "经核实，该人员已离职" in Browser(site.contractor.client).open(f"/applications/{application}")
