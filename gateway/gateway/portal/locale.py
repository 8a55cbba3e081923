"""The language of a page (gateway.languages), and what its scripts say in it."""

import re
from functools import cache
from pathlib import Path

from gateway.languages import CHINESE, COMPILED, COOKIE, DOMAINS, FOLDER, LANGUAGES, catalogue, language, listed, say

__all__ = ["CHINESE", "COMPILED", "COOKIE", "DOMAINS", "FOLDER", "LANGUAGES", "language", "listed", "say"]

SCRIPTS = Path(__file__).parent / "static" / "js"
SAID_BY_SCRIPTS = re.compile(r'\bwords\("([^"]+)"')


def say_plural(one: str, many: str, count: int) -> str:
    if language() == CHINESE:
        return many
    return catalogue(language()).ngettext(one, many, count)


def words_of_scripts() -> dict[str, str]:
    """What the pages' scripts say (`words("…")`), in the reader's language."""
    return {text: say(text) for text in _said_by_scripts()}


@cache
def _said_by_scripts() -> list[str]:
    sources = (file.read_text(encoding="utf-8") for file in sorted(SCRIPTS.glob("*.js")))
    return [text for source in sources for text in SAID_BY_SCRIPTS.findall(source)]
