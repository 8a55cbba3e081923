"""Officers' roster, plans of inspections, and draws that anybody can recompute."""

from gateway.api.routes import Route, get, post, put
from gateway.bus import Rpc

SCOPE = "enforcement"
ROUTES: tuple[Route, ...] = (
    get("/officers", Rpc("enforcement", "list_officers"), "本机构执法人员", scope=SCOPE),
    post("/officers", Rpc("enforcement", "enter_officer"), "登记执法人员", scope=SCOPE, status=201),
    post("/officers/{officer_id}/remove", Rpc("enforcement", "remove_officer"), "移出执法人员名录", scope=SCOPE),
    post(
        "/officers/{officer_id}/interests",
        Rpc("enforcement", "enter_interest"),
        "登记应当回避的企业",
        scope=SCOPE,
        status=201,
    ),
    post("/interests/{interest_id}/end", Rpc("enforcement", "end_interest"), "结束回避", scope=SCOPE),
    get("/plans", Rpc("enforcement", "list_plans"), "检查计划列表", scope=SCOPE),
    post("/plans", Rpc("enforcement", "save_plan"), "拟定检查计划", scope=SCOPE, status=201),
    get("/plans/{plan_id}", Rpc("enforcement", "get_plan"), "检查计划及其完成情况", scope=SCOPE),
    put("/plans/{plan_id}", Rpc("enforcement", "save_plan"), "修改待审批的检查计划", scope=SCOPE),
    post("/plans/{plan_id}/approve", Rpc("enforcement", "approve_plan"), "批准检查计划", scope=SCOPE),
    post("/plans/{plan_id}/finish", Rpc("enforcement", "finish_plan"), "结束检查计划", scope=SCOPE),
    post("/plans/{plan_id}/draws", Rpc("enforcement", "commit_draw"), "承诺一次抽取", scope=SCOPE, status=201),
    get("/draws", Rpc("enforcement", "list_draws"), "双随机抽取列表", scope=SCOPE),
    get("/draws/verifier", Rpc("enforcement", "get_draw_verifier"), "核对抽取的程序", scope=SCOPE),
    get("/draws/{draw_id}", Rpc("enforcement", "get_draw"), "双随机抽取及其公布文件", scope=SCOPE),
    post("/draws/{draw_id}/reveal", Rpc("enforcement", "reveal_draw"), "公布种子并抽取", scope=SCOPE),
)
