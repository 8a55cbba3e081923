"""An officer's correction of somebody's day, while the month is open."""

from flask import Blueprint, Response, request

from chassis.clock import day_of
from chassis.errors import NotFound, Refusal
from gateway import problems
from gateway.bus import Body, Rpc
from gateway.parts import parts
from gateway.portal import words
from gateway.portal.asking import ask
from gateway.portal.duty.naming import names_of
from gateway.portal.locale import say
from gateway.portal.pages import command_key, go, holders, show
from gateway.portal.work_logs import months

blueprint = Blueprint("correcting", __name__)

MONTH = Rpc("attendance", "get_month")
CORRECT = Rpc("attendance", "correct_day")
TYPED = ("project_id", "day", "verdict", "reason", "document")
correctors = holders("reviewer", "approver", kind="agency")


@blueprint.get("/people/<uuid:person_id>/duty/correct")
@correctors
def form(person_id: object) -> Response:
    return _form(str(person_id), request.args.to_dict())


@blueprint.post("/people/<uuid:person_id>/duty/correct")
@correctors
def correct(person_id: object) -> Response:
    typed = request.form.to_dict()
    told = {name: value for name in TYPED if (value := typed.get(name, "").strip())}
    try:
        ask(CORRECT, told | {"person_id": str(person_id)}, key=command_key())
    except NotFound:
        raise
    except Refusal as refusal:
        return _form(str(person_id), typed, problems.document(refusal, problems.status_of(refusal)))
    return go(f"/people/{person_id}/duty?month={typed['day'][:7]}", say("更正已登记"))


def _form(person_id: str, typed: Body, problem: Body | None = None) -> Response:
    """For the sites on which he has a duty in the month."""
    month = months.read(typed.get("month", ""), day_of(parts().clock()))
    told = ask(MONTH, {"person_id": person_id, "month": str(month)})
    return show(
        "duty/correct.html",
        status=problem["status"] if problem else 200,
        person_id=person_id,
        name=names_of([person_id]).get(person_id, ""),
        month=month,
        typed=typed,
        problem=problem,
        projects={each["project_id"]: each["project_name"] for each in told["duties"]},
        verdicts=words.choices(CORRECT, "verdict"),
    )
