"""Verdicts on days and months: spoken only where no other one is possible; every excluded day has its reason."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from attendance.presence import DayPresence, Sampling, presence_of
from attendance.verdicts import (
    DayVerdict,
    Leave,
    Reason,
    Standing,
    Verdict,
    Workdays,
    judge_day,
    judge_month,
    rule_of,
)

DAY = date(2026, 3, 2)
JILIN, WUHU, HEBEI = "22.2201.220102", "34.3402.340202", "13.1301.130102"
MANAGER = rule_of("project_manager", DAY)
ALWAYS = Workdays()


def bits(minutes: Iterable[int]) -> int:
    return sum(1 << (1439 - minute) for minute in set(minutes))


def seen(inside: Iterable[int], elsewhere: Iterable[int] = ()) -> DayPresence:
    """A day with these minutes on site, and these elsewhere."""
    inside, elsewhere = set(inside), set(elsewhere) - set(inside)
    return presence_of(bits(inside | elsewhere), bits(inside), bits(elsewhere), Sampling())


def on_site(first: int, last: int) -> DayPresence:
    """Located in every minute of duty; on site from the first to the last of these."""
    return seen(range(first, last + 1), range(6 * 60, 22 * 60))


def verdict(presence: DayPresence | None, area: str = HEBEI) -> Verdict:
    return judge_day(DAY, presence, rule_of("project_manager", DAY, area), ALWAYS).verdict


def month(valid: int, *, absent: int = 0, unknown: int = 0, stopped: int = 0) -> list[DayVerdict]:
    kinds = [Verdict.PRESENT] * valid + [Verdict.ABSENT] * absent + [Verdict.UNKNOWN] * unknown
    kinds += [Verdict.EXCLUDED] * stopped
    return [DayVerdict(DAY + timedelta(days=n), kind, (Reason("stoppage"),)) for n, kind in enumerate(kinds)]


def test_T18_four_hours_are_enough_in_jilin_and_not_in_wuhu() -> None:
    short, exact, longer = on_site(480, 719), on_site(480, 720), on_site(480, 721)

    assert [verdict(each, JILIN) for each in (short, exact, longer)] == ["partial", "present", "present"]
    assert [verdict(each, WUHU) for each in (short, exact, longer)] == ["partial", "partial", "present"]
    assert [verdict(each, HEBEI) for each in (short, exact)] == ["partial", "present"]


def test_T18_two_fixes_four_hours_apart_are_a_valid_day_and_one_is_none() -> None:
    assert verdict(seen([480, 720])) == "present"
    assert verdict(seen([480], {*range(360, 470), *range(490, 1320)})) == "partial"


def test_T19_17_of_22_days_are_alarmed_and_18_are_not() -> None:
    short, met = judge_month(month(17, absent=5), MANAGER), judge_month(month(18, absent=4), MANAGER)

    assert (short.rate, short.standing) == (77.3, Standing.SHORT)
    assert (met.rate, met.standing) == (81.8, Standing.MET)


def test_T19_suspended_days_leave_the_denominator_with_their_reason() -> None:
    found = judge_month(month(8, absent=2, stopped=12), MANAGER)

    assert (found.valid, found.denominator, found.standing) == (8, 10, Standing.MET)
    assert [reason.code for _, reason in found.excluded] == ["stoppage"] * 12


def test_unknown_days_leave_a_month_open_only_as_long_as_they_could_save_it() -> None:
    could, could_not = (
        judge_month(month(17, absent=3, unknown=2), MANAGER),
        judge_month(month(15, absent=5, unknown=2), MANAGER),
    )

    assert (could.rate, could.highest_rate, could.standing) == (77.3, 86.4, Standing.OPEN)
    assert could_not.standing is Standing.SHORT


def test_a_month_without_a_day_to_attend_has_no_rate() -> None:
    found = judge_month(month(0, stopped=3), MANAGER)

    assert (found.rate, found.standing) == (None, Standing.NOTHING_DUE)


def test_no_positions_and_a_phone_that_fell_silent_are_unknown_not_absent() -> None:
    assert verdict(None) == "unknown"
    assert verdict(seen([])) == "unknown"
    assert verdict(seen(range(480, 600), range(360, 480))) == "unknown"
    assert verdict(seen([], [400])) == "unknown"


def test_seen_elsewhere_all_day_is_absent_with_the_figures_for_it() -> None:
    found = judge_day(DAY, seen([], range(360, 1320)), MANAGER, ALWAYS)

    assert found.verdict is Verdict.ABSENT
    required = {"minutes": 240, "at_least": True, "fixes": 2}
    assert found.reasons[0] == Reason("span_measured", {"least": 0, "most": 0, "required": required})


def test_reasons_tell_every_gap() -> None:
    found = judge_day(DAY, seen({*range(480, 600), *range(660, 780)}, range(360, 1320)), MANAGER, ALWAYS)

    assert found.reasons[-1] == Reason("gap_outside", {"start": 600, "end": 659})


def test_approved_leave_covers_its_first_and_last_day() -> None:
    leave = Leave("L1", DAY, DAY + timedelta(days=1))
    days = [judge_day(DAY + timedelta(days=n), None, MANAGER, ALWAYS, [leave]) for n in (-1, 0, 1, 2)]

    assert [each.verdict for each in days] == ["unknown", "leave", "leave", "unknown"]
    assert judge_month(days, MANAGER).denominator == 2


@pytest.mark.parametrize(
    ("workdays", "code"),
    [
        (Workdays(starts_on=DAY + timedelta(days=1)), "before_start"),
        (Workdays(accepted_on=DAY - timedelta(days=1)), "after_acceptance"),
        (Workdays(duty_from=DAY + timedelta(days=1)), "not_on_duty"),
        (Workdays(duty_to=DAY - timedelta(days=1)), "not_on_duty"),
        (Workdays(stoppages=((DAY, None),)), "stoppage"),
        (Workdays(rest={DAY: "通知"}), "rest"),
    ],
)
def test_a_day_without_duty_is_excluded_with_its_reason(workdays: Workdays, code: str) -> None:
    found = judge_day(DAY, on_site(480, 900), MANAGER, workdays)

    assert (found.verdict, found.reasons[0].code, found.counts) == (Verdict.EXCLUDED, code, False)


def test_the_day_on_which_work_is_resumed_counts() -> None:
    assert Workdays(stoppages=((DAY - timedelta(days=9), DAY),)).excluded(DAY) is None
    assert Workdays(starts_on=DAY, accepted_on=DAY, duty_from=DAY, duty_to=DAY).excluded(DAY) is None


def test_rules_differ_by_role_by_place_and_by_day() -> None:
    roles = ("project_manager", "chief_supervisor", "safety_officer", "enterprise_leader", "construction_worker")

    assert [rule_of(role, DAY, HEBEI).percent for role in roles] == [80, 50, 80, 25, 80]
    assert rule_of("chief_supervisor", DAY, JILIN).percent == 80
    assert rule_of("chief_supervisor", date(2023, 8, 31), JILIN).percent == 50
    assert rule_of("enterprise_leader", DAY).of == "working_days"
    assert rule_of("project_manager", date(1999, 1, 1)).document == "建质〔2011〕111号"
