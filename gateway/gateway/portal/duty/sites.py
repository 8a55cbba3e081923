"""A site with its map: where it lies, who is due and where he is; somebody's track of a day, looked at on record."""

from flask import Blueprint, Response, request

from chassis.errors import Invalid
from gateway import problems
from gateway.bus import Body, Rpc
from gateway.portal.asking import ask
from gateway.portal.duty import reasons
from gateway.portal.duty.naming import names_of
from gateway.portal.frame import me
from gateway.portal.pages import go, members, show

blueprint = Blueprint("duty_sites", __name__)

SITES = Rpc("attendance", "list_duty_sites")
SITE = Rpc("attendance", "get_site_day")
TRACK = Rpc("attendance", "show_track", 3.0)
ASKED = ("person_id", "day", "reason")


@blueprint.get("/duty/sites")
@members
def sites() -> Response:
    """A firm's way in; an agency's is the board."""
    visitor = me()
    if visitor is not None and visitor.kind == "agency":
        return go("/duty")
    return show("duty/sites.html", page=ask(SITES, {"after": request.args.get("after") or None}))


@blueprint.get("/duty/sites/<uuid:project_id>")
@members
def site(project_id: object) -> Response:
    return _site(str(project_id), {"day": request.args.get("day", "").strip()})


@blueprint.get("/duty/sites/<uuid:project_id>/track")
@members
def track(project_id: object) -> Response:
    """Each time this page is opened, the look is on record; what must be said first is asked for beside its field."""
    typed = {name: request.args.get(name, "").strip() for name in ASKED}
    try:
        told = ask(TRACK, {"project_id": str(project_id), **{name: value for name, value in typed.items() if value}})
    except Invalid as refusal:
        return _site(str(project_id), typed, problems.document(refusal, problems.status_of(refusal)))
    told["because"] = [reasons.in_words({"code": f"gap_{each['reason']}", "told": each}) for each in told["gaps"]]
    name = names_of([told["person_id"]]).get(told["person_id"], "")
    return show("duty/track.html", track=told, name=name, typed=typed)


def _site(project_id: str, typed: Body, problem: Body | None = None) -> Response:
    """`typed` names a day; a wrong one shows today, with what is wrong with it."""
    asked = {"project_id": project_id}
    try:
        told = ask(SITE, asked | ({"day": typed["day"]} if typed["day"] else {}))
    except Invalid as refusal:
        problem = problem or problems.document(refusal, problems.status_of(refusal))
        told = ask(SITE, asked)
    return show(
        "duty/site.html",
        status=problem["status"] if problem else 200,
        site=told,
        names=names_of(each["person_id"] for each in told["people"]),
        typed=typed,
        problem=problem,
    )
