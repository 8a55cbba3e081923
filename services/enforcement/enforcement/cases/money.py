"""The money of a case: paid, late with its surcharge (T29), more time, the reminder, the court (行政处罚法 66–73, 强制法 53–54)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.clock import Clock
from chassis.database import Sessions
from chassis.errors import Conflict, Invalid
from chassis.principal import Principal
from chassis.workdays import ONE_DAY, Calendar
from enforcement import discretion
from enforcement.cases import clocks, judging, timing
from enforcement.cases.clocks import Suspension
from enforcement.cases.moving import Reply, Step, moved, not_after
from enforcement.models import Case, CaseClock, CasePayment, Document
from enforcement.terms import DocumentKind

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Balance:
    """In yuan: `left` is the fine and the surcharge up to a day, less what was paid; below 0 is to be given back."""

    fine: Decimal
    surcharge: Decimal
    paid: Decimal
    days_late: int

    @property
    def left(self) -> Decimal:
        return self.fine + self.surcharge - self.paid


def balance(session: Session, case: Case, until: date) -> Balance:
    """What a case owes on a day."""
    rows = session.execute(select(CasePayment.paid_on, CasePayment.amount).where(CasePayment.case_id == case.id))
    pay_by, granted = _periods(session, case)
    return reckon(case, sorted((on, amount) for on, amount in rows), until, pay_by, granted)


def _periods(session: Session, case: Case) -> tuple[date | None, list[Suspension]]:
    """The first last day to pay, and the days of each grant of more time: from the day after it up to the new last day."""
    wanted = select(CaseClock.started_on, CaseClock.due_on)
    wanted = wanted.where(CaseClock.case_id == case.id, CaseClock.clock_id == timing.PAY)
    rows = session.execute(wanted.order_by(CaseClock.place_in)).all()
    return rows[0].due_on if rows else None, [Suspension(each.started_on + ONE_DAY, each.due_on) for each in rows[1:]]


def reckon(
    case: Case,
    payments: Sequence[tuple[date, Decimal]],
    until: date,
    pay_by: date | None,
    granted: Sequence[Suspension] = (),
) -> Balance:
    """3 % a day of what of the fine is not paid yet, in all never more than the fine; days of review and suit do not count
    (T29), nor those of more time that was `granted` after `pay_by`: what was added before the grant stays. What comes in pays
    the fine first."""
    fine = Decimal(case.fine or 0)
    stayed = [Suspension(day(each["filed_on"]), day(each["ended_on"] or until.isoformat())) for each in case.challenges]
    stayed += granted
    open_part, surcharge, counted = fine, Decimal(0), 0
    for on, amount in [*(each for each in payments if each[0] <= until), (until, Decimal(0))]:
        if open_part <= 0 or pay_by is None:
            break
        late = clocks.late_days(pay_by, on, stayed)
        surcharge += discretion.surcharge_rate(pay_by) * max(late - counted, 0) * open_part
        open_part, counted = open_part - min(amount, open_part), max(late, counted)
    paid = sum((amount for _, amount in payments), Decimal(0))
    return Balance(fine, min(surcharge, fine).quantize(CENT), paid, counted)


def open_challenge(case: Case) -> dict[str, Any] | None:
    """The review or the suit that is not decided yet."""
    return next((each for each in case.challenges if each["ended_on"] is None), None)


def day(text: str) -> date:
    return date.fromisoformat(text)


def record_payment(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """Money that came in at the bank, with its receipt; a receipt counts once.

    Refuses `Conflict("receipt_known")`, and `Invalid` for more than is owed, or a day to come or before the decision.
    """

    def step(at: Step) -> dict[str, Any]:
        case = at.case
        amount = Decimal(str(told["amount"])).quantize(CENT)
        assert case.decided_at is not None
        not_after("paid_on", told["paid_on"], at, case.served_on)
        if at.session.get(CasePayment, (case.id, told["receipt"])) is not None:
            raise Conflict("receipt_known", receipt=told["receipt"])
        owed = balance(at.session, case, told["paid_on"])
        if amount > owed.left:
            raise Invalid.field("amount", "out_of_range", max=float(max(owed.left, Decimal(0))))
        row = CasePayment(
            case_id=case.id,
            receipt=told["receipt"],
            amount=amount,
            paid_on=told["paid_on"],
            recorded_at=at.now,
            recorded_by=dict(at.principal.brief()),
        )
        at.session.add(row)
        at.session.flush()
        case.paid += amount
        left = balance(at.session, case, at.today).left
        if left <= 0:
            timing.end_each(at.session, case, timing.OWING, at.today)
        return {
            "amount": str(amount),
            "paid_on": told["paid_on"].isoformat(),
            "receipt": told["receipt"],
            "left": str(left),
        }

    return moved(sessions, principal, clock, calendar, "record_payment", key, told, step)


def grant_time(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """By the head, because the party is in difficulties (Art. 66): `pay_by`, the last day of the last instalment.

    What was added for being late before stays. Refuses `Invalid` for a day that is not later, and
    `Conflict("nothing_owed")` where nothing is to be paid.
    """

    def step(at: Step) -> dict[str, Any]:
        case = at.case
        if case.pay_by is None or balance(at.session, case, at.today).left <= 0:
            raise Conflict("nothing_owed")
        if told["pay_by"] <= max(case.pay_by, at.today):
            raise Invalid.field("pay_by", "out_of_range", min=(max(case.pay_by, at.today) + ONE_DAY).isoformat())
        before, case.pay_by = case.pay_by, told["pay_by"]
        at.start(timing.PAY)
        row = timing.running(at.session, case, timing.PAY)
        assert row is not None
        row.due_on, row.provisional = told["pay_by"], False
        return {"pay_by": told["pay_by"].isoformat(), "before": before.isoformat(), "plan": told["plan"]}

    return moved(sessions, principal, clock, calendar, "grant_time", key, told, step)


def remind_party(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """The reminder (催告书) to a party that is late; ten days after it was served the court is open (强制法 54). With `handed_to`
    it is served at once.

    Refuses `Conflict("nothing_overdue")`.
    """

    def step(at: Step) -> dict[str, Any]:
        case = at.case
        owed = balance(at.session, case, at.today)
        if case.pay_by is None or at.today <= case.pay_by or owed.left <= 0:
            raise Conflict("nothing_overdue")
        content = {
            "decision_number": case.decision_number,
            "fine": case.fine,
            "surcharge": str(owed.surcharge),
            "left": str(owed.left),
            "pay_by": case.pay_by.isoformat(),
            "text": told["text"],
        }
        document = at.paper(DocumentKind.PAYMENT_REMINDER, content, to_party=True)
        case.reminded_on = None
        if told["handed_to"]:
            reminded(at, judging.served_day(at, document, "direct", at.today, told["handed_to"]))
        return {"number": document.number, "left": str(owed.left)}

    return moved(sessions, principal, clock, calendar, "remind_party", key, told, step)


def reminder(at: Step) -> Document:
    """The reminder that is still to be served. Refuses `Conflict("case_stage")` once it is."""
    if at.case.reminded_on is not None:
        raise Conflict("case_stage", stage=at.case.stage)
    wanted = select(Document).where(Document.subject_kind == "case", Document.subject_id == at.case.id)
    wanted = wanted.where(Document.kind == DocumentKind.PAYMENT_REMINDER).order_by(Document.issued_at.desc())
    return at.session.scalars(wanted.limit(1)).one()


def reminded(at: Step, day: date) -> None:
    """The reminder reached the party on this day: its ten days begin."""
    at.case.reminded_on = day
    at.start(timing.REMIND, day)


def apply_to_court(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """The court is asked to enforce: ten days after the reminder, once review and suit are out of time, within three months of
    that (强制法 53–54; C26, C27).

    Refuses `Conflict("reminder_not_served")`, `Conflict("court_not_yet")` with the first day, `Conflict("court_too_late")`,
    `Conflict("challenge_open")`.
    """

    def step(at: Step) -> dict[str, Any]:
        case = at.case
        if open_challenge(case):
            raise Conflict("challenge_open")
        if case.reminded_on is None:
            raise Conflict("reminder_not_served")
        earliest, latest = _court_days(at)
        if at.today < earliest:
            raise Conflict("court_not_yet", earliest=earliest.isoformat())
        if latest is not None and at.today > latest:
            raise Conflict("court_too_late", latest=latest.isoformat())
        at.end(timing.REMIND)
        at.end(timing.COURT)
        return {"court": told["court"], "applied_on": at.today.isoformat()}

    return moved(sessions, principal, clock, calendar, "apply_to_court", key, told, step)


def _court_days(at: Step) -> tuple[date, date | None]:
    rows = timing.clocks_of(at.session, at.case.id)
    reminder = max(row.due_on for row in rows if row.clock_id == timing.REMIND)
    periods = [row for row in rows if row.clock_id in timing.CHALLENGES]
    over = [row.due_on + ONE_DAY for row in periods if row.ended_on is None]
    court = timing.running(at.session, at.case, timing.COURT)
    return max([reminder, *over]), court.due_on if court else None
