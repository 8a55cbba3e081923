"""What people are told about their being located: the notice in force, with the figures that the code obeys."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from attendance.permissions import permit
from attendance.terms import DUTY_HOURS, KEPT
from chassis.clock import Clock, day_of
from chassis.principal import Principal

DATA = Path(__file__).parent / "data" / "privacy_notice.toml"
Notice = dict[str, Any]


def get_terms(principal: Principal, clock: Clock) -> Notice:
    """The notice of today, the hours in which somebody is located, and for how many days raw positions are kept."""
    permit("read_privacy_terms", principal)
    return dict(notice_on(day_of(clock()))) | figures()


def figures() -> dict[str, int]:
    """The limits as every page that shows positions tells them."""
    return {"from_hour": DUTY_HOURS[0], "until_hour": DUTY_HOURS[1], "kept_days": KEPT.days}


def notice_on(day: date) -> Notice:
    """The newest edition in force; before the first one, the first."""
    editions = _editions()
    in_force = [each for each in editions if each["in_force"] <= day]
    return (in_force or editions[:1])[-1]


@cache
def _editions() -> list[Notice]:
    with DATA.open("rb") as file:
        return sorted(tomllib.load(file)["edition"], key=lambda each: each["in_force"])
