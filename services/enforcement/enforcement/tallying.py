"""The figures of each month, counted once for all who look: a province's million findings are not read by every reader.

This month and the last are counted every ten minutes, each other month once a day: a visit that is made late, or a finding
that a phone sends late, is in the figures of its own month by the next day. Each month in a transaction of its own.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from enforcement.models import FigureMonth
from enforcement.periods import after, beginning, month_of

FRESH, SETTLED = timedelta(minutes=10), timedelta(days=1)

EARLIEST = text("""
    select least((select min(started_at) from inspection), (select min(issued_at) from site_order),
        (select min(due_on) from planned_visit)::timestamptz)""")
# One who counts at the same time waits, and counts again: the rows are his then.
HOLD = text("select pg_advisory_xact_lock(hashtext('figures of ' || cast(:month as text)))")
FORGET = tuple(text(f"delete from {table} where month = :month") for table in ("figure_tally", "rectified_tally"))
COUNT = text("""
    with visits as (
        select area, count(*) as planned, count(*) filter (where serial <= (
            select count(*) from inspection where inspection.plan_id = planned_visit.plan_id
                and inspection.site_id = planned_visit.site_id and inspection.stage = 'completed')) as made
        from planned_visit where due_on >= :month and due_on < :next group by area),
    inspected as (
        select area, count(*) as inspections, sum(jsonb_array_length(officers)) as officer_visits,
            count(*) filter (where (site_signature ->> 'refused')::boolean) as refused, count(score) as scored,
            sum(score) as score_sum
        from inspection where stage = 'completed' and started_at >= :begins and started_at < :ends group by area),
    found as (
        select area, count(*) filter (where severity = 'general') as general,
            count(*) filter (where severity = 'serious') as serious, count(*) filter (where severity = 'major') as major,
            count(*) filter (where is_repeated) as repeated
        from finding where found_on >= :month and found_on < :next group by area),
    issued as (
        select area, count(*) as issued from site_order where issued_at >= :begins and issued_at < :ends group by area),
    closed as (
        select area, count(*) as closed from site_order
        where stage = 'closed' and closed_at >= :begins and closed_at < :ends group by area),
    places as (
        select area from visits union select area from inspected union select area from found union select area from issued
        union select area from closed)
    insert into figure_tally (month, area, planned, made, inspections, officer_visits, refused, scored, score_sum, general,
        serious, major, repeated, issued, closed)
    select :month, area, coalesce(planned, 0), coalesce(made, 0), coalesce(inspections, 0), coalesce(officer_visits, 0),
        coalesce(refused, 0), coalesce(scored, 0), coalesce(score_sum, 0), coalesce(general, 0), coalesce(serious, 0),
        coalesce(major, 0), coalesce(repeated, 0), coalesce(issued, 0), coalesce(closed, 0)
    from places left join visits using (area) left join inspected using (area) left join found using (area)
        left join issued using (area) left join closed using (area)""")
RECTIFIED = text("""
    insert into rectified_tally (month, area, days, orders)
    select :month, area, greatest((closed_at at time zone 'Asia/Shanghai')::date
        - (issued_at at time zone 'Asia/Shanghai')::date, 0), count(*)
    from site_order where stage = 'closed' and closed_at >= :begins and closed_at < :ends group by 2, 3""")


def count_due(sessions: Sessions, clock: Clock) -> int:
    """Counts every month that is due, the newest first; how many."""
    now = clock()
    with transaction(sessions) as session:
        due = _due(session, now)
    for month in due:
        with transaction(sessions) as session:
            _count(session, month, now)
    return len(due)


def _due(session: Session, now: datetime) -> list[date]:
    earliest = session.scalar(EARLIEST)
    if earliest is None:
        return []
    known = dict(session.execute(select(FigureMonth.month, FigureMonth.counted_at)).all())
    this = month_of(day_of(now))
    month, due = min(month_of(day_of(earliest)), this), []
    while month <= this:
        lasts = FRESH if after(after(month)) > this else SETTLED
        if month not in known or now - known[month] >= lasts:
            due.append(month)
        month = after(month)
    return due[::-1]


def _count(session: Session, month: date, now: datetime) -> None:
    following = after(month)
    asked = {
        "month": month,
        "next": following,
        "begins": beginning(month),
        "ends": beginning(following),
    }
    session.execute(HOLD, asked)
    for statement in (*FORGET, COUNT, RECTIFIED):
        session.execute(statement, asked)
    session.merge(FigureMonth(month=month, counted_at=now))
