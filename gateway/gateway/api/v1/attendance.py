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
    get("/duty-sites", Rpc("attendance", "list_duty_sites"), "有应在岗人员的工程（本单位）", scope="attendance"),
    get(
        "/duty-sites/{project_id}",
        Rpc("attendance", "get_site_day"),
        "工程某日应在岗人员、场地边界和当前位置",
        scope="attendance",
    ),
    get(
        "/duty-sites/{project_id}/tracks/{person_id}/{day}",
        Rpc("attendance", "get_track"),
        "人员某日轨迹（每次查看都留痕，本人可查）",
        scope="attendance",
    ),
    get("/people/{person_id}/looks", Rpc("attendance", "list_looks"), "谁查看过此人的轨迹", scope="attendance"),
    get("/privacy-terms", Rpc("attendance", "get_privacy_terms"), "定位个人信息处理告知", scope="attendance"),
    get("/leaves", Rpc("attendance", "list_leaves"), "请假列表", scope="attendance"),
    post("/leaves", Rpc("attendance", "ask_leave"), "申请请假（施工、监理单位）", scope="attendance", status=201),
    post("/leaves/{leave_id}/decide", Rpc("attendance", "decide_leave"), "决定请假（建设单位）", scope="attendance"),
    post("/leaves/{leave_id}/withdraw", Rpc("attendance", "withdraw_leave"), "撤回请假", scope="attendance"),
)
