"""The home page: every room asked at the same time, and what came shown, though one be silent."""

from chassis.errors import Refusal, Unavailable
from chassis.schemas import Rows, Schema, Text
from gateway.api.admission import as_whom
from gateway.api.routes import Body, Call, Local, Route, get
from gateway.bus import Rpc
from gateway.parts import parts

NEWEST = 5
ASKED: dict[str, tuple[Rpc, Body]] = {
    "filing": (Rpc("filing", "summarise"), {}),
    "equipment": (Rpc("equipment", "summarise"), {}),
    "personnel": (Rpc("personnel", "summarise"), {}),
    "enforcement": (Rpc("enforcement", "summarise"), {}),
    "bulletins": (Rpc("filing", "list_bulletins"), {"limit": NEWEST}),
    "downloads": (Rpc("filing", "list_downloads"), {"limit": NEWEST}),
}


def home(call: Call) -> Body:
    """A part is null when its service is silent or has nothing for this visitor; `silent` names the silent services."""
    answers = parts().bus.call_many(list(ASKED.values()), as_whom(call.visitor))
    told = dict(zip(ASKED, answers, strict=True))
    silent = {ASKED[name][0].service for name, answer in told.items() if isinstance(answer, Unavailable)}
    shown = {name: None if isinstance(answer, Refusal) else answer for name, answer in told.items()}
    return {**shown, "silent": sorted(silent)}


class Home(Schema):
    silent = Rows(Text(), "未答复的服务", required=True)


HOME = Local(home, None, Home, gathers={name: rpc for name, (rpc, _) in ASKED.items()})
ROUTES: tuple[Route, ...] = (get("/home", HOME, "首页：待办、公告、下载"),)
