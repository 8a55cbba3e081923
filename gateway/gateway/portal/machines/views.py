"""The register of machines: where each one is, since when, and what comes next (R-E5)."""

from flask import Blueprint, Response, request

from gateway.bus import Rpc
from gateway.portal import words
from gateway.portal.asking import ask
from gateway.portal.pages import members, show
from gateway.portal.registers import tables
from gateway.portal.registers.listing import SOON, asked, chosen, divisions
from gateway.portal.registers.tables import Column

blueprint = Blueprint("machines", __name__)

LIST = Rpc("equipment", "list_machines")
GET = Rpc("equipment", "get_machine")
HISTORY = Rpc("equipment", "get_machine_history")
COLUMNS = (
    Column("filing_number", "备案编号"),
    Column("machine", "设备"),
    Column("serial_number", "出厂编号"),
    Column("maker", "制造厂家", usual=False),
    Column("owner", "产权单位"),
    Column("stage", "状态"),
    Column("place", "所在工程"),
    Column("runs_out", "最早到期", sort="runs_out", rising=True, only="按到期排序时只列有到期日的在用设备。"),
    Column("recorded_at", "登记时间", usual=False, sort="recorded"),
)
FILTERS = ("q", "kind", "stage", "place", "area", "soon", "owner_id", "project_id")


@blueprint.get("/machines")
@members
def machines() -> Response:
    filters = chosen(FILTERS)
    table = tables.read(COLUMNS, own="recorded")
    wanted = asked(filters, soon="runs_out_before") | table.asked
    return show(
        "machines/list.html",
        page=ask(LIST, wanted),
        table=table,
        wanted=wanted,
        chosen=filters,
        choices={name: words.choices(LIST, name) for name in ("kind", "stage")},
        divisions=divisions(),
        soon=SOON,
    )


@blueprint.get("/machines/<machine_id>")
@members
def machine(machine_id: str) -> Response:
    return show("machines/machine.html", machine=ask(GET, {"machine_id": machine_id}))


@blueprint.get("/machines/<machine_id>/history")
@members
def history(machine_id: str) -> Response:
    page = ask(HISTORY, {"machine_id": machine_id, "after": request.args.get("after") or None})
    return show("machines/history.html", machine_id=machine_id, page=page)
