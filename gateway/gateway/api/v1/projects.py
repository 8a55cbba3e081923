"""Projects, what happens to them, and the certificates that were issued."""

from gateway.api.routes import Route, Who, get, post, put
from gateway.api.v1 import files
from gateway.bus import Rpc

ONE = "/projects/{project_id}"
CERTIFICATE = "/certificates/{certificate_id}"

ROUTES: tuple[Route, ...] = (
    get("/projects", Rpc("filing", "list_projects"), "项目列表", scope="projects"),
    get("/projects/map", Rpc("filing", "locate_projects"), "项目位置", scope="projects"),
    get(ONE, Rpc("filing", "get_project"), "项目详情", scope="projects"),
    post(f"{ONE}/stoppage", Rpc("filing", "record_stoppage"), "登记停工", scope="projects"),
    post(f"{ONE}/resumption", Rpc("filing", "record_resumption"), "登记复工", scope="projects"),
    post(f"{ONE}/works-acceptance", Rpc("filing", "record_works_acceptance"), "登记竣工验收", scope="projects"),
    post(f"{ONE}/close", Rpc("filing", "close_project"), "项目办结", scope="projects"),
    post("/projects/{unfiled_id}/merge", Rpc("filing", "merge_projects"), "未备案项目并入", scope="projects"),
    get(f"{ONE}/work-logs", Rpc("filing", "list_owed_logs"), "企业工序：各日应报和已报情况", scope="projects"),
    get(f"{ONE}/work-logs/{{day}}", Rpc("filing", "get_work_log"), "企业工序：某日施工日志", scope="projects"),
    get(f"{ONE}/work-logs/{{day}}/form", Rpc("filing", "get_log_form"), "企业工序：某日应填内容", scope="projects"),
    put(f"{ONE}/work-logs/{{day}}", Rpc("filing", "write_work_log"), "企业工序：填报、更正施工日志", scope="projects"),
    get(
        f"{ONE}/work-logs/{{day}}/photos/{{sha256}}",
        files.WORK_LOG_PHOTO,
        "企业工序：现场照片",
        scope="projects",
        media_type=files.ANY_FILE,
    ),
    get("/work-logs", Rpc("filing", "list_log_keeping"), "企业工序：各项目近 31 日填报情况", scope="projects"),
    get("/certificates", Rpc("filing", "list_certificates"), "证书列表", scope="certificates"),
    get(CERTIFICATE, Rpc("filing", "get_certificate"), "证书详情", scope="certificates"),
    post(f"{CERTIFICATE}/suspension", Rpc("filing", "suspend_certificate"), "暂停使用证书", scope="certificates"),
    post(f"{CERTIFICATE}/resumption", Rpc("filing", "resume_certificate"), "恢复使用证书", scope="certificates"),
    post(f"{CERTIFICATE}/cancellation", Rpc("filing", "cancel_certificate"), "注销证书", scope="certificates"),
    post(f"{CERTIFICATE}/reissue", Rpc("filing", "reissue_certificate"), "补发、换发证书", scope="certificates"),
    get("/verify/{code}", Rpc("filing", "verify_certificate"), "证书真伪查验", who=Who.ANYBODY),
)
