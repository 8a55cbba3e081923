"""What a certificate entitles to, and until when (pure; data/certificates.toml)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from personnel.editions import edition
from personnel.terms import CertificateKind, Role

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"


@dataclass(frozen=True)
class Held:
    """A certificate somebody holds."""

    kind: str
    number: str
    valid_to: date
    trade: str | None = None
    issued_on: date | None = None
    grade: str | None = None

    def holds_on(self, day: date) -> bool:
        """The last day of validity counts."""
        return (self.issued_on is None or self.issued_on <= day) and day <= self.valid_to


@dataclass(frozen=True)
class Lack:
    """Why a person cannot do a job: a code with what the reader must know."""

    code: str
    detail: dict[str, Any]


@dataclass(frozen=True)
class Demand:
    """One certificate of these kinds; of a special operation, in one of these trades (None: in any)."""

    kinds: tuple[str, ...]
    trades: tuple[str, ...] | None = None

    @property
    def needed(self) -> list[str]:
        return list(self.trades if self.trades is not None else self.kinds)

    def met_by(self, held: Held) -> bool:
        return self.names({"kind": held.kind, "trade": held.trade})

    def names(self, certificate: Mapping[str, Any]) -> bool:
        """Whether it is of the kinds and trades, valid or not."""
        return certificate["kind"] in self.kinds and (self.trades is None or certificate["trade"] in self.trades)


def demands(role: Role, machine_kind: str | None, on: date) -> list[Demand]:
    """The certificates that a role needs, on a machine of the kind where there is one; all of them."""
    rules = edition("certificates", on)
    work = rules["work"].get(role.value)
    if work is not None:
        trades = work.get("any") or work.get(machine_kind)
        return [Demand((CertificateKind.SPECIAL_OPERATION,), tuple(trades) if trades else None)]
    return [Demand(tuple(kinds)) for kinds in rules["needs"].get(role.value, [])]


def required_operators(machine_kind: str | None, on: date) -> list[Role]:
    """The roles of which somebody must be named when a machine of the kind is put to use (T11)."""
    return [Role(each) for each in edition("certificates", on)["operators"].get(machine_kind, [])]


def fitting(demand: Demand, held: Iterable[Held], on: date) -> Held | None:
    """The certificate that meets the demand on the day, the one that lasts longest."""
    good = [each for each in held if demand.met_by(each) and each.holds_on(on)]
    return max(good, key=lambda each: each.valid_to, default=None)


def lack(demand: Demand, held: Iterable[Held], on: date) -> Lack | None:
    """Why the demand is not met on the day, or None if it is."""
    held = list(held)
    if fitting(demand, held, on) is not None:
        return None
    past = [each for each in held if demand.met_by(each) and each.valid_to < on]
    if past:
        last = max(past, key=lambda each: each.valid_to)
        detail = {"kind": last.kind, "number": last.number, "valid_to": last.valid_to.isoformat()}
        return Lack("certificate_expired", detail | ({"trade": last.trade} if last.trade else {}))
    other = sorted({each.trade for each in held if each.kind in demand.kinds and each.trade and each.holds_on(on)})
    if demand.trades is not None and other:
        return Lack("trade_mismatch", {"needed": demand.needed, "has": other})
    return Lack("certificate_missing", {"needed": demand.needed, "kinds": list(demand.kinds)})


def expires_soon(held: Held, on: date, needed_until: date | None = None) -> bool:
    """Whether it ends within the months in which renewal is due, or before the work does (T16)."""
    return held.valid_to <= renewal_due(on) or (needed_until is not None and held.valid_to < needed_until)


def renewal_due(on: date) -> date:
    """What ends by this day is to be renewed now."""
    return add_months(on, edition("certificates", on)["expires_soon_months"])


def doubts(held: Held, on: date) -> list[tuple[str, str]]:
    """What looks unusual in a certificate, as (field, rule): told, never refused: more shapes exist than we know."""
    found = []
    match = next((m for shape in _shapes(held.kind, on) if (m := shape.fullmatch(held.number))), None)
    if match is None:
        found.append(("number", "unusual_number"))
    else:
        named = match.groupdict()
        found += [
            ("number", f"number_names_other_{name}") for name in named if _differs(getattr(held, name), named[name])
        ]
    years: int = edition("certificates", on)["kinds"][held.kind]["years"]
    if held.issued_on is not None and held.valid_to > add_months(held.issued_on, 12 * years):
        found.append(("valid_to", "unusually_long"))
    return found


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def kinds(on: date) -> dict[str, str]:
    """Code → Chinese title."""
    return {code: each["title"] for code, each in edition("certificates", on)["kinds"].items()}


def trades(on: date) -> dict[str, str]:
    """Two-digit code → Chinese title."""
    return dict(edition("certificates", on)["trades"])


def _differs(said: str | None, named: str | None) -> bool:
    return said is not None and named is not None and said != named


@cache
def _shapes(kind: str, on: date) -> list[re.Pattern[str]]:
    numbers = edition("certificates", on)["kinds"][kind]["numbers"]
    return [re.compile(shape.replace("{P}", f"[{PROVINCES}]")) for shape in numbers]
