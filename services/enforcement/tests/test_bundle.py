"""What enforcement tells of real inspections, orders and cases becomes a bundle that a stranger verifies with one file.

The gateway, which puts it together, runs in a process of its own: no service imports another's package.
"""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from PIL import Image

from chassis.database import transaction
from chassis.errors import Conflict
from chassis.journal import JournalRow
from enforcement import documents, gathering
from services.enforcement.tests import casework, ordering, visiting
from services.enforcement.tests.factories import Field, an_id
from services.enforcement.tests.test_gathering import collect

PEM = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
MAKE = """
import json, sys
from datetime import UTC, datetime
from gateway.bundles import making
told, files, pem, out = json.load(sys.stdin)
made = making.make(told, lambda sha256: bytes.fromhex(files[sha256]), pem, datetime(2026, 3, 20, tzinfo=UTC))
open(out, "wb").write(made.read())
print(making.fingerprint_of(pem))
"""


def picture(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return out.getvalue()


FILES = {hashlib.sha256(each).hexdigest(): each for each in map(picture, ("red", "blue"))}


@pytest.fixture
def subjects(ground: Field, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An inspection whose order was reported and accepted, with files that are what their hashes say; a case until served."""
    photo, signature = FILES
    monkeypatch.setattr(visiting, "PHOTO", photo)
    monkeypatch.setattr(visiting, "SIGNATURE", signature)
    monkeypatch.setattr(ordering, "SHA", photo)
    visiting.start(ground)
    order_id = str(visiting.complete(ground)["orders"][0]["order_id"])
    report = ordering.reported(ground, order_id)
    ordering.decide(ground, report, [each["finding_id"] for each in ordering.get(ground, order_id)["findings"]])
    desk = casework.Desk(ground)
    desk.open()
    desk.until_served()
    return {"inspection": an_id("visit"), "order": order_id, "case": desk.case_id}


def verified(told: Any, folder: Path) -> tuple[int, str]:
    """How the verifier, taken out of the bundle and run alone, ends, and what it says."""
    bundle, program = folder / "bundle.zip", folder / "verify.py"
    files = {sha256: content.hex() for sha256, content in FILES.items()}
    asked = json.dumps([told, files, PEM, str(bundle)])
    making = [sys.executable, "-c", MAKE]
    made = subprocess.run(making, input=asked, capture_output=True, text=True, timeout=60, check=True)
    with zipfile.ZipFile(bundle) as opened:
        program.write_bytes(opened.read("verify.py"))
    command = [sys.executable, "-I", str(program), str(bundle), "--key", made.stdout.strip()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("kind", ["inspection", "order", "case"])
def test_what_is_in_the_register_verifies_as_genuine(
    ground: Field, subjects: dict[str, str], kind: str, tmp_path: Path
) -> None:
    told = collect(ground, kind, subjects[kind])
    assert kind == "case" or {each["sha256"] for each in told["originals"]} == set(FILES)
    code, said = verified(told, tmp_path)
    assert code == 0 and "genuine and complete" in said, said


def test_who_has_the_key_cannot_change_what_was_sealed_or_journalled(
    ground: Field, subjects: dict[str, str], tmp_path: Path
) -> None:
    """The platform itself, that is: its own signature over other dates does not help it."""
    told = collect(ground, "order", subjects["order"])
    told["record"]["inspections"][0]["sealed"]["ended_at"] = "2026-03-03T10:40:00+08:00"
    told["journal"][0]["at"] = "2026-03-01T02:00:00+00:00"
    code, said = verified(told, tmp_path)
    assert code == 1
    assert "differs from its seal" in said
    assert f"entry {told['journal'][0]['number']} of the journal was changed" in said
    assert "the signature does not fit" not in said


@pytest.mark.parametrize("kind", ["inspection", "order", "case"])
def test_who_has_the_key_cannot_change_a_paper_either(
    ground: Field, subjects: dict[str, str], kind: str, tmp_path: Path
) -> None:
    """Every paper of every subject: with the hash that fits it, it is not the one that the journal knows."""
    told = collect(ground, kind, subjects[kind])
    for paper in told["record"]["documents"]:
        paper["content"]["issued_at"] = "2026-03-01T02:00:00+00:00"
        said = {name: paper[name] for name in ("number", "kind", "content")}
        paper["hash"] = documents.hash_of(said)
    code, said_of_it = verified(told, tmp_path)
    assert code == 1 and told["record"]["documents"]
    for paper in told["record"]["documents"]:
        assert f"the journal knows no such hash of document {paper['number']}" in said_of_it


@pytest.mark.parametrize("limit", ["MOST_BYTES_TOLD", "MOST_BYTES_OF_FILES", "MOST_FILES", "MOST_ENTRIES"])
def test_what_is_too_much_for_one_message_or_one_archive_is_refused_and_not_journalled(
    ground: Field, subjects: dict[str, str], limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, limit, 1)
    with pytest.raises(Conflict, match="bundle_too_large"):
        collect(ground, "order", subjects["order"])
    with transaction(ground.sessions) as session:
        assert not [each for each in session.query(JournalRow) if each.act == "export_bundle"]
