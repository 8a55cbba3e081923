"""The figures of an area: each is the number of rows of the list that it opens, whatever has happened."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from chassis.database import transaction
from chassis.errors import Forbidden, Invalid
from chassis.schemas import read
from filing import applications, tallies
from filing.desk import Command
from filing.figures import figures, percentile
from filing.models import DecisionTally, Tally
from filing.schemas.applications import ListApplications
from filing.schemas.figures import Figures
from services.filing.tests import forms
from services.filing.tests.factories import (
    CITY,
    COUNTY,
    INSTALLER,
    LESSOR,
    OTHER_COUNTY,
    PROVINCE,
    Stage,
    officer,
    seen,
)
from services.filing.tests.forms import id_of

OFFICER = officer(roles=("acceptor", "approver"))
REVIEWER = officer(name="reviewer", roles=("reviewer",))


@pytest.fixture
def busy(stage: Stage) -> Stage:
    """Some months of work: approved at once and late, approved after a return, rejected, withdrawn, returned, under way."""
    clock = stage.desk.clock
    stage.approve(stage.accepted())
    at = filing(stage, "m1")
    clock.advance(timedelta(days=30))  # type: ignore[attr-defined]
    approve(stage, at)
    at = filing(stage, "m2")
    clock.advance(timedelta(days=5))  # type: ignore[attr-defined]
    returned = stage.give_back(at, ("form.maker", "与证书不符"))
    approve(stage, stage.submit(returned, LESSOR))
    applications.reject(stage.desk, Command(OFFICER), **seen(reviewed(stage, filing(stage, "m3"))), reason="不符合条件")
    applications.withdraw(stage.desk, Command(LESSOR), **seen(filing(stage, "m4")))
    clock.advance(timedelta(days=40))  # type: ignore[attr-defined]
    stage.give_back(filing(stage, "m5"), ("form.maker", "与证书不符"))
    filing(stage, "m6")
    filing(stage, "m7", agency=OTHER_COUNTY)
    filing(stage, "m8", agency=CITY)
    stage.draft()
    return stage


def filing(stage: Stage, serial: str, agency: str = COUNTY) -> dict[str, Any]:
    """A machine filing handed in; to another agency by moving it there, as a seat that has moved would."""
    at = stage.submit(stage.draft(LESSOR, "machine_filing", forms.machine_filing(serial_number=serial)), LESSOR)
    if agency != COUNTY:
        with transaction(stage.desk.sessions) as session:
            moved = {"id": at["application_id"], "area": agency, "agency": id_of("agency", agency)}
            session.execute(text("update application set area = :area, agency_id = :agency where id = :id"), moved)
            tallies.recount(session)
    return at


def reviewed(stage: Stage, at: dict[str, Any]) -> dict[str, Any]:
    accepted = applications.accept(stage.desk, Command(OFFICER), **seen(at))
    return stage.review(accepted, REVIEWER)


def approve(stage: Stage, at: dict[str, Any]) -> dict[str, Any]:
    return applications.approve(stage.desk, stage.owners, Command(OFFICER), **seen(reviewed(stage, at)))


def every_figure(told: Any) -> Iterator[dict[str, Any]]:
    if isinstance(told, dict):
        if "filter" in told:
            yield told
        for value in told.values():
            yield from every_figure(value)
    elif isinstance(told, list):
        for each in told:
            yield from every_figure(each)


@pytest.mark.parametrize("area", [COUNTY, OTHER_COUNTY, CITY, PROVINCE])
@pytest.mark.parametrize("matter", [None, "machine_filing", "install_notice"])
def test_every_figure_opens_the_list_of_exactly_what_it_counts(busy: Stage, area: str, matter: str | None) -> None:
    told = figures(busy.desk, officer(area), matter=matter)

    for figure in every_figure(told):
        wish = read(ListApplications(), figure["filter"])
        page = applications.list_all(busy.desk, officer(area), wish | {"limit": 100})
        assert (page["total"], len(page["items"])) == (figure["count"], figure["count"]), figure


def test_the_figures_tell_what_happened(busy: Stage) -> None:
    told = figures(busy.desk, officer(CITY))

    assert told["received"]["count"] == 9
    assert {each["standing"]: each["count"] for each in told["by_stage"]} == {
        "submitted": 3,
        "returned": 1,
        "approved": 3,
        "rejected": 1,
        "withdrawn": 1,
    }
    assert {each["matter"]: each["count"] for each in told["by_matter"]} == {"machine_filing": 8, "install_notice": 1}
    assert {each["place"]: each["count"] for each in told["by_place"]} == {"长安区": 7, "桥西区": 1, "本级": 1}
    assert sum(each["received"]["count"] for each in told["by_month"]) == 9
    assert len(told["by_month"]) == 12
    decisions = told["decisions"]
    assert (decisions["count"], decisions["approved"]["count"], decisions["late"]["count"]) == (4, 3, 1)
    assert decisions["share_in_time"] == 0.75
    assert {each["rounds"]: each["count"] for each in told["by_rounds"]} == {1: 2, 2: 1}
    assert decisions["median_workdays"] == 0 and decisions["p90_workdays"] > 15


def test_an_act_is_counted_as_it_commits_and_folding_changes_no_figure(busy: Stage) -> None:
    before = figures(busy.desk, officer(PROVINCE))

    tallies.fold(busy.desk.sessions)
    assert figures(busy.desk, officer(PROVINCE)) == before
    with transaction(busy.desk.sessions) as session:
        assert not session.scalars(select(Tally.id).where(~Tally.folded)).all()
    approve(busy, filing(busy, "m9"))
    tallies.fold(busy.desk.sessions)
    after = figures(busy.desk, officer(PROVINCE))

    assert after["received"]["count"] == before["received"]["count"] + 1
    with transaction(busy.desk.sessions) as session:
        tallies.recount(session)
    assert figures(busy.desk, officer(PROVINCE)) == after


def test_a_refused_act_counts_nothing(stage: Stage) -> None:
    at = stage.arrived()
    before = figures(stage.desk, officer())

    with pytest.raises(Invalid):
        applications.return_for_correction(stage.desk, Command(officer()), **seen(at))

    assert figures(stage.desk, officer()) == before


def test_only_agencies_read_figures_and_only_of_their_own_area(busy: Stage) -> None:
    for who in (INSTALLER, officer("13.1302")):
        with pytest.raises(Forbidden):
            figures(busy.desk, who, area=COUNTY)
    assert figures(busy.desk, officer(CITY), area=OTHER_COUNTY)["received"]["count"] == 1


@pytest.mark.parametrize(("first", "last"), [("2026-04", "2026-03"), ("2001-01", "2026-03")])
def test_months_out_of_order_are_refused(busy: Stage, first: str, last: str) -> None:
    with pytest.raises(Invalid):
        figures(busy.desk, officer(), first_month=first, last_month=last)


def test_months_narrow_what_is_counted(busy: Stage) -> None:
    told = figures(busy.desk, officer(CITY), first_month="2026-03", last_month="2026-03")

    assert [each["month"] for each in told["by_month"]] == ["2026-03"]
    assert 0 < told["received"]["count"] < 9


def test_what_is_told_is_what_the_contract_says(busy: Stage) -> None:
    told = figures(busy.desk, officer(CITY))

    assert Figures().dump(told) == told


@pytest.mark.parametrize(
    ("values", "share", "found"), [([], 0.5, None), ([1, 2, 3, 4], 0.5, 2), (range(1, 11), 0.9, 9)]
)
def test_a_percentile_is_a_value_that_occurs(values: Any, share: float, found: int | None) -> None:
    assert percentile(Counter(values), share) == found


def test_every_area_has_its_counts_apart(stage: Stage) -> None:
    stage.approve(stage.accepted())

    with transaction(stage.desk.sessions) as session:
        rows = session.scalars(select(DecisionTally)).all()
    assert sorted((each.area, each.count) for each in rows) == [(PROVINCE, 1), (CITY, 1), (COUNTY, 1)]
