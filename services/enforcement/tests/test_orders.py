"""What an agency does with an order: issue, extend, lift, withdraw; who sees it; and its days in working days."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from chassis import journal
from chassis.database import transaction
from chassis.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from chassis.principal import Principal
from enforcement import documents, order_acts, orders, stoppages
from enforcement.models import Document, Site
from enforcement.schemas.documents import VerifyDocumentReply
from services.enforcement.tests.factories import CITY, CONTRACTOR, OWNER, Field, an_id, firm, officer
from services.enforcement.tests.ordering import HEAD, INSPECTOR, findings, get, listed, order, reported, timeline

OTHER_COUNTY = officer("外县执法", area="13.1301.130104")


def extend(ground: Field, order_id: str, due_on: date, who: object = HEAD) -> dict[str, object]:
    return order_acts.extend_order(
        ground.sessions,
        who,
        ground.clock,
        order_id=order_id,
        due_on=due_on,
        reason="材料未到场",  # type: ignore[arg-type]
    )


def lift(ground: Field, order_id: str) -> dict[str, object]:
    return order_acts.lift_stop(ground.sessions, INSPECTOR, ground.clock, order_id=order_id, reason="隐患已消除")


def withdraw(ground: Field, order_id: str) -> dict[str, object]:
    return order_acts.withdraw_order(ground.sessions, HEAD, ground.clock, order_id=order_id, reason="对象有误")


def resumed(ground: Field) -> list[int]:
    return [each["data"]["still_stopped"] for each in ground.told("work_resumed")]


def test_an_order_asked_for_twice_under_one_key_is_one_order_with_one_number(ground: Field) -> None:
    wanted = {
        "finding_ids": findings(ground, "临边无防护"), "kind": "rectify", "addressee_id": CONTRACTOR.organisation_id,
        "due_on": date(2026, 3, 9), "demands": "立即整改", "scope": "", "on_paper": False,
    }  # fmt: skip
    once = [order_acts.issue_order(ground.sessions, INSPECTOR, ground.clock, key="k", **wanted) for _ in range(2)]

    assert once[0] == once[1]
    assert once[0]["number"] == "冀建安改（130102）字〔2026〕第0001号"
    assert len(ground.told("order_issued")) == 1


def test_a_finding_is_under_one_standing_order_and_can_be_ordered_anew_once_that_is_withdrawn(ground: Field) -> None:
    order_id = order(ground, "临边无防护")
    wanted = {
        "finding_ids": [an_id("finding 临边无防护")], "kind": "rectify", "addressee_id": CONTRACTOR.organisation_id,
        "due_on": date(2026, 3, 9), "demands": "立即整改", "scope": "", "on_paper": False,
    }  # fmt: skip
    with pytest.raises(Conflict, match="finding_ordered"):
        order_acts.issue_order(ground.sessions, INSPECTOR, ground.clock, key=None, **wanted)
    withdraw(ground, order_id)
    assert "issue_order" in get(ground, order_id)["may"]
    anew = order_acts.issue_order(ground.sessions, INSPECTOR, ground.clock, key=None, **wanted)

    assert get(ground, str(anew["order_id"]))["follows"] == order_id
    assert "issue_order" not in get(ground, order_id)["may"]


def test_an_extension_moves_the_day_later_and_keeps_the_first_one(ground: Field) -> None:
    order_id = order(ground)
    for _ in range(2):
        extend(ground, order_id, date(2026, 3, 16))
    extend(ground, order_id, date(2026, 3, 18))
    found = get(ground, order_id)

    assert (found["first_due_on"], found["due_on"]) == (date(2026, 3, 9), date(2026, 3, 18))
    assert found["extensions"] == 2
    assert timeline(ground, order_id) == ["issue", "extend", "extend"]
    with pytest.raises(Invalid, match="invalid_fields"):
        extend(ground, order_id, date(2026, 3, 17))
    with pytest.raises(Forbidden):
        extend(ground, order_id, date(2026, 3, 30), INSPECTOR)


def test_a_lifted_stop_has_its_paper_and_tells_how_many_orders_still_stop_all_works(ground: Field) -> None:
    first, second = order(ground, "塔吊", kind="full_stop"), order(ground, "基坑", kind="full_stop")
    reply = [lift(ground, first) for _ in range(2)]
    lift(ground, second)

    assert reply[0] == reply[1]
    assert resumed(ground) == [1, 0]
    assert get(ground, first)["stage"] == "issued"
    assert [each["kind"] for each in get(ground, first)["documents"]] == ["full_stop_order", "lifting"]
    with pytest.raises(Conflict, match="nothing_stopped"):
        lift(ground, order(ground, "灭火器"))


def test_of_two_stops_lifted_at_once_by_two_agencies_the_later_one_says_that_none_is_left(ground: Field) -> None:
    city = officer("市局", area=CITY)
    first = order(ground, "塔吊", kind="full_stop", who=city)
    second = order(ground, "基坑", kind="full_stop")
    with ThreadPoolExecutor(1) as pool:
        with transaction(ground.sessions) as session:
            held = orders.held(session, city, first)
            stoppages.lift(session, city, ground.clock(), held, session.get_one(Site, held.site_id), "隐患已消除")
            waiting = pool.submit(lift, ground, second)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
            journal.write(session, city, "lift_stop", held.id, clock=ground.clock)
        waiting.result(timeout=10)

    assert sorted(resumed(ground)) == [0, 1]


def test_a_withdrawn_order_lets_the_works_go_on_and_takes_no_more_acts(ground: Field) -> None:
    order_id = order(ground, kind="full_stop")
    withdrawn = [withdraw(ground, order_id) for _ in range(2)]

    assert withdrawn[0] == withdrawn[1]
    assert timeline(ground, order_id) == ["issue", "lift", "withdraw"]
    assert [each["data"]["stage"] for each in ground.told("order_closed")] == ["withdrawn"]
    with pytest.raises(Conflict, match="order_settled") as refused:
        extend(ground, order_id, date(2026, 3, 30))
    assert refused.value.detail["stage"] == "withdrawn"


def test_of_two_different_acts_at_once_one_is_done_and_the_other_refused_with_what_stands(ground: Field) -> None:
    order_id = order(ground)

    def act(do: object) -> str:
        try:
            do()  # type: ignore[operator]
        except Refusal as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(act, [lambda: withdraw(ground, order_id)] * 3 + [lambda: reported(ground, order_id)]))

    assert told.count("done") >= 3
    assert set(told) <= {"done", "order_settled"}
    assert timeline(ground, order_id).count("withdraw") == 1


def test_officers_of_another_county_see_nothing_and_the_city_sees_and_may_act(ground: Field) -> None:
    order_id = order(ground)
    assert listed(ground, OTHER_COUNTY) == []
    with pytest.raises(NotFound):
        get(ground, order_id, OTHER_COUNTY)
    city = officer("市局", "approver", area=CITY)

    assert [each["order_id"] for each in listed(ground, city)] == [order_id]
    assert extend(ground, order_id, date(2026, 3, 20), city)["due_on"] == "2026-03-20"


def test_another_agency_of_the_county_sees_an_order_and_decides_nothing(ground: Field) -> None:
    order_id = order(ground)
    from dataclasses import replace

    other = replace(HEAD, organisation_id=an_id("城管执法局"), organisation_name="城管执法局")

    assert get(ground, order_id, other)["may"] == []
    with pytest.raises(Forbidden):
        extend(ground, order_id, date(2026, 3, 20), other)


def test_a_firm_sees_orders_to_itself_and_those_on_its_sites_and_may_only_answer_its_own(ground: Field) -> None:
    order_id = order(ground)

    assert get(ground, order_id, CONTRACTOR)["may"] == ["save_rectification"]
    assert get(ground, order_id, OWNER)["may"] == []
    assert listed(ground, firm("别的公司")) == []


def test_days_are_working_days_left_then_late(ground: Field) -> None:
    order_id = order(ground)
    assert (listed(ground)[0]["days_left"], listed(ground)[0]["is_late"]) == (5, False)

    ground.clock.advance(timedelta(days=9))  # Wednesday the 11th, two working days after the day
    assert [(each["late_by"], each["turn"]) for each in listed(ground, overdue=True)] == [(2, "firm")]
    reported(ground, order_id)
    ground.clock.advance(timedelta(days=2))
    found = get(ground, order_id)

    assert (found["late_by"], found["agency_days"], found["turn"]) == (2, 2, "agency")
    assert listed(ground, overdue=True) == []


def test_an_order_is_served_by_being_read_by_its_firm_and_by_nobody_else(ground: Field) -> None:
    order_id = order(ground)
    for who in (INSPECTOR, OWNER, CONTRACTOR, CONTRACTOR):
        get(ground, order_id, who)
    (paper,) = get(ground, order_id)["documents"]

    assert (paper["openings"], paper["first_opened_at"]) == (1, ground.clock())


def test_anybody_checks_a_paper_by_its_code_and_learns_that_it_was_withdrawn(ground: Field) -> None:
    order_id = order(ground, "临边无防护")
    with transaction(ground.sessions) as session:
        code = session.scalars(select(Document.hash)).one()[:20].upper()

    def verify(code: str) -> Any:
        told = documents.verify_document(ground.sessions, Principal(user_id=""), code=code)
        return VerifyDocumentReply().dump(told)

    assert verify(code) == {
        "title": "责令限期整改通知书", "withdrawn": False, "number": "冀建安改（130102）字〔2026〕第0001号",
        "agency_name": "13.1301.130102监督站", "issued_on": "2026-03-02",
    }  # fmt: skip
    withdraw(ground, order_id)
    assert verify(code.lower())["withdrawn"]
    with pytest.raises(NotFound, match="document_unknown"):
        verify("0" * 20)
