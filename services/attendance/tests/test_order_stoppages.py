"""Days on which all works stood still by an order of enforcement leave the denominator, beside filing's own stoppages."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from attendance import days, hearing
from attendance.heard import WorksHeard
from attendance.schemas.months import MonthReply
from chassis.schemas import read
from services.attendance.tests.factories import EIGHT, Ground, agency, an_id

MANAGER = "王建国"
DAY = timedelta(days=1)


def tell(
    ground: Ground, kind: str, at: datetime, order: str = "order", whole: str = "whole", site: str = "长安广场"
) -> None:
    data = {"order_id": an_id(order), "number": "停1号", "project_id": an_id(site), "whole": whole}
    hear = hearing.work_stopped if kind == "stopped" else hearing.work_resumed
    hear(ground.sessions, ground._event(f"work_{kind}", read(WorksHeard(), data), at))


def excluded(ground: Ground) -> list[str]:
    """The days of March that leave the denominator for a stoppage, as of the evening of the 10th."""
    ground.clock.set(EIGHT + 8 * DAY + timedelta(hours=14))
    told: Any = days.get_month(ground.sessions, agency(), ground.clock, person_id=an_id(MANAGER), month="2026-03")
    (duty,) = MonthReply().dump(told)["duties"]
    return [each["day"][-2:] for each in duty["excluded"] if each["reason"] == "stoppage"]


@pytest.mark.parametrize("kinds", sorted(set(permutations(("stopped", "resumed", "stopped", "resumed")))))
def test_a_whole_stop_leaves_its_days_out_in_whatever_order_it_is_heard_of(
    ground: Ground, kinds: tuple[str, ...]
) -> None:
    for kind in kinds:
        tell(ground, kind, EIGHT + (DAY if kind == "stopped" else 4 * DAY))

    assert excluded(ground) == ["03", "04", "05"]  # on the 6th the works went on


def test_a_stop_of_a_part_leaves_everybody_due(ground: Ground) -> None:
    tell(ground, "stopped", EIGHT, whole="part")

    assert excluded(ground) == []


def test_overlapping_orders_and_a_stoppage_of_filings_are_each_over_for_themselves(ground: Ground) -> None:
    ground.project("suspended", version=2, stage="suspended", suspended={"since": "2026-03-02"})
    tell(ground, "stopped", EIGHT + DAY, "first")
    tell(ground, "stopped", EIGHT + 2 * DAY, "second")
    ground.project("resumed", version=3, at=EIGHT + 2 * DAY, stoppages=None)  # as events of before 2026-12
    tell(ground, "resumed", EIGHT + 4 * DAY, "first")
    tell(ground, "resumed", EIGHT + 6 * DAY, "second")

    assert excluded(ground) == ["02", "03", "04", "05", "06", "07"]


def test_an_order_heard_of_before_its_site_counts_once_the_site_is_known(ground: Ground) -> None:
    tell(ground, "stopped", EIGHT, site="未备案工程")
    ground.project("changed", "未备案工程", version=1, stage="merged", merged_into=an_id("长安广场"))

    assert excluded(ground)[0] == "02"
