"""Matters that can be applied for, applications under way and closed, and one of them with all that is on record."""

from flask import Blueprint, Response, request

from chassis.errors import Conflict, Invalid, Refusal
from chassis.identifiers import derived_id
from gateway import problems
from gateway.api.admission import visitor
from gateway.bus import Body, Rpc
from gateway.portal import words
from gateway.portal.applications import described, drawing, filters, forms
from gateway.portal.applications.filters import LIST
from gateway.portal.asking import ask, ask_all
from gateway.portal.locale import say
from gateway.portal.matters import titles
from gateway.portal.pages import command_key, go, members, newcomers, show
from gateway.portal.registers import tables
from gateway.portal.registers.tables import Column

blueprint = Blueprint("applications", __name__)

LIST_MATTERS = Rpc("filing", "list_matters")
GET_MATTER = Rpc("filing", "get_matter")
SUMMARISE = Rpc("filing", "summarise")
START = Rpc("filing", "start_application")
PRINT = Rpc("filing", "print_application")
WITHDRAW = Rpc("filing", "withdraw_application")
UNMASK = Rpc("filing", "unmask_application")
COUNTERSIGN = Rpc("filing", "countersign_application")
PAGE = 25
COLUMNS = (
    Column("matter", "事项"),
    Column("applicant", "申请单位"),
    Column("project", "工程"),
    Column("machine", "设备"),
    Column("stage", "环节"),
    Column("next", "下一步"),
    Column("due_at", "期限", sort="deadline", rising=True, only="按期限排序时只列正在计时的办件。"),
    Column("closed_at", "办结时间"),
    Column("submitted_at", "上报时间", usual=False, sort="submitted", only="按上报排序时不列尚未上报的办件。"),
    Column("changed_at", "更新", sort="changed"),
)


@blueprint.get("/matters")
@members
def matters() -> Response:
    came, _ = ask_all({"matters": (LIST_MATTERS, {}), "figures": (SUMMARISE, {})})
    items = came["matters"]["items"] if came["matters"] else ask(LIST_MATTERS)["items"]
    under_way = came["figures"]["under_way"] if came["figures"] else {}
    mine = [each for each in items if each["for_me"]]
    return show(
        "applications/matters.html",
        mine=mine,
        others=[each for each in items if not each["for_me"]],
        under_way=under_way,
    )


@blueprint.get("/applications/new/<matter>")
@members
def before(matter: str) -> Response:
    """What it takes, before it is begun: documents, route, deadline."""
    return show(
        "applications/new.html", matter=ask(GET_MATTER, {"code": matter}), project_id=request.args.get("project_id", "")
    )


@blueprint.post("/applications/new/<matter>")
@members
def start(matter: str) -> Response:
    """The draft stands at once, so that nothing typed is lost; the same form sent twice begins one."""
    key = command_key()
    application_id = derived_id("application", visitor().signed_in.id, key)
    begun = {"application_id": application_id, "matter": matter}
    if project_id := request.form.get("project_id"):
        begun |= {"project_id": project_id}
    ask(START, begun, key=key)
    return go(f"/applications/{application_id}/edit")


@blueprint.get("/applications")
@members
def applications() -> Response:
    wanted = filters.read(request.args)
    table = tables.read(_columns(wanted.get(filters.OPEN)), own="changed")
    page = ask(LIST, {**wanted, **table.asked, "limit": PAGE, "after": request.args.get("after") or None})
    return show(
        "applications/list.html",
        page=page,
        table=table,
        matters=titles(),
        stages=words.choices(LIST, "stage"),
        asked=wanted,
        wanted=wanted | table.asked,
        beside=filters.beside_the_bar(wanted),
        too_short=len(request.args.get("q", "").strip()) == 1,
        is_open=wanted.get(filters.OPEN),
    )


@blueprint.get("/applications/<application_id>")
@newcomers
def application(application_id: str) -> Response:
    return _page(application_id)


@blueprint.post("/applications/<application_id>/withdraw")
@newcomers
def withdraw(application_id: str) -> Response:
    asked = {"application_id": application_id, "version": _version(), "reason": request.form.get("reason", "").strip()}
    try:
        ask(WITHDRAW, asked, key=command_key())
    except (Conflict, Invalid) as refusal:
        return _page(application_id, refusal)
    return go(f"/applications/{application_id}", say("已撤回"))


@blueprint.post("/applications/<application_id>/countersign")
@members
def countersign(application_id: str) -> Response:
    agrees = request.form.get("agrees") == "yes"
    asked = {
        "application_id": application_id,
        "version": _version(),
        "agrees": agrees,
        "remarks": request.form.get("remarks", "").strip(),
    }
    try:
        ask(COUNTERSIGN, asked, key=command_key())
    except (Conflict, Invalid) as refusal:
        return _page(application_id, refusal)
    return go(f"/applications/{application_id}", say("已会签同意") if agrees else say("已会签退回"))


@blueprint.post("/applications/<application_id>/unmask")
@members
def unmask(application_id: str) -> Response:
    """The phones of the form in full, on this page alone; the look is on record."""
    asked: Body = {"application_id": application_id, "reason": request.form.get("reason", "").strip()} | _round()
    try:
        told = ask(UNMASK, asked, key=command_key())
    except (Conflict, Invalid) as refusal:
        return _page(application_id, refusal)
    return _page(application_id, numbers=told["phones"])


def _columns(is_open: bool | None) -> list[Column]:
    """What is under way has a next step and runs a deadline, the rest was closed; an enterprise knows who applied."""
    left_out = {"closed_at"} if is_open else {"next", "due_at"}
    if visitor().signed_in.organisation_kind != "agency":
        left_out.add("applicant")
    return [each for each in COLUMNS if each.code not in left_out]


def _round() -> Body:
    """The round that the address names, if it does."""
    round_ = request.args.get("round", "")
    return {"round": int(round_)} if round_.isdecimal() and len(round_) < 4 else {}


def _page(application_id: str, refusal: Refusal | None = None, numbers: list[Body] | None = None) -> Response:
    """What was typed into its small forms comes again after a refusal. `numbers`: phones that were asked for in full."""
    told = ask(PRINT, {"application_id": application_id} | _round())
    application, matter = told["application"], told["matter"]
    fields = forms.fields_of(matter["sections"])
    labels = told["labels"] | drawing.names(fields, forms.spread(fields, application["form"]), told["labels"])
    asked = drawing.placed(application["corrections"], application["attachments"])
    status = problems.status_of(refusal) if refusal else 200
    return show(
        "applications/application.html",
        status=status,
        problem=problems.document(refusal, status) if refusal else None,
        application=application,
        matter=matter,
        sections=described.sections(matter, application["form"], labels),
        conclusion=described.conclusion(matter, application),
        documents=described.documents(matter, application),
        asked=asked,
        numbers=numbers,
        marks=_marks(asked) if application["stage"] == "returned" else {},
        title_of=lambda path: drawing.title_of(matter, path),
    )


def _version() -> int:
    told = request.form.get("_version", "")
    return int(told) if told.isdecimal() and len(told) < 10 else 0


def _marks(asked: list[Body]) -> dict[str, Body]:
    """What is to be corrected, beside what it is about."""
    texts = drawing.by_path(asked, "text")
    return {path: {"notes": [{"kind": "correction", "text": text} for text in each]} for path, each in texts.items()}
