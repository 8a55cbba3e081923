"""Settings, refusals, ids, principals, blobs, envelopes: what crosses a border arrives whole or is refused."""

import hashlib
import socket
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis import envelope, errors, identifiers
from chassis.blobs import BlobStore
from chassis.clock import SHANGHAI, day_of, end_of
from chassis.database import engine, is_answering
from chassis.media import Kept
from chassis.principal import Principal, service_principal, sign, verify
from chassis.settings import SettingsError, load, secret


@dataclass(frozen=True)
class Example:
    name: str
    token: str = secret()
    limit: timedelta = timedelta(seconds=1)
    hosts: list[str] | None = None


def test_all_missing_and_unreadable_settings_are_told_at_once() -> None:
    with pytest.raises(SettingsError) as told:
        load(Example, {"LIMIT": "soon"})
    for name in ("NAME", "TOKEN", "LIMIT"):
        assert name in str(told.value)


def test_a_secret_setting_does_not_show() -> None:
    settings = load(Example, {"NAME": "x", "TOKEN": "hush", "LIMIT": "2.5", "HOSTS": "a, b"})
    assert settings.limit == timedelta(seconds=2.5)
    assert settings.hosts == ["a", "b"]
    assert "hush" not in repr(settings)


@pytest.mark.parametrize(
    "refusal",
    [
        errors.Invalid.field("form.name", "required"),
        errors.NotFound("machine_unknown"),
        errors.Forbidden("not_permitted"),
        errors.Conflict("machine_locked", held_by="甲项目", since="2026-11-01"),
        errors.Unavailable(retry_after=7),
    ],
)
def test_a_refusal_is_the_same_on_the_other_side_of_the_bus(refusal: errors.Refusal) -> None:
    with pytest.raises(type(refusal)) as arrived:
        errors.raise_refusal(refusal.to_reply()["refused"])
    assert (arrived.value.code, arrived.value.detail) == (refusal.code, refusal.detail)


def test_ids_are_version_7_and_sort_by_time() -> None:
    made = [identifiers.new_id() for _ in range(3)]
    assert {uuid.UUID(each).version for each in made} == {7}
    assert identifiers.derived_id("a", "b") == identifiers.derived_id("a", "b") != identifiers.derived_id("ab")


def test_masks_hide_the_middle() -> None:
    assert identifiers.mask_identity("130102190001010014") == "130102********0014"
    assert identifiers.mask_phone("13812345678") == "138****5678"
    assert (identifiers.mask_name("张三"), identifiers.mask_name("欧阳小三")) == ("张*", "欧**三")
    assert identifiers.mask_number("冀建安B(2023)0244343").endswith("4343")


def test_a_day_is_the_shanghai_day() -> None:
    late = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    assert day_of(late).isoformat() == "2026-11-23"
    assert end_of(day_of(late)).astimezone(SHANGHAI).hour == 23


def keys() -> tuple[str, str]:
    private = Ed25519PrivateKey.generate()
    pem = serialization.Encoding.PEM
    return (
        private.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode(),
        private.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo).decode(),
    )


CLERK = Principal(user_id="u1", organisation_kind="agency", level="city", area="13.1301", roles=("acceptor",))


def test_a_principal_signed_by_the_gateway_is_believed() -> None:
    private, public = keys()
    assert verify(sign(CLERK, private, "gateway"), {"gateway": public}) == CLERK


def test_forged_expired_and_unknown_principals_are_refused() -> None:
    private, public = keys()
    other, _ = keys()
    old = sign(CLERK, private, "gateway", clock=lambda: datetime.now(UTC) - timedelta(minutes=6))
    unsigned = jwt.encode({"iss": "gateway", "principal": {"user_id": "u1"}}, None, algorithm="none")
    for token in (sign(CLERK, other, "gateway"), old, unsigned, sign(CLERK, private, "stranger"), "", "x.y.z"):
        with pytest.raises(errors.Forbidden):
            verify(token, {"gateway": public})


def test_a_service_can_only_speak_for_itself() -> None:
    private, public = keys()
    known = {"equipment": public}
    assert verify(sign(service_principal("equipment"), private, "equipment"), known).is_service
    for pretended in (CLERK, service_principal("filing")):
        with pytest.raises(errors.Forbidden):
            verify(sign(pretended, private, "equipment"), known)


def test_an_area_holds_what_lies_below_it_and_not_what_merely_begins_alike() -> None:
    assert CLERK.watches("13.1301.130102") and CLERK.watches("13.1301")
    assert not CLERK.watches("13") and not CLERK.watches("13.13011") and not CLERK.watches("13.130181")


def test_a_blob_is_kept_once_under_its_hash(tmp_path: Path) -> None:
    store = BlobStore(str(tmp_path / "blobs"))
    name = store.put(b"crane")
    assert name == hashlib.sha256(b"crane").hexdigest() == store.put(b"crane")
    assert store.get(name) == b"crane"
    assert [each.name for each in (tmp_path / "blobs").rglob("*") if each.is_file()] == [name]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 plan", "application/pdf"),
        (b"\xff\xd8\xff\xe0 photo", "image/jpeg"),
        (b"<html>", None),
        (b"PK\x03\x04", None),
    ],
)
def test_a_blob_is_looked_at_by_its_content(tmp_path: Path, content: bytes, kind: str | None) -> None:
    store = BlobStore(str(tmp_path / "blobs"))
    assert store.look(store.put(content)) == Kept(len(content), kind)
    assert store.look("0" * 64) is None


def test_a_blob_that_was_put_aside_comes_back_to_whoever_turns_to_it(tmp_path: Path) -> None:
    store = BlobStore(str(tmp_path / "blobs"))
    name = store.put(b"%PDF-1.7 plan")
    for turn_to in (store.get, store.look):
        store.discard(name)
        assert not store.exists(name)
        assert turn_to(name)
        store.empty(name)
        assert store.exists(name)


def test_a_blob_that_nobody_turned_to_is_gone_when_it_is_emptied(tmp_path: Path) -> None:
    store = BlobStore(str(tmp_path / "blobs"))
    name = store.put(b"%PDF-1.7 plan")
    store.discard(name)
    store.empty(name)

    assert store.look(name) is None
    assert [each for each in (tmp_path / "blobs").rglob("*") if each.is_file()] == []
    store.discard(name)
    store.empty(name)


@pytest.mark.parametrize("name", ["../../etc/passwd", "a" * 63, "", "A" * 64])
def test_a_blob_cannot_be_asked_for_by_a_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileNotFoundError):
        BlobStore(str(tmp_path)).get(name)


def test_an_event_survives_the_wire() -> None:
    event = envelope.Event(type="machine_locked", version=1, subject="m1", data={"since": "2026-11-01", "名": "塔吊"})
    assert envelope.from_bytes(envelope.to_bytes(event)) == event


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"7", b'{"id": 1}', b"\xff\xfe", b'"text"'])
def test_what_is_no_event_is_told_apart(body: bytes) -> None:
    with pytest.raises(envelope.Undecodable):
        envelope.from_bytes(body)


def test_a_database_that_says_nothing_is_waited_for_no_longer_than_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        silent = engine(f"postgresql://x:x@127.0.0.1:{mute.getsockname()[1]}/x", connect_timeout=timedelta(seconds=2))
        began = time.monotonic()
        assert not is_answering(silent)
        assert time.monotonic() - began < 4
