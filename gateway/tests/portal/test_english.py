"""Every text of the pages, their scripts' and the public page's too, has its English in the catalogue."""

import re
from collections.abc import Iterator
from functools import cache

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from gateway import languages
from gateway.documents import verification
from gateway.portal.shown import LINE

WHERE = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract"), ("**.js", "javascript")]
SAYING = {"_": None, "say": None, "words": None}
FIGURE = re.compile(r"%\(\w+\)s|\{\w+\}")


def test_every_text_that_a_page_says_is_translated() -> None:
    missing = {text: f"{file}:{line}" for file, line, text in said() if text not in catalogue()}
    assert not missing, "add these to the catalogue (locale/en/LC_MESSAGES/portal.po)"


def test_a_certificates_state_and_an_applications_line_are_translated() -> None:
    states = [text for word, _, sentence in verification.STATES.values() for text in (word, sentence)]
    others = [verification.MISMATCH, verification.DIFFERS, verification.UNKNOWN, verification.COMPARE]
    stages = [word for _, word in LINE]
    assert {*states, *others, *stages} - catalogue().keys() == set()


def test_a_translation_has_the_figures_of_its_text_and_no_chinese() -> None:
    """But for an example that has to be typed as it stands."""
    wrong = {
        text: english
        for text, english in catalogue().items()
        if set(FIGURE.findall(text)) != set(FIGURE.findall(english))
        or (re.search("[\u4e00-\u9fff]", english) and not text.startswith("如"))
    }
    assert wrong == {}


@cache
def catalogue() -> dict[str, str]:
    told: dict[str, str] = {}
    for domain in languages.DOMAINS:
        with (languages.FOLDER / "en" / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
            told |= {each.id: each.string for each in read_po(file) if each.id and each.string}
    return told


def said() -> Iterator[tuple[str, int, str]]:
    """Where each text stands that is said as it is written."""
    for folder in (languages.FOLDER.parent, languages.FOLDER.parents[1] / "documents"):
        for file, line, text, _, _ in extract_from_dir(str(folder), WHERE, keywords=SAYING):
            if isinstance(text, str) and not text.isascii():
                yield file, line, text
