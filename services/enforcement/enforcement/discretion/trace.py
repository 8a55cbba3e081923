"""The trace of a weighing: its lines with clause and date, and its refusals (pure)."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from enforcement.editions import edition


@dataclass(frozen=True)
class Line:
    """`step`: act, time, limitation, correction, range, tier, factor, aside, level, result, measures, procedure, hearing, refusal.

    `in_force`: from when the clause holds.
    """

    step: str
    text: str
    clause: str
    in_force: date

    @property
    def text_line(self) -> str:
        return f"{self.text}〔{self.clause}，自{self.in_force.isoformat()}起〕"


@dataclass(frozen=True)
class Refusal:
    """`code`: not_yet_fineable, not_in_force, time_barred or decided_elsewhere; `detail` what the sentence for people needs."""

    code: str
    text: str
    detail: dict[str, Any] = field(default_factory=dict)


class Trace:
    """Gathers lines and refusals in their order."""

    def __init__(self, on: date) -> None:
        self._rules_since: date = edition("penalty_rules", on)["in_force"]
        self._lines: list[Line] = []
        self._refusals: list[Refusal] = []

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(self._lines)

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        return tuple(self._refusals)

    def add(self, step: str, text: str, clause: str, in_force: date) -> None:
        self._lines.append(Line(step, text, clause, in_force))

    def add_rule(self, step: str, text: str, clause: str) -> None:
        """A line that rests on the common rules of penalties."""
        self.add(step, text, clause, self._rules_since)

    def refuse(self, code: str, text: str, clause: str, in_force: date, **detail: Any) -> None:
        self._refusals.append(Refusal(code, text, detail))
        self.add("refusal", text, clause, in_force)

    def refuse_rule(self, code: str, text: str, clause: str, **detail: Any) -> None:
        self.refuse(code, text, clause, self._rules_since, **detail)
