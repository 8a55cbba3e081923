"""The register of enterprises and agencies; the platform's operator sets up agencies and gives them an administrator."""

from flask import Blueprint, Response, request

from chassis.database import transaction
from chassis.errors import Refusal
from chassis.identifiers import derived_id
from chassis.schemas import read
from gateway import problems
from gateway.accounts import accounts
from gateway.accounts.accounts import NewAccount
from gateway.accounts.roles import ADMINISTRATOR, is_operator
from gateway.accounts.schemas import CreateAccount
from gateway.api.admission import visitor
from gateway.bus import Body, Rpc
from gateway.parts import parts
from gateway.portal import matters, words
from gateway.portal.applications import described
from gateway.portal.asking import ask
from gateway.portal.locale import say
from gateway.portal.pages import command_key, go, members, operators, show
from gateway.portal.registers import listing

blueprint = Blueprint("organisations", __name__)

LIST = Rpc("filing", "list_organisations")
GET = Rpc("filing", "get_organisation")
CREATE_AGENCY = Rpc("filing", "create_agency")
FILTERS = ("kind", "enterprise_kind", "stage", "area", "q")
REGISTRATION = "enterprise_registration"
COLUMNS = ("name", "credit_code", "kinds", "division", "address", "contact", "phone")
NEW_AGENCY = ("name", "division", "zone_code", "address", "contact", "phone")


@blueprint.get("/organisations")
@members
def organisations() -> Response:
    chosen = listing.chosen(FILTERS)
    asked = listing.asked(chosen)
    # An enterprise looks others up by name or code, and sees no list of all.
    must_search = visitor().signed_in.organisation_kind == "enterprise" and "q" not in asked
    return show(
        "organisations/list.html",
        page=None if must_search else ask(LIST, asked),
        chosen=chosen,
        choices={name: words.choices(LIST, name) for name in ("kind", "enterprise_kind", "stage")},
        divisions=parts().catalogue.divisions(_area()),
    )


@blueprint.get("/organisations/<organisation_id>")
@members
def organisation(organisation_id: str) -> Response:
    return _card(organisation_id, {})


@blueprint.post("/organisations/<organisation_id>/administrator")
@operators
def give_administrator(organisation_id: str) -> Response:
    """Its first administrator (or another one); the one-time password is shown here, once, and kept nowhere."""
    typed = {name: request.form.get(name, "").strip() for name in ("username", "name")}
    try:
        kind = parts().profiles.ask(organisation_id).kind
        asked = read(CreateAccount(), {**typed, "organisation_id": organisation_id, "roles": [ADMINISTRATOR]})
        new = NewAccount(asked["username"], asked["name"], organisation_id, kind, (ADMINISTRATOR,))
        with transaction(parts().sessions) as session:
            row, password = accounts.create(session, parts().clock, visitor().signed_in, new)
            username = row.username
    except Refusal as refusal:
        return _card(organisation_id, typed, problems.document(refusal, problems.status_of(refusal)))
    return show(
        "organisations/one_time_password.html", username=username, password=password, organisation_id=organisation_id
    )


@blueprint.get("/agencies/new")
@operators
def new_agency() -> Response:
    return _agency_form({})


@blueprint.post("/agencies/new")
@operators
def set_up_agency() -> Response:
    typed = {name: request.form.get(name, "").strip() for name in NEW_AGENCY}
    key = command_key()
    organisation_id = derived_id("organisation", visitor().signed_in.id, key)
    asked = {name: value for name, value in typed.items() if value}
    try:
        told = ask(CREATE_AGENCY, {"organisation_id": organisation_id, **asked}, key=key)
    except Refusal as refusal:
        return _agency_form(typed, problems.document(refusal, problems.status_of(refusal)))
    return go(f"/organisations/{told['organisation_id']}", say("机构已设立，请为它开通管理员账号"))


def _card(organisation_id: str, typed: Body, problem: Body | None = None) -> Response:
    told = ask(GET, {"organisation_id": organisation_id})
    status = problem["status"] if problem else 200
    return show(
        "organisations/organisation.html",
        status=status,
        organisation=told,
        sections=_registered(told),
        typed=typed,
        problem=problem,
    )


def _registered(told: Body) -> list[described.Section]:
    """What it said of itself when it registered, in the words of that form; nothing of an agency or for strangers.

    Filing keeps a part of the form in columns of their own and the rest in `details`, which strangers are not told.
    """
    if told["kind"] != "enterprise" or "details" not in told:
        return []
    form = told["details"] | {name: told[name] for name in COLUMNS}
    places = {each["code"]: each["name"] for each in parts().catalogue.divisions()}
    return described.sections(matters.described(REGISTRATION), form, places)


def _agency_form(typed: Body, problem: Body | None = None) -> Response:
    status = problem["status"] if problem else 200
    divisions = parts().catalogue.divisions()
    return show("organisations/new_agency.html", status=status, typed=typed, problem=problem, divisions=divisions)


def _area() -> str:
    account = visitor().signed_in
    return "" if is_operator(account) else parts().profiles.of(account.organisation_id).area
