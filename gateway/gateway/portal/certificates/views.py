"""Certificates and numbers that were issued: whether each is valid, and its paper."""

from flask import Blueprint, Response

from gateway.bus import Rpc
from gateway.portal import words
from gateway.portal.asking import ask
from gateway.portal.pages import members, show
from gateway.portal.registers import tables
from gateway.portal.registers.listing import SOON, asked, chosen, divisions
from gateway.portal.registers.tables import Column

blueprint = Blueprint("certificates", __name__)

LIST = Rpc("filing", "list_certificates")
GET = Rpc("filing", "get_certificate")
COLUMNS = (
    Column("title", "证书"),
    Column("number", "编号"),
    Column("holder", "持证单位"),
    Column("agency", "发证机构", usual=False),
    Column("project", "工程"),
    Column("stage", "状态"),
    Column("issued_on", "发证日期", sort="issued"),
    Column("valid_to", "有效期至", sort="runs_out", rising=True, only="按有效期排序时只列有期限的证书。"),
)
FILTERS = ("q", "number", "kind", "stage", "soon", "area", "machine_id", "project_id", "holder_id")


@blueprint.get("/certificates")
@members
def certificates() -> Response:
    filters = chosen(FILTERS)
    table = tables.read(COLUMNS, own="issued")
    wanted = asked(filters, soon="runs_out_before") | table.asked
    return show(
        "certificates/list.html",
        page=ask(LIST, wanted),
        table=table,
        wanted=wanted,
        chosen=filters,
        choices={name: words.choices(LIST, name) for name in ("kind", "stage")},
        divisions=divisions(),
        soon=SOON,
    )


@blueprint.get("/certificates/<certificate_id>")
@members
def certificate(certificate_id: str) -> Response:
    return show("certificates/certificate.html", certificate=ask(GET, {"certificate_id": certificate_id}))
