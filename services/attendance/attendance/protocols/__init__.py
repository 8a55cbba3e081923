"""What phones send → `Points`. Each protocol is read in a file of its own; nothing is judged here."""

import gzip
import io
import zlib
from collections.abc import Callable

from attendance.points import Points
from attendance.protocols import native, osmand, owntracks
from attendance.protocols.reading import Undecodable

PLAIN, PACKED = ("", "identity"), ("gzip", "x-gzip")
LARGEST = 4_000_000  # bytes when unpacked: a gzip of a megabyte may hold a thousand

__all__ = ["Undecodable", "decode"]


def decode(protocol: str, body: bytes, content_type: str, content_encoding: str, received_at: int) -> Points:
    """The positions of a message of "native", "osmand" or "owntracks".

    Raises `Undecodable` when it is no such thing; a position in it that is none is among `Points.set_aside`.
    """
    reader = READERS.get(protocol)
    if reader is None:
        raise Undecodable(f"no protocol {protocol!r}")
    try:
        return reader(_unpacked(body, content_encoding), content_type, received_at)
    except RecursionError as error:
        raise Undecodable("nested too deep") from error


def _unpacked(body: bytes, encoding: str) -> bytes:
    named = encoding.strip().lower()
    if named in PLAIN:
        return body
    if named not in PACKED:
        raise Undecodable(f"encoded as {named[:20]!r}")
    try:
        with gzip.open(io.BytesIO(body)) as packed:
            unpacked = packed.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Undecodable("not a gzip") from error
    if len(unpacked) > LARGEST:
        raise Undecodable(f"more than {LARGEST} bytes when unpacked")
    return unpacked


READERS: dict[str, Callable[[bytes, str, int], Points]] = {
    "native": native.read,
    "osmand": osmand.read,
    "owntracks": owntracks.read,
}
