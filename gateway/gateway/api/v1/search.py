"""The one box over everything: the services asked at the same time, and what came shown, though one be silent."""

from chassis.errors import Refusal, Unavailable
from chassis.schemas import Integer, Rows, Schema, Text
from gateway.api.admission import as_whom
from gateway.api.routes import Body, Call, Local, Route, get
from gateway.bus import Rpc
from gateway.parts import parts

FEW, MOST = 5, 20
ASKED = {
    "filing": Rpc("filing", "search"),
    "machines": Rpc("equipment", "list_machines"),
    "people": Rpc("personnel", "list_people"),
}


class Search(Schema):
    q = Text("查找", min=2, max=60, required=True)
    limit = Integer("每类条数", min=1, max=MOST, load_default=FEW)


class Found(Schema):
    silent = Rows(Text(), "未答复的服务", required=True)


def search(call: Call) -> Body:
    """A part is null when its service is silent or has nothing for this visitor; `silent` names the silent services."""
    asked = [(rpc, call.request) for rpc in ASKED.values()]
    answers = dict(zip(ASKED, parts().bus.call_many(asked, as_whom(call.visitor)), strict=True))
    silent = {ASKED[name].service for name, answer in answers.items() if isinstance(answer, Unavailable)}
    shown = {name: None if isinstance(answer, Refusal) else answer for name, answer in answers.items()}
    return {**shown, "silent": sorted(silent)}


SEARCH = Local(search, Search, Found, gathers=ASKED)
ROUTES: tuple[Route, ...] = (get("/search", SEARCH, "全局查找：办件、项目、证书、单位、设备、人员"),)
