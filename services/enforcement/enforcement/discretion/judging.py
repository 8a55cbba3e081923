"""Whether an amount may be set, and which of several rules fines one act (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

from enforcement.discretion.factors import EXEMPT
from enforcement.discretion.procedure import ORDINARY, procedure, range_text, yuan
from enforcement.discretion.weighing import (
    HEARING,
    LEGAL_REVIEW,
    ORDINARY_PROCEDURE,
    REASON,
    SECOND_SIGNATURE,
    Weighing,
)

INSIDE_TIER, OUTSIDE_TIER, REDUCED, EXEMPTED, NEVER = "inside_tier", "outside_tier", "reduced", "exempted", "never"


@dataclass(frozen=True)
class Judged:
    """`verdict`: inside_tier, outside_tier, reduced (below the law by Art. 32), exempted, or never.

    `code` says why never: the refusal of the weighing, amount_outside_law or must_be_exempt; else "". `needs`: reason,
    second_signature, legal_review, hearing, ordinary_procedure. `deviation`: yuan below (-) or above (+) the tier.
    """

    verdict: str
    code: str
    needs: tuple[str, ...]
    deviation: int
    text: str

    @property
    def may_be(self) -> bool:
        return self.verdict != NEVER


def judge_amount(weighing: Weighing, amount: int) -> Judged:
    """T25: outside the tier but in the law only with reason, second signature and legal review; outside the law never."""
    if weighing.refusals:
        first = weighing.refusals[0]
        return Judged(NEVER, first.code, (), 0, first.text)
    if weighing.level == EXEMPT:
        return _exempt(weighing, amount)
    if amount == 0 and weighing.legal_high > 0:
        return _no_fine(weighing)
    if weighing.legal_low <= amount <= weighing.legal_high:
        return _in_law(weighing, amount)
    if 0 < amount < weighing.legal_low and weighing.may_reduce:
        text = f"{yuan(amount)}在法定幅度以下，属于减轻处罚，须说明理由并经法制审核"
        return _judged(weighing, amount, REDUCED, text, REASON, SECOND_SIGNATURE, LEGAL_REVIEW)
    return _outside_law(weighing, amount)


@dataclass(frozen=True)
class Several:
    """One fine for one act: by which rule, and which rules yield to it."""

    chosen: Weighing
    yielding: tuple[Weighing, ...]
    text: str
    clause: str = "《行政处罚法》第二十九条"


def several(weighings: Sequence[Weighing]) -> Several:
    """T26: the same act of the same party under several rules: one fine, by the rule whose fine is higher (行政处罚法 29).

    The rule with the higher top fines, then the higher floor, then the first given. Rules that are not open yet take no part while
    one is. Raises ValueError for none, or for a firm and a person together: they are two parties with a fine each.
    """
    if not weighings:
        raise ValueError("no weighings")
    if len({each.party for each in weighings}) > 1:
        raise ValueError("a firm and a person are fined each for itself")
    open_ones = [each for each in weighings if not each.refusals] or list(weighings)
    chosen = max(open_ones, key=lambda each: (each.legal_high, each.legal_low))  # the first of equals
    yielding = tuple(each for each in weighings if each is not chosen)
    text = f"同一个违法行为只给予一次罚款，按罚款数额高的规定：{chosen.clause}"
    if yielding:
        text += "；不再适用：" + "、".join(dict.fromkeys(each.clause for each in yielding))
    return Several(chosen, yielding, text)


def _exempt(weighing: Weighing, amount: int) -> Judged:
    if amount == 0:
        return Judged(EXEMPTED, "", (REASON, ORDINARY_PROCEDURE), 0, "不予处罚，对当事人进行教育")
    return Judged(NEVER, "must_be_exempt", (), 0, "依法不予处罚，不得罚款")


def _no_fine(weighing: Weighing) -> Judged:
    if weighing.may_exempt:
        text = "初次违法，可以不予处罚，须说明理由并经法制审核"
        return Judged(EXEMPTED, "", (REASON, SECOND_SIGNATURE, LEGAL_REVIEW, ORDINARY_PROCEDURE), 0, text)
    return _outside_law(weighing, 0)


def _in_law(weighing: Weighing, amount: int) -> Judged:
    if weighing.tier_low <= amount <= weighing.tier_high:
        needs = () if weighing.result_low <= amount <= weighing.result_high else (REASON,)
        return _judged(weighing, amount, INSIDE_TIER, f"{yuan(amount)}在裁量档次内", *needs)
    text = f"{yuan(amount)}超出裁量档次（{range_text((weighing.tier_low, weighing.tier_high))}），须说明理由、双人签字并经法制审核"
    return _judged(weighing, amount, OUTSIDE_TIER, text, REASON, SECOND_SIGNATURE, LEGAL_REVIEW)


def _outside_law(weighing: Weighing, amount: int) -> Judged:
    text = (
        f"{yuan(amount)}不在法定幅度内（{range_text((weighing.legal_low, weighing.legal_high))}），任何情况下不得作出"
    )
    return Judged(NEVER, "amount_outside_law", (), _deviation(weighing, amount), text)


def _judged(weighing: Weighing, amount: int, verdict: str, text: str, *needs: str) -> Judged:
    how = procedure(amount, weighing.party, weighing.on, weighing.measures)
    wanted = {
        **dict.fromkeys(needs, True),
        LEGAL_REVIEW: how.hearing or LEGAL_REVIEW in needs,
        HEARING: how.hearing,
        ORDINARY_PROCEDURE: how.kind == ORDINARY or verdict != INSIDE_TIER,
    }
    order = (REASON, SECOND_SIGNATURE, LEGAL_REVIEW, HEARING, ORDINARY_PROCEDURE)
    return Judged(verdict, "", tuple(each for each in order if wanted.get(each)), _deviation(weighing, amount), text)


def _deviation(weighing: Weighing, amount: int) -> int:
    return min(amount - weighing.tier_low, 0) + max(amount - weighing.tier_high, 0)
