"""The language of an answer: Chinese, in which every text is written, or English from the catalogues (gettext).

`portal.po` holds what the pages themselves say, `matters.po` what the services say (descriptions of forms, words of
codes). Compiled catalogues are built from the .po files by gateway/assets/build.py.
"""

import gettext
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from flask import g, has_request_context, request

FOLDER = Path(__file__).parent / "portal" / "locale"
COMPILED = Path(__file__).parents[1] / "build" / "locale"
DOMAINS = ("portal", "matters")
COOKIE = "anjian_language"
CHINESE, ENGLISH = "zh", "en"
LANGUAGES = {CHINESE: "中文", ENGLISH: "English"}
API = "/api/"
MARKS = {CHINESE: "、", ENGLISH: ", "}


def language() -> str:
    """Of the request in hand. On pages what was chosen before, else Chinese, whatever the browser would like; of the
    API what a program asks for (Accept-Language), else Chinese."""
    if not has_request_context():
        return CHINESE
    if "language" not in g:
        g.language = _asked_for() if _is_by_a_program() else _chosen()
    found: str = g.language
    return found


def say(text: str) -> str:
    """The text in the reader's language; what is not translated stays Chinese."""
    return text if language() == CHINESE or not text else catalogue(language()).gettext(text)


def listed(words: Iterable[str]) -> str:
    """One after the other, with the mark that the reader's language puts between them."""
    return MARKS[language()].join(words)


@cache
def catalogue(chosen: str) -> gettext.NullTranslations:
    """Of all domains, the pages' own first."""
    found, *others = (gettext.translation(each, COMPILED, languages=[chosen], fallback=True) for each in DOMAINS)
    for each in others:
        found.add_fallback(each)
    return found


def _is_by_a_program() -> bool:
    """A browser says from where it asks; its scripts read what the page around them speaks."""
    return request.path.startswith(API) and "Sec-Fetch-Site" not in request.headers and COOKIE not in request.cookies


def _asked_for() -> str:
    return request.accept_languages.best_match(list(LANGUAGES), default=CHINESE)


def _chosen() -> str:
    chosen = request.cookies.get(COOKIE, CHINESE)
    return chosen if chosen in LANGUAGES else CHINESE
