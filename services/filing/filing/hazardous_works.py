"""Dangerous sub-projects (危大工程): the tier of a work, by kind and quantities (pure; data/hazardous_works.toml)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from filing.editions import edition

NOT_HAZARDOUS, HAZARDOUS, OVER_SCALE = 0, 1, 2


@dataclass(frozen=True)
class Verdict:
    """`tier` 0 not dangerous, 1 needs a special scheme, 2 an expert review as well; `reasons` are the conditions met.

    `missing` names the quantities that the kind goes by, when neither any of them nor a condition was given.
    """

    tier: int
    reasons: tuple[str, ...]
    missing: tuple[str, ...]


def kinds(on: date) -> dict[str, str]:
    """Code → title of every kind of work."""
    return {each["code"]: f"{each['group']}：{each['title']}" for each in edition("hazardous_works", on)["kind"]}


def quantities(on: date) -> dict[str, dict[str, str]]:
    """Code → {label, unit} of what may be measured."""
    return dict(edition("hazardous_works", on)["quantities"])


def conditions(on: date) -> dict[str, str]:
    """Code → words of what may be ticked."""
    return dict(edition("hazardous_works", on)["conditions"])


def judge(kind: str, measured: Mapping[str, float], ticked: Iterable[str], on: date) -> Verdict:
    """The tier of one work of a known kind by the edition in force on a day; any one condition suffices.

    Source: 住建部令第37号 Art. 3 and 建办质〔2018〕31号, annexes 1 and 2.
    """
    rule = next(each for each in edition("hazardous_works", on)["kind"] if each["code"] == kind)
    stated = frozenset(ticked)
    for tier, name in ((OVER_SCALE, "tier_2"), (HAZARDOUS, "tier_1")):
        met = tuple(_name(each) for each in rule[name] if _holds(each, measured, stated))
        if met:
            return Verdict(tier, met, _missing(rule, measured, stated))
    return Verdict(NOT_HAZARDOUS, (), _missing(rule, measured, stated))


def judge_work(work: Mapping[str, Any], on: date) -> Verdict:
    """The verdict on one entry of a safety filing's list: its kind, quantities by name, and `conditions`."""
    measured = {name: work[name] for name in quantities(on) if work.get(name) is not None}
    return judge(work["kind"], measured, work.get("conditions") or (), on)


def judged(works: Iterable[Mapping[str, Any]], on: date) -> list[dict[str, Any]]:
    """The list as a project's record keeps it: each entry in plain JSON, with its tier."""
    return [_plain(each) | {"tier": judge_work(each, on).tier} for each in works]


def _plain(work: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in work.items()}


def _holds(condition: Mapping[str, Any], measured: Mapping[str, float], ticked: frozenset[str]) -> bool:
    if "quantity" in condition:
        value = measured.get(condition["quantity"])
        return value is not None and value >= condition["at_least"]
    return condition.get("always", False) or condition.get("condition") in ticked


def _name(condition: Mapping[str, Any]) -> str:
    return str(condition.get("quantity") or condition.get("condition") or "always")


def _missing(rule: Mapping[str, Any], measured: Mapping[str, float], ticked: frozenset[str]) -> tuple[str, ...]:
    every = (*rule["tier_1"], *rule["tier_2"])
    goes_by = tuple(dict.fromkeys(each["quantity"] for each in every if "quantity" in each))
    told = any(each.get("quantity") in measured or each.get("condition") in ticked for each in every)
    return () if told else goes_by
