"""Lists sorted by a column, this way and that: page by page, every row comes once and in its place."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import inspect

from chassis import paging
from chassis.database import transaction
from filing import applications
from filing.models import Application, Certificate, Project
from filing.queries.certificates import list_certificates
from filing.queries.everything import search
from filing.queries.projects import list_projects
from services.filing.tests import forms
from services.filing.tests.factories import CITY, COUNTY, INSTALLER, OTHER_COUNTY, Stage, id_of, officer, project_row
from services.filing.tests.test_projects import PAGE

Lists = Callable[..., list[str]]
# Several end on one day, one never ends.
ENDS = (date(2027, 5, 1), None, date(2026, 4, 1), date(2027, 5, 1), date(2026, 12, 31))


def pages(ask: Callable[[str | None], dict[str, Any]], key: str) -> list[str]:
    """Everything that a list has, page after page."""
    found, after = [], None
    while True:
        page = ask(after)
        found += [each[key] for each in page["items"]]
        after = page["next"]
        if after is None:
            return found


@pytest.fixture
def certificates(stage: Stage) -> Lists:
    """Five receipts; gives all of a list by their numbers."""
    stage.approve(stage.accepted())
    notices = [stage.arrived(INSTALLER, forms.install_notice(machine_id=id_of(f"m{n}"))) for n in range(len(ENDS))]
    with stage.desk.sessions.begin() as session:
        (one,) = session.query(Certificate).all()
        told = {each.key: getattr(one, each.key) for each in inspect(Certificate).column_attrs}
        session.delete(one)
        session.flush()
        for number, (notice, ends) in enumerate(zip(notices, ENDS, strict=True)):
            more = {"id": id_of(f"c{number}"), "number": f"冀使{number}", "verification_code": f"V{number}"}
            more |= {"application_id": notice["application_id"], "valid_to": ends}
            session.add(Certificate(**told | more | {"issued_at": one.issued_at + timedelta(days=number // 2)}))

    def numbers(**filters: Any) -> list[str]:
        by = filters.pop("by", officer())
        with transaction(stage.desk.sessions) as session:
            return pages(lambda after: list_certificates(session, by, filters | {"limit": 2, "after": after}), "number")

    return numbers


def test_certificates_by_what_ends_first_and_back(certificates: Lists) -> None:
    """What never ends is in neither."""
    first = certificates(sort="runs_out")

    assert first[:2] == ["冀使2", "冀使4"] and set(first[2:]) == {"冀使0", "冀使3"}
    assert certificates(sort="runs_out", backwards=True) == first[::-1]


def test_certificates_by_when_they_were_issued_and_back(certificates: Lists) -> None:
    newest = certificates()

    assert [int(each[-1]) // 2 for each in newest] == [2, 1, 1, 0, 0]
    assert certificates(backwards=True) == newest[::-1]


@pytest.mark.parametrize("more", [{}, {"backwards": True}, {"sort": "runs_out"}], ids=str)
def test_a_search_keeps_the_order_that_the_list_has(certificates: Lists, more: dict[str, Any]) -> None:
    assert certificates(q="project", **more) == certificates(**more)


@pytest.mark.parametrize("days_between", [0, 20, 400])
@pytest.mark.parametrize("counted", [1, 3])
def test_a_search_for_what_many_certificates_bear_finds_the_newest_first(
    certificates: Lists, stage: Stage, monkeypatch: pytest.MonkeyPatch, days_between: int, counted: int
) -> None:
    """Out of the months in which their applications were closed: then they were issued."""
    monkeypatch.setattr(paging, "GLANCED_AT", 1)
    monkeypatch.setattr(paging, "COUNTED", counted)
    with stage.desk.sessions.begin() as session:
        for number, each in enumerate(session.query(Certificate).order_by(Certificate.number)):
            each.issued_at -= timedelta(days=days_between * (len(ENDS) - number))
            session.get_one(Application, each.application_id).changed_at = each.issued_at

    assert certificates(q="project") == certificates()


@pytest.mark.parametrize(("query", "found"), [("冀装告1301", 1), ("冀装告13010299", 0), ("zhuang", 0), ("project", 1)])
def test_a_certificate_is_found_by_a_part_of_its_number_and_by_its_project(
    stage: Stage, query: str, found: int
) -> None:
    stage.approve(stage.accepted())
    with transaction(stage.desk.sessions) as session:
        (number,) = session.query(Certificate.number).one()
        query = query.replace("冀装告1301", number[:7])
        hits = list_certificates(session, officer(), {"q": query})
        away = list_certificates(session, officer(OTHER_COUNTY), {"q": query})

    assert (len(hits["items"]), len(away["items"])) == (found, 0)


def test_a_whole_number_finds_what_bears_it_and_nothing_else(certificates: Lists) -> None:
    assert certificates(q="冀使3") == ["冀使3"]
    assert certificates(q="冀使3", area=COUNTY) == ["冀使3"]
    assert certificates(q="冀使3", area=OTHER_COUNTY, by=officer(CITY)) == []


def test_the_box_over_everything_finds_certificates(certificates: Lists, stage: Stage) -> None:
    with transaction(stage.desk.sessions) as session:
        told = search(session, officer(), stage.desk.calendar, stage.desk.clock(), "冀使3", 5)
        away = search(session, officer(OTHER_COUNTY), stage.desk.calendar, stage.desk.clock(), "冀使3", 5)

    assert [each["number"] for each in told["certificates"]["items"]] == ["冀使3"]
    assert away["certificates"]["items"] == []


@pytest.mark.parametrize("sort", ["changed", "submitted", "deadline"])
def test_applications_backwards_are_the_list_turned_round(stage: Stage, sort: str) -> None:
    for number in range(5):
        stage.arrived(INSTALLER, forms.install_notice(machine_id=id_of(f"m{number}")))
        stage.desk.clock.advance(timedelta(hours=9 * (number % 2)))  # type: ignore[attr-defined]

    def listed(**more: Any) -> list[str]:
        filters = {"sort": sort, "limit": 2, "open": True} | more
        ask = applications.list_all
        return pages(lambda after: ask(stage.desk, officer(), filters | {"after": after}), "application_id")

    assert len(listed()) == 5
    assert listed(backwards=True) == listed()[::-1]
    with transaction(stage.desk.sessions) as session:
        moments = [session.get_one(Application, each).changed_at for each in listed(sort="changed", backwards=True)]
    assert moments == sorted(moments)


def test_projects_backwards_are_the_list_turned_round(stage: Stage) -> None:
    with stage.desk.sessions.begin() as session:
        for number in range(3):
            more = project_row(f"more {number}", COUNTY)
            more.number = f"1301022026{number:04d}"
            session.add(more)
    with transaction(stage.desk.sessions) as session:
        by = officer(CITY)
        ask = PAGE | {"limit": 2}
        newest = pages(lambda after: list_projects(session, by, ask | {"after": after}), "project_id")
        turned = ask | {"backwards": True}
        oldest = pages(lambda after: list_projects(session, by, turned | {"after": after}), "project_id")
        count = session.query(Project).count()

    assert len(newest) == count and oldest == newest[::-1]
