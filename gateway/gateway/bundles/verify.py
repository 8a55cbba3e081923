"""证据包核验程序 / verifier of an evidence bundle: one file, Python 3.9 or newer, no network, nothing else to install.

    python verify.py BUNDLE.zip [--key FINGERPRINT]

Says what is wrong, item by item, in Chinese and English, and ends with 0 only where nothing is. FINGERPRINT is that of the key
by which the bundle should be signed, as the agency publishes it; without it anybody's signature will do, which is said.

What is checked: the archive itself, byte by byte, its dates too; the signature over manifest.json (Ed25519, RFC 8032); the chain
and the number of its entries; every item's size and SHA-256, and that there is none too few or too many; the entries of the
journal, each by its hash and to the one before; the seals of inspections and the hashes of documents in record.json, and that
the journal knows them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import struct
import sys
import zipfile
from collections.abc import Generator, Iterator
from typing import Any, Optional, cast

CONTEXT = b"anjian evidence bundle\n"  # signed before the manifest, so that the key signs nothing else by it
START = "0" * 64
Problem = tuple[str, str]  # the same in Chinese and in English
Point = tuple[int, int, int, int]
FINGERPRINT_LENGTH = 32
OUTSIDE = ("manifest.json", "signature.json")
FIRST_DAY, MADE_ON_UNIX, ATTRIBUTES = 1 << 5 | 1, 3 << 8 | 20, 0o600 << 16  # as the archive says of each member

# --- Ed25519 by RFC 8032, chapter 5.1: points as (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z ---
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)


def _add(a: Point, b: Point) -> Point:
    e, f = (a[1] - a[0]) * (b[1] - b[0]), (a[1] + a[0]) * (b[1] + b[0])
    c, d = 2 * a[3] * b[3] * D, 2 * a[2] * b[2]
    one, two, three, four = f - e, d - c, d + c, f + e
    return one * two % P, three * four % P, two * three % P, one * four % P


def _times(number: int, point: Point) -> Point:
    result = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = _add(result, point)
        point, number = _add(point, point), number >> 1
    return result


def _point(encoded: bytes) -> Optional[Point]:
    """The point that 32 bytes name; None where they name none."""
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


_BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
assert _BASE is not None
BASE = _BASE


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether 64 bytes are the signature of a message by the key of 32 bytes."""
    if len(key) != 32 or len(signature) != 64:
        return False
    public, nonce, s = _point(key), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if public is None or nonce is None or s >= ORDER:
        return False
    digest = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    left, right = _times(s, BASE), _add(nonce, _times(digest, public))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# --- The bundle ---


def canonical(value: Any) -> bytes:
    """JSON in one writing: what every hash here is made over."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def chained(before: str, item: dict[str, Any]) -> str:
    """The link of an entry of the manifest: it covers the entry and all that stand before it."""
    return sha256(before.encode() + canonical({name: value for name, value in item.items() if name != "chain"}))


def signature_file(key: str, signature: str) -> bytes:
    """signature.json, in its one writing."""
    return canonical({"algorithm": "Ed25519", "key": key, "signature": signature})


def fingerprint(key: str) -> str:
    return sha256(bytes.fromhex(key))[:32]


def problems(path: Any, wanted_key: Optional[str] = None) -> Iterator[Problem]:
    """Every problem as (Chinese, English); nothing where the bundle is genuine."""
    try:
        with zipfile.ZipFile(path) as bundle:
            yield from _problems(bundle, wanted_key)
    except Exception as error:  # whatever a broken archive may raise
        yield "不是可读的证据包", f"not a readable bundle: {error!r}"


def _problems(bundle: zipfile.ZipFile, wanted_key: Optional[str]) -> Iterator[Problem]:
    yield from _shape(bundle)
    manifest = yield from _read(bundle, "manifest.json")
    signature = yield from _read(bundle, "signature.json")
    if manifest is None or signature is None:
        return
    try:
        told, signed = json.loads(manifest), json.loads(signature)
        if signature != signature_file(bytes.fromhex(signed["key"]).hex(), bytes.fromhex(signed["signature"]).hex()):
            yield "signature.json 的写法已被改动", "signature.json is not as it was written"
        yield from _signature(manifest, signed, wanted_key)
        yield from _chain(told)
        found = yield from _items(bundle, told)
        yield from _journal(found.get("journal.jsonl", b""), told["journal"])
        yield from _record(json.loads(found.get("record.json", b"{}")), found.get("journal.jsonl", b""), told)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        yield "证据包的内容无法识读，已被改动", f"what stands in it cannot be read, it was changed: {error!r}"


def _shape(bundle: zipfile.ZipFile) -> Iterator[Problem]:
    """Nothing twice in the archive, another program might show that instead; and no byte of it but what the maker writes."""
    names = [each.filename for each in bundle.infolist()]
    for name in sorted({each for each in names if names.count(each) > 1}):
        yield f"{name} 出现多次", f"{name} is there more than once"
    try:
        yield from _container(bundle)
    except struct.error as error:
        yield "压缩包的结构已被改动", f"the archive itself was changed: {error}"


def _container(bundle: zipfile.ZipFile) -> Iterator[Problem]:
    """No signature covers what the archive says around its members: each byte of that is made again here and compared."""
    file, at, directory = cast(Any, bundle).fp, 0, b""
    for each in bundle.infolist():
        name = each.filename.encode()
        local, central = _headers(name, each.CRC, each.file_size, at)
        file.seek(at)
        if each.header_offset != at:
            yield f"{each.filename} 前附有其他内容", f"something stands in the archive before {each.filename}"
            return
        if file.read(len(local)) != local:
            yield (
                f"压缩包中 {each.filename} 的日期或者属性已被改动，或者已重新打包",
                f"the date or a property of {each.filename} in the archive was changed, or it was packed anew",
            )
        at, directory = at + len(local) + each.file_size, directory + central
    count = len(bundle.infolist())
    directory += struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), at, 0)
    file.seek(at)
    if file.read(len(directory) + 1) != directory:
        yield (
            "压缩包的目录已被改动，或者其后附有其他内容",
            "the archive's directory was changed, or something stands behind it",
        )


def _headers(name: bytes, crc: int, size: int, at: int) -> tuple[bytes, bytes]:
    """Both headers of a member that is stored as it is, on the first day there is (APPNOTE 4.3.7, 4.3.12)."""
    both = struct.pack("<5H3L2H", 20, 0, 0, 0, FIRST_DAY, crc, size, size, len(name), 0)
    rest = struct.pack("<3H2L", 0, 0, 0, ATTRIBUTES, at)
    return b"PK\3\4" + both + name, b"PK\1\2" + struct.pack("<H", MADE_ON_UNIX) + both + rest + name


def _read(bundle: zipfile.ZipFile, name: str) -> Generator[Problem, None, Optional[bytes]]:
    """The bytes of a member, or None after the problem was told."""
    try:
        return bundle.read(name)
    except KeyError:
        yield f"缺少 {name}，已被移除", f"{name} was removed"
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        yield f"{name} 的字节已被改动", f"bytes of {name} were changed"
    except Exception as error:  # zlib.error and whatever a broken archive may raise
        yield f"{name} 的字节已被改动", f"bytes of {name} were changed: {error!r}"
    return None


def _signature(manifest: bytes, signed: Any, wanted_key: Optional[str]) -> Iterator[Problem]:
    key, signature = bytes.fromhex(signed["key"]), bytes.fromhex(signed["signature"])
    if not is_signed(key, CONTEXT + manifest, signature):
        yield "清单的签名不符：清单或者签名已被改动", "the signature does not fit: manifest or signature was changed"
    if wanted_key and fingerprint(signed["key"]) != wanted_key.lower():
        yield "签名所用的密钥不是指定的密钥", f"signed by another key: {fingerprint(signed['key'])}"


def _chain(told: Any) -> Iterator[Problem]:
    link = START
    for number, item in enumerate(told["items"], start=1):
        link = chained(link, item)
        if item["chain"] != link:
            yield (
                f"清单第 {number} 项起被改动、插入或者移除",
                f"entry {number} of the manifest was changed, or one before it removed",
            )
            return
    if len(told["items"]) != told["count"] or link != told["end"]:
        yield (
            f"清单末尾被截断：应有 {told['count']} 项",
            f"the manifest's tail was cut: {told['count']} entries expected",
        )


def _items(bundle: zipfile.ZipFile, told: Any) -> Generator[Problem, None, dict[str, bytes]]:
    """The bytes of all items by their paths."""
    found: dict[str, bytes] = {}
    names = {each.filename for each in bundle.infolist()}
    for item in told["items"]:
        content = yield from _read(bundle, item["path"])
        if content is None:
            continue
        found[item["path"]] = content
        if len(content) != item["size"] or sha256(content) != item["sha256"]:
            yield f"{item['path']} 已被改动（摘要不符）", f"{item['path']} was changed (its hash differs)"
        name = item["path"].partition("/")[2].partition(".")[0]
        if item["path"].startswith("originals/") and name != item["sha256"]:
            yield f"{item['path']} 与其文件名中的摘要不符", f"{item['path']} is not what its name says"
    for lost in told["missing"]:
        yield f"原件 {lost} 导出时已不在库中", f"original {lost} was not in the store when this was made"
    for extra in sorted(names - {each["path"] for each in told["items"]} - set(OUTSIDE)):
        yield f"{extra} 不在清单中，是后来加入的", f"{extra} is not in the manifest, it was added"
    return found


def _journal(content: bytes, told: Any) -> Iterator[Problem]:
    entries = [json.loads(line) for line in content.decode().splitlines()]
    for entry in entries:
        parts = [entry[name] for name in ("number", "at", "principal", "act", "subject", "detail", "previous_hash")]
        if sha256(canonical(parts)) != entry["hash"]:
            yield f"日志第 {entry['number']} 条已被改动", f"entry {entry['number']} of the journal was changed"
    for one, two in zip(entries, entries[1:]):
        if two["number"] == one["number"] + 1 and two["previous_hash"] != one["hash"]:
            yield (
                f"日志第 {two['number']} 条与前一条不连",
                f"entry {two['number']} of the journal does not follow the one before",
            )
    if [each["number"] for each in entries] != told["numbers"]:
        yield "日志被截断或者移除了若干条", "entries of the journal were removed, or its tail was cut"


def _record(record: Any, journal: bytes, told: Any) -> Iterator[Problem]:
    there = {each["sha256"] for each in told["items"]} | set(told["missing"])
    for each in record.get("evidence", []):
        if each["sha256"] not in there:
            yield f"证据 {each['name']} 的原件不在包中", f"the original of evidence {each['name']} is not in the bundle"
    known: dict[str, list[Any]] = {}
    for line in journal.decode().splitlines():
        entry = json.loads(line)
        known.setdefault(entry["subject"], []).append(entry)
    for each in record.get("inspections", []):
        if each["seal"] and sha256(canonical(each["sealed"])) != each["seal"]:
            yield (
                f"检查 {each['inspection_id']} 的内容与封存摘要不符",
                f"inspection {each['inspection_id']} differs from its seal",
            )
        seals = [entry["detail"].get("seal") for entry in known.get(each["inspection_id"], [])]
        if each["seal"] and each["seal"] not in seals:
            yield (
                f"日志中没有检查 {each['inspection_id']} 的封存摘要",
                f"the journal knows no such seal of {each['inspection_id']}",
            )
    for each in record.get("documents", []):
        said = {"number": each["number"], "kind": each["kind"], "content": each["content"]}
        if sha256(canonical(said)) != each["hash"]:
            yield f"文书 {each['number']} 的内容与摘要不符", f"document {each['number']} differs from its hash"
        issued = [entry["detail"] for entry in known.get(each["id"], []) if entry["act"] == "issue_document"]
        if {name: each[name] for name in ("number", "kind", "hash")} not in issued:
            yield (
                f"日志中没有文书 {each['number']} 的摘要",
                f"the journal knows no such hash of document {each['number']}",
            )


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", help="证据包 / the bundle")
    parser.add_argument(
        "--key", metavar="FINGERPRINT", help="签名密钥的指纹 / fingerprint of the key that should have signed"
    )
    asked = parser.parse_args(arguments)
    if asked.key is not None and len(asked.key) != FINGERPRINT_LENGTH:
        parser.error("--key: 指纹应为 32 位十六进制数 / a fingerprint has 32 hexadecimal digits")
    found = list(problems(asked.bundle, asked.key))
    for chinese, english in found:
        print(f"✗ {chinese} / {english}")
    if found:
        print(f"证据包不可信：{len(found)} 处问题 / NOT genuine: {len(found)} problem(s)")
        return 1
    with zipfile.ZipFile(asked.bundle) as bundle:
        key = fingerprint(json.loads(bundle.read("signature.json"))["key"])
    if asked.key is None:
        print(f"○ 内容自洽，签名人未核实 / consistent, but who signed it was not checked; 签名密钥 / key {key}")
        print("  请用 --key 给出机构公布的指纹 / give the fingerprint that the agency publishes by --key")
    else:
        print(f"✓ 证据包真实完整 / genuine and complete; 签名密钥 / signed by key {key}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
