"""What a principal may see, as a condition in SQL: no list is filtered after it was read."""

from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, any_, exists, false, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from chassis.principal import Principal
from equipment.models import Machine, MachineClaim, MachineLock, ProjectCopy
from equipment.terms import MachineStage

Owned = aliased(Machine)
COUNTY_STEPS = 2  # a county's area, 13.1301.130102, lies two steps below its province
# May look a filed machine up by its exact number, to name it in a notice.
PICKERS = frozenset({"installer", "contractor"})


def within(column: ColumnElement[str] | InstrumentedAttribute[str], area: str) -> ColumnElement[bool]:
    """In the territory `area`, itself included."""
    return or_(column == area, column.startswith(area + ".", autoescape=True))


def in_sight(principal: Principal, *, many: bool = False) -> ColumnElement[bool]:
    """An agency: machines whose owner or project lies in its territory. An enterprise: its own, those on its projects,
    those in its own open notices. The platform's operator and services: all. `many`: as a list may be asked for whose
    first page is soon full."""
    if principal.is_service or principal.organisation_kind == "platform":
        return true()
    if principal.is_agency and principal.area:
        return _of_agency(principal.area, many)
    if principal.is_enterprise and principal.organisation_id:
        return _of_enterprise(principal.organisation_id)
    return false()


def by_exact_number(principal: Principal, q: str) -> ColumnElement[bool]:
    """The one filed machine of this number, for whoever may name it in a notice."""
    if not PICKERS & set(principal.kinds):
        return false()
    hidden = (MachineStage.UNDER_REVIEW, MachineStage.CANCELLED)
    return (Machine.filing_number == q) & Machine.stage.not_in(hidden)


def _of_agency(area: str, many: bool) -> ColumnElement[bool]:
    if many or area.count(".") < COUNTY_STEPS:
        # A province or a city sees so much that its pages come straight off the index that they are sorted by.
        return or_(within(Machine.owner_area, area), _stands_in(area))
    owned = select(Owned.id).where(within(Owned.owner_area, area))
    on_projects = _locked().join(ProjectCopy).where(within(ProjectCopy.area, area))
    return _one_of(owned.union(on_projects))


def _stands_in(area: str) -> ColumnElement[bool]:
    """Asked of one machine after the other."""
    lock, project = aliased(MachineLock), aliased(ProjectCopy)
    active = (lock.machine_id == Machine.id) & lock.released_at.is_(None)
    return exists().where(active, project.project_id == lock.project_id, within(project.area, area))


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
