"""An inspection from its start to its seal: who may, what is refused, and that it is one however often it is sent."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import func, select

from chassis import journal
from chassis.database import transaction
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.media import JPEG
from enforcement import documents, inspection_lists, inspections, numbering, roster
from enforcement.models import Document, Evidence, Finding, Inspection, Order
from enforcement.schemas.inspections import InspectionReply, LibraryReply, ListInspectionsReply
from services.enforcement.tests import planning
from services.enforcement.tests.factories import CONTRACTOR, FAR, SITE, SUPERVISOR, Field, an_id, firm, officer
from services.enforcement.tests.visiting import (
    CRANE,
    FIRST,
    PHOTO,
    SECOND,
    complete,
    filled,
    found,
    officers,
    ordering,
    photo,
    place,
    start,
)


def detail(ground: Field, who: Any = FIRST, name: str = "visit") -> Any:
    told = inspection_lists.get_inspection(ground.sessions, who, inspection_id=an_id(name))
    return InspectionReply().dump(told)


@contextmanager
def invalid(rule: str) -> Iterator[None]:
    """Refused for a field, with this rule or at this place."""
    with pytest.raises(Invalid) as refused:
        yield
    assert rule in str(refused.value.fields)


def count(ground: Field, table: Any) -> int:
    with transaction(ground.sessions) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("ids", [officers("张执法"), officers("张执法", "张执法")])
def test_T31_a_single_officer_is_refused(ground: Field, ids: list[str]) -> None:
    with invalid("two_officers_needed"):
        start(ground, officer_ids=ids)


def test_officers_are_on_the_roster_with_a_certificate_in_force_and_one_of_them_signs_in(ground: Field) -> None:
    ground.officer(officer("旧证"), valid_to=date(2026, 3, 1))
    ground.organisation(officer("外县", area="13.1301.130104"))
    ground.officer(officer("外县", area="13.1301.130104"))
    for names, who, rule in (
        (("张执法", "旧证"), FIRST, "officer_certificate_ended"),
        (("张执法", "外县"), FIRST, "officer_unknown"),
        (("张执法", "李执法"), officer("赵执法"), "own_name_missing"),
    ):
        with invalid(rule):
            start(ground, who=who, officer_ids=officers(*names))


def test_T34_nobody_inspects_in_another_territory_or_without_the_role(ground: Field) -> None:
    with pytest.raises(NotFound, match="project_unknown"):
        start(ground, who=officer("张执法", area="13.1301.130104"))
    for who in (officer("张执法", "reviewer"), CONTRACTOR):
        with pytest.raises(Forbidden):
            start(ground, who=who)


def test_an_officer_with_an_interest_in_a_firm_of_the_site_stays_away_while_he_has_it(ground: Field) -> None:
    told: Any = {"since": date(2026, 1, 1), "until": date(2026, 3, 2), "firm": SUPERVISOR.organisation_name}
    roster.enter_interest(
        ground.sessions, SECOND, ground.clock, key=None, officer_id=officers()[1], reason="亲属任职", **told
    )
    with invalid("officer_has_interest"):
        start(ground)
    ground.clock.set(ground.clock() + timedelta(days=1))
    assert start(ground)["stage"] == "started"


def test_an_inspection_counts_for_a_plan_only_where_the_agency_has_planned_it(ground: Field) -> None:
    plan = planning.approved(ground)
    planning.sites(ground, 1)  # not in the plan: it was made before
    with invalid("not_of_this_plan"):
        start(ground, project_id=an_id("工程1"), plan_id=plan)
    with invalid("not_the_plans_kind"):
        start(ground, plan_id=plan, kind="complaint")
    assert start(ground, plan_id=plan)["marks"] == []


def test_that_another_goes_than_was_drawn_is_marked_with_his_name(ground: Field) -> None:
    plan = planning.approved(ground, kind="double_random")
    draw = planning.commit(ground, plan, sites_wanted=1)["draw_id"]
    planning.reveal(ground, draw)
    ground.officer(officer("赵执法"))
    ground.clock.set(planning.NEXT_DAY)
    begun = start(ground, plan_id=plan, kind="double_random", officer_ids=officers("张执法", "赵执法"))
    assert begun["marks"] == [{"mark": "drawn_officer_away", "names": "李执法"}]
    assert start(ground, "other", plan_id=plan, kind="double_random")["marks"] == []


def test_a_recheck_is_of_an_order_of_the_same_site(ground: Field) -> None:
    start(ground)
    order = complete(ground)["orders"][0]["order_id"]
    planning.sites(ground, 1)
    with invalid("no_order_of_this_site"):
        start(ground, "recheck", project_id=an_id("工程1"), kind="recheck", rechecks=order)
    assert start(ground, "recheck", kind="recheck", rechecks=order)["stage"] == "started"


def test_a_start_far_away_or_sent_late_is_taken_and_marked(ground: Field) -> None:
    two_hours_ago = (ground.clock() - timedelta(hours=2)).isoformat()
    marks = start(ground, place=place(FAR), started_at=two_hours_ago)["marks"]
    assert [each["mark"] for each in marks] == ["far_from_site", "sent_late"]
    assert marks[0]["metres"] == pytest.approx(7_000, rel=0.02)
    assert start(ground, "other", place=None)["marks"] == [{"mark": "place_missing"}]


def test_a_start_in_the_future_or_of_last_week_is_refused(ground: Field) -> None:
    for away in (timedelta(hours=1), timedelta(days=-4)):
        with invalid("started_at"):
            start(ground, started_at=(ground.clock() + away).isoformat())


def test_completed_it_is_scored_its_order_is_numbered_and_all_of_it_is_sealed(ground: Field) -> None:
    start(ground)
    reply = complete(ground)

    assert reply["number"] == "冀建安检（130102）字〔2026〕第0001号"
    assert reply["orders"][0]["number"] == "冀建安改（130102）字〔2026〕第0001号"
    assert (reply["score"], reply["grade"]) == (pytest.approx(88.89), "excellent")  # 80 of the 90 that are there
    told = detail(ground)
    assert told["seal"] == reply["seal"] and told["stage"] == "completed"
    with transaction(ground.sessions) as session:
        content = session.get_one(Inspection, an_id("visit")).content or {}
    sealed = content["sealed"]
    assert documents.hash_of(sealed) == told["seal"]
    assert sealed["started_place"] == place() == sealed["told"]["ended_place"] and sealed["library"] == told["library"]
    assert sealed["told"]["findings"][0]["photos"][0]["sha256"] == PHOTO and sealed["marks"] == []
    assert told["findings"][0]["order_id"] == reply["orders"][0]["order_id"]
    assert told["findings"][0]["clause"].endswith("高处作业—临边防护")
    assert [each["number"] for each in told["documents"]] == [reply["number"]]
    with transaction(ground.sessions) as session:
        (entry,) = session.scalars(
            select(journal.JournalRow).where(journal.JournalRow.act == "complete_inspection")
        ).all()
        assert entry.detail["seal"] == reply["seal"]
        assert journal.first_broken(session) is None
    assert [each["type"] for each in ground.told()] == ["order_issued"]


def test_ten_times_the_same_is_one_record_with_one_number(ground: Field) -> None:
    start(ground)
    told = filled(ground)
    replies = [complete(ground, FIRST if n % 2 else SECOND, **told) for n in range(10)]

    assert all(each == replies[0] for each in replies)
    assert [count(ground, table) for table in (Inspection, Finding, Order, Document, Evidence)] == [1, 1, 1, 2, 2]


def test_a_start_that_is_sent_ten_times_at_once_or_long_after_is_one(ground: Field) -> None:
    with ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(lambda _: start(ground), range(10)))
    began = ground.clock().isoformat()
    ground.clock.set(ground.clock() + timedelta(days=5))
    assert all(each == replies[0] for each in [*replies, start(ground, started_at=began)])
    assert count(ground, Inspection) == 1


def test_a_finding_of_another_inspection_is_never_taken_for_this_ones(ground: Field) -> None:
    for name in ("visit", "other"):
        start(ground, name)
    complete(ground)
    with invalid("of_another_inspection"):
        complete(ground, **filled(ground, "other"))


def test_what_was_numbered_and_signed_without_coverage_stays_valid_after_its_day(ground: Field) -> None:
    """The paper was handed over on Monday with Tuesday as its day; the phone is back on Wednesday."""
    numbering.lease_numbers(ground.sessions, FIRST, ground.clock, key=None, kind="rectification_order", count=2)
    start(ground)
    signed_at = ground.clock() + timedelta(minutes=30)
    told = filled(ground, orders=[ordering(leased_serial=1, signed_at=signed_at.isoformat(), due_on="2026-03-03")])
    ground.clock.set(ground.clock() + timedelta(days=2))
    order = complete(ground, **told)["orders"][0]
    assert order["number"][-5:] == "0001号"
    with transaction(ground.sessions) as session:
        assert session.get_one(Order, order["order_id"]).issued_at == signed_at
    assert ground.told("order_issued")[0]["data"]["issued_at"] == signed_at.isoformat()


def test_two_officers_at_once_complete_it_once(ground: Field) -> None:
    start(ground)
    told = filled(ground)
    other = told | {"remark": "另一份"}

    def one(n: int) -> object:
        try:
            return complete(ground, (FIRST, SECOND)[n % 2], **(told, other)[n % 2])["number"]
        except Conflict as refusal:
            return refusal.code

    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(one, range(6)))

    assert sorted(map(str, results)) == ["inspection_completed"] * 3 + ["冀建安检（130102）字〔2026〕第0001号"] * 3
    with transaction(ground.sessions) as session:
        assert numbering.unexplained(session, FIRST.organisation_id, "inspection_record", 2026) == []


def test_another_content_is_refused_with_who_completed_it_and_when(ground: Field) -> None:
    start(ground)
    complete(ground)
    with pytest.raises(Conflict) as refused:
        complete(ground, SECOND, **filled(ground, remark="改一改"))
    assert refused.value.detail["by"] == "张执法"


def test_the_database_refuses_to_change_what_is_sealed(ground: Field) -> None:
    start(ground)
    complete(ground)
    for statement in (
        "update inspection set score = 100",
        "delete from inspection_officer; delete from inspection",
        "update finding set severity = 'general', description = '无'",
        "delete from finding",
    ):
        with (
            psycopg.connect(ground.database.uri) as connection,
            pytest.raises(psycopg.Error, match=r"sealed|permission"),
        ):
            connection.execute(statement)  # type: ignore[arg-type]


def test_a_major_hazard_is_answered_by_an_order(ground: Field) -> None:
    start(ground)
    crane = found(CRANE, "major", clause_key="mh-machine-registration")
    with invalid("major_hazard_needs_order"):
        complete(ground, **filled(ground, findings=[found(), crane]))
    stop = ordering(CRANE, kind="partial_stop", scope="3号塔吊")
    reply = complete(ground, **filled(ground, findings=[found(), crane], orders=[ordering(), stop]))

    assert [each["number"][:6] for each in reply["orders"]] == ["冀建安改（1", "冀建安局停（"]
    assert [each["data"]["scope"] for each in ground.told("work_stopped")] == ["3号塔吊"]


def test_every_officer_signs_and_a_refusal_of_the_site_says_why(ground: Field) -> None:
    start(ground)
    at = ground.clock().isoformat()
    with invalid("李执法"):
        complete(ground, **filled(ground, signatures=[{"officer_id": officers()[0], "signed_at": at}]))
    with invalid("site_signature.reason"):
        complete(ground, **filled(ground, site_signature={"refused": True, "signed_at": at}))
    refusal = {"refused": True, "reason": "现场负责人拒绝签字", "witnesses": "监理 赵工", "signed_at": at}
    complete(ground, **filled(ground, site_signature=refusal))
    assert detail(ground)["site_signature"]["reason"] == "现场负责人拒绝签字"


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"findings": [found(clause_key="393-99")]}, "clause_unknown"),
        ({"tables": [{"table": "B.20"}]}, "table_unknown"),
        ({"tables": [{"table": "B.1", "off": [{"item": "B.2-01", "points": 3}]}]}, "check_item_unknown"),
        ({"tables": [{"table": "B.1", "off": [{"item": "B.1-01", "points": n} for n in (3, 5)]}]}, "named_twice"),
        (
            {"tables": [{"table": "B.1", "off": [{"item": "B.1-01", "points": 3}], "missing": ["B.1-01"]}]},
            "named_twice",
        ),
        ({"orders": [ordering(), ordering()]}, "not_of_this_inspection"),
        ({"orders": [ordering(kind="partial_stop")]}, "scope"),
        ({"orders": [ordering(due_on="2026-03-01")]}, "due_on"),
        ({"orders": [ordering(signed_at="2026-03-01T10:00:00+08:00")]}, "signed_at"),
    ],
)
def test_what_does_not_fit_is_named_and_nothing_is_kept(ground: Field, wrong: dict[str, Any], rule: str) -> None:
    start(ground)
    with invalid(rule):
        complete(ground, **filled(ground, **wrong))
    assert [count(ground, table) for table in (Finding, Order, Document, Evidence)] == [0, 0, 0, 0]
    assert detail(ground)["stage"] == "started"


def test_a_photo_from_far_away_is_taken_and_marked(ground: Field) -> None:
    start(ground)
    complete(ground, **filled(ground, findings=[found(photos=[photo("far", taken_place=place(FAR))])]))
    ((photographed,),) = [each["photos"] for each in detail(ground)["findings"]]
    assert photographed["marks"][0]["mark"] == "far_from_site"
    assert (photographed["sha256"], photographed["media_type"]) == (PHOTO, JPEG)


def test_numbers_leased_to_the_phone_stand_on_record_and_order(ground: Field) -> None:
    for kind in ("inspection_record", "rectification_order"):
        numbering.lease_numbers(ground.sessions, FIRST, ground.clock, key=None, kind=kind, count=5)
    start(ground)
    order = ordering(leased_serial=4, signed_at=ground.clock().isoformat())
    reply = complete(ground, **filled(ground, leased_serial=2, orders=[order]))
    assert (reply["number"][-5:], reply["orders"][0]["number"][-5:]) == ("0002号", "0004号")


def test_broken_off_it_stays_on_record_and_is_never_completed(ground: Field) -> None:
    start(ground)
    for _ in range(2):
        inspections.abandon_inspection(
            ground.sessions, SECOND, ground.clock, inspection_id=an_id("visit"), reason="暴雨"
        )
    with pytest.raises(Conflict, match="inspection_abandoned"):
        complete(ground)
    assert detail(ground)["remark"] == "暴雨"


def test_only_its_officers_fill_it_in(ground: Field) -> None:
    ground.officer(officer("赵执法"))
    start(ground)
    with pytest.raises(Forbidden, match="not_its_officer"):
        complete(ground, officer("赵执法"))


def test_firms_see_completed_inspections_of_their_sites_and_nobodys_account(ground: Field) -> None:
    start(ground)

    def listed(who: Any) -> Any:
        nothing = dict.fromkeys(
            ("kind", "stage", "grade", "project_id", "officer_id", "plan_id", "area", "first", "last")
        )
        told = inspection_lists.list_inspections(ground.sessions, who, limit=20, after=None, **nothing)
        return ListInspectionsReply().dump(told)["items"]

    assert listed(CONTRACTOR) == []
    complete(ground)
    (seen,) = listed(CONTRACTOR)
    assert seen["project_name"] == SITE and "user_id" not in str(seen)
    assert listed(firm("别的公司")) == [] and listed(officer(area="13.1302")) == []
    assert len(listed(officer("市执法", area="13.1301"))) == 1


def test_the_library_is_told_with_its_clauses(ground: Field) -> None:
    told = LibraryReply().dump(inspection_lists.get_check_library(FIRST, ground.clock, on=None))
    assert len(told["tables"]) == 19
    assert {"B.17-06", "mh-machine-registration", "393-65-2"} <= {each["key"] for each in told["clauses"]}
