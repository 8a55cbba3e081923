"""The open corpus of attacks: what is noticed at least, and how few honest days are noted at most; of each kind.

The figures are those that `make report-spoofing` reaches over hundreds of days, with room for the small number taken here.
"""

import tomllib

import pytest

from attendance.suspicion.rules import DATA, Found, read, rules_of
from services.attendance.tests.corpus import attacks, honest  # noqa: F401  (they enter their kinds)
from services.attendance.tests.corpus.cases import FIRST, KINDS, Case, Kind, findings

DAYS = 4
# Of four, at least. What is left out is not noticed as a rule, and stands in the report all the same.
NOTICED = {
    "static_mock": 4,
    "static_mock_hidden": 0,
    "static_mock_hidden_for_days": 4,
    "jittered_mock": 3,
    "jittered_mock_hidden": 0,
    "teleport": 4,
    "replayed_own_track": 3,
    "replayed_others_track": 4,
    "replayed_and_shaken": 1,
    "five_in_a_bag_first_day": 0,
    "five_in_a_bag": 4,
    "one_phone_for_two": 4,
    "left_on_site_first_days": 0,
    "left_on_site": 3,
    "clock_ahead": 3,
    "clock_behind": 3,
}
HONEST = [each for each in KINDS if not each.is_attack]
ATTACKS = [each for each in KINDS if each.is_attack]


def noted(kind: Kind) -> int:
    return sum(each.score.is_noted for each in findings(kind, DAYS))


@pytest.mark.parametrize("kind", HONEST, ids=lambda kind: kind.name)
def test_no_honest_day_is_noted_however_odd(kind: Kind) -> None:
    assert noted(kind) == 0


@pytest.mark.parametrize("kind", ATTACKS, ids=lambda kind: kind.name)
def test_an_attack_is_noticed_as_often_as_the_report_says(kind: Kind) -> None:
    assert noted(kind) >= NOTICED[kind.name]


def test_no_signal_convicts_alone() -> None:
    rules = rules_of(FIRST)
    for code in rules.steps:
        alone = rules.score([Found(code, 1e9)])
        assert alone.points and not alone.is_noted, code


def test_no_signals_convict_together_that_one_innocent_story_explains() -> None:
    rules = rules_of(FIRST)
    for story in rules.stories:
        together = rules.score([Found(code, 1e9) for code in story.explains])
        assert not together.is_noted, story.name
        assert together.unexplained == 0


def test_rules_by_which_a_signal_would_be_enough_are_not_read() -> None:
    told = tomllib.loads(DATA.read_text(encoding="utf-8"))["edition"][0]
    told["signal"]["mock_flag"]["points"] = [[1, told["threshold"]]]
    with pytest.raises(ValueError, match="mock_flag"):
        read(told)


def test_the_same_days_give_the_same_findings() -> None:
    kind = next(each for each in KINDS if each.name == "many_oddities")
    assert [each.score for each in findings(kind, 2)] == [each.score for each in findings(kind, 2)]


def test_whose_positions_never_place_him_on_site_is_not_doubted() -> None:
    """An app that tells a map's datum all day makes its owner absent: nobody lies to that end."""
    kind = next(each for each in KINDS if each.name == "static_mock")
    finding = next(findings(kind, 1))
    assert finding.score.signals
    away = next(findings(Kind(kind.name, True, lambda rng: _moved(kind.make(rng)), ""), 1))
    assert not away.score.signals and not away.score.is_noted


def _moved(case: Case) -> Case:
    for day in case.days:
        for track in day.values():
            track.latitude[:] += 0.1
    return case
