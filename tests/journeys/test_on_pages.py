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


@pytest.fixture(scope="module")
def spare(world: World) -> Site:
    """A site of its own, for what stops and ends it."""
    return build_site(world)


def test_supervision_is_stopped_resumed_and_ended_by_clicking(spare: Site) -> None:
    """Each act has its form on the project's page while it is possible, for the officer whose right it is."""
    approver, acceptor = Browser(spare.world.county.approver), Browser(spare.world.county.acceptor)
    address = f"/projects/{spare.project_id}"

    def acts(browser: Browser) -> set[str]:
        browser.open(address)
        return set(re.findall(rf'action="/acts/projects/{spare.project_id}/(\w+)"', browser.page))

    assert acts(approver) == {"record_stoppage", "record_works_acceptance", "close_project"}
    assert acts(acceptor) == acts(approver) - {"close_project"}
    assert not acts(Browser(spare.owner.client)) and not acts(Browser(spare.world.city.approver))

    stopped = {"since": forms.days_ahead(0), "cause_by": "other", "owner_consents": "no", "reason": "冬季停工"}
    do(acceptor, address, "projects", spare.project_id, "record_stoppage", **stopped)
    assert "自" in acceptor.page and "冬季停工" in acceptor.page and "record_resumption" in acts(approver)
    do(approver, address, "projects", spare.project_id, "record_resumption", on=forms.days_ahead(0))
    assert "record_stoppage" in acts(approver)
    do(approver, address, "projects", spare.project_id, "close_project", reason="工程已竣工，终止监督")
    assert not acts(approver) and "chip-closed" in approver.page


def test_a_certificate_is_suspended_resumed_reissued_and_cancelled_by_clicking(spare: Site) -> None:
    lessor, world = spare.lessor.client, spare.world
    (certificate,) = lessor.items("/certificates", kind="lessor_filing")
    approver, code = Browser(world.county.approver), certificate["verification_code"]
    address = f"/certificates/{certificate['certificate_id']}"

    def act(name: str, **typed: str) -> str:
        do(approver, address, "certificates", certificate["certificate_id"], name, **typed)
        return str(world.door.get(f"/verify/{code}")["stage"])

    assert "/acts/certificates" not in Browser(lessor).open(address)
    assert act("suspend_certificate", reason="核查材料真伪") == "suspended"
    assert act("resume_certificate", reason="核查属实，恢复使用") == "valid"
    assert act("reissue_certificate", reason="原件遗失，申请补发", new_number="no") != "valid"
    (again,) = (each for each in lessor.items("/certificates", kind="lessor_filing") if each["stage"] == "valid")
    certificate, code = again, again["verification_code"]
    address = f"/certificates/{certificate['certificate_id']}"
    assert act("cancel_certificate", reason="企业申请注销租赁备案") == "cancelled"


def test_who_asks_to_release_somebody_picks_him_from_whom_the_project_holds(site: Site) -> None:
    """Begun on the list of matters; the manager can be picked, by whoever of the parties asks."""
    contractor = Browser(site.contractor.client)
    assert 'href="/applications/new/person_release"' in contractor.open("/matters")
    contractor.open("/applications/new/person_release")
    contractor.send("/applications/new/person_release")
    assert contractor.address.endswith("/edit")
    asked = {"matter": "person_release", "field": "people.0.person_id", "people.0.role": "project_manager"}
    found = contractor.http.get("/pick/project_people", params=asked | {"project_id": site.project_id})
    assert site.manager in found.text


def do(browser: Browser, page: str, register: str, record: str, act: str, **typed: str) -> None:
    """An act by its form on a record's page."""
    browser.open(page)
    assert f'action="/acts/{register}/{record}/{act}"' in browser.page, act
    browser.send(f"/acts/{register}/{record}/{act}", back=page, **typed)
    assert (browser.status, browser.address) == (200, page)
