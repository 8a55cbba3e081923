"""Attachments: small but real PDF and PNG files, made byte by byte, the same bytes every time."""

import struct
import zlib
from functools import cache

A4 = (595, 842)
PNG_SIZE = (320, 240)


@cache
def pdf(title: str, *lines: str) -> bytes:
    """One A4 page with a title and some lines, in the Chinese font that every PDF reader brings along."""
    content = "\n".join(
        [
            "BT",
            f"/F1 20 Tf 72 760 Td {_hex(title)} Tj",
            "/F1 12 Tf",
            *(f"0 -28 Td {_hex(each)} Tj" for each in lines),
            "ET",
        ]
    ).encode()
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>" % A4,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 7 0 R >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
        b"/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    )
    return _file(objects)


@cache
def png(shade: int) -> bytes:
    """A grey sheet with lines on it, like a scan; `shade` (0–255) tells sheets apart."""
    width, height = PNG_SIZE
    ruled, plain = b"\0" + b"\x50" * width, b"\0" + bytes([shade]) * width
    rows = b"".join(ruled if y % 20 == 10 else plain for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def _hex(text: str) -> str:
    return f"<{text.encode('utf-16-be').hex()}>"


def _file(objects: tuple[bytes, ...]) -> bytes:
    """Objects numbered from 1, their table of places, and the trailer."""
    body, places = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + head + table + trailer


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
