"""What a draft is about, by its form: the names that lists show before anything is claimed.

A submission asks the machine's owner and says it for good (`submission`); until then filing goes by what it knows itself.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from filing.certificates import ON_FILE
from filing.models import Application, Certificate, Project

SAFETY_FILING = "safety_filing"
OF_A_MACHINE = ("kind", "model", "serial_number", "filing_number")
Form = Mapping[str, Any]


def name_what_it_is_about(session: Session, application: Application) -> None:
    """Project and machine of a draft as its form has them now; half-filled forms name what they name.

    The machine is only described: the column that holds the living application of a machine stays free till it is claimed.
    """
    form = application.form
    project = session.get(Project, form["project_id"]) if form.get("project_id") else None
    application.project_id = project.id if project else None
    application.project_name = project.name if project else _typed_project(application.matter, form)
    application.machine = _named_machine(session, form) or _typed_machine(form)


def _typed_project(matter: str, form: Form) -> str | None:
    if matter == SAFETY_FILING:
        return form.get("name")
    described: Form = form.get("unfiled_project") or {}
    return described.get("name")


def _named_machine(session: Session, form: Form) -> dict[str, Any] | None:
    """A filed machine as the certificate of its filing shows it to everybody."""
    if not form.get("machine_id"):
        return None
    of_it = (Certificate.machine_id == form["machine_id"], Certificate.kind.in_(ON_FILE))
    found = session.scalars(select(Certificate).where(*of_it).order_by(Certificate.issued_on.desc())).first()
    if found is None:
        return None
    shown = {"filing_number": found.number} | found.shown
    return {"machine_id": form["machine_id"]} | {name: shown[name] for name in OF_A_MACHINE if shown.get(name)}


def _typed_machine(form: Form) -> dict[str, Any] | None:
    """A machine that the form itself describes, or of which it has chosen no more than the kind."""
    told = {name: form[name] for name in OF_A_MACHINE if form.get(name)}
    if form.get("machine_kind"):
        told["kind"] = form["machine_kind"]
    return told or None
