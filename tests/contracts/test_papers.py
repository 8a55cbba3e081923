"""Every matter's form can be printed from filing's description alone: a new matter needs no change in the gateway.

Filing's side (descriptions, and forms filled in as its own tests fill them) runs in a process of its own.
"""

import io
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest

from chassis.blobs import BlobStore
from gateway.documents import applications
from gateway.documents.press import Press
from gateway.documents.stamps import Stamp
from gateway.testing import papers
from tests.architecture.source import ROOT

DESCRIBE = """
import json
from filing import catalogue, matters
from filing.applications.printing import TITLES
from filing.desk import Desk
from services.filing.tests import forms
told = {code: {"matter": catalogue.get_matter(Desk(None), code=code), "form": getattr(forms, code, dict)(), "titles": TITLES}
        for code in matters.ALL}
print(json.dumps(told))
"""


def described() -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", DESCRIBE], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


DESCRIBED = described()


def labels_in(fields: list[dict[str, Any]], values: dict[str, Any]) -> list[str]:
    """The labels of all that is filled in, at any depth."""
    found = []
    for field in fields:
        value = values.get(field["name"])
        found.append(field["label"])
        if field["type"] == "part" and value:
            found += labels_in(field["fields"], value)
        if field["type"] == "rows" and field["item"]["type"] == "part":
            found += [label for row in value or [] for label in labels_in(_filled(field["item"]["fields"], row), row)]
    return found


def _filled(fields: list[dict[str, Any]], row: dict[str, Any]) -> list[dict[str, Any]]:
    return [field for field in fields if row.get(field["name"]) not in (None, "", [], {})]


@pytest.mark.parametrize("code", sorted(DESCRIBED))
def test_the_form_of_every_matter_is_printed_with_every_label_and_choice_in_words(code: str, tmp_path: Path) -> None:
    matter, form = DESCRIBED[code]["matter"], DESCRIBED[code]["form"]
    told = papers.told(matter=code, matter_title=matter["title"], form=form)
    told |= {"matter": matter, "labels": {}, "titles": DESCRIBED[code]["titles"]}

    with Press(BlobStore(str(tmp_path))).print(applications.form_job(told, Stamp(datetime.now(UTC)))) as paper:
        pages = pypdf.PdfReader(io.BytesIO(paper.read())).pages
        text = "".join("".join(page.extract_text() for page in pages).split())

    fields = [field for section in matter["sections"] for field in section["fields"]]
    for words in [*(section["title"] for section in matter["sections"]), *labels_in(fields, form)]:
        assert "".join(words.split()) in text, words
    for field in fields:
        if field["type"] == "choice" and form.get(field["name"]):
            [label] = [each["label"] for each in field["choices"] if each["code"] == form[field["name"]]]
            assert "".join(label.split()) in text, label
    assert form, "filing's tests have a filled-in form of every matter"
