"""Every text of the pages, their scripts' too, has its English in the catalogue."""

from collections.abc import Iterator

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from gateway.portal import locale

WHERE = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract"), ("**.js", "javascript")]
SAYING = {"_": None, "say": None, "words": None}


def test_every_text_that_a_page_says_is_translated() -> None:
    source = locale.FOLDER / "en" / "LC_MESSAGES" / f"{locale.DOMAINS[0]}.po"
    with source.open("rb") as file:
        translated = {each.id for each in read_po(file) if each.string}
    missing = {text: f"{file}:{line}" for file, line, text in said() if text not in translated}
    assert not missing, "add these to the catalogue (locale/en/LC_MESSAGES/portal.po)"


def said() -> Iterator[tuple[str, int, str]]:
    """Where each text stands that is said as it is written."""
    for file, line, text, _, _ in extract_from_dir(str(locale.FOLDER.parent), WHERE, keywords=SAYING):
        if isinstance(text, str) and not text.isascii():
            yield file, line, text
