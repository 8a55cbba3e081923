"""Lists, search and detail as plain values; what a principal may see is decided in SQL (`sight`)."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from chassis import paging
from chassis.principal import Principal
from chassis.searching import matches
from equipment.holds import Hold
from equipment.models import Machine, MachineArea, MachineClaim, MachineEvent, MachineLock, ProjectCopy
from equipment.sight import by_exact_number, in_sight, within
from equipment.terms import HoldStage, MachineStage

SOON = timedelta(days=90)
FEW = 5

Row = tuple[Machine, MachineLock | None]

# What has to happen before the machine gets any further.
NEXT = {
    MachineStage.UNDER_REVIEW: "decide_filing",
    MachineStage.FILED: "install_notice",
    MachineStage.LOCKED: "decide_install_notice",
    MachineStage.INSTALLED: "use_registration",
    MachineStage.REGISTERED: "dismantling_notice",
    MachineStage.CANCELLED: None,
}


def list_machines(session: Session, principal: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """A page of what the principal may see, the newest first or by `sort` and `backwards`. Filings that came to nothing
    are not shown."""
    paging.plan_by_values(session)
    machines, limit, q = listed(principal, request), request["limit"], request["q"]
    words = paging.Words(partial(matches, query=q), _with_lock().where(*_shown(principal, request))) if q else None
    page, counted = paging.first(session, machines, limit, request["after"], words)
    rows = [(machine, lock) for machine, lock in session.execute(page)]
    shown, following = paging.page([machine for machine, _ in rows], limit, machines.moment.key)
    return {"items": [item(*row) for row in rows[: len(shown)]], "next": following} | counted


def listed(principal: Principal, request: dict[str, Any]) -> paging.Listed:
    """Those that the list of a request shows, each with the lock on it; whatever `q` looks for."""
    recorded_at, backwards = Machine.recorded_at, bool(request["backwards"])
    shown = _with_lock().where(*_shown(principal, request))
    if principal.is_agency:
        recorded_at = MachineArea.recorded_at
        there = (MachineArea.machine_id == Machine.id) & (MachineArea.area == principal.area)
        shown = _with_lock().join(MachineArea, there).where(_is_or_was_filed(), *_filters(request))
    if request["sort"] == "runs_out":
        return paging.Listed(shown, Machine.runs_out_on, Machine.id, rising=not backwards)
    return paging.Listed(shown, recorded_at, Machine.id, rising=backwards)


def _shown(principal: Principal, request: dict[str, Any]) -> list[ColumnElement[bool]]:
    seen, q = in_sight(principal), request["q"]
    if q:
        seen = or_(seen, by_exact_number(principal, q.strip().upper()))
    return [seen, _is_or_was_filed(), *_filters(request)]


def get_machine(session: Session, principal: Principal, machine_id: str) -> Row | None:
    """The machine with the lock on it; None where there is none, or none that the principal may see."""
    row = session.execute(_with_lock().where(Machine.id == machine_id, in_sight(principal))).one_or_none()
    return (row[0], row[1]) if row else None


def names(session: Session, machine_ids: list[str]) -> list[dict[str, Any]]:
    told = ("kind", "model", "serial_number", "filing_number")
    named = session.scalars(select(Machine).where(Machine.id.in_(machine_ids)).order_by(Machine.id))
    return [{"machine_id": each.id} | {name: getattr(each, name) for name in told} for each in named]


def open_claims(session: Session, machine_id: str) -> list[MachineClaim]:
    query = select(MachineClaim).where(MachineClaim.machine_id == machine_id, MachineClaim.released_at.is_(None))
    return list(session.scalars(query.order_by(MachineClaim.granted_at)))


def history(session: Session, machine_id: str, limit: int, before: int | None) -> list[MachineEvent]:
    """What happened to a machine, the newest first, `limit` rows below number `before`."""
    query = select(MachineEvent).where(MachineEvent.machine_id == machine_id)
    if before is not None:
        query = query.where(MachineEvent.number < before)
    return list(session.scalars(query.order_by(MachineEvent.number.desc()).limit(limit)))


def counts(session: Session, principal: Principal, today: date) -> tuple[dict[str, int], int]:
    """How many machines are in each stage, and how many in all lose their life or inspection within 90 days."""
    soon = func.count().filter(_runs_out_before(today + SOON))
    seen = select(Machine.stage, func.count(), soon).where(in_sight(principal), _is_or_was_filed())
    rows = session.execute(seen.group_by(Machine.stage)).all()
    by_stage = {stage: count for stage, count, _ in rows}
    return {each.value: by_stage.get(each.value, 0) for each in MachineStage}, sum(each for _, _, each in rows)


def first_to_run_out(session: Session, principal: Principal, today: date) -> list[dict[str, Any]]:
    order = Machine.runs_out_on, Machine.id
    seen = in_sight(principal), _is_alive(), Machine.runs_out_on < today + SOON
    first = session.scalars(select(Machine.id).where(*seen).order_by(*order).limit(FEW)).all()
    rows = session.execute(_with_lock().where(Machine.id.in_(first)).order_by(*order)).all()
    return [item(machine, lock) for machine, lock in rows]


def brief(machine: Machine) -> dict[str, Any]:
    """A machine as another service's form shows it."""
    return {
        "machine_id": machine.id,
        "kind": machine.kind,
        "model": machine.model,
        "maker": machine.maker,
        "serial_number": machine.serial_number,
        "filing_number": machine.filing_number,
        "owner_id": machine.owner_id,
        "owner_name": machine.owner_name,
        "owner_area": machine.owner_area,
        "rated_moment_knm": machine.rated_moment_knm,
        "stage": machine.stage,
        "made_on": machine.made_on,
        "service_ends_on": machine.service_ends_on,
    }


def item(machine: Machine, lock: MachineLock | None) -> dict[str, Any]:
    """A line of a list: the machine, and where it is."""
    return brief(machine) | {
        "version": machine.version,
        "name": machine.name,
        "filed_on": machine.filed_on,
        "registration_number": machine.registration_number,
        "inspection_valid_to": machine.inspection_valid_to,
        "runs_out_on": machine.runs_out_on,
        "frozen": machine.frozen_since is not None,
        "place": place(lock) if lock else None,
        "recorded_at": machine.recorded_at,
    }


DESCRIBED = (
    "maker_licence", "bought_on", "max_load_t", "max_radius_m", "max_height_m", "free_height_m", "service_life_years",
    "hoist_drive", "supervision_inspection_no", "assessment", "agency_id", "filing_agency", "filed_at", "registered_on",
    "frozen_since", "frozen_reason", "changed_at",
)  # fmt: skip


def detail(machine: Machine, lock: MachineLock | None, claims: list[MachineClaim]) -> dict[str, Any]:
    """The machine's page."""
    described = {name: getattr(machine, name) for name in DESCRIBED}
    return (
        item(machine, lock)
        | described
        | {"next": NEXT[MachineStage(machine.stage)], "open": [_open(c) for c in claims]}
    )


def _open(claim: MachineClaim) -> dict[str, Any]:
    return {
        "application_id": claim.application_id,
        "matter": claim.matter,
        "organisation_id": claim.applicant_id,
        "organisation_name": claim.applicant_name,
        "stage": claim.stage,
        "since": claim.granted_at,
    }


def place(lock: MachineLock) -> dict[str, Any]:
    return {
        "project_id": lock.project_id,
        "project_name": lock.project.name,
        "project_area": lock.project.area,
        "project_stage": lock.project.stage,
        "application_id": lock.application_id,
        "organisation_id": lock.applicant_id,
        "organisation_name": lock.applicant_name,
        "stage": lock.stage,
        "since": lock.granted_at,
    }


def _with_lock() -> Select[Machine, MachineLock]:
    active = and_(MachineLock.machine_id == Machine.id, MachineLock.released_at.is_(None))
    return select(Machine, MachineLock).outerjoin(MachineLock, active)


def _is_or_was_filed() -> ColumnElement[bool]:
    return or_(Machine.stage != MachineStage.CANCELLED, Machine.filed_at.is_not(None))


def _filters(request: dict[str, Any]) -> list[ColumnElement[bool]]:
    same = {"owner_id": Machine.owner_id, "kind": Machine.kind, "stage": Machine.stage}
    filters: list[ColumnElement[bool]] = [
        column == request[name] for name, column in same.items() if request[name] is not None
    ]
    if request["project_id"]:
        filters.append(MachineLock.project_id == request["project_id"])
    if request["area"]:
        filters.append(within(Machine.owner_area, request["area"]))
    if request["place"]:
        on_site = select(ProjectCopy.project_id).where(within(ProjectCopy.area, request["place"]))
        filters.append(MachineLock.project_id.in_(on_site))
    if request["frozen"] is not None:
        filters.append(Machine.frozen_since.is_not(None) if request["frozen"] else Machine.frozen_since.is_(None))
    if request["runs_out_before"]:
        filters.append(_runs_out_before(request["runs_out_before"]))
    if request["sort"] == "runs_out":
        filters.append(_is_alive() & Machine.runs_out_on.is_not(None))
    return filters


def _runs_out_before(day: date) -> ColumnElement[bool]:
    return _is_alive() & or_(Machine.service_ends_on < day, Machine.inspection_valid_to < day)


def _is_alive() -> ColumnElement[bool]:
    return Machine.stage.not_in((MachineStage.CANCELLED, MachineStage.UNDER_REVIEW))


def lapsing(session: Session, now: datetime, limit: int) -> list[str]:
    """The applications of provisional locks and claims whose time is up."""
    found: set[str] = set()
    for table in (MachineLock, MachineClaim):
        due = (
            select(table.application_id)
            .where(table.released_at.is_(None), table.stage == HoldStage.PROVISIONAL, table.lapses_at <= now)
            .order_by(table.lapses_at)
            .limit(limit)
        )
        found.update(session.scalars(due))
    return sorted(found)[:limit]


HOLD_TABLES: tuple[type[MachineLock] | type[MachineClaim], ...] = (MachineLock, MachineClaim)


def submitted_holds(session: Session, table: type[Hold], after: str, limit: int) -> list[Hold]:
    """A page of the active locks or claims that are not provisional, by id."""
    query = select(table).where(table.released_at.is_(None), table.stage != HoldStage.PROVISIONAL, table.id > after)
    return list(session.scalars(query.order_by(table.id).limit(limit)))


def holds_of(session: Session, application_ids: list[str]) -> list[Hold]:
    """All locks and claims that these applications have or had."""
    holds: list[Hold] = []
    for table in HOLD_TABLES:
        holds.extend(session.scalars(select(table).where(table.application_id.in_(application_ids))))
    return holds
