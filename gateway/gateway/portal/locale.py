"""The language of a page: Chinese, in which every text is written, or English from `locale/en` (gettext).

Compiled catalogues are built from the .po files by gateway/assets/build.py.
"""

import gettext
import re
from functools import cache
from pathlib import Path

from flask import g, request

FOLDER = Path(__file__).parent / "locale"
COMPILED = Path(__file__).parents[2] / "build" / "locale"
DOMAIN = "portal"
SCRIPTS = Path(__file__).parent / "static" / "js"
SAID_BY_SCRIPTS = re.compile(r'\bwords\("([^"]+)"')
COOKIE = "anjian_language"
CHINESE, ENGLISH = "zh", "en"
LANGUAGES = {CHINESE: "中文", ENGLISH: "English"}


def language() -> str:
    """Of the request in hand: what was chosen before, else Chinese, whatever the browser would like."""
    if "language" not in g:
        chosen = request.cookies.get(COOKIE, CHINESE)
        g.language = chosen if chosen in LANGUAGES else CHINESE
    found: str = g.language
    return found


def say(text: str) -> str:
    """The text in the reader's language; what is not translated stays Chinese."""
    return text if language() == CHINESE or not text else _catalogue(language()).gettext(text)


def say_plural(one: str, many: str, count: int) -> str:
    if language() == CHINESE:
        return many
    return _catalogue(language()).ngettext(one, many, count)


def words_of_scripts() -> dict[str, str]:
    """What the pages' scripts say (`words("…")`), in the reader's language."""
    return {text: say(text) for text in _said_by_scripts()}


@cache
def _said_by_scripts() -> list[str]:
    sources = (file.read_text(encoding="utf-8") for file in sorted(SCRIPTS.glob("*.js")))
    return [text for source in sources for text in SAID_BY_SCRIPTS.findall(source)]


@cache
def _catalogue(chosen: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, COMPILED, languages=[chosen], fallback=True)
