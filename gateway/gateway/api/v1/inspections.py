"""Inspections (执法检查), as the phone begins and completes them; findings; the check library."""

from gateway.api.routes import Route, get, post
from gateway.bus import Rpc

SCOPE = "enforcement"
COMPLETING_SECONDS = 3.0

ROUTES: tuple[Route, ...] = (
    get("/check-library", Rpc("enforcement", "get_check_library"), "检查库：检查表和条款", scope=SCOPE),
    get("/inspections", Rpc("enforcement", "list_inspections"), "执法检查列表", scope=SCOPE),
    post(
        "/inspections",
        Rpc("enforcement", "start_inspection"),
        "开始执法检查（两名以上执法人员）",
        scope=SCOPE,
        status=201,
    ),
    get("/inspections/{inspection_id}", Rpc("enforcement", "get_inspection"), "执法检查详情", scope=SCOPE),
    post(
        "/inspections/{inspection_id}/complete",
        Rpc("enforcement", "complete_inspection", COMPLETING_SECONDS),
        "完成并封存执法检查，签发文书",
        scope=SCOPE,
    ),
    post(
        "/inspections/{inspection_id}/abandon",
        Rpc("enforcement", "abandon_inspection"),
        "中止执法检查",
        scope=SCOPE,
    ),
    get("/findings", Rpc("enforcement", "list_findings"), "检查发现的问题列表", scope=SCOPE),
)
