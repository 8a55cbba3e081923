"""Work-process logs (企业工序, R-F6): written by the contractor day by day, read by the other parties and the agencies.

No application: nobody accepts or decides. A day has one log; a correction is a further version and overwrites nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from chassis import journal, paging
from chassis.database import transaction
from chassis.errors import Conflict, FieldErrors, Invalid, NotFound
from chassis.media import JPEG, PNG, Wanted
from chassis.principal import Principal
from filing import divisions, files, forms, log_days, projects
from filing.claims import plain
from filing.desk import Command, Desk, Reply, once_in
from filing.files import Looked
from filing.log_days import State, Works
from filing.models import Project, WorkLog
from filing.permissions import Of, may, permit, permit_sight
from filing.projects import FILED, SUSPENDED
from filing.queries.projects import in_sight
from filing.queries.work_logs import described, listed_works, newest_logs, versions_of
from filing.schemas import work_logs as shapes

ACT = "write_work_log"
ONE_A_VERSION = "pk_work_log"
PHOTO = Wanted((JPEG, PNG), 614_400, "attachment_too_large")
LATELY = timedelta(days=30)  # before today
MOST_DAYS = timedelta(days=366)


def write_work_log(
    desk: Desk,
    command: Command,
    *,
    project_id: str,
    day: date,
    version: int,
    weather: str,
    work_done: str,
    measures: str,
    photos: Sequence[Mapping[str, Any]],
    works: Sequence[Mapping[str, Any]] = (),
    correction: str = "",
) -> Reply:
    """Enter a day's log, or correct it (`version` > 0: the one that he saw).

    Refuses `Invalid` (a day to come, before the filing, after the end, of a stoppage; works that the project does not
    list; pictures that are none; a correction without its reason), `Conflict("stale_version")`.
    """
    said: dict[str, Any] = {
        "weather": weather,
        "work_done": work_done,
        "measures": measures,
        "works": [dict(each) for each in works],
    }
    request = {"project_id": project_id, "day": day, "version": version, "photos": photos, "correction": correction}
    looked = files.look_at(desk.look, photos)

    def do(session: Session) -> Reply:
        row = projects.find(session, project_id)
        permit(ACT, command.principal, whose(row))
        _refuse_wrong(row, day, desk.today(), said["works"], photos, looked, correction if version else None)
        before = _newest(session, project_id, day)
        if version != (before.version if before else 0):
            raise Conflict("stale_version", version=before.version if before else 0)
        log = WorkLog(
            project_id=project_id,
            day=day,
            version=version + 1,
            hazard=_hazard(row, day),
            is_late=before.is_late if before else log_days.is_late(day, desk.today()),
            photos=plain(files.as_kept(photos, looked)),
            correction=correction,
            at=desk.clock(),
            by=command.principal.brief(),
            **said,
        )
        session.add(log)
        session.flush()
        detail = {"day": day.isoformat(), "version": log.version, "is_late": log.is_late}
        journal.write(session, command.principal, ACT, project_id, detail, clock=desk.clock)
        return {"project_id": project_id, **detail}

    try:
        with transaction(desk.sessions) as session:
            return once_in(session, command, ACT, plain(request | said), do)
    except IntegrityError as clash:
        if getattr(getattr(clash.orig, "diag", None), "constraint_name", "") != ONE_A_VERSION:
            raise
        # Somebody of the same firm wrote the same version in this moment.
        raise Conflict("stale_version", version=version + 1) from clash


def get_work_log(desk: Desk, principal: Principal, *, project_id: str, day: date, version: int | None = None) -> Reply:
    """A day's log as it stands, or as a version says. Refuses `NotFound`."""
    with transaction(desk.sessions) as session:
        row = projects.find(session, project_id)
        permit_sight(principal, whose(row))
        every = versions_of(session, project_id, day)
        shown = every[-1] if version is None and every else next((e for e in every if e.version == version), None)
        if shown is None:
            raise NotFound("work_log_unknown")
        return plain_reply(described(row, shown, every) | {"may_write": _may_write(principal, row)})


def get_log_form(desk: Desk, principal: Principal, *, project_id: str, day: date) -> Reply:
    """What is to be typed for a day, the project's hazardous works by name; with what was written last."""
    with transaction(desk.sessions) as session:
        row = projects.find(session, project_id)
        permit_sight(principal, whose(row))
        every = versions_of(session, project_id, day)
        planned = log_days.owed(works_of(row), day, day)
        reply = {
            "project_id": row.id,
            "project_name": row.name,
            "day": day,
            "hazard": str(_hazard(row, day)),
            "works": [number for each in planned for number in each.works],
            "sections": _form(row, day, is_correction=bool(every)),
            "written": described(row, every[-1], every) if every else None,
            "may_write": _may_write(principal, row),
        }
        return plain_reply(reply)


def list_owed_logs(
    desk: Desk, principal: Principal, *, project_id: str, first: date | None = None, last: date | None = None
) -> Reply:
    """Which days of a project owe a log, and which of them have one; those written without being owed as well."""
    today = desk.today()
    until = min(last or today, today)
    since = first or until - LATELY
    if not timedelta() <= until - since < MOST_DAYS:
        raise Invalid.field("first", "wrong_period", days=MOST_DAYS.days)
    with transaction(desk.sessions) as session:
        row = projects.find(session, project_id)
        permit_sight(principal, whose(row))
        written = newest_logs(session, [project_id], since, until).get(project_id, {})
        days = _days(works_of(row), written, since, until, today)
        reply = {
            "project_id": row.id,
            "project_name": row.name,
            "first": since,
            "last": until,
            "days": days,
            "count": log_days.count(each["state"] for each in days if each["state"]),
            "may_write": _may_write(principal, row),
        }
        return plain_reply(reply)


def list_log_keeping(desk: Desk, principal: Principal, request: Mapping[str, Any]) -> Reply:
    """A page of the projects in sight that list hazardous works: how their logs of the last 31 days stand."""
    today = desk.today()
    since = today - LATELY
    query = select(Project).where(
        in_sight(principal), Project.stage.in_((FILED, SUSPENDED)), Project.hazardous_works != []
    )
    if request["after"]:
        query = query.where(tuple_(Project.changed_at, Project.id) < tuple_(*paging.place(request["after"])))
    order = (Project.changed_at.desc(), Project.id.desc())
    with transaction(desk.sessions) as session:
        found = session.scalars(query.order_by(*order).limit(request["limit"] + 1)).all()
        rows, following = paging.page(found, request["limit"], "changed_at")
        written = newest_logs(session, [row.id for row in rows], since, today)
        items = [_keeping(row, written.get(row.id, {}), since, today) for row in rows]
    return plain_reply({"items": items, "next": following})


def plain_reply(reply: Reply) -> Reply:
    """Days and moments as text, as every reply has them."""
    told: Reply = plain(reply)
    return told


def whose(row: Project) -> Of:
    """The contractor writes; the other parties and the agencies of its area read."""
    return Of(
        owners=(row.contractor_id,), viewers=(row.owner_id, row.supervisor_id), agency_id=row.agency_id, area=row.area
    )


def works_of(row: Project) -> Works:
    """What decides which days owe a log, from a project's row."""
    over = [(date.fromisoformat(each["since"]), date.fromisoformat(each["until"])) for each in row.stoppages]
    running = [(date.fromisoformat(row.suspended["since"]), None)] if row.suspended else []
    return Works(tuple(row.hazardous_works), row.filed_on, row.closed_on, (*over, *running))


def _may_write(principal: Principal, row: Project) -> bool:
    return may(ACT, principal, whose(row)) and row.stage in (FILED, SUSPENDED)


def _days(works: Works, written: Mapping[date, WorkLog], since: date, until: date, today: date) -> list[dict[str, Any]]:
    owed = {each.day: each for each in log_days.owed(works, since, until)}
    return [
        {
            "day": day,
            "hazard": str(owed[day].hazard if day in owed else 0),
            "works": list(owed[day].works) if day in owed else [],
            "state": _state(written.get(day), day, today) if day in owed else None,
            "version": written[day].version if day in written else None,
        }
        for day in sorted({*owed, *written})
    ]


def _keeping(row: Project, written: Mapping[date, WorkLog], since: date, today: date) -> dict[str, Any]:
    owed = log_days.owed(works_of(row), since, today)
    return {
        "project_id": row.id,
        "project_name": row.name,
        "place": divisions.full_name(row.area),
        "contractor_name": row.contractor_name,
        "count": log_days.count(_state(written.get(each.day), each.day, today) for each in owed),
        "last_day": max(written, default=None),
    }


def _state(log: WorkLog | None, day: date, today: date) -> State:
    return log_days.state(day, today, log.is_late if log else None)


def _hazard(row: Project, day: date) -> int:
    return max((each.hazard for each in log_days.owed(works_of(row), day, day)), default=0)


def _form(row: Project, day: date, *, is_correction: bool) -> list[dict[str, Any]]:
    """The form as any other is told; a hazardous work is chosen from the project's list, by its number there."""
    sections = forms.describe(shapes.CorrectionForm if is_correction else shapes.LogForm)
    (works,) = (each for section in sections for each in section["fields"] if each["name"] == "works")
    (number,) = (each for each in works["item"]["fields"] if each["name"] == "number")
    number |= {"type": "choice", "label": "危大工程", "choices": listed_works(row, day)}
    return sections


def _newest(session: Session, project_id: str, day: date) -> WorkLog | None:
    every = versions_of(session, project_id, day)
    return every[-1] if every else None


def _refuse_wrong(
    row: Project,
    day: date,
    today: date,
    works: Sequence[Mapping[str, Any]],
    photos: Sequence[Mapping[str, Any]],
    looked: Looked,
    correction: str | None,
) -> None:
    """All that is wrong, at once; `correction` is None for a first version."""
    wrong: FieldErrors = files.faults(photos, looked, PHOTO, "photos")
    listed = len(row.hazardous_works)
    for number, each in enumerate(works):
        if each["number"] > listed:
            wrong[f"works.{number}.number"] = [{"rule": "unknown_hazardous_work", "listed": listed}]
    if rule := _day_rule(works_of(row), day, today):
        wrong["day"] = [{"rule": rule}]
    if correction == "":
        wrong["correction"] = [{"rule": "required"}]
    if wrong:
        raise Invalid(wrong)


def _day_rule(works: Works, day: date, today: date) -> str | None:
    if day > today:
        return "day_to_come"
    if not log_days.is_supervised(works, day):
        return "day_not_supervised"
    return "day_of_stoppage" if log_days.is_stopped(works, day) else None
