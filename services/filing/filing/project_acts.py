"""What happens to a project that is filed: stoppage, resumption, acceptance of the works, closing, merging.

建质〔2014〕153号, 154号: during a suspension (中止) the agency does not supervise, at the end (终止) everything closes and
the people's locks go (domain.md §4.2); its machines are down by then. An agency does it by itself, or by approving the
owner's application (matters `supervision_…`): the act is the same, in one transaction with its event.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from chassis import journal
from chassis.clock import day_of
from chassis.errors import Conflict, Invalid
from chassis.principal import Principal
from filing import certificates, projects, stops
from filing.desk import Command, Desk, Reply, once
from filing.models import Application, Certificate, Project
from filing.permissions import Of, permit
from filing.projects import CLOSED, FILED, MERGED, SUSPENDED, UNFILED

IN_HAND = ("countersigning", "submitted", "accepted", "reviewed", "returned")
Told = Mapping[str, Any]  # what an act says, as plain JSON


@dataclass(frozen=True)
class Act:
    """An act on a project, from which stages it is possible, what it changes, and the event that tells of it."""

    name: str
    event: str
    stages: tuple[str, ...]
    change: Callable[[Session, Project, Told, Principal, datetime], None]


def carry_out(session: Session, act: Act, row: Project, told: Told, principal: Principal, at: datetime) -> None:
    """The act and its event, in the transaction that is open; the project's row is locked. Refuses "wrong_stage"."""
    if row.stage not in act.stages:
        raise Conflict("wrong_stage", act=act.name, stage=row.stage, version=row.version)
    act.change(session, row, told, principal, at)
    projects.touch(row, at)
    projects.tell(session, act.event, row, principal, at)


def record_stoppage(
    desk: Desk,
    command: Command,
    *,
    project_id: str,
    version: int,
    since: date,
    cause_by: str,
    owner_consents: bool,
    reason: str = "",
) -> Reply:
    """Supervision is suspended from a day on. Cause and the owner's consent decide whether the project manager may take
    another project after 120 days (建市〔2008〕48号 Art. 9)."""
    if since > desk.today():
        raise Invalid.field("since", "in_the_future")
    told = {"since": since.isoformat(), "cause_by": cause_by, "owner_consents": owner_consents, "reason": reason}
    return _by_agency(desk, command, STOPPAGE, project_id, version, told)


def record_resumption(desk: Desk, command: Command, *, project_id: str, version: int, on: date) -> Reply:
    """Work goes on from a day, after the report of the three parties (复工条件验收报告)."""
    if on > desk.today():
        raise Invalid.field("on", "in_the_future")
    return _by_agency(desk, command, RESUMPTION, project_id, version, {"on": on.isoformat()})


def record_works_acceptance(desk: Desk, command: Command, *, project_id: str, version: int, on: date) -> Reply:
    """The works are accepted as the contract says; supervision goes on until the project is closed."""
    if on > desk.today():
        raise Invalid.field("on", "in_the_future")
    return _by_agency(desk, command, WORKS_ACCEPTANCE, project_id, version, {"on": on.isoformat()})


def close_project(desk: Desk, command: Command, *, project_id: str, version: int, reason: str) -> Reply:
    """End of supervision (终止): the people go free. Machines have to be down and gone before (decision 0021).

    Refuses `Conflict`: applications_in_hand while something about the project is still to be decided, machines_on_site
    while any stands there.
    """
    return _by_agency(desk, command, CLOSING, project_id, version, {"reason": reason})


def merge_projects(desk: Desk, command: Command, *, unfiled_id: str, version: int, filed_id: str) -> Reply:
    """An unfiled project has been filed meanwhile: its applications and certificates are the filed one's from now on.

    The lock owners hear `project_changed` with `merged_into` and move their locks. Refuses `Conflict`:
    project_not_filed, contractors_differ.
    """
    return _by_agency(desk, command, MERGING, unfiled_id, version, {"merged_into": filed_id})


def whose(row: Project) -> Of:
    """Whose a project is: its parties', the agency's that handles it, everybody's who watches its area."""
    return Of(owners=(row.owner_id, row.contractor_id, row.supervisor_id), agency_id=row.agency_id, area=row.area)


def _by_agency(desk: Desk, command: Command, act: Act, project_id: str, version: int, told: dict[str, Any]) -> Reply:
    """One act on one project by its agency: permitted, and of the version he saw."""
    request = {"project_id": project_id, "version": version, **told}

    def do(session: Session) -> Reply:
        row = projects.find(session, project_id, lock=True)
        permit(act.name, command.principal, whose(row))
        if row.version != version:
            raise Conflict("stale_version", version=row.version, stage=row.stage)
        carry_out(session, act, row, told, command.principal, desk.clock())
        journal.write(session, command.principal, act.name, row.id, told, clock=desk.clock)
        return {"project_id": row.id, "version": row.version, "stage": row.stage}

    return once(desk, command, act.name, request, do)


def _stop(session: Session, row: Project, told: Told, principal: Principal, at: datetime) -> None:
    row.stage, row.suspended = SUSPENDED, dict(told)


def _resume(session: Session, row: Project, told: Told, principal: Principal, at: datetime) -> None:
    if row.suspended and told["on"] < row.suspended["since"]:
        raise Invalid.field("on", "before_the_stoppage", since=row.suspended["since"])
    _end_stoppage(row, told["on"])
    row.stage = FILED


def _accept_works(session: Session, row: Project, told: Told, principal: Principal, at: datetime) -> None:
    row.works_accepted_on = date.fromisoformat(told["on"])


def _close(session: Session, row: Project, told: Told, principal: Principal, at: datetime) -> None:
    _refuse_in_hand(session, row)
    _refuse_machines(session, row)
    row.closed_on = day_of(at)
    _end_stoppage(row, row.closed_on.isoformat())
    row.stage = CLOSED


def _merge(session: Session, row: Project, told: Told, principal: Principal, at: datetime) -> None:
    filed = projects.find(session, told["merged_into"], lock=True)
    permit(MERGING.name, principal, whose(filed))
    if filed.stage not in (FILED, SUSPENDED):
        raise Conflict("project_not_filed", project_id=filed.id, stage=filed.stage)
    if filed.contractor_id != row.contractor_id:
        raise Conflict("contractors_differ", unfiled=row.contractor_name, filed=filed.contractor_name)
    row.stage, row.merged_into = MERGED, filed.id
    stops.move(session, row.id, filed.id)
    for table in (Application, Certificate):
        moved = update(table).where(table.project_id == row.id)
        session.execute(moved.values(project_id=filed.id, project_name=filed.name))


STOPPAGE = Act("record_stoppage", "project_suspended", (FILED,), _stop)
RESUMPTION = Act("record_resumption", "project_resumed", (SUSPENDED,), _resume)
WORKS_ACCEPTANCE = Act("record_works_acceptance", "project_changed", (FILED, SUSPENDED), _accept_works)
CLOSING = Act("close_project", "project_closed", (FILED, SUSPENDED, UNFILED), _close)
MERGING = Act("merge_projects", "project_changed", (UNFILED,), _merge)


def _end_stoppage(row: Project, until: str) -> None:
    """The stoppage, if there is one, is over: work goes on from that day."""
    if row.suspended:
        row.stoppages = [*row.stoppages, {"since": row.suspended["since"], "until": until}]
    row.suspended = None


def _refuse_in_hand(session: Session, row: Project) -> None:
    in_hand = select(Application.id).where(Application.project_id == row.id, Application.stage.in_(IN_HAND))
    waiting = session.scalars(in_hand.limit(10)).all()
    if waiting:
        raise Conflict("applications_in_hand", application_ids=list(waiting))


def _refuse_machines(session: Session, row: Project) -> None:
    """A machine stands on the project as long as a certificate says that it was put up, or is used, there."""
    number = Certificate.shown["filing_number"].astext.label("filing_number")
    standing = select(Certificate.machine_id, number).where(
        Certificate.project_id == row.id,
        Certificate.kind.in_(certificates.ON_SITE),
        Certificate.stage.in_(certificates.STANDING),
    )
    found = {each.machine_id: each.filing_number for each in session.execute(standing)}
    if found:
        numbers = sorted(each for each in found.values() if each)
        raise Conflict("machines_on_site", count=len(found), machines=numbers, machine_ids=sorted(found))
