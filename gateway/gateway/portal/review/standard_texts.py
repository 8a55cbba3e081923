"""Sentences to choose from when deciding (常用语), from standard_texts.toml: the edition in force on a day."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("standard_texts.toml")


@dataclass(frozen=True)
class Edition:
    since: date
    source: str
    texts: Mapping[str, tuple[str, ...]]  # act → sentences


@cache
def editions() -> tuple[Edition, ...]:
    """The newest first."""
    read = tomllib.loads(FILE.read_text(encoding="utf-8"))["edition"]
    found = [
        Edition(each["since"], each["source"], {act: tuple(texts) for act, texts in each["texts"].items()})
        for each in read
    ]
    return tuple(sorted(found, key=lambda each: each.since, reverse=True))


def on(day: date) -> Mapping[str, tuple[str, ...]]:
    """Act → sentences; none before the first edition."""
    return next((each.texts for each in editions() if each.since <= day), {})
