"""Matters, and the applications under them from draft to closing."""

from typing import Any

from gateway.api.routes import Route, Who, get, post, put
from gateway.api.v1 import files
from gateway.bus import Rpc

ONE = "/applications/{application_id}"
# A submission waits for the claims on machine and people, which have a deadline of their own.
SUBMITTING = 3.0
APPLICANTS: dict[str, Any] = {"scope": "applications", "who": Who.NEWCOMER}
OFFICERS: dict[str, Any] = {"scope": "applications"}

ROUTES: tuple[Route, ...] = (
    get("/matters", Rpc("filing", "list_matters"), "事项目录", who=Who.ANYBODY),
    get("/matters/{code}", Rpc("filing", "get_matter"), "事项：表单、附件、时限", who=Who.ANYBODY),
    post("/matters/{matter}/agencies", Rpc("filing", "offer_agencies"), "可选的受理机构", who=Who.ANYBODY),
    get("/figures", Rpc("filing", "figures"), "本辖区办件统计", scope="figures"),
    get("/applications", Rpc("filing", "list_applications"), "办件列表", **APPLICANTS),
    post(
        "/applications",
        Rpc("filing", "start_application"),
        "新增申请",
        status=201,
        derived="application_id",
        **OFFICERS,
    ),
    get(ONE, Rpc("filing", "get_application"), "办件详情", **APPLICANTS),
    put(f"{ONE}/draft", Rpc("filing", "save_draft"), "保存草稿", **APPLICANTS),
    post(f"{ONE}/check", Rpc("filing", "check_application", SUBMITTING), "预审", **APPLICANTS),
    post(f"{ONE}/submit", Rpc("filing", "submit_application", SUBMITTING), "上报", **APPLICANTS),
    post(f"{ONE}/withdraw", Rpc("filing", "withdraw_application"), "撤回", **APPLICANTS),
    post(f"{ONE}/countersign", Rpc("filing", "countersign_application"), "会签", **OFFICERS),
    post(f"{ONE}/accept", Rpc("filing", "accept_application"), "受理", **OFFICERS),
    post(f"{ONE}/return", Rpc("filing", "return_application"), "退回补正", **OFFICERS),
    post(f"{ONE}/review", Rpc("filing", "review_application"), "审核", **OFFICERS),
    post(f"{ONE}/approve", Rpc("filing", "approve_application"), "审批通过", **OFFICERS),
    post(f"{ONE}/reject", Rpc("filing", "reject_application"), "不予通过", **OFFICERS),
    post(f"{ONE}/unmask", Rpc("filing", "unmask_application"), "查看表单中的完整手机号（留痕）", **OFFICERS),
    get(f"{ONE}/attachments/{{sha256}}", files.ATTACHMENT, "申请的附件", media_type=files.ANY_FILE, **APPLICANTS),
)
