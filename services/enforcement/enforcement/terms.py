"""Words of enforcement, each with its Chinese name in `words`."""

from enum import StrEnum


class InspectionKind(StrEnum):
    ROUTINE = "routine"
    SPECIAL = "special"
    CAMPAIGN = "campaign"
    DOUBLE_RANDOM = "double_random"
    RECHECK = "recheck"
    COMPLAINT = "complaint"


class InspectionStage(StrEnum):
    STARTED = "started"
    COMPLETED = "completed"
    ABANDONED = "abandoned"


class Severity(StrEnum):
    """How grave a finding is: general (一般隐患), serious (较大隐患), or a major accident hazard (重大事故隐患)."""

    GENERAL = "general"
    SERIOUS = "serious"
    MAJOR = "major"


class OrderKind(StrEnum):
    RECTIFY = "rectify"
    PARTIAL_STOP = "partial_stop"
    FULL_STOP = "full_stop"


class OrderStage(StrEnum):
    """issued → reported → closed, or → ordered_again (a new order follows); withdrawn by the agency."""

    ISSUED = "issued"
    REPORTED = "reported"
    CLOSED = "closed"
    ORDERED_AGAIN = "ordered_again"
    WITHDRAWN = "withdrawn"


class RectificationStage(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"


class TransferStage(StrEnum):
    SENT = "sent"
    TAKEN = "taken"
    REFUSED = "refused"


class DocumentKind(StrEnum):
    INSPECTION_RECORD = "inspection_record"
    RECTIFICATION_ORDER = "rectification_order"
    PARTIAL_STOP_ORDER = "partial_stop_order"
    FULL_STOP_ORDER = "full_stop_order"
    LIFTING = "lifting"
    RECHECK_RECORD = "recheck_record"
    TRANSFER = "transfer"
    CASE_FILING = "case_filing"
    INVESTIGATION_REPORT = "investigation_report"
    LEGAL_REVIEW = "legal_review"
    PRIOR_NOTICE = "prior_notice"
    HEARING_NOTICE = "hearing_notice"
    HEARING_INVITATION = "hearing_invitation"
    PENALTY_DECISION = "penalty_decision"
    SUMMARY_DECISION = "summary_decision"
    NO_PENALTY_DECISION = "no_penalty_decision"
    PAYMENT_REMINDER = "payment_reminder"
    CASE_CLOSURE = "case_closure"
    EVIDENCE_HOLDING = "evidence_holding"
    EVIDENCE_RELEASE = "evidence_release"
    COLLECTIVE_DISCUSSION = "collective_discussion"


class PlanStage(StrEnum):
    """draft → approved → running → finished. Running is an approved one from its first day on: the day says it, no record."""

    DRAFT = "draft"
    APPROVED = "approved"
    RUNNING = "running"
    FINISHED = "finished"


class DrawStage(StrEnum):
    COMMITTED = "committed"
    REVEALED = "revealed"


class CaseKind(StrEnum):
    """ordinary (普通程序), or summary: decided on the spot (简易程序)."""

    ORDINARY = "ordinary"
    SUMMARY = "summary"


class CaseStage(StrEnum):
    """Where a case stands; `cases.flow` says who may move it from where to where."""

    CLUE = "clue"
    INVESTIGATION = "investigation"
    REVIEW = "review"
    REVIEWED = "reviewed"
    NOTIFIED = "notified"
    ANSWERING = "answering"
    HEARING_ASKED = "hearing_asked"
    HEARING_SET = "hearing_set"
    HEARD = "heard"
    DECIDED = "decided"
    SERVED = "served"
    REMINDED = "reminded"
    IN_COURT = "in_court"
    CLOSED = "closed"
    DROPPED = "dropped"


class CaseOutcome(StrEnum):
    PENALTY = "penalty"
    NO_PENALTY = "no_penalty"
    DROPPED = "dropped"
    ANNULLED = "annulled"
