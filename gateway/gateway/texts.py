"""The Chinese sentences of every code that may be refused with, from messages.zh.toml.

A code has several sentences, the most telling first; the first one whose figures are all known is said. Figures are
written by kind: `{since:moment}` 2026-11-22 08:00, `{on:day}`, `{needed:certificate}` a word of the table
`[word.certificate]`; a list is joined by 、.
"""

import string
import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from chassis.clock import SHANGHAI

FILE = Path(__file__).with_name("messages.zh.toml")


@cache
def table() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def title_of(code: str) -> str:
    """What is wrong, in a few characters."""
    title: str = _problem(code)["title"]
    return title


def detail_of(code: str, figures: Mapping[str, Any]) -> str:
    """What is wrong and what to do."""
    return say(_problem(code)["detail"], figures)


def rule(code: str, figures: Mapping[str, Any]) -> str:
    """What is wrong with one field."""
    rules = table()["rule"]
    return say(rules.get(code) or rules["not_valid"], figures)


def explain(body: Any) -> Any:
    """The reply of a service with a `message` beside each finding and each broken rule in it, at any depth."""
    if isinstance(body, dict):
        explained = {name: explain(value) for name, value in body.items()}
        message = None if "message" in body else _message(body)
        return explained if message is None else explained | {"message": message}
    if isinstance(body, list):
        return [explain(each) for each in body]
    return body


def _message(entry: Mapping[str, Any]) -> str | None:
    if isinstance(entry.get("code"), str) and "severity" in entry:
        return detail_of(entry["code"], entry.get("detail") or {})
    if isinstance(entry.get("rule"), str):
        return rule(entry["rule"], entry)
    return None


def say(sentences: Sequence[str], figures: Mapping[str, Any]) -> str:
    """The first of `sentences` for which every figure is known; the last one otherwise."""
    known = {name: value for name, value in figures.items() if value not in (None, "", [], {})}
    for sentence in sentences:
        if _names(sentence) <= known.keys():
            return _Writer().format(sentence, **known)
    return _Writer().format(sentences[-1], **dict.fromkeys(_names(sentences[-1]), "—") | known)


def _problem(code: str) -> dict[str, Any]:
    problems = table()["problem"]
    found: dict[str, Any] = problems.get(code) or problems["refused"]
    return found


@cache
def _names(sentence: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


class _Writer(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, list | tuple):
            return "、".join(self.format_field(each, format_spec) for each in value)
        if format_spec == "moment":
            return _moment(value)
        if format_spec:
            return str(table()["word"].get(format_spec, {}).get(str(value), value))
        return "是" if value is True else "否" if value is False else str(value)


def _moment(value: Any) -> str:
    try:
        return datetime.fromisoformat(str(value)).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return str(value)
