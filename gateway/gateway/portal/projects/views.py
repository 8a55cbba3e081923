"""The register of projects, and one project with its people, machines, matters and certificates."""

from flask import Blueprint, Response

from gateway.bus import Body, Rpc
from gateway.portal import words
from gateway.portal.asking import ask, ask_all
from gateway.portal.locale import say
from gateway.portal.pages import members, show
from gateway.portal.registers import tables
from gateway.portal.registers.listing import asked, chosen, divisions
from gateway.portal.registers.tables import Column

blueprint = Blueprint("projects", __name__)

LIST = Rpc("filing", "list_projects")
GET = Rpc("filing", "get_project")
MACHINES = Rpc("equipment", "list_machines")
COLUMNS = (
    Column("name", "工程名称"),
    Column("number", "监督备案号"),
    Column("stage", "状态"),
    Column("works_kind", "工程类别", usual=False),
    Column("place", "所在地"),
    Column("owner", "建设单位"),
    Column("contractor", "施工单位"),
    Column("supervisor", "监理单位", usual=False),
    Column("works", "工期"),
    Column("changed_at", "更新", usual=False, sort="changed"),
)
FILTERS = ("q", "scope", "stage", "works_kind", "area")
MOST_MACHINES = 50
# What a hazardous work asks for, by its tier.
TIERS = ("未达到危大工程规模", "危大工程", "超过一定规模的危大工程")


@blueprint.get("/projects")
@members
def projects() -> Response:
    filters = chosen(FILTERS)
    table = tables.read(COLUMNS, own="changed")
    wanted = asked(filters) | table.asked
    return show(
        "projects/list.html",
        page=ask(LIST, wanted),
        table=table,
        wanted=wanted,
        chosen=filters,
        choices={name: words.choices(LIST, name) for name in ("scope", "stage", "works_kind")},
        divisions=divisions(),
    )


@blueprint.get("/projects/<project_id>")
@members
def project(project_id: str) -> Response:
    """Filing and equipment at the same time; while equipment is silent the page says so."""
    machines: Body = {"project_id": project_id, "limit": MOST_MACHINES}
    came, silent = ask_all({"project": (GET, {"project_id": project_id}), "machines": (MACHINES, machines)})
    found = came["project"] or ask(GET, {"project_id": project_id})  # raises why it did not come
    return show(
        "projects/project.html",
        project=found,
        tiers=[say(each) for each in TIERS],
        machines=came["machines"],
        silent=silent,
    )
