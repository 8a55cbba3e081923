"""Amounts as papers write them: in figures and in capitals (大写), which nobody alters by a stroke (pure)."""

from decimal import Decimal
from typing import Any

DIGITS, PLACES, SECTIONS = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟"), ("", "万", "亿", "万亿")


def yuan(amount: Any) -> str:
    """50000 is "50,000 元（人民币伍万元整）"."""
    exact = Decimal(str(amount)).quantize(Decimal("0.01"))
    whole, cents = divmod(int(exact * 100), 100)
    figures = f"{whole:,}.{cents:02d}" if cents else f"{whole:,}"
    return f"{figures} 元（人民币{capitals(whole, cents)}）"


def capitals(whole: int, cents: int = 0) -> str:
    """By the rules of 支付结算办法: one 零 for any row of noughts within, 整 where there are no 分."""
    tenths, hundredths = divmod(cents, 10)
    text = f"{_whole(whole)}元" if whole or not cents else ""
    if not cents:
        return f"{text}整"
    if tenths:
        text += f"{DIGITS[tenths]}角"
    elif whole:
        text += "零"
    return f"{text}{DIGITS[hundredths]}分" if hundredths else f"{text}整"


def _whole(number: int) -> str:
    text, gap = "", False
    figures = str(number)
    for place, figure in enumerate(figures):
        section, within = divmod(len(figures) - place - 1, 4)
        if figure == "0":
            gap = True
        else:
            text += ("零" if gap and text else "") + DIGITS[int(figure)] + PLACES[within]
            gap = False
        if within == 0 and int(figures[max(0, place - 3) : place + 1] or "0"):
            text += SECTIONS[section]
    return text or DIGITS[0]
