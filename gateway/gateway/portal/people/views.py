"""Staff (单位人员录入): kept by its enterprise, seen by the agencies of its territory; numbers are masked (R-P1, T35)."""

from dataclasses import dataclass, field, replace

from flask import Blueprint, Response, request

from chassis.errors import NotFound, Refusal
from gateway import problems
from gateway.api import uploads
from gateway.api.admission import visitor
from gateway.bus import Body, Rpc
from gateway.portal import words
from gateway.portal.asking import ask
from gateway.portal.locale import say
from gateway.portal.pages import command_key, go, members, show, staff_keepers
from gateway.portal.people import forms
from gateway.portal.registers import tables
from gateway.portal.registers.listing import SOON, asked, chosen, divisions
from gateway.portal.registers.tables import Column

blueprint = Blueprint("people", __name__)

LIST = Rpc("personnel", "list_people")
GET = Rpc("personnel", "get_person")
ADD = Rpc("personnel", "add_person")
CHANGE = Rpc("personnel", "change_person")
UNMASK = Rpc("personnel", "unmask_person")
LEAVE = Rpc("personnel", "release_person")
LOCKS = Rpc("personnel", "list_locks")
ADD_CERTIFICATE = Rpc("personnel", "add_certificate")
CHANGE_CERTIFICATE = Rpc("personnel", "change_certificate")
REMOVE_CERTIFICATE = Rpc("personnel", "remove_certificate")
COLUMNS = (
    Column("name", "姓名"),
    Column("posts", "岗位"),
    Column("certificates", "证书"),
    Column("locks", "锁定于"),
    Column("employer", "单位"),
    Column("phone", "手机号"),
    Column("entered_at", "录入时间", usual=False, sort="entered"),
)
FILTERS = ("q", "certificate_kind", "locked", "soon", "area", "organisation_id")


@dataclass(frozen=True)
class _Form:
    """Which of the page's small forms was sent ("change", "leave", "unmask", "new", or a certificate's id), what was typed
    into it, and what was wrong: only that one is opened again, and filled in."""

    name: str
    typed: Body = field(default_factory=dict)
    problem: Body | None = None

    def of(self, name: str) -> tuple[Body, Body | None]:
        """What belongs into a form of this name."""
        return (self.typed, self.problem) if name == self.name else ({}, None)


@blueprint.get("/people")
@members
def people() -> Response:
    filters = chosen(FILTERS)
    table = tables.read(_columns(), own="entered")
    wanted = asked(filters, flags=("locked",), soon="expires_before") | table.asked
    return show(
        "people/list.html",
        page=ask(LIST, wanted),
        table=table,
        wanted=wanted,
        chosen=filters,
        kinds=words.choices(LIST, "certificate_kind"),
        divisions=divisions(),
        soon=SOON,
    )


@blueprint.get("/people/new")
@staff_keepers
def new_person() -> Response:
    return _form({})


@blueprint.post("/people/new")
@staff_keepers
def add_person() -> Response:
    typed = request.form.to_dict()
    try:
        typed |= _photo()
        told = ask(ADD, forms.person(typed), key=command_key())
    except Refusal as refusal:
        return _form(typed, _problem(refusal))
    return go(f"/people/{told['person_id']}", say("已录入，请补充证书"))


@blueprint.get("/people/<uuid:person_id>")
@members
def person(person_id: object) -> Response:
    return _card(str(person_id))


@blueprint.post("/people/<uuid:person_id>/change")
@members
def change_person(person_id: object) -> Response:
    typed = request.form.to_dict()
    try:
        typed |= _photo()
    except Refusal as refusal:
        return _card(str(person_id), _Form("change", typed, _problem(refusal)))
    told = forms.person(typed, ("name", "phone", "photo")) | _which(person_id)
    return _done(CHANGE, _Form("change", typed), told, say("已保存"))


@blueprint.post("/people/<uuid:person_id>/leave")
@members
def leave(person_id: object) -> Response:
    told = _which(person_id) | {"reason": request.form.get("reason", "").strip()}
    try:
        ask(LEAVE, told, key=command_key())
    except NotFound:
        raise
    except Refusal as refusal:
        return _card(str(person_id), _Form("leave", request.form.to_dict(), _problem(refusal)))
    return go("/people", say("已解除聘用，其他单位可以录入该人员"))


@blueprint.post("/people/<uuid:person_id>/unmask")
@members
def unmask(person_id: object) -> Response:
    """The full numbers, shown on this page alone; the look is on record."""
    told = {"person_id": str(person_id), "reason": request.form.get("reason", "").strip()}
    try:
        numbers = ask(UNMASK, told, key=command_key())
    except NotFound:
        raise
    except Refusal as refusal:
        return _card(str(person_id), _Form("unmask", request.form.to_dict(), _problem(refusal)))
    return _card(str(person_id), numbers=numbers)


@blueprint.post("/people/<uuid:person_id>/certificates")
@members
def add_certificate(person_id: object) -> Response:
    told = _which(person_id) | {"certificate": forms.certificate(request.form)}
    return _done(ADD_CERTIFICATE, _Form("new", request.form.to_dict()), told, say("证书已添加"))


@blueprint.post("/people/<uuid:person_id>/certificates/<uuid:certificate_id>")
@members
def change_certificate(person_id: object, certificate_id: object) -> Response:
    told = _which(person_id) | {"certificate_id": str(certificate_id)}
    typed = _Form(str(certificate_id), request.form.to_dict())
    if request.form.get("act") == "remove":
        return _done(REMOVE_CERTIFICATE, typed, told, say("证书已删除"))
    return _done(CHANGE_CERTIFICATE, typed, told | {"certificate": forms.certificate(request.form)}, say("证书已保存"))


@blueprint.get("/people/<uuid:person_id>/locks")
@members
def locks(person_id: object) -> Response:
    page = ask(LOCKS, {"person_id": str(person_id), "after": request.args.get("after") or None})
    return show("people/locks.html", person_id=str(person_id), page=page)


def _columns() -> list[Column]:
    """An enterprise lists its own people: it need not be told whose they are."""
    return [each for each in COLUMNS if each.code != "employer" or visitor().signed_in.organisation_kind == "agency"]


def _which(person_id: object) -> Body:
    return {"person_id": str(person_id), "version": forms.version(request.form)}


def _photo() -> Body:
    """A picture that came with the form, kept at once: from then on the form knows it by its digest."""
    file = request.files.get("photo")
    if file is None or not file.filename:
        return {}
    content = file.stream.read(uploads.ATTACHMENT_LIMIT + 1)
    return {"photo": uploads.keep(content, file.filename, visitor())["sha256"]}


def _done(rpc: Rpc, form: _Form, told: Body, sentence: str) -> Response:
    """Back to the person when it is done; what is refused brings the page again with all that was typed."""
    person_id = told["person_id"]
    try:
        reply = ask(rpc, told, key=command_key())
    except NotFound:
        raise
    except Refusal as refusal:
        return _card(person_id, replace(form, problem=_problem(refusal)))
    warnings = "；".join(each["message"] for each in reply.get("warnings", []))
    return go(f"/people/{person_id}", f"{sentence}。{warnings}" if warnings else sentence)


def _form(typed: Body, problem: Body | None = None) -> Response:
    return show("people/new.html", status=problem["status"] if problem else 200, typed=typed, problem=problem)


def _card(person_id: str, form: _Form | None = None, numbers: Body | None = None) -> Response:
    choices = {name: words.choices(ADD_CERTIFICATE, f"certificate.{name}") for name in ("kind", "trade", "grade")}
    return show(
        "people/person.html",
        status=form.problem["status"] if form and form.problem else 200,
        person=ask(GET, {"person_id": person_id}),
        choices=choices,
        form=form or _Form(""),
        numbers=numbers,
    )


def _problem(refusal: Refusal) -> Body:
    """As the form's fields are named: a certificate's are not below anything here."""
    told = problems.document(refusal, problems.status_of(refusal))
    fields = [{**each, "path": each["path"].removeprefix("certificate.")} for each in told["fields"]]
    return told | {"fields": fields}
