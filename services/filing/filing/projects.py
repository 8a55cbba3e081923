"""The register of projects (工程项目): what applications do to a project's row, and how its events are told.

The hooks run in the transaction of the act on the application (see matters.base); the agency's own acts on a project
are in `project_acts`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.clock import day_of
from chassis.envelope import Event
from chassis.errors import Conflict, NotFound
from chassis.outbox import record
from chassis.principal import Principal
from chassis.searching import search_words
from filing import boundaries, divisions, hazardous_works
from filing.models import Application, Project
from filing.organisations import plain
from filing.staffing import ONLY_ONE

if TYPE_CHECKING:
    from filing.matters.base import Form, Occasion

UNFILED, UNDER_FILING, FILED = "unfiled", "under_filing", "filed"
SUSPENDED, CLOSED, MERGED = "suspended", "closed", "merged"
# Of a safety filing's form, what has a column of its own or is kept elsewhere; all else goes to `details`.
NOT_DETAILS = frozenset({"name", "division", "address", "key_people", "hazardous_works", "boundary", "project_id"})


def bring_along(session: Session, occasion: "Occasion") -> None:
    """Keep the unfiled project that an application describes. What another application described before is left as it
    stands; what this one described before, and describes otherwise now, is forgotten."""
    described = occasion.facts.form.get("unfiled_project")
    project = occasion.facts.project
    now_named = project.project_id if project else None
    _forget(session, occasion.application.id, but=now_named)
    if not described or project is None or project.stage != UNFILED:
        return
    row = session.get(Project, project.project_id)
    if row is None:
        row = _first_row(session, occasion, project.project_id, UNFILED)
    if row.application_id == occasion.application.id:
        _write_described(row, described, occasion)


def let_go(session: Session, occasion: "Occasion") -> None:
    """The application that brought an unfiled project along came to nothing: so does the project, if nobody else uses it."""
    _forget(session, occasion.application.id, but=None)


def put_under_filing(session: Session, occasion: "Occasion") -> None:
    """A safety filing handed in (again): the project's row follows its form until the filing is decided."""
    project = occasion.facts.project
    assert project is not None  # a safety filing always brings one
    row = session.get(Project, project.project_id) or _first_row(session, occasion, project.project_id, UNDER_FILING)
    _write(row, occasion)


def register(session: Session, occasion: "Occasion") -> None:
    """The filing is approved: the project is filed under its certificate's number."""
    assert occasion.certificate is not None
    row = of_occasion(session, occasion)
    _write(row, occasion)
    row.stage, row.number, row.filed_on = FILED, occasion.certificate.number, occasion.certificate.issued_on
    row.search = search_words([row.name, row.number, row.owner_name, row.contractor_name])
    tell(session, "project_registered", row, occasion.principal, occasion.at)


def drop(session: Session, occasion: "Occasion") -> None:
    """The filing was rejected or withdrawn: there never was such a project."""
    project = occasion.facts.project
    row = session.get(Project, project.project_id) if project else None
    if row is not None and row.stage == UNDER_FILING:
        session.delete(row)


def change_key_people(session: Session, occasion: "Occasion") -> None:
    """A change of key personnel is approved: in each post the new one stands in the old one's place, or in a vacant one.

    Refuses `Conflict("post_taken")` where another change has filled the post meanwhile.
    """
    row = of_occasion(session, occasion)
    people = list(row.key_people)
    for change in occasion.facts.form["changes"]:
        gone = (change["role"], change.get("replaces"))
        people = [each for each in people if (each["role"], each["person_id"]) != gone]
        _refuse_taken_post(people, change["role"])
        people.append(_key_person(change["role"], change["person_id"], occasion.application))
    row.key_people = people
    touch(row, occasion.at)
    tell(session, "project_changed", row, occasion.principal, occasion.at)


def _refuse_taken_post(people: list[dict[str, Any]], role: str) -> None:
    holder = next((each for each in people if each["role"] == role), None)
    if role in ONLY_ONE and holder is not None:
        raise Conflict("post_taken", role=role, name=holder["name"])


def of_occasion(session: Session, occasion: "Occasion") -> Project:
    """The row of the project that an application is about, locked."""
    assert occasion.facts.project is not None
    return find(session, occasion.facts.project.project_id, lock=True)


def find(session: Session, project_id: str, *, lock: bool = False) -> Project:
    row = session.get(Project, project_id, with_for_update=lock, populate_existing=lock)
    if row is None:
        raise NotFound("not_found")
    return row


def touch(row: Project, at: datetime) -> None:
    row.version += 1
    row.changed_at = at


def tell(session: Session, type_: str, row: Project, principal: Principal, at: datetime) -> None:
    """Record an event about the project as it stands now."""
    data = {
        "project_id": row.id,
        "version": row.version,
        "name": row.name,
        "area": row.area,
        "agency_id": row.agency_id,
        "number": row.number,
        "works_code": row.works_code,
        "starts_on": _iso(row.starts_on),
        "finishes_on": _iso(row.finishes_on),
        "owner_id": row.owner_id,
        "owner_name": row.owner_name,
        "contractor_id": row.contractor_id,
        "contractor_name": row.contractor_name,
        "supervisor_id": row.supervisor_id,
        "supervisor_name": row.supervisor_name,
        "stage": row.stage,
        "boundary": row.boundary,
        "key_people": [{"person_id": each["person_id"], "role": each["role"]} for each in row.key_people],
        "merged_into": row.merged_into,
        "suspended": row.suspended,
        "stoppages": row.stoppages,
        "works_accepted_on": _iso(row.works_accepted_on),
        "at": at.isoformat(),
    }
    event = Event(type=type_, version=1, subject=row.id, data=data, principal=principal.brief(), occurred_at=at)
    record(session, event)


def _first_row(session: Session, occasion: "Occasion", project_id: str, stage: str) -> Project:
    """An empty row, or the one that somebody else made at the same moment."""
    first = insert(Project).values(
        id=project_id,
        stage=stage,
        version=0,
        application_id=occasion.application.id,
        name="",
        division="",
        area="",
        created_at=occasion.at,
        changed_at=occasion.at,
    )
    session.execute(first.on_conflict_do_nothing())
    return find(session, project_id, lock=True)


def _write_described(row: Project, described: Mapping[str, Any], occasion: "Occasion") -> None:
    """The row as "add an unfiled project" has it."""
    for name, value in _place(described, occasion.application).items():
        setattr(row, name, value)
    row.owner_name = described["owner_name"]
    row.contractor_id, row.contractor_name = described["contractor_id"], _name(occasion, described["contractor_id"])
    row.supervisor_id, row.supervisor_name = described["supervisor_id"], _name(occasion, described["supervisor_id"])
    row.works_kind = described["works_kind"]
    row.starts_on, row.finishes_on = described["starts_on"], described["finishes_on"]
    row.details = {name: described[name] for name in ("permit_number", "reason") if described.get(name)}
    row.search = search_words([row.name, row.contractor_name])
    touch(row, occasion.at)


def _forget(session: Session, application_id: str, but: str | None) -> None:
    """Remove the unfiled projects that an application brought along and no other one names."""
    brought = select(Project).where(Project.application_id == application_id, Project.stage == UNFILED)
    for row in session.scalars(brought.with_for_update()).all():
        named = select(Application.id).where(
            Application.project_id == row.id, Application.id != application_id, Application.stage != "draft"
        )
        if row.id != but and session.scalar(named.limit(1)) is None:
            session.delete(row)
    session.flush()


def _write(row: Project, occasion: "Occasion") -> None:
    """The row as the filing's form has it."""
    form, application = occasion.facts.form, occasion.application
    owner = occasion.facts.applicant
    for name, value in _place(form, application).items():
        setattr(row, name, value)
    row.application_id = application.id
    row.owner_id, row.owner_name = owner.organisation_id, owner.name
    row.contractor_id, row.contractor_name = form["contractor_id"], _name(occasion, form["contractor_id"])
    row.supervisor_id, row.supervisor_name = form["supervisor_id"], _name(occasion, form["supervisor_id"])
    row.works_code, row.works_kind = form.get("works_code"), form["works_kind"]
    row.floor_area, row.contract_price = form["floor_area"], form["contract_price"]
    row.starts_on, row.finishes_on = form["starts_on"], form["finishes_on"]
    row.boundary = boundaries.in_wgs84(form["boundary"], form["datum"])
    row.civilised_standard = form["civilised_standard"]
    row.key_people = [_key_person(each["role"], each["person_id"], application) for each in form["key_people"]]
    row.hazardous_works = hazardous_works.judged(form.get("hazardous_works") or (), day_of(occasion.at))
    row.details = _details(form)
    row.search = search_words([row.name, row.owner_name, row.contractor_name])
    touch(row, occasion.at)


def _place(form: "Form", application: Application) -> dict[str, Any]:
    """Where the project is, and under whose area it is kept."""
    place = divisions.division(form["division"])
    assert place is not None  # the form's schema has looked it up
    return {
        "name": form["name"],
        "division": place.code,
        "address": form["address"],
        "area": divisions.area_served(place.area, application.area),
        "agency_id": application.agency_id,
    }


def _details(form: "Form") -> dict[str, Any]:
    rows = set(Project.__table__.columns.keys())
    kept = {name: value for name, value in form.items() if name not in NOT_DETAILS and name not in rows}
    details: dict[str, Any] = plain(kept)
    return details


def _key_person(role: str, person_id: str, application: Application) -> dict[str, Any]:
    """A holder of a post, named as personnel told him in its answer to the claim, and by which application he came."""
    name = next((each.get("name", "") for each in application.people if each["person_id"] == person_id), "")
    return {"role": role, "person_id": person_id, "name": name, "application_id": application.id}


def _name(occasion: "Occasion", organisation_id: str) -> str:
    party = occasion.facts.parties.get(organisation_id)
    return party.name if party else ""


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
