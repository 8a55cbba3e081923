"""What an agency does with a project it has filed: stoppage, resumption, acceptance of the works, closing, merging.

建质〔2014〕153号, 154号: during a suspension (中止) the agency does not supervise, at the end (终止) everything closes and
the people's locks go (domain.md §4.2); its machines are down by then. Each act is one transaction with its event and
the journal's entry.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from chassis import journal
from chassis.errors import Conflict, Invalid
from filing import certificates, projects
from filing.desk import Command, Desk, Reply, once
from filing.models import Application, Certificate, Project
from filing.permissions import Of, permit
from filing.projects import CLOSED, FILED, MERGED, SUSPENDED, UNFILED

CAUSES = {"contractor": "施工企业原因", "other": "非施工企业原因"}
IN_HAND = ("countersigning", "submitted", "accepted", "reviewed", "returned")


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

    def change(session: Session, row: Project) -> None:
        row.stage, row.suspended = SUSPENDED, told

    return _act(desk, command, "record_stoppage", "project_suspended", project_id, version, (FILED,), told, change)


def record_resumption(desk: Desk, command: Command, *, project_id: str, version: int, on: date) -> Reply:
    """Work goes on from a day, after the report of the three parties (复工条件验收报告)."""
    if on > desk.today():
        raise Invalid.field("on", "in_the_future")

    def change(session: Session, row: Project) -> None:
        if row.suspended and on.isoformat() < row.suspended["since"]:
            raise Invalid.field("on", "before_the_stoppage", since=row.suspended["since"])
        row.stage, row.suspended = FILED, None

    told = {"on": on.isoformat()}
    return _act(desk, command, "record_resumption", "project_resumed", project_id, version, (SUSPENDED,), told, change)


def record_works_acceptance(desk: Desk, command: Command, *, project_id: str, version: int, on: date) -> Reply:
    """The works are accepted as the contract says; supervision goes on until the project is closed."""
    if on > desk.today():
        raise Invalid.field("on", "in_the_future")

    def change(session: Session, row: Project) -> None:
        row.works_accepted_on = on

    told, stages = {"on": on.isoformat()}, (FILED, SUSPENDED)
    act = "record_works_acceptance"
    return _act(desk, command, act, "project_changed", project_id, version, stages, told, change)


def close_project(desk: Desk, command: Command, *, project_id: str, version: int, reason: str) -> Reply:
    """End of supervision (终止): the people go free. Machines have to be down and gone before (decision 0021).

    Refuses `Conflict`: applications_in_hand while something about the project is still to be decided, machines_on_site
    while any stands there.
    """

    def change(session: Session, row: Project) -> None:
        _refuse_in_hand(session, row)
        _refuse_machines(session, row)
        row.stage, row.suspended = CLOSED, None

    told, stages = {"reason": reason}, (FILED, SUSPENDED, UNFILED)
    return _act(desk, command, "close_project", "project_closed", project_id, version, stages, told, change)


def merge_projects(desk: Desk, command: Command, *, unfiled_id: str, version: int, filed_id: str) -> Reply:
    """An unfiled project has been filed meanwhile: its applications and certificates are the filed one's from now on.

    The lock owners hear `project_changed` with `merged_into` and move their locks. Refuses `Conflict`:
    project_not_filed, contractors_differ.
    """
    told = {"merged_into": filed_id}

    def change(session: Session, row: Project) -> None:
        filed = projects.find(session, filed_id, lock=True)
        permit("merge_projects", command.principal, whose(filed))
        if filed.stage not in (FILED, SUSPENDED):
            raise Conflict("project_not_filed", project_id=filed.id, stage=filed.stage)
        if filed.contractor_id != row.contractor_id:
            raise Conflict("contractors_differ", unfiled=row.contractor_name, filed=filed.contractor_name)
        row.stage, row.merged_into = MERGED, filed.id
        for table in (Application, Certificate):
            moved = update(table).where(table.project_id == row.id)
            session.execute(moved.values(project_id=filed.id, project_name=filed.name))

    return _act(desk, command, "merge_projects", "project_changed", unfiled_id, version, (UNFILED,), told, change)


def whose(row: Project) -> Of:
    """Whose a project is: its parties', the agency's that handles it, everybody's who watches its area."""
    return Of(owners=(row.owner_id, row.contractor_id, row.supervisor_id), agency_id=row.agency_id, area=row.area)


def _act(
    desk: Desk,
    command: Command,
    act: str,
    event: str,
    project_id: str,
    version: int,
    stages: tuple[str, ...],
    told: dict[str, Any],
    change: Callable[[Session, Project], None],
) -> Reply:
    """One act on one project: permitted, of the version he saw, from one of the stages in which it makes sense."""
    request = {"project_id": project_id, "version": version, **told}

    def do(session: Session) -> Reply:
        row = projects.find(session, project_id, lock=True)
        permit(act, command.principal, whose(row))
        if row.version != version:
            raise Conflict("stale_version", version=row.version, stage=row.stage)
        if row.stage not in stages:
            raise Conflict("wrong_stage", act=act, stage=row.stage, version=row.version)
        change(session, row)
        projects.touch(row, desk.clock())
        projects.tell(session, event, row, command.principal, desk.clock())
        journal.write(session, command.principal, act, row.id, told, clock=desk.clock)
        return {"project_id": row.id, "version": row.version, "stage": row.stage}

    return once(desk, command, act, request, do)


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
        Certificate.stage == certificates.VALID,
    )
    found = {each.machine_id: each.filing_number for each in session.execute(standing)}
    if found:
        numbers = sorted(each for each in found.values() if each)
        raise Conflict("machines_on_site", count=len(found), machines=numbers, machine_ids=sorted(found))
