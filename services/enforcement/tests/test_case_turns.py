"""Who acts next in a case: shown on every row, and on the day of him whose turn it is, and of nobody else."""

from datetime import timedelta
from typing import Any

import pytest

from chassis.clock import day_of
from enforcement import days, summaries
from enforcement.cases import lists
from enforcement.schemas import case_files, seeing
from services.enforcement.tests.casework import (
    CALENDAR,
    FIRST,
    HEAD,
    LARGE,
    REVIEWER,
    SECOND,
    SMALL,
    Desk,
    a_transfer,
    an_order,
)
from services.enforcement.tests.factories import CONTRACTOR, OTHER_CITY, Field, officer
from services.enforcement.tests.planning import save

STRANGER = officer("外人", "inspector", "reviewer", "approver", area=OTHER_CITY)
WHO = {"张执法": FIRST, "李执法": SECOND, "王审核": REVIEWER, "赵局长": HEAD, "外人": STRANGER, "建筑公司": CONTRACTOR}


@pytest.fixture
def desk(ground: Field) -> Desk:
    desk = Desk(ground)
    desk.open()
    return desk


def listed(desk: Desk, who: Any) -> list[str]:
    filters = dict.fromkeys(("stage", "open", "area", "project_id", "order_id", "party_id"))
    asked = filters | {"mine": True, "limit": 20, "after": None}
    told = lists.list_cases(desk.ground.sessions, who, desk.ground.clock, CALENDAR, **asked)
    return [each["case_id"] for each in case_files.ListCasesReply().dump(told)["items"]]


def waits(desk: Desk) -> tuple[str, set[str]]:
    """Whose turn the file says it is; and who finds it among what waits for him."""
    return str(desk.told()["turn"]), {name for name, who in WHO.items() if listed(desk, who)}


def test_each_step_waits_for_him_who_does_it_and_for_nobody_else(desk: Desk) -> None:
    investigators = {"张执法", "李执法"}
    assert waits(desk) == ("file", {"赵局长"})
    desk.do("file_case", HEAD)
    assert waits(desk) == ("investigate", investigators)
    desk.do("conclude_investigation", FIRST)
    assert waits(desk) == ("review", {"王审核"})
    desk.do("review_case", REVIEWER)
    assert waits(desk) == ("notify", investigators)
    desk.do("notify_party", FIRST)
    assert waits(desk) == ("decide", {"赵局长"})
    desk.do("decide_case", HEAD)
    assert waits(desk) == ("serve", investigators)
    desk.do("serve_case", FIRST, how="direct", served_on=desk.today(), handed_to="项目经理")
    assert waits(desk) == ("pay", set())
    desk.later(16)
    assert waits(desk) == ("remind", investigators)
    desk.do("remind_party", FIRST, handed_to="")
    assert waits(desk) == ("serve", investigators)
    desk.do("serve_case", FIRST, how="direct", served_on=desk.today(), handed_to="项目经理")
    assert waits(desk) == ("pay", set())
    desk.later(30)
    assert waits(desk) == ("pay", set())  # a suit is still open to the party
    desk.later(170)
    assert waits(desk) == ("court", investigators)
    desk.do("record_payment", FIRST, amount=float(desk.told()["left"]), paid_on=desk.today(), receipt="票0001")
    assert waits(desk) == ("close", {"赵局长"})
    desk.do("close_case", HEAD)
    assert waits(desk) == ("nobody", set())


def test_while_a_hearing_may_be_asked_for_it_is_the_partys_turn_and_then_the_heads(ground: Field) -> None:
    desk = Desk(ground)
    desk.open(offence_keys=[LARGE])
    desk.until_notified()
    assert waits(desk) == ("answer", set())
    desk.do("answer_notice", CONTRACTOR, answer="hearing")
    assert waits(desk) == ("set_hearing", {"王审核", "赵局长"})
    other = Desk(ground)
    other.open(offence_keys=[LARGE])
    other.until_notified()
    other.later(9)
    assert other.told()["turn"] == "decide" and other.case_id in listed(other, HEAD)


def test_a_review_or_a_suit_that_is_open_waits_for_no_officer(desk: Desk) -> None:
    desk.until_served()
    desk.do("record_challenge", FIRST, kind="review", filed_on=desk.today())
    assert waits(desk) == ("challenge", set())


def test_an_officers_day_and_home_have_his_cases_the_most_pressing_first_and_what_was_handed_over(desk: Desk) -> None:
    second = Desk(desk.ground)
    second.open(offence_keys=[LARGE])
    second.do("file_case", HEAD)
    order_id, _ = an_order(desk.ground, day_of(desk.ground.clock()) + timedelta(days=7))
    a_transfer(desk.ground, order_id, HEAD.organisation_id, stage="sent")
    save(desk.ground)
    third = Desk(desk.ground)
    third.ground.clock.set(desk.ground.clock() + timedelta(days=1))
    third.open(offence_keys=[SMALL])

    def day(who: Any) -> Any:
        return seeing.OfficerDay().dump(days.get_officer_day(desk.ground.sessions, who, desk.ground.clock))

    told = day(HEAD)
    assert [each["case_id"] for each in told["cases"]] == [desk.case_id, third.case_id]
    assert [told["cases"][0][name] for name in ("act", "due_on", "is_late")] == ["file_case", "2026-03-17", False]
    assert (told["cases_total"], told["transfers_total"], told["plans_total"]) == (2, 1, 1)
    assert day(FIRST)["plans_total"] == 0  # he does not approve
    assert [each["case_id"] for each in day(SECOND)["cases"]] == [second.case_id]
    assert day(STRANGER)["cases_total"] == day(STRANGER)["transfers_total"] == 0
    assert summaries.summarise(desk.ground.sessions, HEAD, desk.ground.clock)["cases"] == 2
    assert summaries.summarise(desk.ground.sessions, CONTRACTOR, desk.ground.clock)["cases"] == 0
