"""Findings: what a machine-made check says about a request before anybody decides: errors that forbid it, warnings that do not."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from chassis.errors import Conflict, Invalid

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """`code` is a stable word, `path` the dotted field it concerns ("" if none), `detail` JSON-ready data for the reader."""

    code: str
    severity: str = ERROR
    path: str = ""
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def is_error(self) -> bool:
        return self.severity == ERROR

    def dump(self) -> dict[str, Any]:
        return asdict(self)


def error(code: str, path: str = "", **detail: Any) -> Finding:
    return Finding(code, ERROR, path, detail)


def warning(code: str, path: str = "", **detail: Any) -> Finding:
    return Finding(code, WARNING, path, detail)


def dump_all(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [each.dump() for each in findings]


def refuse_on_errors(findings: Iterable[Finding]) -> None:
    """Refuses `Conflict` with the first error's code and detail; all findings go along in `findings`."""
    found = list(findings)
    first = next((each for each in found if each.is_error), None)
    if first is not None:
        raise Conflict(first.code, **first.detail, findings=dump_all(found))


def from_refusal(refusal: Invalid) -> list[Finding]:
    """Broken rules of fields told as findings, for a check that lists everything instead of refusing."""
    return [
        Finding(rule["rule"], ERROR, path, {name: value for name, value in rule.items() if name != "rule"})
        for path, rules in refusal.fields.items()
        for rule in rules
    ]
