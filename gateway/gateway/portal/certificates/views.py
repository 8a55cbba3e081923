"""Certificates and numbers that were issued: whether each is valid, and its paper."""

from flask import Blueprint, Response

from gateway.bus import Rpc
from gateway.portal import words
from gateway.portal.asking import ask
from gateway.portal.pages import members, show
from gateway.portal.registers.listing import SOON, asked, chosen

blueprint = Blueprint("certificates", __name__)

LIST = Rpc("filing", "list_certificates")
GET = Rpc("filing", "get_certificate")
FILTERS = ("number", "stage", "soon", "machine_id", "project_id", "holder_id")


@blueprint.get("/certificates")
@members
def certificates() -> Response:
    filters = chosen(FILTERS)
    page = ask(LIST, asked(filters, soon="runs_out_before"))
    choices = words.choices(LIST, "stage")
    return show("certificates/list.html", page=page, chosen=filters, stages=choices, soon=SOON)


@blueprint.get("/certificates/<certificate_id>")
@members
def certificate(certificate_id: str) -> Response:
    return show("certificates/certificate.html", certificate=ask(GET, {"certificate_id": certificate_id}))
