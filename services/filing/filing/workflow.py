"""The life of an application (R-F0): its stages, the acts on it, and one table that says which act leads where (pure).

    draft ─submit→ [countersigning ─countersign→] submitted ─accept→ accepted [─review→ reviewed] ─approve→ closed
                        └ refuse ┐                 └──────────┴─ return ───────┘
      returned ←─────────────────┴─────────────────────────────────────┘   returned ─submit→ …

The last signature sends it to the agency, or back to the applicant if what was right when he handed it in no longer is.
An act that closes (approve, reject, withdraw) is followed at once by the recorded step `close` (办结).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    DRAFT = "draft"
    COUNTERSIGNING = "countersigning"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REVIEWED = "reviewed"
    RETURNED = "returned"
    CLOSED = "closed"


class Outcome(StrEnum):
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    SAVE = "save"
    SUBMIT = "submit"
    COUNTERSIGN = "countersign"
    REFUSE_COUNTERSIGN = "refuse_countersign"
    ACCEPT = "accept"
    RETURN = "return"
    REVIEW = "review"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    CLOSE = "close"


STAGE_TITLES = {
    Stage.DRAFT: "草稿",
    Stage.COUNTERSIGNING: "会签中",
    Stage.SUBMITTED: "待受理",
    Stage.ACCEPTED: "已受理",
    Stage.REVIEWED: "已审核",
    Stage.RETURNED: "退回补正",
    Stage.CLOSED: "已办结",
}
OUTCOME_TITLES = {Outcome.APPROVED: "通过", Outcome.REJECTED: "不予通过", Outcome.WITHDRAWN: "已撤回"}
ACT_TITLES = {
    Act.SAVE: "保存",
    Act.SUBMIT: "上报",
    Act.COUNTERSIGN: "会签同意",
    Act.REFUSE_COUNTERSIGN: "会签不同意",
    Act.ACCEPT: "受理",
    Act.RETURN: "退回补正",
    Act.REVIEW: "审核",
    Act.APPROVE: "审批通过",
    Act.REJECT: "不予通过",
    Act.WITHDRAW: "撤回",
    Act.CLOSE: "办结",
}


@dataclass(frozen=True)
class Situation:
    """What decides beside stage and act: how many levels the matter is reviewed at, whether signatures are still
    missing once the act is done, and whether time has overtaken what is signed (its check finds errors by now)."""

    review_levels: int = 1
    signatures_missing: bool = False
    overtaken: bool = False


@dataclass(frozen=True)
class Move:
    stage: Stage
    act: Act
    to: Stage
    when: Callable[[Situation], bool] = lambda situation: True


class NoSuchMove(Exception):
    """The act is not possible in this stage."""


def _unsigned(situation: Situation) -> bool:
    return situation.signatures_missing


def _signed(situation: Situation) -> bool:
    return not situation.signatures_missing


def _signed_in_time(situation: Situation) -> bool:
    return not situation.signatures_missing and not situation.overtaken


def _signed_too_late(situation: Situation) -> bool:
    return not situation.signatures_missing and situation.overtaken


def _one_level(situation: Situation) -> bool:
    return situation.review_levels == 1


def _two_levels(situation: Situation) -> bool:
    return situation.review_levels == 2


# A withdrawal is possible until the next one in line has acted (domain.md §2.4, §2.5-13), so not from accepted on.
MOVES = (
    Move(Stage.DRAFT, Act.SAVE, Stage.DRAFT),
    Move(Stage.DRAFT, Act.SUBMIT, Stage.COUNTERSIGNING, _unsigned),
    Move(Stage.DRAFT, Act.SUBMIT, Stage.SUBMITTED, _signed),
    Move(Stage.DRAFT, Act.WITHDRAW, Stage.CLOSED),
    Move(Stage.COUNTERSIGNING, Act.COUNTERSIGN, Stage.COUNTERSIGNING, _unsigned),
    Move(Stage.COUNTERSIGNING, Act.COUNTERSIGN, Stage.SUBMITTED, _signed_in_time),
    Move(Stage.COUNTERSIGNING, Act.COUNTERSIGN, Stage.RETURNED, _signed_too_late),
    Move(Stage.COUNTERSIGNING, Act.REFUSE_COUNTERSIGN, Stage.RETURNED),
    Move(Stage.COUNTERSIGNING, Act.WITHDRAW, Stage.CLOSED),
    Move(Stage.SUBMITTED, Act.ACCEPT, Stage.ACCEPTED),
    Move(Stage.SUBMITTED, Act.RETURN, Stage.RETURNED),
    Move(Stage.SUBMITTED, Act.WITHDRAW, Stage.CLOSED),
    Move(Stage.ACCEPTED, Act.REVIEW, Stage.REVIEWED, _two_levels),
    Move(Stage.ACCEPTED, Act.RETURN, Stage.RETURNED),
    Move(Stage.ACCEPTED, Act.APPROVE, Stage.CLOSED, _one_level),
    Move(Stage.ACCEPTED, Act.REJECT, Stage.CLOSED, _one_level),
    Move(Stage.REVIEWED, Act.RETURN, Stage.RETURNED),
    Move(Stage.REVIEWED, Act.APPROVE, Stage.CLOSED),
    Move(Stage.REVIEWED, Act.REJECT, Stage.CLOSED),
    Move(Stage.RETURNED, Act.SAVE, Stage.RETURNED),
    Move(Stage.RETURNED, Act.SUBMIT, Stage.COUNTERSIGNING, _unsigned),
    Move(Stage.RETURNED, Act.SUBMIT, Stage.SUBMITTED, _signed),
    Move(Stage.RETURNED, Act.WITHDRAW, Stage.CLOSED),
)
OUTCOMES = {Act.APPROVE: Outcome.APPROVED, Act.REJECT: Outcome.REJECTED, Act.WITHDRAW: Outcome.WITHDRAWN}
EDITABLE = frozenset({Stage.DRAFT, Stage.RETURNED})
# Somebody else's turn: what was claimed for it has to stand.
IN_HAND = (Stage.COUNTERSIGNING, Stage.SUBMITTED, Stage.ACCEPTED, Stage.REVIEWED)


def next_stage(stage: Stage, act: Act, situation: Situation) -> Stage:
    """Where `act` leads from `stage`; raises `NoSuchMove`."""
    for move in MOVES:
        if (move.stage, move.act) == (stage, act) and move.when(situation):
            return move.to
    raise NoSuchMove(f"{act} in {stage}")


def possible_acts(stage: Stage, review_levels: int) -> tuple[Act, ...]:
    """The acts that the table allows in a stage, in its order, whoever may do them."""
    situations = (Situation(review_levels, True), Situation(review_levels, False))
    allowed = [m.act for m in MOVES if m.stage is stage and any(m.when(each) for each in situations)]
    return tuple(dict.fromkeys(allowed))


def next_roles(stage: Stage, review_levels: int) -> tuple[str, ...]:
    """Which role in the agency acts next; empty where it is the applicant's or a countersigner's turn, or nobody's."""
    deciding = "approver" if review_levels == 1 else "reviewer"
    return {Stage.SUBMITTED: ("acceptor",), Stage.ACCEPTED: (deciding,), Stage.REVIEWED: ("approver",)}.get(stage, ())
