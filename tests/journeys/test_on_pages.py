"""What officers and clerks do on the pages themselves, without scripts, against the whole system."""

import re

import pytest

from deploy.demo import papers
from tests.journeys import forms
from tests.journeys.browsing import Browser
from tests.journeys.site import Site, build_site
from tests.journeys.waiting import eventually
from tests.journeys.world import World


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


def test_a_day_that_owes_a_log_is_seen_by_the_agency_and_written_by_the_contractor(world: World) -> None:
    """A pit is dug from today on: today's log is due until it is written."""
    pit = {
        "kind": "pit",
        "part": "基坑东侧",
        "depth": 4.2,
        "planned_start": forms.days_ahead(0),
        "planned_finish": forms.days_ahead(20),
    }
    site = build_site(world, hazardous_works=[pit])
    day, calendar = forms.days_ahead(0), f"/projects/{site.project_id}/work-logs"
    agency, contractor, stranger = (
        Browser(each) for each in (world.county.acceptor, site.contractor.client, site.lessor.client)
    )
    assert 'class="log-due"' in agency.open(calendar) and f"{day}/edit" not in agency.page
    stranger.open(calendar)
    assert stranger.status == 404

    contractor.open(calendar)
    assert f'href="{calendar}/{day}/edit"' in contractor.page
    assert "基坑东侧" in contractor.open(f"{calendar}/{day}/edit")
    page = contractor.send(f"{calendar}/{day}/edit", weather="晴", work_done="基坑东侧土方开挖")
    assert contractor.status == 422 and "基坑东侧土方开挖" in page and 'id="form.measures-error"' in page
    typed = {"weather": "晴", "work_done": "基坑东侧土方开挖", "measures": "临边防护到位", "works.0.number": "1"}
    contractor.send(f"{calendar}/{day}/edit", files={"_file.photos": ("东侧.png", papers.png(64))}, **typed)

    assert contractor.status == 200 and contractor.address == f"{calendar}/{day}"
    read = agency.open(f"{calendar}/{day}")
    assert "临边防护到位" in read and "基坑东侧" in read and "更正" not in read
    photo = re.search(r'<img src="([^"]+)"', agency.page)
    assert photo
    given = agency.http.get(photo[1])
    assert given.headers["Content-Type"] == "image/png", given.text
