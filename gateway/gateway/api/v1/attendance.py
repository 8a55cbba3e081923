"""Who was on duty, by position: a person's month, and the board of those who should be there now."""

from gateway.api.routes import Route, get
from gateway.bus import Rpc

ROUTES: tuple[Route, ...] = (
    get("/duty-board", Rpc("attendance", "get_duty_board"), "到岗看板（主管机关）", scope="attendance"),
    get(
        "/people/{person_id}/attendance/{month}",
        Rpc("attendance", "get_month"),
        "人员月度到岗记录",
        scope="attendance",
    ),
)
