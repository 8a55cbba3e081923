"""Ages and assessments by JGJ/T 189 (domain facts §1.4, T3, T4, T5): exact to the day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipment.service_life import anniversary, assessment_ends_on, ends_on, is_over_age, limit_of
from equipment.terms import Assessment, Specification

TODAY = date(2026, 3, 2)
ONE_DAY = timedelta(days=1)


def machine(made_on: date, kind: str = "T", moment: float | None = 630, **more: object) -> Specification:
    return Specification(kind=kind, name="", model="", made_on=made_on, rated_moment_knm=moment, **more)  # type: ignore[arg-type]


def years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years)


def test_T3_a_630_crane_is_fit_on_its_fifteenth_anniversary_and_over_age_the_day_after() -> None:
    crane = machine(years_before(TODAY, 15))

    assert not is_over_age(crane, TODAY)
    assert is_over_age(crane, TODAY + ONE_DAY)


@pytest.mark.parametrize(
    ("kind", "moment", "drive", "years"),
    [
        ("T", 629, None, 10),
        ("T", 629.99, None, 10),
        ("T", 630, None, 15),
        ("T", 1249.99, None, 15),
        ("T", 1250, None, 20),
        ("T", None, None, 10),
        ("S", None, "SC", 8),
        ("S", None, "SS", 5),
        ("L", None, "SS", 5),
    ],
)
def test_T4_each_class_has_its_age(kind: str, moment: float | None, drive: str | None, years: int) -> None:
    made_on = years_before(TODAY, years)
    old = machine(made_on, kind, moment, hoist_drive=drive)

    assert limit_of(old, TODAY).years == years
    assert not is_over_age(old, TODAY)
    assert is_over_age(old, TODAY + ONE_DAY)


@pytest.mark.parametrize(
    ("kind", "moment", "drive", "years"), [("T", 629, None, 1), ("T", 630, None, 2), ("T", 1250, None, 3)]
)
def test_T5_a_passed_assessment_holds_to_its_date_and_not_beyond_its_class(
    kind: str, moment: float, drive: str | None, years: int
) -> None:
    assessed_on = date(2025, 6, 1)
    longest = date(2025 + years, 6, 1)
    for valid_to, last_day in [
        (date(2025, 12, 1), date(2025, 12, 1)),
        (longest, longest),
        (longest + ONE_DAY, longest),
        (None, longest),
    ]:
        old = machine(
            date(1990, 1, 1), kind, moment, hoist_drive=drive, assessment=Assessment(True, assessed_on, valid_to)
        )

        assert not is_over_age(old, last_day)
        assert is_over_age(old, last_day + ONE_DAY)


def test_T5_a_failed_or_future_assessment_holds_nothing() -> None:
    failed = Assessment(False, date(2026, 1, 1), date(2027, 1, 1))
    future = Assessment(True, TODAY + ONE_DAY, date(2027, 1, 1))

    assert is_over_age(machine(date(1990, 1, 1), assessment=failed), TODAY)
    assert is_over_age(machine(date(1990, 1, 1), assessment=future), TODAY)


def test_an_assessment_never_shortens_a_life() -> None:
    young = machine(date(2020, 1, 1), assessment=Assessment(True, date(2021, 1, 1), date(2021, 6, 1)))

    assert ends_on(young, TODAY) == date(2035, 1, 1)


def test_the_makers_life_counts_where_it_is_shorter_or_the_only_one() -> None:
    assert ends_on(machine(date(2020, 5, 6), service_life_years=9), TODAY) == date(2029, 5, 6)
    assert ends_on(machine(date(2020, 5, 6), service_life_years=30), TODAY) == date(2035, 5, 6)
    assert ends_on(machine(date(2020, 5, 6), "M", None, service_life_years=12), TODAY) == date(2032, 5, 6)
    assert ends_on(machine(date(1970, 5, 6), "M", None), TODAY) is None


def test_made_on_29_february_ends_on_the_28th_where_the_year_has_no_29th() -> None:
    crane = machine(date(2008, 2, 29))

    assert ends_on(crane, TODAY) == date(2023, 2, 28)
    assert not is_over_age(crane, date(2023, 2, 28))
    assert is_over_age(crane, date(2023, 3, 1))
    assert anniversary(date(2008, 2, 29), 20) == date(2028, 2, 29)


@given(day=st.dates(date(1950, 1, 1), date(2150, 1, 1)), years=st.integers(0, 40))
def test_an_anniversary_is_the_same_day_or_the_28th(day: date, years: int) -> None:
    found = anniversary(day, years)

    assert (found.year, found.month) == (day.year + years, day.month)
    assert found.day == day.day or (day.month, day.day, found.day) == (2, 29, 28)


@given(
    made_on=st.dates(date(1980, 1, 1), date(2026, 1, 1)),
    moment=st.floats(1, 5000),
    assessed=st.one_of(st.none(), st.builds(Assessment, st.booleans(), st.dates(date(2000, 1, 1), date(2030, 1, 1)))),
    on=st.dates(date(2011, 1, 1), date(2060, 1, 1)),
)
def test_once_over_age_always_over_age_until_assessed_anew(
    made_on: date, moment: float, assessed: Assessment | None, on: date
) -> None:
    crane = machine(made_on, moment=moment, assessment=assessed)
    known = assessed is None or assessed.on <= on

    if known and is_over_age(crane, on):
        assert is_over_age(crane, on + ONE_DAY)
    assert assessment_ends_on(None, 3, on) is None
