"""Work-process logs (企业工序): which projects keep them, a project's calendar, a day's log to read and to write."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, request

from chassis.clock import day_of
from chassis.errors import NotFound, Refusal
from gateway import problems
from gateway.bus import Body, Rpc
from gateway.parts import parts
from gateway.portal.applications import attachments, drawing, forms
from gateway.portal.applications.drawing import Drawn
from gateway.portal.applications.editing import ON_THE_PAGE, change_rows
from gateway.portal.asking import ask
from gateway.portal.locale import say
from gateway.portal.pages import command_key, go, members, show
from gateway.portal.work_logs import months, typed

blueprint = Blueprint("work_logs", __name__)

KEEPING = Rpc("filing", "list_log_keeping")
OWED = Rpc("filing", "list_owed_logs")
FORM = Rpc("filing", "get_log_form")
READ = Rpc("filing", "get_work_log")
WRITE = Rpc("filing", "write_work_log")
PAGE = 25


@blueprint.get("/work-logs")
@members
def keeping() -> Response:
    return show("work_logs/list.html", page=ask(KEEPING, {"limit": PAGE, "after": request.args.get("after") or None}))


@blueprint.get("/projects/<project_id>/work-logs")
@members
def calendar(project_id: str) -> Response:
    today = day_of(parts().clock())
    month = months.read(request.args.get("month", ""), today)
    period = {"first": month.first.isoformat(), "last": month.last.isoformat()}
    owed = ask(OWED, {"project_id": project_id, **period})
    return show(
        "work_logs/calendar.html",
        owed=owed,
        month=month,
        weeks=months.weeks(month, owed["days"], today),
        later=month.after if month.after.first <= today else None,
    )


@blueprint.get("/projects/<project_id>/work-logs/other")
@members
def other(project_id: str) -> Response:
    """A day that owes nothing may have a log as well."""
    return go(f"/projects/{project_id}/work-logs/{_day(request.args.get('day', ''))}/edit")


@blueprint.get("/projects/<project_id>/work-logs/<day>")
@members
def read(project_id: str, day: str) -> Response:
    version = request.args.get("version", "")
    asked: Body = {"project_id": project_id, "day": _day(day)}
    told = ask(READ, asked | ({"version": int(version)} if version.isdecimal() and len(version) < 6 else {}))
    return show("work_logs/log.html", log=told, newest=told["versions"][-1]["version"])


@blueprint.get("/projects/<project_id>/work-logs/<day>/edit")
@members
def edit(project_id: str, day: str) -> Response:
    told = ask(FORM, {"project_id": project_id, "day": _day(day)})
    if not told["may_write"]:
        return go(f"/projects/{project_id}/work-logs?month={day[:7]}")
    return _page(told, typed.spread(told), typed.held(told["written"]), version=_written(told))


@blueprint.post("/projects/<project_id>/work-logs/<day>/edit")
@members
def write(project_id: str, day: str) -> Response:
    """Enter it, or the page once more: with a row, another order of photographs, or what is wrong. Nothing typed is lost."""
    act, _, about = request.form.get("_do", "save").partition(":")
    told = ask(FORM, {"project_id": project_id, "day": _day(day)})
    fields = forms.fields_of(told["sections"])
    content = forms.read(fields, request.form.lists())
    kept, wrong = attachments.received(request)
    photos = [*attachments.held(request), *kept]
    if act in ON_THE_PAGE or wrong:
        change_rows(fields, content, act, about)
        return _page(told, content, attachments.moved(photos, act, about), version=_version(), wrong=wrong)
    try:
        ask(WRITE, typed.request(told, content, photos, _version()), key=command_key())
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(told, content, photos, version=_written(told), refusal=refusal)
    return go(f"/projects/{project_id}/work-logs/{day}", say("日志已填报"))


def _page(
    told: Body,
    content: forms.Typed,
    photos: list[Body],
    *,
    version: int,
    wrong: list[Body] | None = None,
    refusal: Refusal | None = None,
) -> Response:
    status = problems.status_of(refusal) if refusal else 422 if wrong else 200
    problem: dict[str, Any] | None = problems.document(refusal, status) if refusal else None
    if problem is not None:
        problem |= {"fields": [each | {"path": typed.place(each["path"])} for each in problem["fields"]]}
    elif wrong:
        problem = {"detail": say("有文件不能接收，其余内容已保留在本页，尚未填报。"), "fields": wrong}
    matter = typed.matter(told, say("现场照片"))
    address = f"/api/v1/projects/{told['project_id']}/work-logs/{told['day']}/photos/" if told["written"] else ""
    drawn = Drawn(
        matter=matter,
        typed=content,
        attachments=photos,
        wrong=drawing.by_path(problem["fields"] if problem else [], "message"),
        file_address=address,
    )
    return show(
        "work_logs/edit.html",
        status=status,
        day_log=told,
        form=drawn,
        version=version,
        problem=drawing.titled(problem, matter),
    )


def _written(told: Body) -> int:
    """The version that stands: whoever was told of it in a refusal goes on with his own words on top of it."""
    return int(told["written"]["version"]) if told["written"] else 0


def _version() -> int:
    seen = request.form.get("_version", "")
    return int(seen) if seen.isdecimal() and len(seen) < 10 else 0


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise NotFound("no_such_address") from None
