"""Where projects are: for a map beside their list."""

from chassis.schemas import Choice, Flag, Free, Id, Integer, Number, Part, Rows, Schema, Text
from chassis.searching import SHORTEST
from filing.schemas.common import AREA
from filing.schemas.projects import STAGES
from filing.staffing import WORKS_KINDS


class LocateProjects(Schema):
    """As list_projects narrows; only projects with a site boundary have a place."""

    area = Text("辖区", max=30, pattern=AREA, allow_none=True, load_default=None)
    stage = Choice("状态", choices=STAGES, allow_none=True, load_default=None)
    works_kind = Choice("工程类别", choices=WORKS_KINDS, allow_none=True, load_default=None)
    q = Text("查找", min=SHORTEST, max=60, allow_none=True, load_default=None)


class Located(Schema):
    """`position`: [longitude, latitude] in WGS-84, inside the site. `boundary` only where there are few."""

    project_id = Id()
    number = Text("备案编号", allow_none=True)
    name = Text("工程名称")
    stage = Choice("状态", choices=STAGES)
    place = Text("所在地")
    contractor_name = Text("施工总承包单位")
    position = Rows(Number(), "位置", min=2, max=2)
    boundary = Free("场地边界", allow_none=True)


class ProjectMap(Schema):
    """The ones changed last, up to a thousand, and how many there are in all (counted up to 1,000)."""

    items = Rows(Part(Located), max=1000)
    total = Integer("总数")
    total_is_exact = Flag("总数确切")
