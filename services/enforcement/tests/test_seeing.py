"""What officers see of enforcement: their day, the calendar, the map, a project's history, figures, the home page, exports."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from chassis import exports
from chassis.blobs import BlobStore
from chassis.call import Call
from chassis.errors import Forbidden, Invalid, NotFound
from chassis.exports import Exporter
from chassis.principal import Principal
from enforcement import days, figures, mapping, overdue, safety_history, summaries, tallying, visiting_days
from enforcement.exporting import LISTS
from enforcement.schemas import seeing
from services.enforcement.tests.casework import Desk
from services.enforcement.tests.factories import (
    CHANGAN,
    CITY,
    CONTRACTOR,
    OTHER_CITY,
    SITE,
    Field,
    an_id,
    firm,
    officer,
)
from services.enforcement.tests.ordering import CALENDAR, HEAD, INSPECTOR, decide, listed, order, reported
from services.enforcement.tests.planning import approved, inspect
from services.enforcement.tests.visiting import complete, filled, found, start

PROVINCE, CITY_OFFICER = officer("赵处长", "approver", area="13"), officer("钱科长", "approver", area=CITY)
STRANGER = officer("外县执法员", area="13.1301.130104")


def day(ground: Field, who: Principal = INSPECTOR) -> Any:
    return seeing.OfficerDay().dump(days.get_officer_day(ground.sessions, who, ground.clock))


def calendar(ground: Field, who: Principal = INSPECTOR, **told: Any) -> Any:
    asked = {"month": None, "area": None, "officer_id": None, "day": None, **told}
    return seeing.CalendarReply().dump(
        visiting_days.get_inspection_calendar(ground.sessions, who, ground.clock, **asked)
    )


def history(ground: Field, who: Principal = INSPECTOR) -> Any:
    told = safety_history.get_safety_history(ground.sessions, who, ground.clock, project_id=an_id(SITE))
    return seeing.HistoryReply().dump(told)


def counted(ground: Field, who: Principal = INSPECTOR, **told: Any) -> Any:
    tallying.count_due(ground.sessions, ground.clock)
    asked = {"area": None, "first": None, "last": None, **told}
    return seeing.FiguresReply().dump(figures.get_figures(ground.sessions, who, ground.clock, **asked))


def on_map(ground: Field, who: Principal = INSPECTOR, area: str | None = None) -> Any:
    return seeing.MapReply().dump(mapping.get_inspection_map(ground.sessions, who, ground.clock, area=area))


def home(ground: Field, who: Principal) -> Any:
    return seeing.SummariseReply().dump(summaries.summarise(ground.sessions, who, ground.clock))


def at(ground: Field, month: int, on: int) -> None:
    ground.clock.set(datetime(2026, month, on, 2, 0, tzinfo=UTC))


def inspected(ground: Field, name: str, **told: Any) -> None:
    start(ground, name)
    ids = [an_id(f"finding of {name}")]
    complete(ground, **filled(ground, name, findings=[found(ids[0])], orders=[], **told))


def test_the_next_act_is_the_check_that_runs_then_visits_due_reports_and_late_orders(ground: Field) -> None:
    plan = approved(ground, ends_on="2026-03-20")
    assert day(ground)["next"]["act"] == "start_inspection" and day(ground)["visits_total"] == 1
    assert day(ground)["next"]["due_on"] == "2026-03-20" and not day(ground)["next"]["is_late"]

    late = order(ground, "临边无防护")
    at(ground, 3, 12)
    assert [day(ground)["next"][name] for name in ("act", "order_id", "who")] == ["press_order", late, "建筑公司"]

    waits = order(ground, "电缆拖地", due_on=date(2026, 3, 30))
    reported(ground, waits)
    assert day(ground)["next"]["order_id"] == waits and day(ground)["reported_total"] == 1

    at(ground, 3, 21)
    assert day(ground)["next"]["plan_id"] == plan and day(ground)["next"]["is_late"]

    start(ground, plan_id=plan)
    told = day(ground)
    assert told["next"]["inspection_id"] == an_id("visit") and "李执法" in told["next"]["who"]
    assert [told[name] for name in ("reported_total", "overdue_total")] == [1, 1]
    complete(ground, **filled(ground, orders=[]))
    assert day(ground)["visits"] == []


def test_who_is_on_no_roster_sees_what_waits_for_his_agency_and_nobody_sees_another_agencys(ground: Field) -> None:
    order(ground)
    at(ground, 3, 12)
    assert day(ground, HEAD)["officer"] is None and day(ground, HEAD)["overdue_total"] == 1
    assert day(ground)["officer"]["is_certified"]
    assert day(ground, STRANGER)["next"] is None
    with pytest.raises(Forbidden):
        days.get_officer_day(ground.sessions, CONTRACTOR, ground.clock)


def test_what_was_told_up_to_the_city_waits_on_its_day_and_in_a_list_of_its_own(ground: Field) -> None:
    order_id, city = order(ground), officer("市局", area=CITY)
    for month, today, expected in ((3, 13, 0), (3, 19, 1)):  # the agency, then the city, of an order until 9 March
        at(ground, month, today)
        overdue.sweep(ground.sessions, ground.clock, CALENDAR)
        assert day(ground, city)["escalated_total"] == len(listed(ground, city, escalated=True)) == expected

    assert day(ground, city)["next"]["order_id"] == order_id
    assert day(ground, HEAD)["escalated"] == []  # it is that agency's own, and stands there as late
    assert day(ground, officer("外市", area=OTHER_CITY))["escalated"] == []
    reported(ground, order_id)
    assert day(ground, city)["escalated"] == listed(ground, city, escalated=True) == []


def test_the_calendar_has_what_was_done_and_what_is_planned_by_day_and_officer(ground: Field) -> None:
    approved(ground, ends_on="2026-03-20")
    inspected(ground, "visit")
    done, planned = calendar(ground)["days"]
    assert (done["day"], done["done"], planned["day"], planned["planned"]) == ("2026-03-02", 1, "2026-03-20", 1)
    assert calendar(ground, officer_id=an_id("officer 张执法"))["days"][0]["done"] == 1
    assert calendar(ground, officer_id=an_id("nobody"))["days"] == []
    told = calendar(ground, day=date(2026, 3, 20))
    assert [each["project_name"] for each in told["visits"]] == [SITE] and not told["visits"][0]["is_made"]
    assert calendar(ground, month="2026-04")["days"] == []


def test_the_map_shows_late_sites_first_where_their_boundaries_lie(ground: Field) -> None:
    ground.project("后街小区", number="13010220260002")
    inspected(ground, "visit")
    order(ground)
    at(ground, 3, 12)

    told = on_map(ground)
    late, never = told["items"]
    assert (late["state"], late["overdue"], late["position"]) == ("overdue", 1, [114.515, 38.045])
    assert (never["project_name"], never["state"], never["inspected_at"]) == ("后街小区", "never", None)
    assert told["total"] == 2 and len(on_map(ground, CITY_OFFICER)["items"]) == 2


@pytest.mark.parametrize("look", [on_map, counted, calendar])
def test_a_county_does_not_see_another_county_t34(ground: Field, look: Any) -> None:
    for who, area in ((STRANGER, CHANGAN), (INSPECTOR, CITY), (officer(area=OTHER_CITY), CITY)):
        with pytest.raises(Forbidden):
            look(ground, who, area=area)
    with pytest.raises(Forbidden):
        look(ground, CONTRACTOR)


def test_findings_that_come_back_within_half_a_year_are_marked_in_the_history(ground: Field) -> None:
    inspected(ground, "first")
    at(ground, 8, 29)  # 180 days later
    inspected(ground, "second")
    at(ground, 12, 31)
    inspected(ground, "third", site_signature=_refusal(ground))

    told = history(ground)
    [clause] = told["clauses"]
    assert (clause["count"], clause["repeated"], clause["last_found_on"]) == (3, 2, "2026-12-31")
    assert told["totals"]["repeated"] == 2 and told["totals"]["inspections"] == 3
    assert [each["refused"] for each in told["inspections"]] == [True, False, False]


def _refusal(ground: Field) -> dict[str, Any]:
    return {
        "refused": True, "reason": "负责人不在场", "witnesses": "社区王主任", "name": "", "role": "",
        "signed_at": (ground.clock() + timedelta(minutes=40)).isoformat(), "sha256": None,
    }  # fmt: skip


def test_the_history_has_stoppages_and_how_long_orders_took_and_is_for_those_concerned(ground: Field) -> None:
    first = order(ground, "甲", kind="full_stop")
    report = reported(ground, first)
    at(ground, 3, 10)
    decide(ground, report, [an_id("finding 甲")], lifts=True)

    told = history(ground, CONTRACTOR)
    [ordered] = told["orders"]
    assert ordered["days"] == 8 and ordered["is_stoppage"] and ordered["stopped_until"].startswith("2026-03-10")
    assert told["totals"]["median_days"] == 8 and told["totals"]["stoppages"] == 1
    for who in (firm("别家"), STRANGER):
        with pytest.raises(NotFound):
            history(ground, who)


def test_figures_tell_shares_days_and_scores_by_place_and_month_and_how_old_they_are(ground: Field) -> None:
    nothing = figures.get_figures(ground.sessions, INSPECTOR, ground.clock, area=None, first=None, last=None)
    assert nothing["counted_at"] is None and nothing["total"]["repeated_share"] is None
    approved(ground, ends_on="2026-03-20")
    inspected(ground, "first")
    decide(ground, reported(ground, order(ground, "甲")), [an_id("finding 甲")])
    at(ground, 4, 1)
    inspected(ground, "second", site_signature=_refusal(ground))
    order(ground, "乙", due_on=date(2026, 4, 2))
    at(ground, 4, 7)

    told = counted(ground, CITY_OFFICER)
    total, [place] = told["total"], told["places"]
    assert place["area"] == CHANGAN and told["counted_at"] == ground.clock().isoformat()
    assert (total["planned"], total["made"], total["inspections"], total["officer_visits"]) == (1, 0, 4, 4)
    assert (total["findings"], total["repeated"], total["repeated_share"]) == (4, 1, 25.0)
    assert (total["issued"], total["closed"], total["open"], total["overdue"], total["median_days"]) == (2, 1, 1, 1, 0)
    assert (total["refused"], total["refused_share"], total["officers"]) == (1, 25.0, 2)
    months = told["months"]
    assert [months[0]["month"], months[-1]["month"], len(months)] == ["2025-05", "2026-04", 12]
    assert [each["month"] for each in months if each["inspections"]] == ["2026-03", "2026-04"]
    assert counted(ground, last="2026-03")["total"]["issued"] == 1
    assert counted(ground, PROVINCE)["places"][0]["area"] == CITY


def test_a_month_that_is_over_is_counted_again_the_next_day(ground: Field) -> None:
    inspected(ground, "first")
    at(ground, 6, 1)
    assert counted(ground, first="2026-03", last="2026-03")["total"]["inspections"] == 1
    inspect(ground, an_id(SITE), started_at=datetime(2026, 3, 5, tzinfo=UTC))  # sent late
    assert counted(ground, first="2026-03", last="2026-03")["total"]["inspections"] == 1
    at(ground, 6, 2)
    assert counted(ground, first="2026-03", last="2026-03")["total"]["inspections"] == 2


def test_figures_of_more_than_three_years_or_backwards_are_refused(ground: Field) -> None:
    for first, last in (("2020-01", "2026-03"), ("2026-03", "2026-02")):
        with pytest.raises(Invalid):
            counted(ground, first=first, last=last)


def test_percentiles_are_the_fewest_days_in_which_so_many_were_done() -> None:
    assert figures.percentile([], 0.5) is None
    assert figures.percentile([(3, 1)], 0.9) == 3
    assert figures.percentile([(10, 1), (1, 9)], 0.9) == 1
    assert figures.percentile([(10, 2), (1, 8)], 0.9) == 10


def test_the_home_page_counts_what_waits_for_a_firm_and_for_an_agency(ground: Field) -> None:
    inspected(ground, "visit")
    order(ground, "甲")
    reported(ground, order(ground, "乙"), "second")
    told = home(ground, CONTRACTOR)
    assert [told[name] for name in ("open", "overdue", "reported", "next_due_on")] == [2, 0, 1, "2026-03-09"]
    assert home(ground, INSPECTOR)["inspections"] == 3
    at(ground, 3, 10)
    assert [home(ground, INSPECTOR)[name] for name in ("overdue", "reported", "inspections")] == [1, 1, 0]
    assert home(ground, STRANGER)["open"] == home(ground, firm("别家"))["open"] == 0


@pytest.mark.parametrize(("name", "rows"), [("orders", 2), ("findings", 3), ("inspections", 3), ("cases", 1)])
def test_each_list_is_exported_with_all_that_its_asker_sees(
    ground: Field, tmp_path: Path, name: str, rows: int
) -> None:
    inspected(ground, "visit")
    order(ground, "甲")
    order(ground, "乙")
    Desk(ground).open()
    assert len(listed(ground)) == 2
    for who, expected in ((INSPECTOR, rows), (STRANGER, 0)):
        request = {"list": name, "filter": {}}
        begun = exports.start(ground.sessions, LISTS, Call(principal=who), request, ground.clock)
        blobs = BlobStore(str(tmp_path / "blobs"))
        Exporter(ground.database.uri, blobs, LISTS, ground.clock).run()
        told = exports.get(ground.sessions, LISTS, who, begun["export_id"])
        (tmp_path / "book.xlsx").write_bytes(blobs.get(told["sha256"]))
        lines = list(openpyxl.load_workbook(tmp_path / "book.xlsx").active.iter_rows(values_only=True))[3:]
        assert told["promised"] == len(lines) == expected
