"""Orders past their day that nobody has answered: told once to the officer, then to his agency, then to the city's.
An order that was given more time and is late again is told again, from the officer on.

What was reported waits for the agency, and is not told. The steps are working days after the day (data/escalation.toml).
A sweep may be broken off, and may run twice at once: a row is held while its step is told, and kept with it.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from chassis import journal
from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.principal import service_principal
from chassis.workdays import Calendar
from enforcement import orders
from enforcement.editions import edition
from enforcement.models import Order, OrderAct
from enforcement.telling import tell

# A step, and the one before it: None, nothing was told yet.
STEPS: tuple[tuple[str, str | None], ...] = (("officer", None), ("agency", "officer"), ("city", "agency"))
BATCH = 200
MOST_BATCHES = 60  # a run, of half a minute at most: the scheduler takes one of a minute for a process that hangs
ONE_DAY = timedelta(days=1)


def sweep(sessions: Sessions, clock: Clock, calendar: Calendar) -> int:
    """What is due, 200 in a transaction; how many steps were told. After a long silence a run leaves some to the next one."""
    told, batches = 0, 0
    for step, before in STEPS:
        last = last_day(step, day_of(clock()), calendar)
        while batches < MOST_BATCHES and (count := _tell_some(sessions, clock, step, before, last)):
            told, batches = told + count, batches + 1
    return told


def last_day(step: str, today: date, calendar: Calendar) -> date:
    """The latest day of an order that has reached this step today: `n` working days have gone by since."""
    days = edition("escalation", today)["after_working_days"][step]
    day = today - ONE_DAY
    while calendar.add_workdays(day, days).day >= today:
        day -= ONE_DAY
    return day


def owing(before: str | None, last: date) -> Select[Any]:
    """Orders due on that day or earlier that were told as far as `before`, the oldest first: out of ix_order_owing alone."""
    here = Order.escalated_to.is_(None) if before is None else Order.escalated_to == before
    open_ = (Order.closed_at.is_(None), Order.reported_at.is_(None))
    return select(Order).where(here, Order.due_on <= last, *open_).order_by(Order.due_on, Order.id).limit(BATCH)


def _tell_some(sessions: Sessions, clock: Clock, step: str, before: str | None, last: date) -> int:
    by = service_principal("enforcement")
    with transaction(sessions) as session:
        # Whose row another sweep or an officer holds comes in the next minute.
        found = session.scalars(owing(before, last).with_for_update(skip_locked=True, key_share=True)).all()
        now = clock()
        places = _places(session, [each.id for each in found])
        for order in found:
            order.escalated_to = step
            session.add(
                OrderAct(
                    order_id=order.id,
                    place_in=places.get(order.id, 0) + 1,
                    act="overdue",
                    at=now,
                    by=dict(by.brief()),
                    detail={"step": step, "due_on": order.due_on.isoformat()},
                )
            )
            tell(
                session, by, now, "order_overdue", order.id, orders.told(order) | {"step": step, "at": now.isoformat()}
            )
        if found:
            numbers = [each.number for each in found]
            journal.write(session, by, "tell_overdue", step, {"orders": numbers}, clock=clock)
        return len(found)


def _places(session: Session, orders_: list[str]) -> dict[str, int]:
    """How many lines each one's timeline has; the orders' rows are held."""
    last = select(OrderAct.order_id, func.max(OrderAct.place_in)).where(OrderAct.order_id.in_(orders_))
    return dict(session.execute(last.group_by(OrderAct.order_id)).all())
