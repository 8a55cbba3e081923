"""What a principal may see, as a condition in SQL: no list is filtered after it was read.

An agency sees machines whose owner, or whose project, lies in its territory. That is kept as rows (`machine_area`), one
for each territory up to the province, so that an agency's list costs the same in a register of any size. Whatever happens
to a machine is written into its history, and that ends with `refresh`; so does news of a project.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, any_, exists, false, func, or_, select, text, true
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from chassis.principal import Principal
from equipment.models import Machine, MachineArea, MachineClaim, MachineLock, ProjectCopy
from equipment.terms import MachineStage

Owned = aliased(Machine)
# May look a filed machine up by its exact number, to name it in a notice.
PICKERS = frozenset({"installer", "contractor"})


REFRESH = text("""
with wanted as (
    select distinct array_to_string((string_to_array(place.area, '.'))[1 : depth], '.') as area,
        machine.id, machine.recorded_at
    from machine
    cross join lateral (
        select machine.owner_area as area
        union
        select project_copy.area from machine_lock join project_copy using (project_id)
        where machine_lock.machine_id = machine.id and machine_lock.released_at is null
    ) place
    cross join lateral generate_series(1, array_length(string_to_array(place.area, '.'), 1)) depth
    where machine.id = any(:ids)
), gone as (
    delete from machine_area where machine_id = any(:ids)
        and not exists (select from wanted where wanted.id = machine_id and wanted.area = machine_area.area)
)
insert into machine_area (area, machine_id, recorded_at) select area, id, recorded_at from wanted
on conflict (area, machine_id) do nothing
""")


def refresh(session: Session, machine_ids: Collection[str]) -> None:
    """Let the agencies see these machines in whose territory they now belong or stand, and no others."""
    session.flush()
    if machine_ids:
        session.execute(REFRESH, {"ids": sorted(machine_ids)})


def within(column: ColumnElement[str] | InstrumentedAttribute[str], area: str) -> ColumnElement[bool]:
    """In the territory `area`, itself included."""
    return or_(column == area, column.startswith(area + ".", autoescape=True))


def in_sight(principal: Principal) -> ColumnElement[bool]:
    """An agency: as above. An enterprise: its own, those on its projects, those in its own open notices. The platform's
    operator and services: all."""
    if principal.is_service or principal.organisation_kind == "platform":
        return true()
    if principal.is_agency and principal.area:
        return exists().where(MachineArea.machine_id == Machine.id, MachineArea.area == principal.area)
    if principal.is_enterprise and principal.organisation_id:
        return _of_enterprise(principal.organisation_id)
    return false()


def by_exact_number(principal: Principal, q: str) -> ColumnElement[bool]:
    """The one filed machine of this number, for whoever may name it in a notice."""
    if not PICKERS & set(principal.kinds):
        return false()
    hidden = (MachineStage.UNDER_REVIEW, MachineStage.CANCELLED)
    return (Machine.filing_number == q) & Machine.stage.not_in(hidden)


def _of_enterprise(organisation_id: str) -> ColumnElement[bool]:
    """Each part by an index of its own, then put together: the cost is that of what is seen, not of what there is."""
    owned = select(Owned.id).where(Owned.owner_id == organisation_id)
    parties = (ProjectCopy.owner_id, ProjectCopy.contractor_id, ProjectCopy.supervisor_id)
    on_projects = _locked().join(ProjectCopy).where(or_(*(party == organisation_id for party in parties)))
    in_notices = _locked().where(MachineLock.applicant_id == organisation_id)
    in_claims = (
        select(MachineClaim.machine_id)
        .where(MachineClaim.applicant_id == organisation_id, MachineClaim.released_at.is_(None))
        .correlate(None)
    )
    return _one_of(owned.union(on_projects, in_notices, in_claims))


def _one_of(ids: CompoundSelect[str]) -> ColumnElement[bool]:
    """As an array, found once and whole: of a subquery PostgreSQL thinks that it may stop after the first page, and then
    goes through it again for every machine there is (0.3 s for a county of 7,000 machines, measured)."""
    return Machine.id == any_(func.array(ids.scalar_subquery()))


def _locked() -> Select[Any]:
    # Whole in itself: a list that also joins the locks must not lend its row to it.
    return select(MachineLock.machine_id).where(MachineLock.released_at.is_(None)).correlate(None)
