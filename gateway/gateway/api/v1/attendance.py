"""Who was on duty, by position: a person's month, its closing and corrections, the board of those who should be there now,
absences, leave, and leadership shifts."""

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
    get("/duty-ranking", Rpc("attendance", "duty_ranking", 3.0), "到岗率排名（主管机关）", scope="attendance"),
    get("/duty-trend", Rpc("attendance", "duty_trend", 3.0), "最近十二个月到岗率（主管机关）", scope="attendance"),
    get("/duty-months", Rpc("attendance", "list_duty_months", 3.0), "到岗月报", scope="attendance"),
    get("/privacy-terms", Rpc("attendance", "get_privacy_terms"), "定位个人信息处理告知", scope="attendance"),
    post(
        "/projects/{project_id}/months/{month}/reopen",
        Rpc("attendance", "reopen_month"),
        "重新开放已封存的月份（主管机关）",
        scope="attendance",
    ),
    post(
        "/people/{person_id}/corrections",
        Rpc("attendance", "correct_day"),
        "更正某日到岗认定（主管机关）",
        scope="attendance",
        status=201,
    ),
    post(
        "/corrections/{correction_id}/withdraw",
        Rpc("attendance", "withdraw_correction"),
        "撤销更正（主管机关）",
        scope="attendance",
    ),
    get("/absences", Rpc("attendance", "list_absences"), "缺勤及无法达标人员", scope="attendance"),
    post(
        "/absences/{absence_id}/explain",
        Rpc("attendance", "explain_absence"),
        "说明缺勤情况（施工、监理单位）",
        scope="attendance",
    ),
    get("/shifts", Rpc("attendance", "list_shifts"), "现场带班记录", scope="attendance"),
    post("/shifts", Rpc("attendance", "record_shift"), "登记现场带班（施工单位）", scope="attendance", status=201),
    post(
        "/shifts/{shift_id}/decide",
        Rpc("attendance", "decide_shift"),
        "确认或退回带班记录（建设、监理单位）",
        scope="attendance",
    ),
    post("/shifts/{shift_id}/withdraw", Rpc("attendance", "withdraw_shift"), "撤回带班记录", scope="attendance"),
    get(
        "/people/{person_id}/leader-months/{month}",
        Rpc("attendance", "get_leader_month"),
        "企业负责人月度带班情况",
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
