"""T14: one project manager, one project, and the three exceptions; how many posts the others may hold."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personnel import capacity
from personnel.capacity import Full
from personnel.terms import GROUPS, Exemption, Group, Role, Works

TODAY = date(2026, 3, 2)
CODE = "2108-130102-89-01-123456"
HERE = Works(CODE)


def stopped(days: int, by: str | None = "other", consents: bool = True) -> Works:
    return Works(None, suspended_since=TODAY - timedelta(days=days), suspended_by=by, owner_consents=consents)


def test_limits_are_those_of_the_rules():
    assert {group: capacity.limit(group, TODAY) for group in Group} == {
        Group.FULL_TIME: 1,
        Group.CHIEF_SUPERVISOR: 3,
        Group.OPERATOR: 1,
        Group.CREW: 1,
        Group.RECORDED: None,
    }


def test_every_role_belongs_to_a_group():
    assert set(GROUPS) == set(Role)


@pytest.mark.parametrize(
    ("held_on", "is_adjacent"), [(Works(CODE), True), (Works("另一项目"), False), (Works(None), False)]
)
def test_T14_adjacent_section_is_one_of_the_same_works(held_on, is_adjacent):
    assert capacity.is_proved(Exemption.ADJACENT_SECTION, held_on, HERE, TODAY) is is_adjacent


def test_T14_two_projects_without_a_code_are_not_the_same_works():
    assert not capacity.is_proved(Exemption.ADJACENT_SECTION, Works(None), Works(None), TODAY)


@pytest.mark.parametrize(
    ("accepted_on", "is_proved"), [(TODAY, True), (TODAY + timedelta(days=1), False), (None, False)]
)
def test_T14_works_are_accepted_from_the_day_of_acceptance_on(accepted_on, is_proved):
    held_on = Works(None, accepted_on=accepted_on)

    assert capacity.is_proved(Exemption.WORKS_ACCEPTED, held_on, HERE, TODAY) is is_proved


@pytest.mark.parametrize(
    ("held_on", "is_proved"),
    [
        (stopped(120), True),
        (stopped(119), False),
        (stopped(400), True),
        (stopped(400, by="contractor"), False),
        (stopped(400, by=None), False),
        (stopped(400, consents=False), False),
        (Works(None), False),
    ],
)
def test_T14_stoppage_counts_from_120_days_if_not_the_contractors_and_the_owner_consents(held_on, is_proved):
    assert capacity.is_proved(Exemption.LONG_STOPPAGE, held_on, HERE, TODAY) is is_proved


@given(st.sampled_from([group for group in Group if group is not Group.RECORDED]), st.sets(st.integers(1, 6)))
def test_a_slot_is_free_ordinary_and_the_lowest_or_there_is_none(group, taken):
    most = capacity.limit(group, TODAY)
    try:
        slot = capacity.free_slot(group, taken, TODAY)
    except Full as full:
        assert full.limit == most
        assert taken >= set(range(1, most + 1))
    else:
        assert slot not in taken and slot <= most and all(number in taken for number in range(1, slot))


@given(st.sets(st.integers(1, 6)))
def test_an_exempted_lock_always_finds_a_slot_above_the_ordinary_ones(taken):
    slot = capacity.free_slot(Group.FULL_TIME, taken, TODAY, exempt=True)

    assert slot is not None and slot > 1 and slot not in taken
