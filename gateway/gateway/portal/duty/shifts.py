"""Leadership shifts (现场带班): recorded by the contractor, confirmed by another firm of the site; and a leader's month."""

from flask import Blueprint, Response, request

from chassis.clock import day_of
from chassis.errors import NotFound, Refusal
from gateway import problems
from gateway.api.admission import visitor
from gateway.bus import Body, Rpc
from gateway.parts import parts
from gateway.portal import words
from gateway.portal.asking import ask, ask_all
from gateway.portal.duty.naming import names_of
from gateway.portal.locale import say
from gateway.portal.pages import command_key, go, members, show, staff_keepers
from gateway.portal.registers import listing
from gateway.portal.work_logs import months

blueprint = Blueprint("shifts", __name__)

LIST = Rpc("attendance", "list_shifts")
RECORD = Rpc("attendance", "record_shift")
MONTH = Rpc("attendance", "get_leader_month")
TAKE_LEAVE, TAKE_NONE = Rpc("attendance", "record_leader_leave"), Rpc("attendance", "withdraw_leader_leave")
PROJECTS = Rpc("filing", "list_projects")
PEOPLE = Rpc("personnel", "list_people")
FILTERS = ("project_id", "person_id", "stage")
TYPED = ("person_id", "project_id", "leads_as", "day", "starts", "ends", "checked", "found")
LEAVE = ("first", "last", "reason")
MOST = 100


@blueprint.get("/duty/shifts")
@members
def shifts() -> Response:
    chosen = listing.chosen(FILTERS)
    page = ask(LIST, listing.asked(chosen))
    return show(
        "duty/shifts.html",
        page=page,
        chosen=chosen,
        names=names_of(each["person_id"] for each in page["items"]),
        stages=words.choices(LIST, "stage"),
        month=months.read("", day_of(parts().clock())),
    )


@blueprint.get("/duty/shifts/new")
@staff_keepers
def new_shift() -> Response:
    return _form({"day": day_of(parts().clock()).isoformat()} | request.args.to_dict())


@blueprint.post("/duty/shifts/new")
@staff_keepers
def record_shift() -> Response:
    """Record it, or the page once more with the people looked for, or with what is wrong. Nothing typed is lost."""
    typed = request.form.to_dict()
    if typed.get("_do") == "search":
        return _form(typed)
    told = {name: value for name in TYPED if (value := typed.get(name, "").strip())}
    try:
        ask(RECORD, told, key=command_key())
    except Refusal as refusal:
        return _form(typed, problems.document(refusal, problems.status_of(refusal)))
    return go("/duty/shifts", say("带班已登记，等待建设单位或监理单位确认"))


@blueprint.get("/people/<uuid:person_id>/shifts")
@members
def leader_month(person_id: object) -> Response:
    return _month(person_id, {})


@blueprint.post("/people/<uuid:person_id>/shifts/leave")
@staff_keepers
def take_leave(person_id: object) -> Response:
    typed = {name: request.form.get(name, "").strip() for name in LEAVE}
    told = {name: value for name, value in typed.items() if value}
    return _leave_done(person_id, TAKE_LEAVE, told | {"person_id": str(person_id)}, typed, say("休假已登记"))


@blueprint.post("/people/<uuid:person_id>/shifts/leave/<uuid:leave_id>/withdraw")
@staff_keepers
def take_none(person_id: object, leave_id: object) -> Response:
    return _leave_done(person_id, TAKE_NONE, {"leave_id": str(leave_id)}, {}, say("休假登记已撤销"))


def _leave_done(person_id: object, rpc: Rpc, told: Body, typed: Body, sentence: str) -> Response:
    """Back to his month; what is refused brings the page again with what was typed."""
    try:
        ask(rpc, told, key=command_key())
    except NotFound:
        raise
    except Refusal as refusal:
        return _month(person_id, typed, problems.document(refusal, problems.status_of(refusal)))
    month = f"?month={typed['first'][:7]}" if typed else ""
    return go(f"/people/{person_id}/shifts{month}", sentence)


def _month(person_id: object, typed: Body, problem: Body | None = None) -> Response:
    today = day_of(parts().clock())
    month = months.read(request.args.get("month", "") or typed.get("first", "")[:7], today)
    told = ask(MONTH, {"person_id": str(person_id), "month": str(month)})
    return show(
        "duty/leader_month.html",
        status=problem["status"] if problem else 200,
        typed=typed,
        problem=problem,
        record=told,
        names=names_of([str(person_id)]),
        month=month,
        later=month.after if month.after.first <= today else None,
    )


def _form(typed: Body, problem: Body | None = None) -> Response:
    """With the sites that the firm builds, and its people by name."""
    wanted = {"limit": MOST} | ({"q": q} if len(q := typed.get("q", "").strip()) >= listing.SHORTEST else {})
    came, _ = ask_all({"projects": (PROJECTS, {"limit": MOST, "stage": "filed"}), "people": (PEOPLE, wanted)})
    mine = visitor().signed_in.organisation_id
    projects = [each for each in (came["projects"] or {"items": []})["items"] if each["contractor_id"] == mine]
    return show(
        "duty/new_shift.html",
        status=problem["status"] if problem else 200,
        typed=typed,
        problem=problem,
        projects={each["project_id"]: each["name"] for each in projects},
        people={each["person_id"]: each["name"] for each in (came["people"] or {"items": []})["items"]},
        leading=words.choices(RECORD, "leads_as"),
    )
