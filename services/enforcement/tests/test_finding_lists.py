"""The list of findings: what a filter keeps, who sees what, and what came back is told."""

from datetime import date, timedelta
from typing import Any

import pytest

from chassis.database import transaction
from chassis.schemas import read
from enforcement import exporting, finding_lists
from enforcement.models import Finding
from enforcement.schemas.inspections import ListFindingsReply, ListFindingsRequest
from services.enforcement.tests.factories import CONTRACTOR, OTHER_CITY, SITE, Field, an_id, firm, officer
from services.enforcement.tests.visiting import complete, filled, found, ordering, start

OLD, AGAIN, GRAVE = (an_id(f"finding {each}") for each in ("old", "again", "grave"))


@pytest.fixture
def three(ground: Field) -> Field:
    """Guardrails missing, put right, and missing again two months later, with a crane that nobody registered."""
    start(ground)
    complete(ground, **filled(ground, findings=[found(OLD)], orders=[ordering(OLD)]))
    with transaction(ground.sessions) as session:
        session.get_one(Finding, OLD).closed_at = ground.clock()
    ground.clock.set(ground.clock() + timedelta(days=60))
    start(ground, "later")
    both = [found(AGAIN), found(GRAVE, "major", clause_key="mh-machine-registration", description="塔机未办理使用登记")]
    told = filled(ground, "later", findings=both, orders=[ordering(AGAIN, GRAVE, due_on="2026-05-20")])
    complete(ground, **told)
    return ground


def listed(ground: Field, who: Any = None, **filters: Any) -> list[dict[str, Any]]:
    asked = read(ListFindingsRequest(), filters)
    told = ListFindingsReply().dump(finding_lists.list_findings(ground.sessions, who or officer(), **asked))
    items: list[dict[str, Any]] = told["items"]
    return items


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({}, {OLD, AGAIN, GRAVE}),
        ({"severity": "major"}, {GRAVE}),
        ({"clause_key": "B.13-04"}, {OLD, AGAIN}),
        ({"open": True}, {AGAIN, GRAVE}),
        ({"closed": True}, {OLD}),
        ({"repeated": True}, {AGAIN}),
        ({"repeated": True, "severity": "major"}, set()),
        ({"project_id": an_id(SITE)}, {OLD, AGAIN, GRAVE}),
        ({"project_id": an_id("another")}, set()),
        ({"first": "2026-03-03"}, {AGAIN, GRAVE}),
        ({"last": "2026-03-02"}, {OLD}),
    ],
)
def test_a_filter_keeps_what_it_says_in_the_list_and_in_excel(three: Field, filters: Any, ids: set[str]) -> None:
    assert {each["finding_id"] for each in listed(three, **filters)} == ids
    asked = read(ListFindingsRequest(), filters)
    with transaction(three.sessions) as session:
        rows = session.execute(exporting.LISTS["findings"].query(session, officer(), asked, three.clock())).all()
    assert {finding.id for finding, _ in rows} == ids


def test_a_row_names_its_site_its_order_and_whether_it_came_back(three: Field) -> None:
    rows = {each["finding_id"]: each for each in listed(three)}
    assert rows[OLD]["project_name"] == SITE and rows[OLD]["order_number"].endswith("第0001号")
    assert [rows[each]["is_repeated"] for each in (OLD, AGAIN, GRAVE)] == [False, True, False]
    assert rows[AGAIN]["found_on"] == date(2026, 5, 1).isoformat()


def test_what_a_phone_brings_late_makes_the_later_one_one_that_came_back(ground: Field) -> None:
    began = ground.clock()
    ground.clock.set(began + timedelta(days=2))
    start(ground, "later")
    complete(ground, **filled(ground, "later", findings=[found(AGAIN)], orders=[]))
    assert listed(ground, repeated=True) == []

    start(ground, started_at=began.isoformat())
    ended = (began + timedelta(minutes=40)).isoformat()
    complete(ground, **filled(ground, findings=[found(OLD)], orders=[], ended_at=ended))
    assert [each["finding_id"] for each in listed(ground, repeated=True)] == [AGAIN]


def test_t34_another_citys_officers_and_firms_of_other_sites_see_none(three: Field) -> None:
    assert len(listed(three, CONTRACTOR)) == 3
    assert listed(three, officer("外地", area=OTHER_CITY)) == listed(three, firm("别家公司")) == []
