"""Lists of what is under way and what is closed: whose, in which order, how much time is left, who is next."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from chassis import paging
from chassis.errors import Invalid
from chassis.principal import Principal
from filing import applications
from filing.desk import Command
from filing.models import Application
from services.filing.tests import forms
from services.filing.tests.factories import (
    CITY,
    CONTRACTOR,
    COUNTY,
    INSTALLER,
    LESSOR,
    OTHER_COUNTY,
    OTHER_INSTALLER,
    PROVINCE,
    Stage,
    clerk,
    id_of,
    officer,
    project_row,
    seen,
)


def listed(province: Stage, by: Principal, **filters: Any) -> list[str]:
    return [each["application_id"] for each in applications.list_all(province.desk, by, filters)["items"]]


def elsewhere(stage: Stage) -> dict[str, Any]:
    """A notice for a project in the other county, with its agency."""
    with stage.desk.sessions.begin() as session:
        session.add(project_row("far", OTHER_COUNTY))
    form = forms.install_notice(project_id=id_of("far"), machine_id=id_of("far machine"))
    return stage.arrived(OTHER_INSTALLER, form)


def test_t34_each_agency_sees_its_own_area_and_below(stage: Stage) -> None:
    here, there = stage.arrived()["application_id"], elsewhere(stage)["application_id"]

    assert listed(stage, officer(COUNTY)) == [here]
    assert listed(stage, officer(OTHER_COUNTY)) == [there]
    assert set(listed(stage, officer(CITY))) == {here, there}
    assert set(listed(stage, officer(PROVINCE))) == {here, there}
    assert listed(stage, officer("13.130")) == []


def test_an_enterprise_sees_its_own_and_what_it_was_asked_to_sign(stage: Stage) -> None:
    mine = stage.submit(stage.draft())["application_id"]
    stage.draft(OTHER_INSTALLER)

    assert listed(stage, INSTALLER) == [mine]
    assert listed(stage, CONTRACTOR) == [mine]
    assert listed(stage, LESSOR) == []
    assert listed(stage, clerk("nobody")) == []


def test_an_agency_sees_nothing_before_it_arrives(stage: Stage) -> None:
    stage.submit(stage.draft())

    assert listed(stage, officer()) == []
    assert listed(stage, officer(PROVINCE)) == []


def test_under_way_and_closed_are_two_lists(stage: Stage) -> None:
    closed = stage.approve(stage.accepted())["application_id"]
    discarded = applications.withdraw(stage.desk, Command(INSTALLER), **seen(stage.draft()))["application_id"]
    under_way = stage.submit(stage.draft())["application_id"]

    assert listed(stage, INSTALLER, open=True) == [under_way]
    assert listed(stage, INSTALLER, open=False) == [closed]
    assert discarded not in listed(stage, INSTALLER, open=False)


def test_an_entry_says_where_it_stands_who_is_next_and_what_is_left(stage: Stage) -> None:
    stage.accepted()

    (entry,) = applications.list_all(stage.desk, INSTALLER, {})["items"]

    assert (entry["stage"], entry["matter_title"]) == ("accepted", "安装告知")
    assert entry["next_to_act"] == [
        {"organisation_id": id_of("agency", COUNTY), "organisation_name": f"{COUNTY} 监督站", "role": "approver"}
    ]
    assert (entry["workdays_left"], entry["hours_left"], entry["overdue"]) == (2, None, False)
    assert entry["machine_words"]["model"] == "QTZ80"
    assert entry["project_name"] == "project 一期"


def test_what_is_late_says_by_how_many_working_days_and_can_be_listed_alone(stage: Stage) -> None:
    late = stage.arrived()["application_id"]  # on Monday, two working days
    stage.desk.clock.advance(timedelta(days=4))  # type: ignore[attr-defined]
    other = forms.machine_filing()
    fresh = stage.submit(stage.draft(LESSOR, "machine_filing", other), LESSOR)["application_id"]

    (entry,) = applications.list_all(stage.desk, officer(), {"overdue": True})["items"]

    assert (entry["application_id"], entry["overdue"], entry["workdays_left"]) == (late, True, -2)
    assert listed(stage, officer(), overdue=False) == [fresh]


def test_a_closed_one_stays_late_or_in_time_for_ever(stage: Stage) -> None:
    stage.approve(stage.accepted())
    stage.desk.clock.advance(timedelta(days=40))  # type: ignore[attr-defined]

    (entry,) = applications.list_all(stage.desk, INSTALLER, {})["items"]

    assert (entry["overdue"], entry["next_to_act"]) == (False, [])


def test_pages_follow_each_other_without_gap_or_repeat(stage: Stage) -> None:
    drafts = []
    for _ in range(7):
        stage.desk.clock.advance(timedelta(seconds=1))  # type: ignore[attr-defined]
        drafts.append(stage.draft()["application_id"])

    pages, after = [], None
    while True:
        page = applications.list_all(stage.desk, INSTALLER, {"limit": 3, "after": after})
        pages.append([each["application_id"] for each in page["items"]])
        after = page["next"]
        if after is None:
            break

    assert [len(each) for each in pages] == [3, 3, 1]
    assert [each for page in pages for each in page] == drafts[::-1]


def test_a_made_up_place_is_refused(stage: Stage) -> None:
    with pytest.raises(Invalid):
        applications.list_all(stage.desk, INSTALLER, {"after": "there"})


@pytest.mark.parametrize(
    ("query", "found"), [("一期", 1), ("project", 1), ("QTZ80", 1), ("qtz 80", 1), ("冀AB-T00001", 1), ("塔式", 0)]
)
def test_search_finds_names_models_and_numbers(stage: Stage, query: str, found: int) -> None:
    stage.arrived()

    assert len(listed(stage, officer(), q=query)) == found


def test_a_closed_one_is_found_by_its_certificates_number(stage: Stage) -> None:
    approved = stage.approve(stage.accepted())

    assert listed(stage, INSTALLER, q=approved["certificate"]["number"]) == [approved["application_id"]]


def test_filters_narrow_together(stage: Stage) -> None:
    arrived = stage.arrived()["application_id"]

    assert listed(stage, officer(), matter="install_notice", stage="submitted", project_id=id_of("project")) == [
        arrived
    ]
    assert listed(stage, officer(), machine_id=id_of("machine")) == [arrived]
    assert listed(stage, officer(), matter="use_registration") == []
    assert listed(stage, officer(), stage="accepted") == []


def move_back(stage: Stage, arrived: list[dict[str, Any]], days: int) -> None:
    """Let what arrived lie so many days further back."""
    ids = [each["application_id"] for each in arrived]
    with stage.desk.sessions.begin() as session:
        rows = update(Application).where(Application.id.in_(ids))
        back = timedelta(days=days)
        moved = {"changed_at": Application.changed_at - back, "submitted_at": Application.submitted_at - back}
        session.execute(rows.values(moved))


def all_pages(stage: Stage, wish: dict[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """What is on all pages, and the first of them."""
    first = page = applications.list_all(stage.desk, officer(), wish)
    found = [*first["items"]]
    while page["next"]:
        page = applications.list_all(stage.desk, officer(), wish | {"after": page["next"]})
        found += page["items"]
    return [each["application_id"] for each in found], first


def five_far(stage: Stage, days_between: int) -> list[str]:
    """Five applications of one project, the newest first."""
    with stage.desk.sessions.begin() as session:
        session.add(project_row("far"))
    there = []
    for n in range(5):
        form = forms.install_notice(machine_id=id_of("crane", str(n)), project_id=id_of("far"))
        there.append(stage.arrived(form=form))
        move_back(stage, there, days_between)
    return [each["application_id"] for each in reversed(there)]


@pytest.mark.parametrize(
    ("glanced_at", "looked_through", "counted", "sorted_", "total", "is_exact"),
    [
        pytest.param(5, 9, 9, 9, 4, False, id="at a glance"),
        pytest.param(2, 8, 9, 9, 5, True, id="in the index"),
        pytest.param(1, 8, 2, 9, 2, False, id="in the last months"),
        pytest.param(1, 8, 2, 1, 2, False, id="too many for a month"),
        pytest.param(1, 1, 2, 1, 2, False, id="too many for a month, and none at the beginning"),
    ],
)
@pytest.mark.parametrize("days_between", [0, 20, 400])
def test_whichever_way_words_are_looked_for_the_pages_hold_all_of_them_in_order(
    stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
    glanced_at: int,
    looked_through: int,
    counted: int,
    sorted_: int,
    total: int,
    is_exact: bool,
    days_between: int,
) -> None:
    """All in one month, over some, or with years between them."""
    limits = {"GLANCED_AT": glanced_at, "LOOKED_THROUGH": looked_through, "COUNTED": counted, "SORTED": sorted_}
    for name, limit in limits.items():
        monkeypatch.setattr(paging, name, limit)
    there = five_far(stage, days_between)
    stage.arrived()
    wish = {"q": "far 一期", "limit": 3}

    found, first = all_pages(stage, wish)

    assert found == there
    assert (first["total"], first["total_is_exact"]) == (total, is_exact)
    assert listed(stage, officer(CITY), **wish) == [each["application_id"] for each in first["items"]]
    assert listed(stage, officer(CITY), area=OTHER_COUNTY, **wish) == []
    assert listed(stage, officer(OTHER_COUNTY), area=COUNTY, **wish) == []


@pytest.mark.parametrize(
    ("looked_through", "is_exact"),
    [pytest.param(8, False, id="at the beginning"), pytest.param(7, True, id="in the index")],
)
def test_where_months_do_not_help_the_list_is_looked_through(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, looked_through: int, is_exact: bool
) -> None:
    monkeypatch.setattr(paging, "GLANCED_AT", 2)
    monkeypatch.setattr(paging, "LOOKED_THROUGH", looked_through)
    there = five_far(stage, 20)
    stage.arrived()

    found, first = all_pages(stage, {"q": "far 一期", "limit": 3, "sort": "submitted"})

    assert found == there
    assert (first["total"], first["total_is_exact"]) == (5, is_exact)


@pytest.mark.parametrize(("sorted_", "total"), [(9, 5), (3, 4)])
def test_what_is_found_many_times_in_the_last_months_is_not_counted_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, sorted_: int, total: int
) -> None:
    limits = {"GLANCED_AT": 2, "MANY": 3, "SORTED": sorted_}
    for name, limit in limits.items():
        monkeypatch.setattr(paging, name, limit)
    there = five_far(stage, 0)
    stage.arrived()

    found, first = all_pages(stage, {"q": "far 一期", "limit": 3})

    assert found == there
    assert (first["total"], first["total_is_exact"]) == (total, False)
