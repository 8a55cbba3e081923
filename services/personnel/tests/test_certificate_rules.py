"""T11 and T16: which certificate entitles to what, until when, and what looks unusual."""

from datetime import date

import pytest

from personnel import certificate_rules
from personnel.certificate_rules import Held
from personnel.terms import Role

TODAY = date(2026, 3, 2)
LATER = date(2027, 12, 31)


def operation(trade: str, valid_to: date = LATER, **more) -> Held:
    return Held("special_operation", f"冀A{trade}2025000001", valid_to, trade, **more)


def lacks(role: Role, machine_kind: str | None, *held: Held, on: date = TODAY) -> list[str]:
    demands = certificate_rules.demands(role, machine_kind, on)
    found = [certificate_rules.lack(each, held, on) for each in demands]
    return [each.code for each in found if each]


@pytest.mark.parametrize("trade", ["05", "06", "07"])
@pytest.mark.parametrize("kind", ["T", "S", "W"])
def test_T11_driver_needs_the_trade_of_the_machine(kind, trade):
    fits = {"T": "05", "S": "06", "W": "07"}[kind] == trade

    assert lacks(Role.DRIVER, kind, operation(trade)) == ([] if fits else ["trade_mismatch"])


@pytest.mark.parametrize("kind", ["T", "S", "W"])
def test_T11_install_worker_needs_the_trade_of_the_machine(kind):
    right = {"T": "08", "S": "09", "W": "10"}[kind]

    assert lacks(Role.INSTALL_WORKER, kind, operation(right)) == []
    assert lacks(Role.INSTALL_WORKER, kind, operation("01")) == ["trade_mismatch"]


def test_T11_signaller_needs_trade_04_and_a_tower_crane_needs_him():
    assert lacks(Role.SIGNALLER, "T", operation("04")) == []
    assert lacks(Role.SIGNALLER, "T", operation("05")) == ["trade_mismatch"]
    assert certificate_rules.required_operators("T", TODAY) == [Role.DRIVER, Role.SIGNALLER]


@pytest.mark.parametrize(("kind", "needed"), [("S", ["driver"]), ("W", ["driver"]), ("L", ["driver"]), ("Q", [])])
def test_T11_whatever_has_a_drivers_trade_needs_a_driver(kind, needed):
    assert certificate_rules.required_operators(kind, TODAY) == needed


def test_T11_certificate_must_be_valid_on_the_day_the_last_day_included():
    ends_today = operation("05", TODAY)

    assert lacks(Role.DRIVER, "T", ends_today) == []
    assert lacks(Role.DRIVER, "T", operation("05", date(2026, 3, 1))) == ["certificate_expired"]
    assert lacks(Role.DRIVER, "T", operation("05", issued_on=date(2026, 3, 3))) == ["certificate_missing"]


def test_manager_needs_b_and_a_builders_registration():
    b, builder = Held("B", "冀建安B（2025）0000001", LATER), Held("builder", "冀113252600001", LATER)

    assert lacks(Role.PROJECT_MANAGER, None, b, builder) == []
    assert lacks(Role.PROJECT_MANAGER, None, b) == ["certificate_missing"]
    assert lacks(Role.PROJECT_MANAGER, None, builder) == ["certificate_missing"]


@pytest.mark.parametrize(("kind", "is_enough"), [("C1", True), ("C2", True), ("C3", True), ("C", True), ("A", False)])
def test_safety_officer_needs_a_certificate_of_class_c(kind, is_enough):
    assert (lacks(Role.SAFETY_OFFICER, None, Held(kind, "1", LATER)) == []) is is_enough


def test_class_c2_does_not_cover_lifting_machines():
    assert lacks(Role.INSTALL_SAFETY_OFFICER, "T", Held("C2", "1", LATER)) == ["certificate_missing"]
    assert lacks(Role.INSTALL_SAFETY_OFFICER, "T", Held("C1", "1", LATER)) == []


def test_of_several_the_one_that_lasts_longest_counts():
    (demand,) = certificate_rules.demands(Role.DRIVER, "T", TODAY)
    old, new = operation("05", date(2026, 5, 1)), operation("05", LATER)

    assert certificate_rules.fitting(demand, [old, new], TODAY) == new


@pytest.mark.parametrize(
    ("valid_to", "needed_until", "soon"),
    [
        (date(2026, 6, 2), None, True),
        (date(2026, 6, 3), None, False),
        (date(2026, 12, 31), date(2027, 1, 1), True),
        (date(2027, 1, 1), date(2027, 1, 1), False),
    ],
)
def test_T16_ends_soon_within_three_months_or_before_the_work_does(valid_to, needed_until, soon):
    assert certificate_rules.expires_soon(operation("05", valid_to), TODAY, needed_until) is soon


@pytest.mark.parametrize(
    ("held", "rules"),
    [
        (Held("B", "冀建安B（2025）0000001", LATER), []),
        (Held("B", "冀建安B(2023)0244343", LATER), []),
        (Held("C1", "京建安C1(2015)0000001", LATER), []),
        (Held("B", "鄂建安B(2016)101309161005501", LATER), ["unusual_number"]),
        (Held("B", "冀建安C3（2025）0000001", LATER), ["unusual_number"]),
        (Held("special_operation", "晋A012008000001", LATER, "01"), []),
        (Held("special_operation", "晋A012008000001", LATER, "05"), ["number_names_other_trade"]),
        (Held("builder", "冀113252600001", LATER, grade="1"), []),
        (Held("builder", "冀1132025202600001", LATER, grade="1"), []),
        (Held("builder", "冀11325260000", LATER, grade="1"), ["unusual_number"]),
        (Held("builder", "冀113252600001", LATER, grade="2"), ["number_names_other_grade"]),
        (Held("B", "冀建安B（2025）0000001", date(2028, 3, 2), issued_on=date(2025, 3, 1)), ["unusually_long"]),
        (Held("B", "冀建安B（2025）0000001", date(2028, 3, 1), issued_on=date(2025, 3, 1)), []),
    ],
)
def test_unusual_numbers_and_validities_are_told(held, rules):
    assert [rule for _, rule in certificate_rules.doubts(held, TODAY)] == rules


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
    ],
)
def test_months_are_counted_to_the_same_day_or_the_last_of_the_month(day, months, then):
    assert certificate_rules.add_months(day, months) == then
