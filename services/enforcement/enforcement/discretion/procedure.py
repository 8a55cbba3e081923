"""How a penalty comes about and what follows it: procedure, hearing, surcharge, daily repeat, limitation, licence (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from enforcement.discretion.offences import PERSON, Measure, Range, in_brackets
from enforcement.editions import edition

SUMMARY, ORDINARY = "summary", "ordinary"
WARNING = "warning"


@dataclass(frozen=True)
class Procedure:
    """`kind`: summary (may be decided on the spot) or ordinary. `hearing`: the notice of the right to be heard is obligatory,
    for these reasons by these clauses."""

    kind: str
    hearing: bool
    hearing_reasons: tuple[str, ...]
    hearing_clauses: tuple[str, ...]
    text: str
    clause: str


def procedure(amount: int, party_kind: str, on: date, measures: Iterable[Measure] = ()) -> Procedure:
    """The procedure for a fine (0: none) with these measures, for a `firm` or a `person` (T27, T28)."""
    rules = edition("penalty_rules", on)
    named = tuple(measures)
    limit = rules["summary"]["person" if party_kind == PERSON else "firm"]
    heard = _hearing(amount, party_kind, named, on)
    reasons, clauses = tuple(text for text, _ in heard), tuple(clause for _, clause in heard)
    if amount <= limit and all(each.code == WARNING for each in named):
        text = f"罚款不超过{yuan(limit)}或者警告，可以适用简易程序当场作出决定"
        return Procedure(SUMMARY, bool(heard), reasons, clauses, text, rules["summary"]["clause"])
    return Procedure(
        ORDINARY, bool(heard), reasons, clauses, "适用普通程序，立案后作出决定", "《行政处罚法》第五十四条"
    )


def hearing_threshold(party_kind: str, on: date) -> int:
    """The sum over which a fine is large; provisional until Hebei's is known."""
    return int(edition("penalty_rules", on)["hearing"]["person_over" if party_kind == PERSON else "firm_over"])


def surcharge(amount: int, days: int, on: date) -> Decimal:
    """What is added for so many days of late payment: 3 % of the fine a day, never more than the fine (T29). Yuan with cents."""
    rules = edition("penalty_rules", on)["surcharge"]
    percent: int = min(rules["percent_a_day"] * max(days, 0), rules["cap_percent"])
    return (Decimal(amount) * percent / 100).quantize(Decimal("0.01"))


def surcharge_rate(on: date) -> Decimal:
    """Of what is not paid, for each day: 0.03."""
    return Decimal(edition("penalty_rules", on)["surcharge"]["percent_a_day"]) / 100


def daily_repeat(amount: int, ordered_on: date, until: date) -> tuple[int, int]:
    """Days and sum of the same fine for each day from the day after the order up to `until` (安全生产法 112)."""
    days = max((until - ordered_on).days, 0)
    return days, amount * days


def limitation(act_end: date, harmful: bool, on: date) -> date:
    """The last day on which an act may still be discovered to be fined; of what endures, from its end (36).

    A period of the law itself, not of a procedure: it does not move to a working day.
    """
    rules = edition("penalty_rules", on)["limitation"]
    year = act_end.year + rules["harmful_years" if harmful else "years"]
    return _same_day(act_end, year)


@dataclass(frozen=True)
class Suspension:
    """Days for which the safety licence is taken away; `revoked`: more than the limit in all, so it is revoked."""

    low: int
    high: int
    may_revoke: bool
    must_revoke: bool


def licence_suspension(grade: str, on: date, *, second: bool = False, late_report: bool = False) -> Suspension:
    """建质〔2008〕121号: by the grade of the accident, more for a second one within twelve months and for a late report.

    A grade above 重大 has no days of its own: the licence is revoked.
    """
    rules = edition("penalty_rules", on)["licence"]
    if grade not in rules:
        return Suspension(0, 0, True, True)
    spans = [rules[grade], *([rules["second"]] if second else []), *([rules["late_report"]] if late_report else [])]
    low, high = (sum(each[end] for each in spans) for end in (0, 1))
    limit = rules["revoke_over"]
    return Suspension(low, min(high, limit), high > limit, low > limit)


def yuan(amount: int) -> str:
    """12000 → 12 000元."""
    return f"{amount:,}".replace(",", " ") + "元"


def range_text(law: Range) -> str:
    """How a law says a range: 5 000元以上10 000元以下, 100 000元以下."""
    low, high = law
    return f"{yuan(high)}以下" if low == 0 else f"{yuan(low)}以上{yuan(high)}以下"


def _hearing(amount: int, party_kind: str, measures: tuple[Measure, ...], on: date) -> list[tuple[str, str]]:
    """Each reason for a hearing with its clause."""
    rules, over = edition("penalty_rules", on)["hearing"], hearing_threshold(party_kind, on)
    large = f"罚款超过{yuan(over)}，属于较大数额罚款"
    by_amount = [(large, f"{rules['clause']}{in_brackets(1)}；{rules['document']}")] if amount > over else []
    return by_amount + [
        (each.text, rules["clause"] + in_brackets(each.hearing_item)) for each in measures if each.hearing
    ]


def _same_day(day: date, year: int) -> date:
    """29 February becomes the 28th."""
    return day.replace(year=year) if (day.month, day.day) != (2, 29) else date(year, 3, 1) - timedelta(days=1)
