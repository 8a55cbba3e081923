"""What was noticed, as the people concerned read it: absences, and months that can no longer reach what is required.

The firm whose man it is explains an absence, once; whoever judges it is a human.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from attendance import month_days
from attendance.models import Absence, DutyMonth, Person, Site
from attendance.permissions import permit, sites_seen
from attendance.verdicts import Standing
from chassis import journal, paging
from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.errors import Conflict, Forbidden, NotFound
from chassis.principal import Principal

MOST_SHORT = 50
SUPERVISING = ("chief_supervisor", "supervising_engineer")
Reply = dict[str, Any]


def list_absences(
    sessions: Sessions,
    principal: Principal,
    clock: Clock,
    *,
    area: str | None,
    project_id: str | None,
    person_id: str | None,
    day: date | None,
    limit: int,
    after: str | None,
) -> Reply:
    """Absences on the sites that the principal sees, the newest first; with the first page, whose month under way can no
    longer reach what is required, the lowest rate first."""
    permit("read", principal)
    among = [sites_seen(principal), *_narrowed(area, project_id, person_id)]
    wanted = _of_people(Absence, Absence.id).where(*among)
    wanted = wanted.where(Absence.day == day) if day else wanted
    listed = paging.Listed(wanted, Absence.noticed_at, Absence.id)
    with transaction(sessions) as session:
        paging.plan_by_values(session)
        page, counted = paging.first(session, listed, limit, after)
        rows = session.execute(page).all()
        following = paging.cursor(rows[limit - 1][0].noticed_at, rows[limit - 1][0].id) if len(rows) > limit else None
        short, short_total = ([], None) if after else _short(session, among, _month(clock))
        items = [_told(absence, person, site, principal) for absence, person, site, _ in rows[:limit]]
    return {"items": items, "next": following, **counted, "short": short, "short_total": short_total}


def summarise(sessions: Sessions, principal: Principal, clock: Clock) -> Reply:
    """For the home page: how many were absent yesterday, and whose month under way can no longer be reached."""
    permit("read", principal)
    yesterday = day_of(clock()) - month_days.ONE_DAY
    absent = (
        select(func.count())
        .select_from(Absence)
        .join(Site, Site.number == Absence.site)
        .where(Absence.day == yesterday, Absence.lifted_at.is_(None), sites_seen(principal))
    )
    with transaction(sessions) as session:
        short = session.scalar(_counted(_short_months([sites_seen(principal)], _month(clock)))) or 0
        return {"day": yesterday, "absent": session.scalar(absent) or 0, "short": short}


def explain_absence(
    sessions: Sessions, principal: Principal, clock: Clock, *, absence_id: str, explanation: str
) -> Reply:
    """By the firm whose man it is: the supervising firm for its engineers, the contractor for everybody else.

    A repeat of the same words changes nothing; others are refused with `Conflict("absence_explained")`.
    """
    permit("explain_absence", principal)
    with transaction(sessions) as session:
        absence, site = _seen(session, principal, absence_id)
        if not _answers_for(principal, site, absence.role):
            raise Forbidden("not_permitted", act="explain_absence")
        if absence.explanation is None:
            absence.explanation, absence.explained_at = explanation, clock()
            absence.explained_by = dict(principal.brief())
            detail = {"explanation": explanation}
            journal.write(session, principal, "explain_absence", absence.id, detail, clock=clock)
        elif absence.explanation != explanation:
            raise Conflict("absence_explained")
        return {"absence_id": absence.id, "explained_at": absence.explained_at}


def _narrowed(area: str | None, project_id: str | None, person_id: str | None) -> list[ColumnElement[bool]]:
    narrowed: list[ColumnElement[bool]] = []
    if area:
        narrowed.append(or_(Site.area == area, Site.area.startswith(f"{area}.", autoescape=True)))
    if project_id:
        narrowed.append(Site.id == project_id)
    if person_id:
        narrowed.append(Person.id == person_id)
    return narrowed


def _of_people(row: Any, key: Any) -> Select[Any]:
    return (
        select(row, Person.id, Site, key).join(Person, Person.number == row.person).join(Site, Site.number == row.site)
    )


def _month(clock: Clock) -> date:
    """That of the last day that is over: on the first of a month there is nothing of it yet."""
    return month_days.first_of(day_of(clock()) - month_days.ONE_DAY)


def _short_months(among: Sequence[ColumnElement[bool]], month: date) -> Select[Any]:
    return _of_people(DutyMonth, DutyMonth.rate).where(
        DutyMonth.month == month, DutyMonth.standing == Standing.SHORT, *among
    )


def _short(session: Session, among: Sequence[ColumnElement[bool]], month: date) -> tuple[list[Reply], int]:
    wanted = _short_months(among, month)
    total = session.scalar(_counted(wanted)) or 0
    rows = session.execute(wanted.order_by(DutyMonth.rate, Person.id).limit(MOST_SHORT)).all()
    return [_short_told(row, person, site) for row, person, site, _ in rows], total


def _counted(wanted: Select[Any]) -> Select[Any]:
    return select(func.count()).select_from(wanted.with_only_columns(DutyMonth.person).subquery())


def _short_told(row: DutyMonth, person_id: str, site: Site) -> Reply:
    figures = {name: getattr(row, name) for name in ("role", "valid", "denominator", "rate", "required", "through")}
    return figures | {
        "person_id": person_id,
        "project_id": site.id,
        "project_name": site.name,
        "month": month_days.written(row.month),
    }


def _told(absence: Absence, person_id: str, site: Site, principal: Principal) -> Reply:
    names = ("role", "day", "noticed_at", "lifted_at", "explanation", "explained_at")
    return {name: getattr(absence, name) for name in names} | {
        "absence_id": absence.id,
        "person_id": person_id,
        "project_id": site.id,
        "project_name": site.name,
        "explained_by": (absence.explained_by or {}).get("organisation_name", ""),
        "may_explain": absence.explanation is None and _answers_for(principal, site, absence.role),
    }


def _answers_for(principal: Principal, site: Site, role: str) -> bool:
    firm = site.supervisor_id if role in SUPERVISING else site.contractor_id
    return principal.is_enterprise and principal.organisation_id == firm


def _seen(session: Session, principal: Principal, absence_id: str) -> tuple[Absence, Site]:
    wanted = select(Absence, Site).join(Site, Site.number == Absence.site)
    wanted = wanted.where(Absence.id == absence_id, sites_seen(principal))
    row = session.execute(wanted.with_for_update(of=Absence)).one_or_none()
    if row is None:
        raise NotFound("absence_unknown")
    return row[0], row[1]
