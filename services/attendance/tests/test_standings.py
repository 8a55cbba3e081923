"""Who ranks worst, how a year went, and the file with exactly the rows that it promises."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import psycopg
import pytest

from attendance import standings
from attendance.exporting import LISTS
from attendance.schemas.standings import ListDutyMonthsReply, RankingReply, TrendReply
from chassis import exports
from chassis.blobs import BlobStore
from chassis.call import Call
from chassis.errors import Forbidden, Invalid
from chassis.exports import Exporter
from chassis.principal import Principal
from services.attendance.tests.factories import CHANGAN, EIGHT, Ground, agency, an_id, enterprise

QIAOXI = "13.1301.130104"
CITY = agency("13.1301")
NO_FILTERS: dict[str, Any] = {
    "area": None, "month": None, "project_id": None, "organisation_id": None, "standing": None, "undecided": None,
    "no_valid": None,
}  # fmt: skip


@pytest.fixture
def month(ground: Ground) -> Ground:
    """Three sites of two counties in March: each man with what his month came to."""
    ground.project(name="东岸", area=QIAOXI)
    ground.project(name="西岸", area=QIAOXI, contractor_id=an_id("contractor of 长安广场"))
    for number, (site, valid, standing) in enumerate(
        (("长安广场", 18, "met"), ("东岸", 5, "short"), ("西岸", 12, "open"), ("西岸", 11, "open"))
    ):
        person = f"经理{number}"
        ground.locked(person, site=site, since=EIGHT - timedelta(days=30))
        keep(ground, person, site, valid, standing)
    keep(ground, "经理0", "长安广场", 20, "met", role="chief_supervisor")
    keep(ground, "经理0", "长安广场", 9, "short", month=date(2026, 2, 1))
    ground.clock.set(EIGHT + timedelta(days=25))
    return ground


def keep(
    ground: Ground, person: str, site: str, valid: int, standing: str, role: str = "project_manager",
    month: date = date(2026, 3, 1),
) -> None:  # fmt: skip
    with psycopg.connect(ground.database.uri) as connection:
        connection.execute(
            "insert into duty_month (month, site, person, role, application_id, revision, through, valid, undecided,"
            " denominator, rate, highest_rate, required, standing, excluded, reckoned_at)"
            " select %s, site.number, person.number, %s, %s, 1, '2026-03-25', %s, 2, 20, %s, %s, 80, %s,"
            """ '{"leave": 2, "stoppage": 1}', now()"""
            " from site, person where site.id = %s and person.id = %s",
            [month, role, an_id(person), valid, valid * 5, valid * 5 + 10, standing, an_id(site), an_id(person)],
        )


def ranked(ground: Ground, by: str, who: Principal = CITY, **changed: Any) -> Any:
    asked = {"area": None, "month": None, "limit": 20, "after": None} | changed
    return RankingReply().dump(standings.ranking(ground.sessions, who, ground.clock, by=by, **asked))


def rows(ground: Ground, who: Principal = CITY, limit: int = 20, after: str | None = None, **filters: Any) -> Any:
    told = standings.list_rows(ground.sessions, who, ground.clock, limit=limit, after=after, **NO_FILTERS | filters)
    return ListDutyMonthsReply().dump(told)


def test_places_are_ranked_with_the_worst_first(month: Ground) -> None:
    told = ranked(month, "area")

    assert [(each["key"], each["rate"]) for each in told["items"]] == [(QIAOXI, 46.7), (CHANGAN, 95.0)]
    assert told["month"] == "2026-03"
    worst = told["items"][0]
    assert (worst["people"], worst["short"], worst["undecided"], worst["through"]) == (3, 1, 6, "2026-03-25")


def test_sites_and_firms_are_ranked_and_a_firm_answers_for_its_posts_alone(month: Ground) -> None:
    assert [each["name"] for each in ranked(month, "site")["items"]] == ["东岸", "西岸", "长安广场"]

    firms = {each["key"]: (each["people"], each["rate"]) for each in ranked(month, "enterprise")["items"]}
    assert firms[an_id("contractor of 长安广场")] == (3, 68.3)
    assert firms[an_id("supervisor of 长安广场")] == (1, 100.0)


def test_pages_of_a_ranking_follow_each_other_and_ties_go_by_name(month: Ground) -> None:
    for name in ("乙地", "甲地"):
        month.project(name=name, area=QIAOXI)
        keep(month, "经理0", name, 5, "short")

    names, after = [], None
    while True:
        told = ranked(month, "site", limit=2, after=after)
        names += [each["name"] for each in told["items"]]
        if (after := told["next"]) is None:
            break
    with psycopg.connect(month.database.uri) as connection:
        tied = connection.execute("select unnest(array['乙地', '甲地', '东岸']) as name order by name").fetchall()
    assert names == [*(name for (name,) in tied), "西岸", "长安广场"]


def test_a_year_is_told_month_by_month(month: Ground) -> None:
    told = TrendReply().dump(standings.trend(month.sessions, CITY, month.clock, area=CHANGAN, month=None))
    assert [(each["month"], each["rate"], each["short"]) for each in told["items"]] == [
        ("2026-02", 45.0, 1), ("2026-03", 95.0, 0),
    ]  # fmt: skip


def test_every_figure_counts_the_rows_of_its_list(month: Ground) -> None:
    for each in ranked(month, "area")["items"]:
        assert rows(month, area=each["key"])["total"] == each["people"]
        assert rows(month, area=each["key"], standing="short")["total"] == each["short"]
    for each in ranked(month, "site")["items"]:
        assert rows(month, project_id=each["key"])["total"] == each["people"]
    for each in ranked(month, "enterprise")["items"]:
        assert rows(month, organisation_id=each["key"])["total"] == each["people"]


def test_who_never_was_there_in_a_month_is_found_though_his_days_are_only_undecided(month: Ground) -> None:
    keep(month, "经理1", "西岸", 0, "open", role="safety_officer")

    (found,) = rows(month, no_valid=True)["items"]

    assert (found["person_id"], found["valid"], found["standing"]) == (an_id("经理1"), 0, "open")


def test_the_list_goes_on_where_the_page_before_ended(month: Ground) -> None:
    first = rows(month, limit=3)
    second = rows(month, limit=3, after=first["next"])

    assert (first["total"], len(first["items"]), len(second["items"]), second["next"]) == (5, 3, 2, None)
    people = [(each["person_id"], each["role"]) for each in first["items"] + second["items"]]
    assert len(set(people)) == 5
    with pytest.raises(Invalid):
        rows(month, after="x; drop table duty_month")


def test_T34_figures_are_an_agencys_of_its_area_and_rows_those_of_sites_in_sight(month: Ground) -> None:
    for who, area in ((agency("13.1302"), "13.1301"), (enterprise("contractor of 长安广场"), None)):
        with pytest.raises(Forbidden):
            ranked(month, "area", who, area=area)
        with pytest.raises(Forbidden):
            standings.trend(month.sessions, who, month.clock, area=area, month=None)
    assert rows(month, enterprise("contractor of 长安广场"))["total"] == 4
    assert rows(month, enterprise("别家"))["total"] == rows(month, agency("13.1302"))["total"] == 0
    with pytest.raises(Forbidden):
        rows(month, enterprise("contractor of 长安广场"), area=CHANGAN)
    with pytest.raises(Forbidden):
        rows(month, Principal(user_id="x", organisation_kind="platform", roles=("operator",)))


def test_the_file_has_exactly_the_rows_that_were_promised_and_says_so(month: Ground, tmp_path: Path) -> None:
    blobs, by = BlobStore(str(tmp_path / "blobs")), agency(QIAOXI)
    request = {"list": "duty_months", "filter": {"month": "2026-03"}}
    begun = exports.start(month.sessions, LISTS, Call(principal=by), request, month.clock)

    Exporter(month.database.uri, blobs, LISTS, month.clock).run()

    told = exports.get(month.sessions, LISTS, by, begun["export_id"])
    (tmp_path / "book.xlsx").write_bytes(blobs.get(told["sha256"]))
    title, note, head, *lines = openpyxl.load_workbook(tmp_path / "book.xlsx").active.iter_rows(values_only=True)
    assert told["promised"] == len(lines) == 3
    assert title[0] == "到岗月报" and "3" in note[0] and "2026-03" in note[0]
    first = dict(zip(head, lines[0], strict=True))
    assert (first["姓名"], first["工程"], first["岗位"]) == ("经理1", "东岸", "项目负责人")
    assert (first["责任单位"], first["不计入的天数及原因"]) == ("石家庄一建", "请假 2 天，停工 1 天")
    assert (first["认定"], first["到岗率（%）"]) == ("不达标", 25)
