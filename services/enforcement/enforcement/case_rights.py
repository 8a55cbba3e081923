"""What a paper has to tell the party of its rights, duties and periods (行政处罚法 44, 59, 64, 行政强制法 35): by the rules of the
day, in the words that stand on the paper (pure)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from enforcement import case_clocks, case_time, discretion
from enforcement.terms import CaseKind, DocumentKind

UNITS = {"working": "个工作日", "calendar": "日", "months": "个月"}
HUNDRED = 100  # yuan, one day late: the percentage
DEFEND = "可以进行陈述和申辩，不因陈述、申辩给予更重的处罚（《行政处罚法》第四十四条、第四十五条）"
COURT_AFTER_REVIEW = "对复议决定不服的，可以自收到之日起十五日内提起行政诉讼（《行政诉讼法》第四十五条）"
NO_STAY = "复议、诉讼期间决定不停止执行，法律另有规定的除外"
DEFEND_REMINDED = "可以进行陈述和申辩（《行政强制法》第三十五条、第三十六条）"


def told(kind: DocumentKind, content: Mapping[str, Any], case_kind: str, on: date) -> list[str]:
    """Sentence by sentence; empty for papers that stay in the file."""
    if kind in (DocumentKind.PRIOR_NOTICE, DocumentKind.HEARING_NOTICE):
        return [DEFEND, *([_hearing(on)] if content.get("hearing_right") else [])]
    if kind == DocumentKind.PAYMENT_REMINDER:
        due, clause = _period(case_time.REMIND, on)
        return [f"请自收到本催告书之日起{due}内履行；逾期不履行的，依法申请人民法院强制执行（{clause}）", DEFEND_REMINDED]
    if kind in (DocumentKind.PENALTY_DECISION, DocumentKind.SUMMARY_DECISION):
        return [*([_payment(on)] if content.get("fine") else []), *_remedies(case_kind, on)]
    return _remedies(case_kind, on) if kind == DocumentKind.NO_PENALTY_DECISION else []


def _hearing(on: date) -> str:
    due, clause = _period(case_time.ASK_HEARING, on)
    return f"可以自收到本告知书之日起{due}内要求听证，逾期视为放弃（{clause}）"


def _payment(on: date) -> str:
    due, clause = _period(case_time.PAY, on)
    percent = f"{discretion.surcharge(HUNDRED, 1, on):f}".rstrip("0").rstrip(".")
    return (
        f"自收到本决定书之日起{due}内到指定的银行或者通过电子支付系统缴纳罚款（{clause}）；到期不缴纳的，每日按罚款数额的"
        f"{percent}%加处罚款，加处的数额不超过罚款的数额（《行政处罚法》第七十二条）"
    )


def _remedies(case_kind: str, on: date) -> list[str]:
    """Against a decision on the spot review comes first (行政复议法 23)."""
    (review, review_clause), (suit, suit_clause) = _period(case_time.REVIEW, on), _period(case_time.SUIT, on)
    ask = f"自收到本决定书之日起{review}内申请行政复议（{review_clause}"
    if case_kind == CaseKind.SUMMARY:
        return [f"不服本决定的，应当先{ask}、第二十三条）", COURT_AFTER_REVIEW, NO_STAY]
    return [f"不服本决定的，可以{ask}），或者在{suit}内向人民法院提起行政诉讼（{suit_clause}）", NO_STAY]


def _period(clock_id: str, on: date) -> tuple[str, str]:
    rule = case_clocks.clock(clock_id, on)
    return f"{rule.count}{UNITS[rule.unit]}", rule.clause
