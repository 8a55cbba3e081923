"""The sentences of every code that may be refused with, from messages.zh.toml and, for who reads English, messages.en.toml.

A code has several sentences, the most telling first; the first one whose figures are all known is said. Figures are
written by kind: `{since:moment}` 2026-11-22 08:00, `{retry_after:minutes}`, `{limit:size}`, `{needed:certificate}` a
word of the table `[word.certificate]`; a list is joined by 、. Both files hold the same codes and sentences.
"""

import string
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

from chassis.clock import SHANGHAI
from gateway.languages import CHINESE, ENGLISH, language, listed
from gateway.languages import say as translated

FILES = {each: Path(__file__).with_name(f"messages.{each}.toml") for each in (CHINESE, ENGLISH)}
UNITS = {CHINESE: ("分钟", "秒"), ENGLISH: ("minutes", "seconds")}


@cache
def table(chosen: str = CHINESE) -> dict[str, Any]:
    """{"problem", "rule", "word"}: what has no English is said in Chinese."""
    told, english = read(CHINESE), read(chosen)
    words = {kind: words | english["word"].get(kind, {}) for kind, words in told["word"].items()}
    return {"problem": told["problem"] | english["problem"], "rule": told["rule"] | english["rule"], "word": words}


def read(chosen: str) -> dict[str, Any]:
    """A file as it stands."""
    return tomllib.loads(FILES[chosen].read_text(encoding="utf-8"))


def title_of(code: str) -> str:
    """What is wrong, in a few characters."""
    title: str = _problem(code)["title"]
    return title


def detail_of(code: str, figures: Mapping[str, Any]) -> str:
    """What is wrong and what to do."""
    return say(_problem(code)["detail"], figures)


def rule(code: str, figures: Mapping[str, Any]) -> str:
    """What is wrong with one field."""
    rules = table(language())["rule"]
    if code in rules or code not in table()["problem"]:
        return say(rules.get(code) or rules["not_valid"], figures)
    return detail_of(code, figures)


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
        return rule(entry["rule"], {**entry, **(entry.get("detail") or {})})
    return None


def say(sentences: Sequence[str], figures: Mapping[str, Any]) -> str:
    """The first of `sentences` for which every figure is known; the last one otherwise."""
    known = {name: value for name, value in figures.items() if value not in (None, "", [], {})}
    for sentence in sentences:
        if _names(sentence) <= known.keys():
            return _Writer().format(sentence, **known)
    return _Writer().format(sentences[-1], **dict.fromkeys(_names(sentences[-1]), "—") | known)


def titles() -> dict[str, str]:
    """Every code that may be refused with, and what it means in a few characters."""
    return {code: str(told["title"]) for code, told in sorted(table()["problem"].items())}


def is_known(code: str) -> bool:
    return code in table()["problem"] or code in table()["rule"]


def _problem(code: str) -> dict[str, Any]:
    """A rule's code may also be told as a problem (a finding about one field): then under the title for fields."""
    told = table(language())
    problems, rules = told["problem"], told["rule"]
    if code in problems:
        found: dict[str, Any] = problems[code]
        return found
    if code in rules:
        return {"title": problems["invalid_fields"]["title"], "detail": rules[code]}
    refused: dict[str, Any] = problems["refused"]
    return refused


@cache
def _names(sentence: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


def _moment(value: Any) -> str:
    try:
        return datetime.fromisoformat(str(value)).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return str(value)


def _minutes(seconds: Any) -> str:
    minutes, moments = UNITS[language()]
    return f"{ceil(int(seconds) / 60)} {minutes}" if int(seconds) > 90 else f"{seconds} {moments}"


def _size(count: Any) -> str:
    return f"{int(count) / 1024 / 1024:.0f} MB" if int(count) >= 1024 * 1024 else f"{int(count) / 1024:.0f} KB"


WRITTEN: dict[str, Callable[[Any], str]] = {"moment": _moment, "minutes": _minutes, "size": _size}


class _Writer(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, list | tuple):
            return listed(self.format_field(each, format_spec) for each in value)
        if format_spec in WRITTEN:
            return WRITTEN[format_spec](value)
        if format_spec:
            return str(table(language())["word"].get(format_spec, {}).get(str(value), value))
        return translated("是" if value is True else "否" if value is False else str(value))
