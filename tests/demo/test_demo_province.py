"""The demo province comes in through the public API, whole and once, though its loader is killed on the way."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from deploy.demo import again, agencies, filings, firms, later, lives, machines, places, sites, staff
from deploy.demo.client import Client
from deploy.demo.kept import keep
from deploy.demo.load import KEPT
from tests.demo.running import Run

pytestmark = pytest.mark.timeout(1500)
UNSEEN = {"", "draft", "countersigning", "too_old", "banned"}  # the agency sees nothing before it arrives
Reached = Counter[tuple[str, str]]


@pytest.fixture(scope="module")
def logins(run: Run) -> Path:
    """All logins of a province whose loader was killed on the way, and that was loaded at the second try."""
    return run.state / "logins.json"


@pytest.fixture(scope="module")
def today(logins: Path) -> date:
    return keep(logins.with_name(KEPT), date.min).day


@pytest.fixture(scope="module")
def province(run: Run, logins: Path) -> Client:
    """The provincial office, which sees everything."""
    passwords = {each["username"]: each["password"] for each in json.loads(logins.read_text())}
    username = agencies.agency_of(places.PROVINCE).officers[0].username
    return Client(run.address).sign_in(username, passwords[username])


def meant(today: date) -> Iterator[tuple[str, str]]:
    """How far each application is meant to get."""
    for firm in firms.all_firms(today):
        yield "enterprise_registration", firm.registration
        yield "lessor_filing", filings.lessor_filing(firm, today)
        yield "installer_filing", filings.installer_filing(firm, today)
    for site in sites.all_sites(today):
        yield "safety_filing", site.stage
        yield "personnel_change", staff.CHANGES.get(site.number, "")
    for machine in machines.all_machines(today):
        yield "machine_registration" if machine.filed_earlier else "machine_filing", machine.stage
    for life in lives.all_lives(today):
        yield "install_notice", life.story.notice
        yield "use_registration", life.story.use
        yield "inspection_report", life.report
        yield "dismantling_notice", life.story.dismantling
    for each in later.all_later(later.nameless(), today):
        yield each.filing.matter, each.stage


def ending(site: sites.Site) -> str:
    """Stopped or over by an act of the agency's own, or by an application that was approved."""
    reached = {matter: stages.get(site.number) == "approved" for matter, stages in later.OF_SITES.items()}
    if reached["supervision_termination"]:
        return "closed"
    stopped = reached["supervision_suspension"] and not reached["supervision_resumption"]
    return site.ending or ("suspended" if stopped else "filed")


def test_every_application_is_there_once_and_as_far_as_it_is_meant_to_be(province: Client, today: date) -> None:
    there = Counter(
        (each["matter"], each["outcome"] or each["stage"]) for each in province.items("/applications", limit=100)
    )

    assert there == Counter((matter, stage) for matter, stage in meant(today) if stage not in UNSEEN)


def test_some_came_back_and_one_of_them_with_a_late_objection(province: Client) -> None:
    again_in_hand = [each for each in province.items("/applications", limit=100) if each["round"] > 1]
    returned = [each["application_id"] for each in again_in_hand if each["stage"] == "returned"]
    steps = [step for each in returned for step in province.get(f"/applications/{each}")["steps"]]

    assert len(again_in_hand) == len(again.CAME_BACK)
    assert {told["late"] for step in steps for told in step["detail"].get("corrections", ()) if step["round"] == 2} == {
        True
    }


def test_machines_stand_where_their_lives_have_brought_them(province: Client, today: date) -> None:
    stages = Counter(each["stage"] for each in province.items("/machines", limit=100))
    now = [each.story for each in lives.all_lives(today) if each.story != lives.DISMANTLED]
    filed = sum(each.is_filed for each in machines.all_machines(today))
    in_use = sum(each.use == "approved" for each in now)
    released = sum(stage == "approved" for stage in later.MACHINE_RELEASES.values())
    cancelled = sum(stage == "approved" for stage in later.CANCELLATIONS)
    installed = sum(each.notice == "approved" for each in now) - in_use - released
    locked = sum(each.notice in ("countersigning", "submitted", "accepted", "returned") for each in now)

    assert (stages["registered"], stages["installed"], stages["locked"]) == (in_use, installed, locked)
    assert stages["filed"] == filed - in_use - installed - locked - cancelled
    assert stages["cancelled"] == cancelled


def test_agencies_enterprises_people_and_projects_are_there_once(province: Client, today: date) -> None:
    organisations = Counter(each["stage"] for each in province.items("/organisations", limit=100))
    projects = Counter(each["stage"] for each in province.items("/projects", limit=100))
    endings = Counter(ending(each) for each in sites.all_sites(today) if each.is_filed)

    assert len(province.get("/agencies")["items"]) == len(agencies.all_agencies())
    assert organisations["open"] == len(agencies.all_agencies()) + sum(each.is_open for each in firms.all_firms(today))
    assert sum(1 for _ in province.items("/people", limit=100)) == len(staff.all_people(today))
    assert {stage: projects[stage] for stage in endings} == endings
    assert projects["unfiled"] >= 1


def test_certificates_are_in_every_state_and_logs_written_or_due(province: Client, today: date) -> None:
    stages = Counter(each["stage"] for each in province.items("/certificates", limit=100))
    logs = [each["count"] for each in province.items("/work-logs", limit=100)]

    assert stages["suspended"] == 1 and stages["cancelled"] >= 1 and stages["replaced"] >= 1
    assert sum(each["written"] for each in logs) == sum(
        later.writes_logs(each, today) for each in sites.all_sites(today)
    )
    assert any(each["due"] or each["missing"] for each in logs)


def test_one_of_each_role_signs_in(run: Run, logins: Path) -> None:
    first: dict[str, dict[str, str]] = {}
    for each in json.loads(logins.read_text()):
        first.setdefault(each["role"], each)
    door = Client(run.address)

    for each in first.values():
        me = door.another().sign_in(each["username"], each["password"]).me
        assert not me["account"]["must_change_password"], each["role"]
