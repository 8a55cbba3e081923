"""Conditions over the facts of a case, written as data: {fact, is, value} in `all` and `any` (pure)."""

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Test = Mapping[str, Any]
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "equals": operator.eq,
    "differs": operator.ne,
    "at_least": operator.ge,
    "at_most": operator.le,
    "over": operator.gt,
    "under": operator.lt,
}


def holds(rule: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """Whether every test of `all` and, where there is an `any`, at least one of it is met; a rule with neither always holds."""
    some = rule.get("any")
    return all(_met(each, facts) for each in rule.get("all", ())) and (
        some is None or any(_met(each, facts) for each in some)
    )


def met(rule: Mapping[str, Any], facts: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the facts by which a rule holds, in its order, each once: what must not weigh a second time."""
    return tuple(dict.fromkeys(str(each["fact"]) for each in tests(rule) if _met(each, facts)))


def tests(rule: Mapping[str, Any]) -> Iterable[Test]:
    yield from rule.get("all", ())
    yield from rule.get("any", ())


def _met(test: Test, facts: Mapping[str, Any]) -> bool:
    """A fact that the case does not have meets nothing."""
    value = facts.get(test["fact"])
    return value is not None and COMPARISONS[test["is"]](value, test["value"])
