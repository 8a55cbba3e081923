"""What the public page says of a certificate: the register's word, and whether the paper fits it, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.documents.certificates import grouped
from gateway.documents.signatures import Fit
from gateway.documents.values import day as written
from gateway.languages import CHINESE, language, say

TRUE, NOT_IN_FORCE, WRONG = "true", "paused", "wrong"  # how it looks


@dataclass(frozen=True)
class Verdict:
    """The word in large letters, its look, what it means in a sentence, and the register's lines to compare with."""

    word: str
    look: str
    sentence: str
    lines: tuple[tuple[str, str], ...] = ()


STATES = {
    "valid": ("真实有效", TRUE, "此证书由下列机构核发，目前有效。"),
    "suspended": (
        "已暂停",
        NOT_IN_FORCE,
        "此证书由下列机构核发，自 {suspended_on} 起暂停使用，暂停期间不得凭此办理业务。",
    ),
    "replaced": ("已换发", WRONG, "此证书已由编号为 {replaced_by_number} 的证书替代，请查验新证书。"),
    "cancelled": ("已注销", WRONG, "此证书由下列机构核发，已于 {cancelled_on} 注销，不再有效。"),
    "expired": ("已过期", NOT_IN_FORCE, "此证书由下列机构核发，有效期已过，不再有效。"),
}
MISMATCH = "信息不符"
DIFFERS = (
    "二维码中的签名与登记内容不符：纸面可能被改动，或打印后登记内容已变更。请以下列登记内容为准，并与发证机构核实。"
)
UNKNOWN = "没有此验证码对应的证书或者文书。请核对验证码；若是扫描二维码打开的，此件不是本系统核发的。"
WITHDRAWN = "此文书由下列机关签发，已被撤销，不再有效。"
ISSUED = "此文书由下列机关签发。"
COMPARE = "请逐项核对纸面内容与下列登记内容是否一致。"


def verdict(code: str, told: Mapping[str, Any], fit: Fit) -> Verdict:
    """`told` is what filing tells anybody (filing.verify_certificate)."""
    lines = _lines(code, told)
    if fit is Fit.DIFFERS:
        return Verdict(say(MISMATCH), WRONG, say(DIFFERS), lines)
    word, look, sentence = STATES[told["stage"]]
    days = {name: day(told[name]) for name in ("cancelled_on", "suspended_on") if told[name]}
    meaning = say(sentence).format(**days, replaced_by_number=told["replaced_by_number"])
    return Verdict(say(word), look, meaning + say(COMPARE), lines)


def of_document(code: str, told: Mapping[str, Any]) -> Verdict:
    """`told` is what enforcement tells anybody (enforcement.verify_document)."""
    lines = (
        (say("文书名称"), say(told["title"])),
        (say("文号"), told["number"]),
        (say("签发机关"), told["agency_name"]),
        (say("签发日期"), day(told["issued_on"])),
        (say("验证码"), grouped(code)),
    )
    if told["withdrawn"]:
        return Verdict(say("已撤销"), WRONG, say(WITHDRAWN), lines)
    return Verdict(say("真实有效"), TRUE, say(ISSUED) + say(COMPARE), lines)


def unknown() -> Verdict:
    return Verdict(say(MISMATCH), WRONG, say(UNKNOWN))


def day(iso: str) -> str:
    """2026年11月22日, or 2026-11-22 in English."""
    return written(iso) if language() == CHINESE else iso


def _lines(code: str, told: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Holders are enterprises, whose names are public; nothing of people is in what filing tells here."""
    return (
        (say("证书名称"), say(told["title"])),
        (say("编号"), told["number"]),
        (say("持证单位"), told["holder_name"]),
        *((say(line["label"]), say(line["text"])) for line in told["lines"]),
        (say("发证机构"), told["agency_name"]),
        (say("发证日期"), day(told["issued_on"])),
        (say("有效期至"), day(told["valid_to"]) if told["valid_to"] else say("长期（未规定期限）")),
        (say("验证码"), grouped(code)),
    )
