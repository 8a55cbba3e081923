"""How many posts one person may hold at the same time, and the three exceptions for a project manager (pure).

The figures are dated data (data/capacity.toml). What holds under concurrency is the database: a person's active lock
has a slot number, unique within person and group.
"""

from collections.abc import Collection
from datetime import date, timedelta

from personnel.editions import edition
from personnel.terms import Exemption, Group, Works


class Full(Exception):
    """The person has no slot left; `limit` is what he may have."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


def limit(group: Group, on: date) -> int | None:
    """How many active locks of the group a person may have on a day; None: as many as there are."""
    most: int | None = edition("capacity", on)["limits"].get(group.value)
    return most


def free_slot(group: Group, taken: Collection[int | None], on: date, *, exempt: bool = False) -> int | None:
    """The slot for one more lock beside `taken`; None where the group is not counted. Raises `Full`.

    An exempted lock stands above the limit and leaves the ordinary slots to others.
    """
    most = limit(group, on)
    if most is None:
        return None
    numbers = range(most + 1, most + len(taken) + 2) if exempt else range(1, most + 1)
    slot = next((number for number in numbers if number not in taken), None)
    if slot is None:
        raise Full(most)
    return slot


def is_proved(exemption: Exemption, held_on: Works, claimed_for: Works, on: date) -> bool:
    """Whether a manager held on one project may be named for another by this exception, as of a day."""
    match exemption:
        case Exemption.ADJACENT_SECTION:
            return bool(held_on.works_code) and held_on.works_code == claimed_for.works_code
        case Exemption.WORKS_ACCEPTED:
            return held_on.accepted_on is not None and held_on.accepted_on <= on
        case Exemption.LONG_STOPPAGE:
            return _has_long_stopped(held_on, on)


def is_excused(held_on: Works, claimed_for: Works, on: date) -> bool:
    """Whether any of the exceptions is proved."""
    return any(is_proved(each, held_on, claimed_for, on) for each in Exemption)


def _has_long_stopped(works: Works, on: date) -> bool:
    if works.suspended_since is None or works.suspended_by in (None, "contractor") or not works.owner_consents:
        return False
    days: int = edition("capacity", on)["exemptions"]["long_stoppage_days"]
    return on - works.suspended_since >= timedelta(days=days)
