"""What a case owes: T29, part payments, review and suit, more time, the reminder and the court; the neighbours and the figures."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.errors import Conflict, Invalid
from chassis.workdays import Calendar
from enforcement.cases import fairness, money, nearest, starts, timing
from enforcement.models import Case
from services.enforcement.tests.casework import FIRST, HEAD, LARGE, SMALL, Desk, an_order
from services.enforcement.tests.factories import CONTRACTOR, OTHER_CITY, TODAY, Field, an_id, officer

DAY = timedelta(days=1)
PAY_BY = date(2026, 3, 17)


@pytest.fixture
def desk(ground: Field) -> Desk:
    """A fine of 10,000 yuan, served today: to be paid by 17 March."""
    desk = Desk(ground)
    desk.open()
    desk.until_served(amount=10_000, reason="两年内多次被通报")
    return desk


def owed(desk: Desk) -> tuple[str, str]:
    told = desk.told()
    return told["surcharge"], told["left"]


def pay(desk: Desk, amount: float, receipt: str = "票0001", on: date | None = None) -> None:
    desk.do("record_payment", FIRST, amount=amount, paid_on=on or desk.today(), receipt=receipt)


def test_t29_forty_days_late_ten_thousand_have_ten_thousand_added_and_no_more(desk: Desk) -> None:
    desk.on(PAY_BY)
    assert owed(desk) == ("0.00", "10000.00")
    desk.on(PAY_BY + 33 * DAY)
    assert owed(desk) == ("9900.00", "19900.00")
    desk.on(PAY_BY + 40 * DAY)
    assert owed(desk) == ("10000.00", "20000.00")


def test_what_is_paid_in_time_adds_nothing_afterwards_and_the_rest_is_counted_alone(desk: Desk) -> None:
    desk.on(PAY_BY)
    pay(desk, 9_000)
    desk.on(PAY_BY + 10 * DAY)
    assert owed(desk) == ("300.00", "1300.00")
    with pytest.raises(Invalid):
        pay(desk, 1_300.01, "票0002")
    with pytest.raises(Conflict, match="receipt_known"):
        pay(desk, 1_300)
    with pytest.raises(Conflict, match="case_not_carried_out"):
        desk.do("close_case", HEAD)
    pay(desk, 1_300, "票0002")
    assert desk.do("close_case", HEAD)["stage"] == "closed"


days = st.integers(-10, 90)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(days, st.integers(1, 4_000)), max_size=4), st.lists(st.tuples(days, days), max_size=3), days)
def test_t29_the_surcharge_agrees_with_a_count_of_day_after_day(paid, stays, until) -> None:
    payments = sorted((PAY_BY + n * DAY, Decimal(amount)) for n, amount in paid)
    challenges = [
        {"filed_on": (PAY_BY + min(pair) * DAY).isoformat(), "ended_on": (PAY_BY + max(pair) * DAY).isoformat()}
        for pair in stays
    ]
    still = {n for pair in stays for n in range(min(pair), max(pair) + 1)}
    open_part, added = Decimal(10_000), Decimal(0)
    for n in range(-10, until + 1):
        if n > 0 and n not in still:
            added += open_part * 3 / 100
        open_part = max(open_part - sum(amount for on, amount in payments if on == PAY_BY + n * DAY), Decimal(0))

    case = Case(fine=10_000, challenges=challenges)
    found = money.reckon(case, payments, PAY_BY + until * DAY, PAY_BY)
    assert found.surcharge == min(added, Decimal(10_000))


def test_review_and_suit_stop_the_surcharge(desk: Desk) -> None:
    desk.on(PAY_BY + 5 * DAY)
    desk.do("record_challenge", FIRST, kind="review", filed_on=PAY_BY + DAY)
    with pytest.raises(Conflict, match="challenge_open"):
        desk.do("record_challenge", FIRST, kind="suit", filed_on=PAY_BY + DAY)
    desk.on(PAY_BY + 30 * DAY)
    assert owed(desk)[0] == "0.00"
    desk.do("end_challenge", FIRST, result="upheld", ended_on=PAY_BY + 30 * DAY)
    desk.on(PAY_BY + 32 * DAY)
    assert owed(desk)[0] == "600.00"


def test_a_decision_that_is_annulled_owes_nothing_and_is_taken_down_within_three_working_days(desk: Desk) -> None:
    desk.do("publish_case", FIRST, published_on=TODAY)
    desk.do("record_challenge", FIRST, kind="review", filed_on=TODAY)
    desk.on(date(2026, 3, 6))  # a Friday
    desk.do("end_challenge", FIRST, result="annulled", ended_on=date(2026, 3, 6))
    assert desk.clocks()["C24"]["due_on"] == date(2026, 3, 11)
    desk.do("unpublish_case", FIRST)
    assert desk.clocks()["C24"]["ended_on"] == date(2026, 3, 6)
    desk.do("close_case", HEAD)
    assert (desk.told()["outcome"], desk.told()["removed_on"]) == ("annulled", date(2026, 3, 6))


def test_a_review_can_lower_the_fine_and_not_raise_it(desk: Desk) -> None:
    desk.do("record_challenge", FIRST, kind="review", filed_on=TODAY)
    for amount in (None, 10_001):
        with pytest.raises(Invalid):
            desk.do("end_challenge", FIRST, result="changed", ended_on=TODAY, amount=amount)
    desk.do("end_challenge", FIRST, result="changed", ended_on=TODAY, amount=6_000)
    assert desk.told()["left"] == "6000.00"


def test_more_time_moves_the_day_from_which_it_is_late(desk: Desk) -> None:
    with pytest.raises(Invalid):
        desk.do("grant_time", HEAD, pay_by=PAY_BY)
    desk.do("grant_time", HEAD, pay_by=PAY_BY + 60 * DAY)
    desk.on(PAY_BY + 60 * DAY)
    assert owed(desk)[0] == "0.00"
    desk.later(1)
    assert owed(desk)[0] == "300.00"


def test_more_time_after_the_day_wipes_out_nothing_that_was_added_before(desk: Desk) -> None:
    desk.on(PAY_BY + 10 * DAY)
    assert owed(desk)[0] == "3000.00"
    desk.do("grant_time", HEAD, pay_by=PAY_BY + 40 * DAY)
    desk.on(PAY_BY + 40 * DAY)
    assert owed(desk)[0] == "3000.00"
    desk.later(2)
    assert owed(desk)[0] == "3600.00"
    pay(desk, 13_600)
    with pytest.raises(Conflict, match="nothing_owed"):
        desk.do("grant_time", HEAD, pay_by=PAY_BY + 90 * DAY)


def test_the_court_comes_ten_days_after_the_reminder_and_when_review_and_suit_are_out_of_time(desk: Desk) -> None:
    with pytest.raises(Conflict, match="nothing_overdue"):
        desk.do("remind_party", FIRST)
    desk.on(PAY_BY + DAY)
    assert desk.do("remind_party", FIRST)["number"] == "冀建催（130102）字〔2026〕第0001号"
    desk.later(20)
    with pytest.raises(Conflict, match="court_not_yet") as refused:
        desk.do("apply_to_court", FIRST)
    assert refused.value.detail["earliest"] == "2026-09-03"  # six months from 2 March, and the day after
    desk.on(date(2026, 9, 3))
    desk.do("apply_to_court", FIRST)
    pay(desk, 20_000)
    assert desk.do("close_case", HEAD)["stage"] == "closed"


def test_the_ten_days_of_a_reminder_begin_when_it_reaches_the_party(desk: Desk) -> None:
    desk.on(date(2026, 9, 10))
    desk.do("remind_party", FIRST, handed_to="")
    assert desk.told(FIRST)["acts"][0] == "serve_case" and "apply_to_court" not in desk.told(FIRST)["acts"]
    desk.later(20)
    with pytest.raises(Conflict, match="reminder_not_served"):
        desk.do("apply_to_court", FIRST)
    desk.do("serve_case", FIRST, how="post", served_on=date(2026, 9, 28), handed_to="收发室")
    with pytest.raises(Conflict, match="case_stage"):
        desk.do("serve_case", FIRST, how="post", served_on=date(2026, 9, 29), handed_to="收发室")
    with pytest.raises(Conflict, match="court_not_yet") as refused:
        desk.do("apply_to_court", FIRST)
    assert refused.value.detail["earliest"] == "2026-10-09"  # ten days end in the holidays, on 8 October they are over
    desk.on(date(2026, 10, 9))
    assert desk.do("apply_to_court", FIRST)["stage"] == "in_court"


def test_what_the_court_could_not_collect_is_closed_once_it_has_ended_the_execution(desk: Desk) -> None:
    desk.on(date(2026, 9, 10))
    desk.do("remind_party", FIRST)
    with pytest.raises(Conflict, match="case_not_carried_out"):
        desk.do("close_case", HEAD, execution_ended=True)
    desk.later(20)
    desk.do("apply_to_court", FIRST)
    with pytest.raises(Conflict, match="case_not_carried_out"):
        desk.do("close_case", HEAD)
    assert desk.told()["acts"][0] == "record_payment" and "close_case" in desk.told()["acts"]
    desk.do("close_case", HEAD, execution_ended=True, summary="法院裁定终结本次执行")
    assert (desk.told()["stage"], desk.told()["left"]) == ("closed", "20000.00")


def test_after_a_review_the_court_waits_for_the_fifteen_days_of_a_suit(desk: Desk) -> None:
    desk.do("record_challenge", FIRST, kind="review", filed_on=TODAY)
    desk.on(date(2026, 5, 11))
    desk.do("end_challenge", FIRST, result="upheld", ended_on=date(2026, 5, 11))
    desk.do("remind_party", FIRST)
    desk.on(date(2026, 5, 26))
    with pytest.raises(Conflict, match="court_not_yet") as refused:
        desk.do("apply_to_court", FIRST)
    assert refused.value.detail["earliest"] == "2026-05-27"
    desk.on(date(2026, 5, 27))
    assert desk.do("apply_to_court", FIRST)["stage"] == "in_court"


def test_the_court_is_too_late_three_months_after_that(desk: Desk) -> None:
    desk.on(PAY_BY + DAY)
    desk.do("remind_party", FIRST)
    desk.on(date(2026, 12, 3))
    with pytest.raises(Conflict, match="court_too_late"):
        desk.do("apply_to_court", FIRST)


def test_against_a_decision_on_the_spot_review_comes_before_the_suit(ground: Field) -> None:
    desk = Desk(ground)
    desk.spot()
    with pytest.raises(Conflict, match="review_comes_first"):
        desk.do("record_challenge", FIRST, kind="suit", filed_on=TODAY)
    desk.do("record_challenge", FIRST, kind="review", filed_on=TODAY)


def test_a_closed_case_is_opened_again_by_a_review_and_its_decision_taken_down(desk: Desk) -> None:
    desk.do("publish_case", FIRST, published_on=TODAY)
    pay(desk, 10_000)
    desk.do("close_case", HEAD)
    desk.later(20)

    assert desk.do("record_challenge", FIRST, kind="review", filed_on=desk.today())["stage"] == "served"
    assert desk.told()["closed_at"] is None
    desk.do("end_challenge", FIRST, result="annulled", ended_on=desk.today())
    assert desk.clocks()["C24"]["ended_on"] is None
    desk.do("unpublish_case", FIRST)
    assert (desk.told()["left"], desk.told()["overpaid"]) == ("-10000.00", "10000.00")
    assert desk.do("close_case", HEAD)["stage"] == "closed"


def past(desk: Desk) -> list[str]:
    """The clocks that the sweep tells of as past."""
    while timing.tell_past(desk.ground.sessions, desk.ground.clock):
        pass
    return [each["detail"]["clock"] for each in desk.told()["timeline"] if each["act"] == "clock_past"]


def test_while_a_suit_goes_on_no_period_of_the_court_runs_out(desk: Desk) -> None:
    desk.do("publish_case", FIRST, published_on=TODAY)
    desk.do("record_challenge", FIRST, kind="suit", filed_on=TODAY)
    desk.later(500)
    assert past(desk) == ["C20"]
    desk.do("end_challenge", FIRST, result="upheld", ended_on=desk.today())
    assert desk.clocks()["C27"]["started_on"] == desk.today()


def test_of_an_annulled_decision_nothing_is_waited_for(desk: Desk) -> None:
    desk.do("record_challenge", FIRST, kind="review", filed_on=TODAY)
    desk.do("end_challenge", FIRST, result="annulled", ended_on=TODAY)
    desk.later(500)
    assert past(desk) == []
    assert [each for each in desk.told()["clocks"] if each["ended_on"] is None] == []


def test_a_review_that_was_taken_back_leaves_the_time_to_sue_as_it_was(desk: Desk) -> None:
    desk.do("record_challenge", FIRST, kind="review", filed_on=TODAY)
    desk.later(20)
    desk.do("end_challenge", FIRST, result="withdrawn", ended_on=desk.today())
    clocks = desk.clocks()
    assert clocks["C25-suit"]["due_on"] == clocks["C27"]["started_on"] == date(2026, 9, 2)
    assert "C25-suit-after-review" not in clocks and desk.told()["fine"] == 10_000


def test_who_has_paid_is_not_taken_to_court_after_a_review(desk: Desk) -> None:
    pay(desk, 10_000)
    desk.do("record_challenge", FIRST, kind="review", filed_on=TODAY)
    desk.do("end_challenge", FIRST, result="upheld", ended_on=TODAY)
    assert desk.clocks()["C27"]["ended_on"] is not None
    assert desk.clocks()["C25-suit-after-review"]["due_on"] == TODAY + 15 * DAY


def test_days_that_were_provisional_move_what_hangs_on_them(ground: Field) -> None:
    desk = Desk(ground)
    desk.on(date(2026, 12, 20))
    desk.open()
    desk.until_served(amount=10_000, reason="两年内多次被通报")  # to be paid by Monday, 4 January
    desk.do("record_challenge", FIRST, kind="review", filed_on=desk.today())
    desk.do("end_challenge", FIRST, result="upheld", ended_on=desk.today())
    assert desk.told()["pay_by"] == desk.clocks()["C25-suit-after-review"]["due_on"] == date(2027, 1, 4)

    days = {date(2027, 1, 1) + n * DAY: (date(2027, 1, 1) + n * DAY).weekday() < 5 for n in range(365)}
    notice = Calendar(days | {date(2027, 1, 4): False})
    timing.reckon_provisional(ground.sessions, notice)

    fifth, clocks = date(2027, 1, 5), desk.clocks()
    assert desk.told()["pay_by"] == clocks["C20"]["due_on"] == clocks["C25-suit-after-review"]["due_on"] == fifth
    assert clocks["C27"]["started_on"] == fifth


def test_the_nearest_decided_cases_come_with_what_differs(desk: Desk) -> None:
    other = Desk(desk.ground)
    other.open(facts={"acts": 2, "harm": "slight"})
    other.until_served()
    mine = Desk(desk.ground)
    mine.open(facts={"acts": 2, "harm": "grave"})

    items = nearest.list_nearest_cases(desk.ground.sessions, FIRST, case_id=mine.case_id)["items"]

    assert [each["case_id"] for each in items] == [other.case_id, desk.case_id]
    assert items[0]["differences"] == [{"label": "危害后果", "here": "严重", "there": "轻微"}]
    assert [each["fine"] for each in items] == [other.told()["fine"], 10_000]


def test_what_a_form_left_as_it_was_is_no_difference(desk: Desk) -> None:
    mine = Desk(desk.ground)
    mine.open(facts={"acts": 1, "harm": "none", "fraud": False})
    [item] = nearest.list_nearest_cases(desk.ground.sessions, FIRST, case_id=mine.case_id)["items"]
    assert item["differences"] == []


def test_a_case_of_another_territory_is_a_neighbour_once_it_is_public_and_without_its_name(desk: Desk) -> None:
    away = officer("外地执法", area=OTHER_CITY)
    desk.ground.organisation(away)
    ids = [desk.ground.officer(officer(name, area=OTHER_CITY)) for name in ("外地执法", "外地二")]
    theirs = Desk(desk.ground)
    from enforcement.cases import opening
    from services.enforcement.tests.casework import CALENDAR, begun

    told = begun({"officer_ids": ids, "project_id": None})
    opened = opening.open_case(desk.ground.sessions, away, desk.ground.clock, CALENDAR, key=None, **told)
    theirs.case_id = opened["case_id"]

    def neighbours() -> list[dict[str, Any]]:
        return list(nearest.list_nearest_cases(desk.ground.sessions, away, case_id=theirs.case_id)["items"])

    assert neighbours() == []
    desk.do("publish_case", FIRST, published_on=TODAY)
    [found] = neighbours()
    assert (found["case_id"], found["party_name"], found["fine"]) == (None, None, 10_000)


def test_fairness_tells_how_often_and_how_far_from_what_was_suggested(desk: Desk) -> None:
    other = Desk(desk.ground)
    other.open(facts={"acts": 1})
    other.until_served()

    told = fairness.get_fairness(desk.ground.sessions, HEAD, desk.ground.clock, since=None)

    [agency] = told["agencies"]
    suggested = other.told()["fine"]
    assert (agency["cases"], agency["outside"], agency["above"], agency["below"]) == (2, 1, 1, 0)
    assert agency["furthest"] == round(100 * (10_000 - suggested) / suggested, 1)
    assert {each["name"]: each["cases"] for each in told["officers"]} == {"张执法": 2, "李执法": 2}
    away = officer("外地", "approver", area=OTHER_CITY)
    assert fairness.get_fairness(desk.ground.sessions, away, desk.ground.clock, since=None)["agencies"] == []


def test_fairness_tells_of_what_was_decided_whatever_a_review_made_of_it(desk: Desk) -> None:
    def figures() -> Any:
        return fairness.get_fairness(desk.ground.sessions, HEAD, desk.ground.clock, since=None)["agencies"]

    before = figures()
    desk.do("record_challenge", FIRST, kind="review", filed_on=TODAY)
    desk.do("end_challenge", FIRST, result="changed", ended_on=TODAY, amount=desk.told()["weighing"]["suggested"])
    assert figures() == before
    desk.do("record_challenge", FIRST, kind="suit", filed_on=TODAY)
    desk.do("end_challenge", FIRST, result="annulled", ended_on=TODAY)
    assert figures() == before and before[0]["above"] == 1


def test_the_calculator_gives_the_same_text_for_the_same_request(ground: Field) -> None:
    asked = {"offence_keys": [LARGE, SMALL], "facts": {"acts": 2}, "on": TODAY, "amount": 60_000}
    first, again = (starts.weigh_penalty(FIRST, ground.clock, **asked) for _ in range(2))
    assert first == again
    assert first["weighing"]["offence_key"] == LARGE and first["judged"]["verdict"] in ("inside_tier", "outside_tier")


def test_the_form_of_a_new_case_comes_with_the_order_the_officers_and_the_facts(ground: Field) -> None:
    order_id, [finding] = an_order(ground, TODAY + DAY)
    told = starts.get_case_start(
        ground.sessions, FIRST, ground.clock, order_id=order_id, project_id=None, offence_keys=["393-65-2"]
    )
    assert told["order"]["findings"][0] == {
        "finding_id": finding, "description": "力矩限制器失效", "clause": "安全装置", "case_id": None,
    }  # fmt: skip
    assert told["parties"][0] == {"party_id": CONTRACTOR.organisation_id, "name": "建筑公司"}
    assert [each["chosen"] for each in told["officers"]] == [True, True]
    assert told["proved"]["deadline"] == (TODAY + DAY).isoformat()
    assert "deadline" in {each["name"] for each in told["facts"]}
    assert told["project_id"] == an_id("长安广场")
