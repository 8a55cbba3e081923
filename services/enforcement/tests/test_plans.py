"""Plans of inspections: drafted, approved by another one, carried out; coverage, and the yearly limit of an enterprise."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from chassis.database import transaction
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from enforcement import plans
from enforcement.models import PlannedVisit
from services.enforcement.tests.factories import (
    CHANGAN,
    CITY,
    CONTRACTOR,
    OTHER_CITY,
    Field,
    firm,
    officer,
)
from services.enforcement.tests.planning import HEAD, INSPECTOR, approved, got, inspect, listed, save, sites


def test_a_plan_is_approved_by_the_head_and_not_by_who_drafted_it(ground: Field) -> None:
    sites(ground, 2)
    both = officer("又拟又批", "inspector", "approver")
    plan_id = save(ground, both)["plan_id"]
    with pytest.raises(Forbidden, match="own_plan"):
        plans.approve_plan(ground.sessions, both, ground.clock, plan_id=plan_id, version=1)
    with pytest.raises(Forbidden, match="not_permitted"):
        plans.approve_plan(ground.sessions, INSPECTOR, ground.clock, plan_id=plan_id, version=1)

    for _ in range(2):  # pressed twice
        told = plans.approve_plan(ground.sessions, HEAD, ground.clock, plan_id=plan_id, version=1)

    assert told["stage"] == "running"  # its first day is past
    shown = got(ground, plan_id)
    assert (shown["planned"], shown["inspected"], shown["sites_left"]) == (3, 0, 3)


def test_what_is_approved_is_what_the_head_saw(ground: Field) -> None:
    plan_id = save(ground)["plan_id"]
    save(ground, plan_id=plan_id, version=1, title="改过的计划名称")

    with pytest.raises(Conflict, match="stale_version"):
        plans.approve_plan(ground.sessions, HEAD, ground.clock, plan_id=plan_id, version=1)
    with pytest.raises(Conflict, match="stale_version"):
        save(ground, plan_id=plan_id, version=1)

    plans.approve_plan(ground.sessions, HEAD, ground.clock, plan_id=plan_id, version=2)
    with pytest.raises(Conflict, match="plan_approved"):
        save(ground, plan_id=plan_id, version=2)


def test_coverage_counts_each_site_by_the_plans_own_completed_inspections(ground: Field) -> None:
    first, second, third = sites(ground, 2)
    plan_id = approved(ground, visits=2)
    inspect(ground, first, plan_id)
    inspect(ground, first, plan_id, stage="started")
    inspect(ground, second, None)  # not of this plan
    for _ in range(3):  # once more than planned: no coverage of another site
        inspect(ground, third, plan_id)

    shown = got(ground, plan_id)

    assert (shown["planned"], shown["inspected"], shown["sites_left"]) == (6, 3, 2)
    assert {each["project_id"]: each["inspected"] for each in shown["sites"]} == {first: 1, second: 0, third: 2}
    assert [each["project_id"] for each in shown["sites"]][2] == third  # what is left comes first
    (item,) = listed(ground, INSPECTOR)["items"]
    assert (item["planned"], item["inspected"]) == (6, 3)


def test_a_planned_visit_is_made_by_the_completed_inspection_of_its_turn(ground: Field) -> None:
    (site,) = sites(ground, 0)
    plan_id = approved(ground, visits=2)
    made = inspect(ground, site, plan_id)

    with transaction(ground.sessions) as session:
        rows = select(PlannedVisit.serial, PlannedVisit.inspection_id).order_by(PlannedVisit.serial)
        assert [tuple(each) for each in session.execute(rows)] == [(1, made), (2, None)]


def test_the_sites_are_those_that_the_criteria_name(ground: Field) -> None:
    first, *_ = sites(ground, 3)
    ground.project("停工的", number="1", suspended={"since": "2026-02-01"})
    ground.project("没备案的", number="2", stage="unfiled")
    ground.project("外县的", number="3", area=OTHER_CITY)
    ground.project("明年开工的", number="4", starts_on="2027-01-01")

    assert save(ground)["sites"] == 4
    assert save(ground, in_works=False)["sites"] == 6
    inspect(ground, first)
    assert save(ground, not_inspected_since="2026-01-01")["sites"] == 3
    assert (
        save(ground, project_numbers=["13010220260001", "13010220260002"])["sites"] == 3
    )  # 长安广场 and 工程1 share one
    with pytest.raises(Invalid) as refused:
        save(ground, project_numbers=["3"])
    assert refused.value.fields["project_numbers"][0] == {"rule": "project_not_here", "number": "3"}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"ends_on": "2026-02-28"}, "ends_on"),
        ({"ends_on": "2027-01-01"}, "ends_on"),  # the limit of an enterprise is that of a year
        ({"area": OTHER_CITY}, "area"),
        ({"area": f"{CHANGAN}.130199"}, "area"),  # nothing is built there
        ({"kind": "recheck"}, "kind"),
        ({"visits": 0}, "visits"),
        ({"basis": ""}, "basis"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_by_the_field(ground: Field, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        save(ground, **changed)
    assert set(refused.value.fields) == {field}


def test_saving_twice_under_one_key_makes_one_plan(ground: Field) -> None:
    assert save(ground, key="k") == save(ground, key="k")
    assert len(listed(ground, INSPECTOR)["items"]) == 1


def test_a_plan_that_would_inspect_an_enterprise_too_often_says_whom(ground: Field) -> None:
    first, second, _ = sites(ground, 2)
    inspect(ground, first)
    inspect(ground, first, kind="complaint")  # 国办发〔2024〕54号: a clue is not counted
    inspect(ground, first, started_at=ground.clock() - timedelta(days=90))  # last year
    inspect(ground, second, stage="abandoned")
    other = approved(ground, project_numbers=["13010220260002"], title="另一个计划")

    plan_id = save(ground, cap=2, visits=2)["plan_id"]

    over = {each["firm_name"]: (each["inspected"], each["planned"]) for each in got(ground, plan_id)["over_cap"]}
    assert over == {CONTRACTOR.organisation_name: (1, 2), "建筑公司2": (0, 3)}
    plans.approve_plan(ground.sessions, HEAD, ground.clock, plan_id=plan_id, version=1)
    inspect(ground, first, plan_id)  # what was to come has come: the sum stays
    again = {each["firm_name"]: (each["inspected"], each["planned"]) for each in got(ground, plan_id)["over_cap"]}
    assert again == {CONTRACTOR.organisation_name: (2, 1), "建筑公司2": (0, 3)}
    assert got(ground, other)["over_cap"] == []


def test_a_finished_plan_says_what_came_of_it_and_stays_finished(ground: Field) -> None:
    plan_id = save(ground)["plan_id"]
    with pytest.raises(Conflict, match="plan_not_approved"):
        plans.finish_plan(ground.sessions, HEAD, ground.clock, plan_id=plan_id, summary="已全部完成检查")
    plans.approve_plan(ground.sessions, HEAD, ground.clock, plan_id=plan_id, version=1)

    for _ in range(2):
        plans.finish_plan(ground.sessions, HEAD, ground.clock, plan_id=plan_id, summary="已全部完成检查")

    shown = got(ground, plan_id)
    assert (shown["stage"], shown["summary"], shown["acts"]) == ("finished", "已全部完成检查", [])


def test_a_county_does_not_see_another_and_the_city_sees_its_counties(ground: Field) -> None:
    plan_id = approved(ground)
    assert got(ground, plan_id, officer("市站", area=CITY))["acts"] == []
    ground.project("桥西的工程", area="13.1301.130104", number="4")
    city = save(ground, officer("市执法", area=CITY))["plan_id"]
    with pytest.raises(NotFound):  # it names sites of other counties
        got(ground, city)
    for stranger in (officer("外市", area=OTHER_CITY), officer("外县", area="13.1301.130104")):
        assert listed(ground, stranger)["items"] == []
        with pytest.raises(NotFound):
            got(ground, plan_id, stranger)


def test_a_firm_sees_approved_plans_of_its_territory_and_not_which_sites_are_left(ground: Field) -> None:
    plan_id = save(ground)["plan_id"]
    assert listed(ground, CONTRACTOR)["items"] == []
    plans.approve_plan(ground.sessions, HEAD, ground.clock, plan_id=plan_id, version=1)

    (item,) = listed(ground, CONTRACTOR)["items"]

    assert (item["title"], item["cap"]) == ("2026年上半年检查", 4)
    assert listed(ground, firm("别处的企业"))["items"] == []
    with pytest.raises(Forbidden):
        got(ground, plan_id, CONTRACTOR)


def test_plans_are_found_by_where_they_stand(ground: Field) -> None:
    save(ground, title="还没批准的")
    approved(ground, title="正在实施的")
    approved(ground, title="还没开始的", starts_on="2026-05-01")

    found = {stage: [each["title"] for each in listed(ground, HEAD, stage=stage)["items"]] for stage in
             ("draft", "running", "approved", "finished")}  # fmt: skip
    assert found == {"draft": ["还没批准的"], "running": ["正在实施的"], "approved": ["还没开始的"], "finished": []}
