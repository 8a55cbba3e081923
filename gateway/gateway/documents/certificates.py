"""A certificate as a paper with its QR code (pure)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import segno

from gateway.documents.stamps import SYSTEM, Stamp
from gateway.documents.values import day

PATH = "/v/"
STATEMENT = "下列事项已经本机构审核办理，登记内容如下："
# Printed across a paper that is not in force on the day of printing.
MARKS = {"suspended": "已暂停", "cancelled": "已注销", "replaced": "已换发", "expired": "已过期"}
GROUP = 4


def link(base: str, code: str, signature: str) -> str:
    """What the QR code says: the public page of this paper."""
    return f"{base}{PATH}{code}?s={signature}"


def paper(told: Mapping[str, Any], base: str, signature: str, stamp: Stamp) -> dict[str, Any]:
    """The data of the template; `told` is the certificate as filing tells of it, `base` our public address."""
    code = told["verification_code"]
    return {
        "title": told["title"],
        "author": told["agency_name"],
        "agency": told["agency_name"],
        "number": told["number"],
        "statement": STATEMENT,
        "lines": [
            ["持证单位", told["holder_name"]],
            *([line["label"], _written(line["text"])] for line in told["lines"]),
            ["发证日期", day(told["issued_on"])],
            *([["有效期至", day(told["valid_to"])]] if told["valid_to"] else []),
        ],
        "issued_on": day(told["issued_on"]),
        "mark": MARKS.get(state(told, stamp.today), ""),
        "qr": segno.make_qr(link(base, code, signature), error="m").svg_inline(border=1),
        "address": f"{base.partition('://')[2]}{PATH}{code}",
        "foot": [
            f"验证码 {grouped(code)}",
            "扫描二维码，或打开右侧地址，可查验本件真伪和当前状态。",
            f"{SYSTEM}　第 {told['version']} 版　{stamp.words}",
        ],
    }


def state(told: Mapping[str, Any], today: date) -> str:
    """valid, suspended, cancelled, or expired where it is past its day."""
    ended = told["valid_to"] is not None and date.fromisoformat(told["valid_to"]) < today
    return "expired" if told["stage"] == "valid" and ended else str(told["stage"])


def grouped(code: str) -> str:
    """ABCD-EFGH-…, to be read aloud and typed."""
    return "-".join(code[place : place + GROUP] for place in range(0, len(code), GROUP))


def _written(text: str) -> str:
    """A day in the words of a certificate; all else as it is."""
    try:
        return day(date.fromisoformat(text).isoformat())
    except ValueError:
        return text
