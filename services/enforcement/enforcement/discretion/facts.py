"""What the calculator asks about a case, as data from which a page can draw its form (pure; data/case_facts.toml)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from enforcement.discretion import benchmarks
from enforcement.discretion.offences import PERSON, Offence, offence
from enforcement.editions import edition

NUMBER, MONEY, FLAG, CHOICE, DAY, TEXT = "number", "money", "flag", "choice", "day", "text"
MOST = 10**12  # yuan or pieces; what is larger is a slip of the finger


@dataclass(frozen=True)
class Fact:
    """`kind`: number, money (whole yuan), flag, choice, day or text. `required`: no fine can be told without it."""

    name: str
    kind: str
    label: str
    help: str
    default: Any = None
    required: bool = False
    at_least: int | None = None
    choices: Mapping[str, str] = field(default_factory=dict)


class WrongFacts(ValueError):
    """Facts that cannot be used. `rules`: the code of each: required, unknown_field, not_integer, not_boolean, not_a_day,
    not_text, not_a_choice, out_of_range, too_large, in_future, contradicts."""

    def __init__(self, rules: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{name}: {code}" for name, code in rules.items()))
        self.rules = dict(rules)


def facts_of(offence_key: str, on: date) -> tuple[Fact, ...]:
    """What to ask about a case of an offence, in the order of the form; raises UnknownOffence."""
    return asked_of(offence(offence_key, on), on)


def read_facts(rule: Offence, given: Mapping[str, Any], on: date) -> dict[str, Any]:
    """The facts of a case, complete with their defaults; days may come as dates or ISO text. Raises WrongFacts."""
    asked = {fact.name: fact for fact in asked_of(rule, on)}
    wrong = {name: "unknown_field" for name in given if name not in asked}
    read: dict[str, Any] = {}
    for name, fact in asked.items():
        value = given.get(name)
        if value is None or value == "":
            if fact.required:
                wrong[name] = "required"
            read[name] = fact.default
            continue
        try:
            read[name] = _read(fact, value)
        except ValueError as error:
            wrong[name] = str(error)
    if wrong:
        raise WrongFacts(wrong)
    return read


def asked_of(rule: Offence, on: date) -> tuple[Fact, ...]:
    """What to ask about a case of this very rule."""
    rows = edition("case_facts", on)["fact"]
    by_row = benchmarks.facts_named(rule.key, on)
    return tuple(_fact(row, rule) for row in rows if _is_asked(row, rule, by_row))


def _is_asked(row: Mapping[str, Any], rule: Offence, by_row: frozenset[str]) -> bool:
    when = row["when"]
    answers = {
        "always": True,
        "both": rule.has_person,
        "person": rule.party == PERSON or rule.has_person,
        "correction": rule.waits_for_correction,
        "points": bool(rule.points),
        "licence": any(each.code == "suspend_accident" for each in rule.measures),
        "row": row["name"] in by_row,
        f"base:{rule.base}": bool(rule.base),
    }
    return answers.get(when, False)


def _fact(row: Mapping[str, Any], rule: Offence) -> Fact:
    choices = dict(row.get("choices", {}))
    default = row.get("default", False if row["kind"] == FLAG else None)
    if row["name"] == "accident" and rule.needs_accident:
        choices.pop("none")
        default = None
    if row["name"] == "point":
        choices = {str(number): text for number, text in rule.points.items()}
    required = row["name"] == "accident" if rule.needs_accident else bool(rule.share) and row["name"] == rule.base
    return Fact(row["name"], row["kind"], row["label"], row["help"], default, required, row.get("at_least"), choices)


def _read(fact: Fact, value: Any) -> Any:
    read = {NUMBER: _number, MONEY: _number, FLAG: _flag, CHOICE: _choice, DAY: _day, TEXT: _text}[fact.kind]
    return read(fact, value)


def _number(fact: Fact, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("not_integer")
    if fact.at_least is not None and value < fact.at_least:
        raise ValueError("out_of_range")
    if value > MOST:
        raise ValueError("too_large")
    return value


def _flag(fact: Fact, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("not_boolean")
    return value


def _choice(fact: Fact, value: Any) -> str:
    if not isinstance(value, str) or value not in fact.choices:
        raise ValueError("not_a_choice")
    return value


def _day(fact: Fact, value: Any) -> date:
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError("not_a_day") from None


def _text(fact: Fact, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("not_text")
    return value.strip()


def words_of(names: tuple[str, ...], facts: Mapping[str, Any], on: date) -> str:
    """What these facts are, in words: 违法行为处数：3；弄虚作假."""
    rows = {row["name"]: row for row in edition("case_facts", on)["fact"]}
    return "；".join(_words(rows[name], facts[name]) for name in names)


def _words(row: Mapping[str, Any], value: Any) -> str:
    if row["kind"] == FLAG:
        return str(row["label"])
    return f"{row['label']}：{row['choices'][value] if row['kind'] == CHOICE else value}"
