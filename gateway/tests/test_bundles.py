"""An evidence bundle proves itself, and whoever touches it is told where: verified as strangers do, by the one file alone."""

import io
import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from chassis.errors import Conflict
from gateway.bundles import making, verify
from gateway.bundles.pictures import derived
from gateway.testing.rooms import Rooms

KEY = Ed25519PrivateKey.generate()
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
PUBLIC = KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
Members = dict[str, bytes]


def photo(colour: str) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((640, 480), 40).convert("RGB").save(out, "JPEG")
    return out.getvalue() + colour.encode()


PHOTOS = {verify.sha256(each): each for each in (photo("red"), photo("blue"), b"\x00 no picture")}


def entry(number: int, before: str, act: str, subject: str, detail: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "number": number, "at": NOW.isoformat(), "principal": {"user_name": "张执法"}, "act": act,
        "subject": subject, "detail": detail, "previous_hash": before,
    }  # fmt: skip
    parts = [told[name] for name in ("number", "at", "principal", "act", "subject", "detail", "previous_hash")]
    return told | {"hash": verify.sha256(verify.canonical(parts))}


def told() -> dict[str, Any]:
    sealed = {"started_at": "2026-03-02T10:00:00+08:00", "findings": ["临边无防护"]}
    seal = verify.sha256(verify.canonical(sealed))
    paper = {"number": "冀建安改第1号", "kind": "rectification_order", "content": {"due_on": "2026-03-09"}}
    hashed = verify.sha256(verify.canonical(paper))
    issued = {"number": paper["number"], "kind": paper["kind"], "hash": hashed}
    journal = [entry(7, "0" * 64, "issue_document", "paper", issued)]
    journal.append(entry(8, journal[0]["hash"], "complete_inspection", "visit", {"seal": seal}))
    journal.append(entry(12, "f" * 64, "extend_order", "order", {}))
    return {
        "about": {"kind": "order", "id": "order", "title": "冀建安改第1号"},
        "record": {
            "inspections": [{"inspection_id": "visit", "seal": seal, "sealed": sealed}],
            "documents": [paper | {"id": "paper", "hash": hashed}],
        },
        "journal": journal,
        "head": {"number": 20, "hash": "e" * 64},
        "originals": [
            {"sha256": sha256, "name": f"{n}.jpg", "media_type": "image/jpeg" if n < 2 else None}
            for n, sha256 in enumerate(PHOTOS)
        ],
        "made_by": {"user_name": "王站长"},
    }


@pytest.fixture(scope="module")
def members() -> Members:
    with zipfile.ZipFile(making.make(told(), PHOTOS.__getitem__, PEM, NOW)) as bundle:
        return {each: bundle.read(each) for each in bundle.namelist()}


def zipped(members: Members) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        for name, content in members.items():
            making.put(bundle, name, content)
    out.seek(0)
    return out


def found(members: Members) -> str:
    return "\n".join(english for _, english in verify.problems(zipped(members)))


def resigned(members: Members, change: Callable[[Any], None]) -> Members:
    """With another manifest, signed by somebody else's key."""
    manifest = json.loads(members["manifest.json"])
    change(manifest)
    other = Ed25519PrivateKey.generate()
    content = verify.canonical(manifest)
    key = other.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    signature = verify.signature_file(key, other.sign(verify.CONTEXT + content).hex())
    return members | {"manifest.json": content, "signature.json": signature}


def test_a_stranger_verifies_it_with_the_file_that_lies_in_it(members: Members, tmp_path: Path) -> None:
    bundle, program = tmp_path / "bundle.zip", tmp_path / "verify.py"
    bundle.write_bytes(zipped(members).read())
    program.write_bytes(members["verify.py"])
    command = [sys.executable, "-I", str(program), str(bundle), "--key", verify.fingerprint(PUBLIC)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0 and "真实完整" in done.stdout, done.stdout + done.stderr

    bundle.write_bytes(zipped(members | {"record.json": members["record.json"].replace(b"10:00", b"11:00")}).read())
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1 and "record.json 已被改动" in done.stdout


def test_it_holds_originals_as_they_came_copies_with_their_recipe_and_words_for_people(members: Members) -> None:
    items = {each["path"]: each for each in json.loads(members["manifest.json"])["items"]}
    for sha256, content in PHOTOS.items():
        assert next(members[path] for path in members if path.startswith(f"originals/{sha256}")) == content
    copies = [each for path, each in items.items() if path.startswith("derived/")]
    assert len(copies) == 2 and all(each["derived_from"] in PHOTOS and "thumbnail" in each["recipe"] for each in copies)
    assert verify.fingerprint(PUBLIC) in members["README.txt"].decode()


@pytest.mark.parametrize("kind", ["originals/", "derived/", "record.json", "journal.jsonl", "verify.py", "README.txt"])
def test_a_flipped_byte_is_named(members: Members, kind: str) -> None:
    path = next(each for each in members if each.startswith(kind))
    content = bytearray(members[path])
    content[len(content) // 2] ^= 1
    assert f"{path} was changed" in found(members | {path: bytes(content)})


def test_a_removed_and_an_added_item_are_named(members: Members) -> None:
    path = next(each for each in members if each.startswith("originals/"))
    assert f"{path} was removed" in found({name: each for name, each in members.items() if name != path})
    assert "extra.jpg is not in the manifest" in found(members | {"extra.jpg": b"x"})
    assert "manifest.json was removed" in found({n: each for n, each in members.items() if n != "manifest.json"})


def test_a_cut_tail_of_the_manifest_or_the_journal_is_named(members: Members) -> None:
    assert "tail was cut" in found(resigned(members, lambda manifest: manifest["items"].pop()))
    cut = b"".join(members["journal.jsonl"].splitlines(keepends=True)[:-1])
    assert "its tail was cut" in found(members | {"journal.jsonl": cut})


def test_an_edited_date_is_named_even_by_who_makes_every_hash_of_the_bundle_anew(members: Members) -> None:
    """He has no key of ours and cannot make the seal in the journal anew without breaking its chain."""
    record = members["record.json"].replace(b"2026-03-02T10:00:00", b"2026-03-03T10:00:00")

    def anew(manifest: Any) -> None:
        link = verify.START
        for item in manifest["items"]:
            if item["path"] == "record.json":
                item |= {"size": len(record), "sha256": verify.sha256(record)}
            item["chain"] = link = verify.chained(link, item)
        manifest["end"] = link

    forged = resigned(members | {"record.json": record}, anew)
    assert "inspection visit differs from its seal" in found(forged)
    wanted = "\n".join(english for _, english in verify.problems(zipped(forged), verify.fingerprint(PUBLIC)))
    assert "signed by another key" in wanted


def test_an_edited_paper_and_an_edited_journal_are_named(members: Members) -> None:
    paper = members["record.json"].replace(b"2026-03-09", b"2026-04-09")
    assert "differs from its hash" in found(members | {"record.json": paper})
    journal = members["journal.jsonl"].replace(b"2026-03-02T02", b"2026-03-02T03", 1)
    assert "entry 7 of the journal was changed" in found(members | {"journal.jsonl": journal})


def test_a_paper_whose_hash_was_made_anew_is_named_by_the_journal() -> None:
    """Even by who has the key: the journal was told of the paper that was issued."""
    for name, other in (
        ("content", {"due_on": "2026-04-09"}),
        ("number", "冀建安改第2号"),
        ("kind", "full_stop_order"),
    ):
        forged = told()
        paper = forged["record"]["documents"][0] | {name: other}
        said = {each: paper[each] for each in ("number", "kind", "content")}
        forged["record"]["documents"] = [paper | {"hash": verify.sha256(verify.canonical(said))}]
        english = [each for _, each in verify.problems(making.make(forged, PHOTOS.__getitem__, PEM, NOW))]
        assert english == [f"the journal knows no such hash of document {paper['number']}"]


def test_what_another_program_would_show_instead_is_named(members: Members) -> None:
    """A second member of the same name, bytes before the archive, a comment behind it."""
    out = zipped(members)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "a") as bundle:
        bundle.writestr("record.json", members["record.json"])
    assert "more than once" in "".join(english for _, english in verify.problems(out))
    whole = zipped(members).read()
    local = whole.index(b"PK\3\4", 1)
    for other, named in (
        (b"#!/bin/sh\n" + whole, "before README.txt"),
        (whole + b"more", "behind it"),
        (whole[:-2] + b"\x04\x00more", "behind it"),
        (whole[:local] + b"more" + whole[local:], "in the archive before"),
    ):
        assert named in "".join(english for _, english in verify.problems(io.BytesIO(other))), named


def test_an_edited_date_in_the_archive_itself_is_named(members: Members) -> None:
    """Every program that unpacks shows it as the day on which the file was made."""
    whole = zipped(members).read()
    at = next(each.header_offset for each in zipfile.ZipFile(io.BytesIO(whole)).infolist() if "orig" in each.filename)
    edited = whole[: at + 12] + b"\x62\x5c" + whole[at + 14 :]
    assert "the date or a property of originals/" in "".join(e for _, e in verify.problems(io.BytesIO(edited)))

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in members.items():
            bundle.writestr(name, content)
    assert "packed anew" in "".join(english for _, english in verify.problems(packed))


def test_another_writing_of_the_signature_and_a_file_made_to_break_the_reader_are_named(members: Members) -> None:
    spaced = json.dumps(json.loads(members["signature.json"])).encode()
    assert "not as it was written" in found(members | {"signature.json": spaced})
    for path in ("manifest.json", "signature.json", "record.json", "journal.jsonl"):
        assert "cannot be read" in found(members | {path: b"[" * 200_000}), path


def test_what_no_plain_archive_can_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 10_000)
    with pytest.raises(Conflict, match="bundle_too_large"):
        making.make(told(), PHOTOS.__getitem__, PEM, NOW)


def test_an_original_that_the_store_has_lost_or_that_is_another_is_named() -> None:
    def lost(sha256: str) -> bytes:
        if sha256 == next(iter(PHOTOS)):
            raise FileNotFoundError
        return PHOTOS[sha256] if sha256 != list(PHOTOS)[1] else b"other bytes"

    english = [each for _, each in verify.problems(making.make(told(), lost, PEM, NOW))]
    assert sum("was not in the store" in each for each in english) == 2


@pytest.mark.parametrize("arguments", [["--key", ""], ["--key", "abc"], ["--key"], []])
def test_a_wrong_use_ends_with_2_and_without_a_key_nobody_is_called_genuine(
    members: Members, tmp_path: Path, arguments: list[str]
) -> None:
    bundle = tmp_path / "bundle.zip"
    bundle.write_bytes(zipped(members).read())
    command = [sys.executable, "-I", verify.__file__, str(bundle), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == (2 if arguments else 0)
    assert "真实完整" not in done.stdout and ("签名人未核实" in done.stdout) is not bool(arguments)


def test_a_picture_made_to_break_a_decoder_has_no_copy() -> None:
    for content in (b"BLP2" + b"\x01" * 1400, b"DDS " + b"\x7c" * 200, b"\x89PNG\r\n\x1a\n" + b"\xff" * 40):
        assert derived(content, "0" * 64) is None


def test_another_signature_is_named(members: Members) -> None:
    signature = json.loads(members["signature.json"])
    signature["signature"] = signature["signature"][:-2] + ("00" if signature["signature"][-2:] != "00" else "01")
    assert "signature does not fit" in found(members | {"signature.json": json.dumps(signature).encode()})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_whichever_byte_is_flipped_it_is_not_genuine(members: Members, seed: int) -> None:
    draw = random.Random(seed)
    path = draw.choice(sorted(members))
    content = bytearray(members[path])
    content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
    assert found(members | {path: bytes(content)})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_whichever_byte_of_the_file_itself_is_flipped_it_is_not_genuine(members: Members, seed: int) -> None:
    """Half of them outside the photographs, which are most of it: in headers, the directory, the small members."""
    draw = random.Random(seed)
    content = bytearray(zipped(members).read())
    at = draw.randrange(len(content))
    if draw.random() < 0.5:
        heads = [each.header_offset for each in zipfile.ZipFile(io.BytesIO(content)).infolist()]
        at = draw.choice(heads) + draw.randrange(60) if draw.random() < 0.5 else len(content) - 1 - draw.randrange(900)
    content[at] ^= 1 << draw.randrange(8)
    assert list(verify.problems(io.BytesIO(content))), at


def test_what_is_no_bundle_at_all_is_told_so(tmp_path: Path) -> None:
    for content in (b"", b"PK\x03\x04", b"not a zip"):
        file = tmp_path / "file"
        file.write_bytes(content)
        assert list(verify.problems(file))


# RFC 8032, 7.1: tests 1, 2 and 3.
VECTORS = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
)  # fmt: skip


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_signatures_are_checked_as_rfc_8032_says(key: str, message: str, signature: str) -> None:
    told = [bytes.fromhex(each) for each in (key, message, signature)]
    assert verify.is_signed(*told)
    assert not verify.is_signed(told[0], told[1] + b"x", told[2])


@settings(max_examples=20, deadline=None)
@given(st.binary(max_size=200))
def test_signatures_of_the_library_are_known_and_others_are_not(message: bytes) -> None:
    signature, key = KEY.sign(message), bytes.fromhex(PUBLIC)
    assert verify.is_signed(key, message, signature)
    assert not verify.is_signed(key, message, signature[:32] + bytes([signature[32] ^ 1]) + signature[33:])


def test_an_officer_exports_it_with_one_click(town: Any, rooms: Rooms, parts: Any) -> None:
    for content in PHOTOS.values():
        parts.blobs.put(content)
    rooms.say("enforcement.collect_evidence", told() | {"made_by": dict.fromkeys(
        ("user_id", "user_name", "organisation_id", "organisation_name"), "王站长")})  # fmt: skip
    officer = town.account(town.administrator(town.agency(), "head"), "officer", ["inspector"])
    answer = officer.get("/evidence-bundles/order/0197a003-5d3c-7c11-8a52-6f0b6f0e9d01")

    assert answer.status_code == 200 and answer.mimetype == "application/zip"
    assert list(verify.problems(io.BytesIO(answer.data))) == []
