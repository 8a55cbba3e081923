"""Golden cases of the calculator: at least one for each offence, worked out by hand; and whole traces, byte for byte."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from enforcement import discretion

GOLDEN = Path(__file__).parent / "golden"
ON = date(2026, 3, 2)
NOT_CORRECTED = {
    "order_number": "冀建安改（130102）字〔2026〕第0007号",
    "ordered_on": "2026-01-05",
    "deadline": "2026-01-15",
    "rechecked_on": "2026-01-19",
    "recheck_failed": True,
}
CASES = tomllib.loads((GOLDEN / "discretion.toml").read_text(encoding="utf-8"))["case"]
TRACES = sorted(GOLDEN.glob("traces/*.toml"))


def weighed(case: dict[str, Any]) -> discretion.Weighing:
    facts = {**(NOT_CORRECTED if case.get("failed") else {}), **case["facts"]}
    return discretion.weigh(case["key"], facts, ON)


def name(case: dict[str, Any]) -> str:
    return "-".join([case["key"], *(["failed"] if case.get("failed") else []), *map(str, case["facts"])])


@pytest.mark.parametrize("case", CASES, ids=name)
def test_golden_case(case: dict[str, Any]) -> None:
    found = weighed(case)

    assert [found.legal_low, found.legal_high] == case["legal"]
    if "refused" in case:
        assert [each.code for each in found.refusals] == [case["refused"]]
        return
    assert found.refusals == ()
    assert [found.tier, found.tier_low, found.tier_high] == case["tier"]
    assert (found.level, found.suggested) == (case["level"], case["suggested"])
    assert [each.code for each in found.measures] == case.get("measures", [])
    assert [each.code for each in found.measures_grave] == case.get("grave", [])
    if "days" in case:
        assert list(found.measures[0].days or ()) == case["days"]


def test_every_offence_has_a_golden_case() -> None:
    assert {each.key for each in discretion.offences(ON)} == {each["key"] for each in CASES}


@pytest.mark.parametrize("file", TRACES, ids=lambda file: file.stem)
def test_golden_trace(file: Path) -> None:
    """The text that the party reads: whatever changes it changes it knowingly."""
    case = tomllib.loads(file.read_text(encoding="utf-8"))
    assert weighed(case).text == case["text"].strip()
    assert weighed(case) == weighed(case)


def test_there_are_golden_traces() -> None:
    assert len(TRACES) >= 6
