"""How a penalty case goes (pure): which act moves it from where to where, and who is kept apart from whom.

clue → investigation → review → reviewed → notified → answering → (hearing asked → set → heard) → decided → served →
(reminded → in court) → closed; dropped before the decision. 行政处罚法 Art. 42 (two officers), 43 (recusal), 57 (the head
decides), 58 (legal review by somebody else), 64 (the hearing's host is not the investigator).
"""

from dataclasses import dataclass

from enforcement.terms import CaseStage as S

UNDECIDED = (
    S.CLUE,
    S.INVESTIGATION,
    S.REVIEW,
    S.REVIEWED,
    S.NOTIFIED,
    S.ANSWERING,
    S.HEARING_ASKED,
    S.HEARING_SET,
    S.HEARD,
)
FILED = UNDECIDED[1:]
DECIDED = (S.DECIDED, S.SERVED, S.REMINDED, S.IN_COURT)
OWING = (S.SERVED, S.REMINDED, S.IN_COURT)
ENDED = (S.CLOSED, S.DROPPED)
INVESTIGATOR, OUTSIDER, PARTY, JUDGE, ANYBODY = "investigator", "outsider", "party", "judge", "anybody"


@dataclass(frozen=True)
class Move:
    """`since`: the stages in which the act is open; `to`: where it leads ("" where it stays, or where the act decides).

    `who`: investigator (one of the two), outsider (never one of them), judge (never one of them, nor a reviewer), party, anybody.
    """

    since: tuple[S, ...]
    to: str
    who: str


MOVES = {
    "file_case": Move((S.CLUE,), S.INVESTIGATION, OUTSIDER),
    "drop_case": Move(UNDECIDED, S.DROPPED, OUTSIDER),
    "extend_case": Move(UNDECIDED, "", OUTSIDER),
    "suspend_case": Move(FILED, "", OUTSIDER),
    "resume_case": Move(FILED, "", OUTSIDER),
    "replace_investigators": Move(UNDECIDED, "", OUTSIDER),
    "attach_evidence": Move(UNDECIDED, "", INVESTIGATOR),
    "hold_evidence": Move((S.CLUE, S.INVESTIGATION), "", OUTSIDER),
    "settle_evidence": Move(UNDECIDED, "", OUTSIDER),
    "record_discussion": Move((S.REVIEWED, S.ANSWERING, S.HEARD), "", OUTSIDER),
    "conclude_investigation": Move((S.INVESTIGATION,), S.REVIEW, INVESTIGATOR),
    "review_case": Move((S.REVIEW, S.HEARD), "", OUTSIDER),
    "notify_party": Move((S.REVIEWED,), "", INVESTIGATOR),
    "serve_case": Move((S.NOTIFIED, S.DECIDED, S.REMINDED), "", ANYBODY),
    "answer_notice": Move((S.NOTIFIED, S.ANSWERING, S.HEARING_ASKED, S.HEARING_SET), "", PARTY),
    "set_hearing": Move((S.HEARING_ASKED,), S.HEARING_SET, OUTSIDER),
    "record_hearing": Move((S.HEARING_SET,), S.HEARD, OUTSIDER),
    "return_case": Move((S.REVIEWED, S.NOTIFIED, S.ANSWERING, S.HEARD), S.INVESTIGATION, OUTSIDER),
    "decide_case": Move((S.REVIEWED, S.ANSWERING, S.HEARD), S.DECIDED, JUDGE),
    "record_payment": Move(OWING, "", ANYBODY),
    "grant_time": Move(OWING, "", OUTSIDER),
    "remind_party": Move((S.SERVED,), S.REMINDED, ANYBODY),
    "apply_to_court": Move((S.REMINDED,), S.IN_COURT, ANYBODY),
    "record_challenge": Move((*OWING, S.CLOSED), "", ANYBODY),
    "end_challenge": Move(OWING, "", ANYBODY),
    "publish_case": Move((*DECIDED, S.CLOSED), "", ANYBODY),
    "unpublish_case": Move((*DECIDED, S.CLOSED), "", ANYBODY),
    "close_case": Move(OWING, S.CLOSED, OUTSIDER),
}


def is_open(act: str, stage: str) -> bool:
    """Whether the act may be done while a case stands there."""
    return stage in MOVES[act].since


@dataclass(frozen=True)
class Hands:
    """Whose hands a case went through, by account: `investigators` now, `former` ones that were replaced, `reviewers` of any
    round, `hosts` of its hearing."""

    investigators: frozenset[str | None]
    former: frozenset[str | None] = frozenset()
    reviewers: frozenset[str | None] = frozenset()
    hosts: frozenset[str | None] = frozenset()


def is_apart(who: str, user_id: str, hands: Hands) -> bool:
    """Whether somebody may do what is for `who`. What one has investigated one never reviews nor decides: a replacement in the
    meantime changes nothing about that."""
    if who == INVESTIGATOR:
        return user_id in hands.investigators
    if who == OUTSIDER:
        return user_id not in hands.investigators | hands.former
    if who == JUDGE:
        return user_id not in hands.investigators | hands.former | hands.reviewers
    return True
