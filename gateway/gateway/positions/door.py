"""The WSGI application behind which positions come in: key, size, then the bytes as they are to the broker.

| address | who | key | answer |
|---|---|---|---|
| POST /positions | our own app: JSON, also gzip | `Authorization: Bearer …` | 202 |
| GET or POST /osmand, / | OsmAnd, Traccar Client | `id` (or `deviceid`), `device_id` in JSON | 200 |
| POST /owntracks | OwnTracks in HTTP mode | password of Basic | 200 `[]` |

429 with Retry-After: this phone sends more messages than a phone may; batches are there for that.
An answer of success means: the broker has it on disk. 503 with Retry-After means: keep it and send it again.
"""

import base64
import binascii
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from sqlalchemy.exc import SQLAlchemyError

from chassis.errors import Unavailable
from chassis.identifiers import new_id
from chassis.wire import Outgoing
from gateway.positions.keys import Find, Owner
from gateway.positions.pace import Pace

EXCHANGE = "attendance.positions.v1"
LARGEST = 1_000_000  # bytes: five thousand positions take half of it
RETRY_AFTER = 10
COME_AGAIN = (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS)
MOST_FIELDS = 100
# What ingest can unpack; anything else would wait in its queue only to be parked there.
ENCODINGS = ("", "identity", "gzip", "x-gzip")
FORM = "application/x-www-form-urlencoded"
Environ = dict[str, Any]
StartResponse = Callable[..., object]
Publish = Callable[[Outgoing], None]


@dataclass(frozen=True)
class Protocol:
    """`key_of` finds the key in a request; `status` and `answer` are what its apps take for success."""

    name: str
    methods: tuple[str, ...]
    key_of: Callable[[Environ, bytes], str]
    status: HTTPStatus
    answer: bytes


class Refused(Exception):
    """The request goes no further: `status`, and in words why."""

    def __init__(self, status: HTTPStatus, code: str, words: str) -> None:
        super().__init__(code)
        self.status, self.code, self.words = status, code, words


class Door:
    """WSGI. `find` knows the keys, `publish` returns once the broker has the message; it refuses `Unavailable`."""

    def __init__(self, find: Find, publish: Publish, pace: Pace) -> None:
        self.find = find
        self.publish = publish
        self.pace = pace

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        try:
            protocol = _protocol(environ)
            body = _body(environ)
            owner = self._owner(protocol.key_of(environ, body))
            self.publish(_letter(protocol, owner, environ, body))
        except Refused as refused:
            return _refuse(start_response, refused)
        except (Unavailable, SQLAlchemyError):
            busy = Refused(HTTPStatus.SERVICE_UNAVAILABLE, "try_again", "系统繁忙，请保留数据稍后重新发送")
            return _refuse(start_response, busy)
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(protocol.answer)))]
        start_response(f"{protocol.status.value} {protocol.status.phrase}", headers)
        return [protocol.answer]

    def _owner(self, secret: str) -> Owner:
        owner = self.find(secret) if secret else None
        if owner is None:
            raise Refused(HTTPStatus.UNAUTHORIZED, "key_unknown", "设备密钥无效或已停用，请在系统中重新开通")
        if not self.pace.allows(owner.device):
            raise Refused(HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests", "发送过于频繁，请保留数据稍后合并发送")
        return owner


def _protocol(environ: Environ) -> Protocol:
    protocol = PROTOCOLS.get(environ["PATH_INFO"].rstrip("/"))
    if protocol is None:
        raise Refused(HTTPStatus.NOT_FOUND, "no_such_address", "地址不存在")
    if environ["REQUEST_METHOD"] not in protocol.methods:
        raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, "method_not_allowed", "请求方法不支持")
    return protocol


def _body(environ: Environ) -> bytes:
    if environ.get("HTTP_CONTENT_ENCODING", "").strip().lower() not in ENCODINGS:
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "encoding_unknown", "内容编码不支持，请用 gzip 或不压缩")
    told = environ.get("CONTENT_LENGTH")
    try:
        length = int(told) if told else None
    except ValueError as error:
        raise Refused(HTTPStatus.BAD_REQUEST, "bad_length", "请求长度不正确") from error
    # What comes in pieces (chunked, HTTP/2) has no length: granian ends it where it ends.
    body: bytes = (
        b"" if (length or 0) > LARGEST else environ["wsgi.input"].read(LARGEST + 1 if length is None else length)
    )
    if max(len(body), length or 0) > LARGEST:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", f"一次发送不得超过 {LARGEST // 1000} KB")
    if length is not None and len(body) != length:
        raise Refused(HTTPStatus.BAD_REQUEST, "cut_off", "请求内容不完整")
    return body


def _letter(protocol: Protocol, owner: Owner, environ: Environ, body: bytes) -> Outgoing:
    headers = {
        "protocol": protocol.name,
        "device": owner.device,
        "person": owner.person,
        "received_at": time.time_ns() // 1_000_000,
        "content_type": environ.get("CONTENT_TYPE") or ("" if body else FORM),
        "content_encoding": environ.get("HTTP_CONTENT_ENCODING", ""),
    }
    told = body or environ.get("QUERY_STRING", "").encode()
    if protocol.status == HTTPStatus.ACCEPTED and not body:  # nothing would be safe of what the phone takes for safe
        raise Refused(HTTPStatus.BAD_REQUEST, "empty", "请求没有内容，请重新发送")
    return Outgoing(exchange=EXCHANGE, key="", body=told, id=new_id(), headers=headers)


def _bearer(environ: Environ, body: bytes) -> str:
    kind, _, secret = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" else ""


def _basic_password(environ: Environ, body: bytes) -> str:
    kind, _, told = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        return str(base64.b64decode(told, validate=True).decode().partition(":")[2])
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _osmand_id(environ: Environ, body: bytes) -> str:
    """In the query, the form, or the JSON of newer apps; the rest is ingest's to read."""
    if body.lstrip()[:1] == b"{":
        try:
            told = json.loads(body)
        except (ValueError, RecursionError):
            return ""
        return str(told.get("device_id", ""))
    for written in (environ.get("QUERY_STRING", ""), body.decode(errors="replace")):
        try:
            named: dict[str, list[str]] = parse_qs(written, max_num_fields=MOST_FIELDS)
        except ValueError:
            return ""
        for name in ("id", "deviceid"):
            if named.get(name):
                return named[name][0]
    return ""


def _refuse(start_response: StartResponse, refused: Refused) -> Iterable[bytes]:
    told = {"status": refused.status.value, "code": refused.code, "title": refused.words}
    answer = json.dumps(told, ensure_ascii=False).encode()
    headers = [("Content-Type", "application/problem+json"), ("Content-Length", str(len(answer)))]
    if refused.status in COME_AGAIN:
        headers.append(("Retry-After", str(RETRY_AFTER)))
    if refused.status == HTTPStatus.UNAUTHORIZED:
        headers.append(("WWW-Authenticate", 'Basic realm="anjian", Bearer'))
    start_response(f"{refused.status.value} {refused.status.phrase}", headers)
    return [answer]


OSMAND = Protocol("osmand", ("GET", "POST"), _osmand_id, HTTPStatus.OK, b"{}")
PROTOCOLS = {
    "/positions": Protocol("native", ("POST",), _bearer, HTTPStatus.ACCEPTED, b"{}"),
    "/osmand": OSMAND,
    "": OSMAND,
    "/owntracks": Protocol("owntracks", ("POST",), _basic_password, HTTPStatus.OK, b"[]"),
}
