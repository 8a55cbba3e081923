"""Who was on duty, by position: a person's month, and the board of those who should be there now."""

from gateway.api.routes import Route, get, post
from gateway.bus import Rpc

ROUTES: tuple[Route, ...] = (
    get("/duty-board", Rpc("attendance", "get_duty_board"), "到岗看板（主管机关）", scope="attendance"),
    get(
        "/people/{person_id}/attendance/{month}",
        Rpc("attendance", "get_month"),
        "人员月度到岗记录",
        scope="attendance",
    ),
    get("/leaves", Rpc("attendance", "list_leaves"), "请假列表", scope="attendance"),
    post("/leaves", Rpc("attendance", "ask_leave"), "申请请假（施工、监理单位）", scope="attendance", status=201),
    post("/leaves/{leave_id}/decide", Rpc("attendance", "decide_leave"), "决定请假（建设单位）", scope="attendance"),
    post("/leaves/{leave_id}/withdraw", Rpc("attendance", "withdraw_leave"), "撤回请假", scope="attendance"),
    get("/suspicions", Rpc("attendance", "list_suspicions"), "定位存疑列表", scope="attendance"),
    get(
        "/suspicions/{person_id}/{day}",
        Rpc("attendance", "get_suspicion"),
        "定位存疑的疑点与数据",
        scope="attendance",
    ),
    post(
        "/suspicions/{person_id}/{day}/appeal",
        Rpc("attendance", "appeal_suspicion"),
        "对定位存疑申辩（施工、监理单位）",
        scope="attendance",
    ),
    post(
        "/suspicions/{person_id}/{day}/decide",
        Rpc("attendance", "decide_suspicion"),
        "认定定位是否属实（主管机关）",
        scope="attendance",
    ),
)
