"""Offences: who does what against which clause, and the fine it carries (pure; data/offences.toml)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

from enforcement.editions import edition

Range = tuple[int, int]
DIRECT, RECTIFY_FIRST = "D", "R"
FIRM, PERSON = "firm", "person"
RANGES = ("fine", "after", "person", "person_after", "share", "accident_share")
MEASURES = ("measures", "measures_after", "measures_grave", "measures_accident")
NUMERALS = "〇一二三四五六七八九十"


class UnknownOffence(KeyError):
    """No rule of this key is in force on that day."""


@dataclass(frozen=True)
class Law:
    title: str
    number: str
    in_force: date


@dataclass(frozen=True)
class Measure:
    """What goes with a fine or stands in its place. `hearing_item`: that of 行政处罚法 63 by which the party may be heard, or 0."""

    code: str
    text: str
    hearing_item: int
    days: Range | None = None

    @property
    def hearing(self) -> bool:
        return self.hearing_item > 0


@dataclass(frozen=True)
class Offence:
    """A rule as the law has it. Fines in yuan, both ends included; `share` in percent of the fact named by `base`.

    `fine`, `person`: with the order; `after`, `person_after`: once the deadline passed and the re-check failed.
    `amount_of`, `amount_since`: the clause that sets the amount where another law does ("依照…处以罚款"), and from when.
    """

    key: str
    law: Law
    article: str
    subject: str
    party: str
    conduct: str
    shape: str
    in_force: date
    until: date | None
    confirmed: bool
    fine: Range | None = None
    after: Range | None = None
    person: Range | None = None
    person_after: Range | None = None
    share: Range | None = None
    accident_share: Range | None = None
    base: str = ""
    by_accident: Mapping[str, Range] = field(default_factory=dict)
    needs_accident: bool = False
    decided_by: str = ""
    amount_of: str = ""
    amount_since: date | None = None
    points: Mapping[int, str] = field(default_factory=dict)
    measures: tuple[Measure, ...] = ()
    measures_after: tuple[Measure, ...] = ()
    measures_grave: tuple[Measure, ...] = ()
    measures_accident: tuple[Measure, ...] = ()

    def clause(self, point: int = 0) -> str:
        """《…》第…条, with the item that the case cites."""
        return f"《{self.law.title}》{self.article}{in_brackets(point)}"

    @property
    def waits_for_correction(self) -> bool:
        """Whether something of it is open only after the deadline and a failed re-check."""
        return self.shape == RECTIFY_FIRST or bool(self.after or self.person_after or self.measures_after)

    @property
    def has_person(self) -> bool:
        """Whether the responsible people are fined beside the firm."""
        return self.party == FIRM and bool(self.person or self.person_after)


def offences(on: date) -> tuple[Offence, ...]:
    """All that are in force on a day, in the order of the table."""
    return tuple(each for each in _all(edition("offences", on)["in_force"]) if _in_force(each, on))


def offence(key: str, on: date) -> Offence:
    """The rule of a key that is in force on a day; raises UnknownOffence."""
    for each in _all(edition("offences", on)["in_force"]):
        if each.key == key and _in_force(each, on):
            return each
    raise UnknownOffence(key)


def item(number: int) -> str:
    """3 → 三, 12 → 十二: how a law counts its items (up to 19)."""
    return NUMERALS[number] if number <= 10 else f"十{NUMERALS[number - 10]}"


def in_brackets(number: int) -> str:
    """7 → 第（七）项, 0 → nothing."""
    return f"第（{item(number)}）项" if number else ""


def _in_force(each: Offence, on: date) -> bool:
    return each.in_force <= on and (each.until is None or on < each.until)


@cache
def _all(edition_day: date) -> tuple[Offence, ...]:
    book = edition("offences", edition_day)
    read = [each for row in book["rule"] for each in _of_rule(row, book)]
    by_key = {each.key: each for each in read}
    return tuple(_with_amount_of(each, source, by_key) for each, source in ((o, _source(o, book)) for o in read))


def _of_rule(row: dict[str, Any], book: dict[str, Any]) -> list[Offence]:
    """One offence, or one for each of its acts."""
    acts = row.get("acts")
    if acts is None:
        return [_offence(row, book, row["key"], row["conduct"], row["article"])]
    return [
        _offence(row, book, f"{row['key']}-{number}", conduct, row["article"] + in_brackets(int(number)))
        for number, conduct in acts.items()
    ]


def _offence(row: dict[str, Any], book: dict[str, Any], key: str, conduct: str, article: str) -> Offence:
    law = Law(**book["laws"][row["law"]])
    given: dict[str, Any] = {name: _range(row[name]) for name in RANGES if name in row}
    given |= {name: tuple(_measure(code, book) for code in row.get(name, ())) for name in MEASURES}
    return Offence(
        key=key,
        law=law,
        article=article,
        subject=row["subject"],
        party=row.get("party", FIRM),
        conduct=conduct,
        shape=row["shape"],
        in_force=row.get("in_force", law.in_force),
        until=row.get("until"),
        confirmed=row.get("confirmed", True) and key not in _doubtful(row),
        base=row.get("base", ""),
        by_accident={grade: _range(each) for grade, each in row.get("by_accident", {}).items()},
        needs_accident=row.get("needs_accident", False),
        decided_by=row.get("decided_by", ""),
        points={int(number): text for number, text in row.get("points", {}).items()},
        **given,
    )


def _doubtful(row: dict[str, Any]) -> set[str]:
    return {f"{row['key']}-{number}" for number in row.get("unconfirmed_acts", ())}


def _measure(code: str, book: dict[str, Any]) -> Measure:
    row = book["measures"][code]
    return Measure(code, row["text"], row["hearing"], _range(row["days"]) if "days" in row else None)


def _range(pair: list[int]) -> Range:
    low, high = pair
    return low, high


def _source(each: Offence, book: dict[str, Any]) -> str:
    """The key of the offence whose fine it takes, "" for its own."""
    for row in book["rule"]:
        named = row.get("fined_by", "")
        if each.key == row["key"] and isinstance(named, str):
            return named
        if isinstance(named, dict) and each.key.startswith(row["key"] + "-"):
            return str(named.get(each.key.removeprefix(row["key"] + "-"), ""))
    return ""


def _with_amount_of(each: Offence, source: str, by_key: Mapping[str, Offence]) -> Offence:
    """With the fine that the other law sets for an act not corrected; the people's own fine stays where the rule has one."""
    if not source:
        return each
    other = by_key[source]
    taken = replace(each, after=other.after or other.fine, amount_of=other.clause(), amount_since=other.in_force)
    return taken if each.person else replace(taken, person_after=other.person_after)
