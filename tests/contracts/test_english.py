"""Whatever the services say to people has its English in the gateway's catalogues: matters' forms and words of codes.

A new matter needs no change in the gateway's code: without English its texts stay Chinese, and this test names them.
"""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Any

from babel.messages.pofile import read_po

from gateway import languages
from tests.architecture.source import ROOT

CHINESE = re.compile("[\u4e00-\u9fff]")
DESCRIBE = """
import json
from filing import catalogue, forms, matters, words
from filing.desk import Desk
from filing.schemas.work_logs import CorrectionForm, LogForm
print(json.dumps({
    "matters": [catalogue.get_matter(Desk(None), code=code) for code in matters.ALL],
    "logs": [forms.describe(each) for each in (LogForm, CorrectionForm)],
    "certificates": [{"label": label} for label in words.LABELS.values()],
    "reasons": [{"label": reason} for reason in words.REASONS.values()],
}))
"""
TEXTS = {"title", "label", "help", "unit", "note", "basis", "route_title", "certificate_title"}


@cache
def translated() -> dict[str, str]:
    told: dict[str, str] = {}
    for domain in languages.DOMAINS:
        with (languages.FOLDER / "en" / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
            told |= {each.id: each.string for each in read_po(file) if each.id and each.string}
    return told


def described() -> Any:
    done = subprocess.run(
        [sys.executable, "-c", DESCRIBE], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def texts(node: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Every text for people in a description, and where it stands."""
    if isinstance(node, list):
        for each in node:
            yield from texts(each, where)
    elif isinstance(node, dict):
        here = f"{where}/{node.get('code') or node.get('name') or ''}"
        for name, inner in node.items():
            if name in TEXTS and isinstance(inner, str) and CHINESE.search(inner):
                yield inner, f"{here}: {name}"
            else:
                yield from texts(inner, here)


def words(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for each in node:
            yield from words(each)
    elif isinstance(node, dict):
        told = node.get("x-words")
        if isinstance(told, dict):
            yield from told.values()
        for inner in node.values():
            yield from words(inner)


def test_every_text_of_a_description_has_its_english() -> None:
    found = dict(texts(described()))
    assert len(found) > 500
    missing = {text: where for text, where in found.items() if text not in translated()}
    assert missing == {}, "add these to gateway/gateway/portal/locale/en/LC_MESSAGES/matters.po"


def test_every_word_of_a_code_has_its_english() -> None:
    missing = {
        word: str(file.relative_to(ROOT))
        for file in sorted(ROOT.glob("services/*/contract/rpc/*.json"))
        for word in words(json.loads(file.read_text(encoding="utf-8")))
        if CHINESE.search(word) and word not in translated()
    }
    assert missing == {}, "add these to gateway/gateway/portal/locale/en/LC_MESSAGES/matters.po"


def sentences(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for inner in node.values() if isinstance(node, dict) else node:
            yield from sentences(inner)


def test_the_privacy_notice_has_its_english() -> None:
    notice = tomllib.loads((ROOT / "services/attendance/attendance/data/privacy_notice.toml").read_text("utf-8"))
    assert [each for each in sentences(notice) if CHINESE.search(each) and each not in translated()] == []
