"""Leave: asked for by the firm, granted by the developer, and then a day that does not count."""

from datetime import date, timedelta
from typing import Any

import pytest

from attendance import days, leaves
from attendance.schemas.leaves import ListLeavesReply
from attendance.schemas.months import MonthReply
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from services.attendance.tests.factories import EIGHT, TODAY, Ground, agency, an_id, enterprise

CONTRACTOR, OWNER = enterprise("contractor of 长安广场"), enterprise("owner of 长安广场")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def deputy(ground: Ground) -> None:
    """李海, on duty on the same site."""
    ground.locked("李海", role="technical_lead", since=EIGHT - timedelta(days=9))


def ask(ground: Ground, who: Any = CONTRACTOR, first: date = TODAY, last: date | None = None, **changed: Any) -> Any:
    told = {
        "person_id": an_id("王建国"), "project_id": an_id("长安广场"), "first": first, "last": last or first,
        "reason": "参加培训", "deputy_id": an_id("李海"), "key": None, **changed,
    }  # fmt: skip
    return leaves.ask(ground.sessions, who, ground.clock, **told)


def decide(ground: Ground, leave_id: str, who: Any = OWNER, approves: bool = True, opinion: str = "") -> Any:
    return leaves.decide(ground.sessions, who, ground.clock, leave_id=leave_id, approves=approves, opinion=opinion)


def verdict_of_today(ground: Ground) -> str:
    told = days.get_month(ground.sessions, agency(), ground.clock, person_id=an_id("王建国"), month="2026-03")
    (duty,) = MonthReply().dump(told)["duties"]
    return str(next(each["verdict"] for each in duty["days"] if each["day"] == TODAY.isoformat()))


def test_a_day_of_leave_counts_only_once_the_developer_has_granted_it(ground: Ground) -> None:
    leave_id = ask(ground)["leave_id"]
    assert verdict_of_today(ground) == "unknown"

    assert decide(ground, leave_id)["stage"] == "approved"

    assert verdict_of_today(ground) == "leave"
    assert decide(ground, leave_id)["stage"] == "approved"  # a repeat is the same answer
    with pytest.raises(Conflict, match="leave_decided"):
        decide(ground, leave_id, approves=False, opinion="工期紧")


def test_the_same_request_again_asks_once(ground: Ground) -> None:
    assert ask(ground, key="one") == ask(ground, key="one")
    assert ground.count("leave") == 1


def test_days_are_not_granted_twice(ground: Ground) -> None:
    first = ask(ground, last=TODAY + 3 * DAY)["leave_id"]
    with pytest.raises(Conflict, match="leave_exists"):
        ask(ground, first=TODAY + 3 * DAY)

    leaves.withdraw(ground.sessions, CONTRACTOR, ground.clock, leave_id=first)
    assert ask(ground, first=TODAY + 3 * DAY)["stage"] == "asked"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"last": TODAY - DAY}, "last"),
        ({"last": TODAY + 31 * DAY}, "last"),
        ({"first": TODAY - 8 * DAY}, "first"),
        ({"first": TODAY + 91 * DAY}, "first"),
        ({"deputy_id": None}, "deputy_id"),
    ],
)
def test_what_cannot_be_asked_for_is_told_by_its_field(ground: Ground, changed: Any, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        ask(ground, **changed)
    assert list(refused.value.fields) == [field]


def test_the_deputy_is_somebody_else_on_duty_there(ground: Ground) -> None:
    for nobody in ("王建国", "无人"):
        with pytest.raises(Conflict, match="deputy_not_on_duty"):
            ask(ground, deputy_id=an_id(nobody))


def test_who_asks_and_who_decides_are_two(ground: Ground) -> None:
    leave_id = ask(ground)["leave_id"]
    with pytest.raises(Forbidden):
        decide(ground, leave_id, who=CONTRACTOR)
    with pytest.raises(Forbidden):
        leaves.withdraw(ground.sessions, OWNER, ground.clock, leave_id=leave_id)
    with pytest.raises(Forbidden):
        decide(ground, leave_id, who=agency())
    with pytest.raises(NotFound):
        decide(ground, leave_id, who=enterprise("别家"))
    for other in (OWNER, enterprise("supervisor of 长安广场")):  # whose man he is not
        with pytest.raises(Conflict, match="person_not_on_duty"):
            ask(ground, who=other)
    with pytest.raises(Invalid):
        decide(ground, leave_id, approves=False)


def test_leaves_are_listed_to_those_who_see_the_site(ground: Ground) -> None:
    leave_id = ask(ground)["leave_id"]

    def listed(who: Any, stage: str | None = None) -> list[str]:
        told = leaves.list_leaves(
            ground.sessions, who, person_id=None, project_id=None, stage=stage, limit=20, after=None
        )
        return [each["leave_id"] for each in ListLeavesReply().dump(told)["items"]]

    assert listed(OWNER, "asked") == listed(CONTRACTOR) == listed(agency()) == [leave_id]
    assert listed(OWNER, "approved") == listed(enterprise("别家")) == listed(agency("13.1302.130202")) == []


def test_leave_ends_with_the_duty(ground: Ground) -> None:
    ground.unlocked("王建国", at=EIGHT)
    with pytest.raises(Conflict, match="person_not_on_duty"):
        ask(ground)
