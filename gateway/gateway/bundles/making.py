"""A bundle made from what enforcement tells of a subject: a ZIP in a temporary file, with a signed manifest (decision 0044)."""

import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from chassis.errors import Conflict
from gateway.bundles import verify
from gateway.bundles.pictures import RECIPE, derived

Body = dict[str, Any]
Get = Callable[[str], bytes]
VERIFIER = Path(verify.__file__)
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}
README = """证据包使用说明

record.json       案件、检查、责令通知及其文书、整改和证据清单
originals/        证据原件，文件名为其 SHA-256 摘要，未作任何改动
derived/          原件的缩小副本，供浏览；制作方法：{recipe}
journal.jsonl     系统日志中与本件有关的各条，每条由其摘要与前一条相连
manifest.json     清单：每一项的大小和摘要，逐项相连
signature.json    清单的签名和公钥
verify.py         核验程序

核验：python verify.py 证据包文件 --key {fingerprint}
（Python 3.9 以上，无需联网，无需安装其他软件。上面的指纹请与机构公布的核对。）
"""


def fingerprint_of(private_key: str) -> str:
    """Of the key by which bundles are signed: what an agency publishes."""
    return verify.fingerprint(_public(_key(private_key)))


def _key(private_key: str) -> Ed25519PrivateKey:
    key = load_pem_private_key(private_key.encode(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


def _public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def make(told: Mapping[str, Any], blobs: Get, private_key: str, now: datetime) -> IO[bytes]:
    """The ZIP, open for reading; it is gone once closed. `told` is the reply of enforcement's `collect_evidence`; a file that the
    store does not hold is named in the manifest's `missing`.

    One original after the other is in memory. Refuses `Conflict("bundle_too_large")` beyond what a plain archive can name (2 GiB).
    """
    key = _key(private_key)
    # It is the reader who closes it.
    file = tempfile.TemporaryFile(prefix="anjian-bundle-")  # noqa: SIM115
    try:
        _fill(file, told, blobs, key, now)
    except zipfile.LargeZipFile as error:
        file.close()
        raise Conflict("bundle_too_large") from error
    file.seek(0)
    return file


def _fill(file: IO[bytes], told: Mapping[str, Any], blobs: Get, key: Ed25519PrivateKey, now: datetime) -> None:
    public = _public(key)
    with zipfile.ZipFile(file, "w", allowZip64=False) as bundle:
        items: list[Body] = []
        missing: list[str] = []
        for path, what, content in _parts(told, blobs, missing, verify.fingerprint(public)):
            put(bundle, path, content)
            items.append(_item(items, path, what, content))
        manifest = verify.canonical(_manifest(told, items, missing, now))
        signature = key.sign(verify.CONTEXT + manifest).hex()
        put(bundle, "manifest.json", manifest)
        put(bundle, "signature.json", verify.signature_file(public, signature))


def put(bundle: zipfile.ZipFile, path: str, content: bytes) -> None:
    """A member, stored as it is and on no day: so that nothing in the archive is left to chance, and the verifier can make
    every byte around the members again. Packing saves next to nothing on photographs."""
    member = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
    member.create_system, member.external_attr = 3, verify.ATTRIBUTES
    bundle.writestr(member, content)


def _parts(
    told: Mapping[str, Any], blobs: Get, missing: list[str], fingerprint: str
) -> Iterator[tuple[str, str, bytes]]:
    yield "README.txt", "说明", README.format(recipe=RECIPE, fingerprint=fingerprint).encode()
    yield "verify.py", "核验程序", VERIFIER.read_bytes()
    yield "record.json", "案卷记录", json.dumps(told["record"], ensure_ascii=False, indent=1, sort_keys=True).encode()
    yield "journal.jsonl", "日志摘录", b"".join(verify.canonical(each) + b"\n" for each in told["journal"])
    for each in told["originals"]:
        try:
            content = blobs(each["sha256"])
        except FileNotFoundError:
            content = b""
        if verify.sha256(content) != each["sha256"]:  # not there, or no longer what it was
            missing.append(each["sha256"])
            continue
        ending = ENDINGS.get(each["media_type"] or "", "bin")
        yield f"originals/{each['sha256']}.{ending}", each["name"], content
        copy = derived(content, each["sha256"])
        if copy is not None:
            yield f"derived/{each['sha256']}.jpg", f"{each['name']}（缩小副本）", copy


def _item(before: list[Body], path: str, what: str, content: bytes) -> Body:
    item: Body = {"path": path, "what": what, "size": len(content), "sha256": verify.sha256(content)}
    if path.startswith("derived/"):
        item |= {"derived_from": path.removeprefix("derived/").removesuffix(".jpg"), "recipe": RECIPE}
    last = before[-1]["chain"] if before else verify.START
    return item | {"chain": verify.chained(last, item)}


def _manifest(told: Mapping[str, Any], items: list[Body], missing: list[str], now: datetime) -> Body:
    return {
        "about": told["about"],
        "made_at": now.isoformat(),
        "made_by": told["made_by"],
        "items": items,
        "count": len(items),
        "end": items[-1]["chain"],
        "missing": missing,
        "journal": {"numbers": [each["number"] for each in told["journal"]], "head": told["head"]},
    }
