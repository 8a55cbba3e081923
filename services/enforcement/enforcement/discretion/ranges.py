"""Which range of the law a case falls under: at once or after a failed re-check, of the firm or its people (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from enforcement.discretion.offences import PERSON, RECTIFY_FIRST, Offence, Range


@dataclass(frozen=True)
class Correction:
    """Whether an order was not followed. `why` not: no_order, deadline_open, not_rechecked, rechecked_early, corrected."""

    failed: bool
    why: str = ""


@dataclass(frozen=True)
class Found:
    """`range` None: the law knows no fine. `waits`: it opens only after the deadline and a failed re-check.

    `is_first`: the range that stands with the order itself, or the only one. `amount_of`: another law sets the amount.
    """

    range: Range | None
    party: str
    waits: bool
    is_first: bool
    is_failed: bool
    amount_of: bool = False
    base: str = ""
    base_amount: int = 0
    percent: Range | None = None


def correction(read: Mapping[str, Any], on: date) -> Correction:
    """Whether the deadline passed and a re-check held after it found the act not corrected (T24)."""
    if read.get("ordered_on") is None or read.get("deadline") is None or read["deadline"] < read["ordered_on"]:
        return Correction(False, "no_order")
    if on <= read["deadline"]:
        return Correction(False, "deadline_open")
    if read.get("rechecked_on") is None:
        return Correction(False, "not_rechecked")
    if read["rechecked_on"] <= read["deadline"]:
        return Correction(False, "rechecked_early")
    return Correction(True) if read["recheck_failed"] else Correction(False, "corrected")


def range_of(rule: Offence, read: Mapping[str, Any], on: date) -> Found:
    """The range of the law for a case; the facts are complete (`facts.read_facts`)."""
    failed = rule.waits_for_correction and correction(read, on).failed
    if rule.has_person and read["party"] == PERSON:
        return _of_people(rule, failed)
    if read["accident"] != "none" and (rule.accident_share or rule.by_accident):
        return _of_accident(rule, read, failed)
    if rule.share:
        return _of_share(rule, rule.share, read, failed)
    waits = rule.shape == RECTIFY_FIRST
    if rule.after and (failed or waits):
        return Found(rule.after, rule.party, waits, waits, failed, bool(rule.amount_of))
    return Found(rule.fine, rule.party, waits, True, failed)


def _of_people(rule: Offence, failed: bool) -> Found:
    if rule.person_after and (failed or not rule.person):
        return Found(rule.person_after, PERSON, True, True, failed, bool(rule.amount_of))
    return Found(rule.person, PERSON, False, True, failed)


def _of_accident(rule: Offence, read: Mapping[str, Any], failed: bool) -> Found:
    if rule.by_accident:
        return Found(rule.by_accident[read["accident"]], rule.party, False, True, failed)
    assert rule.accident_share is not None
    return _of_share(rule, rule.accident_share, read, failed)


def _of_share(rule: Offence, percent: Range, read: Mapping[str, Any], failed: bool) -> Found:
    """In whole yuan, so that neither end lies outside the share: the low one rounded up, the high one down."""
    amount = read[rule.base]
    low, high = -(-amount * percent[0] // 100), amount * percent[1] // 100
    return Found((low, max(low, high)), rule.party, False, False, failed, False, rule.base, amount, percent)
