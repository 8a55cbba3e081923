"""Projects, what happens to them, and the certificates that were issued."""

from gateway.api.routes import Route, Who, get, post
from gateway.bus import Rpc

ONE = "/projects/{project_id}"

ROUTES: tuple[Route, ...] = (
    get("/projects", Rpc("filing", "list_projects"), "项目列表", scope="projects"),
    get(ONE, Rpc("filing", "get_project"), "项目详情", scope="projects"),
    post(f"{ONE}/stoppage", Rpc("filing", "record_stoppage"), "登记停工", scope="projects"),
    post(f"{ONE}/resumption", Rpc("filing", "record_resumption"), "登记复工", scope="projects"),
    post(f"{ONE}/works-acceptance", Rpc("filing", "record_works_acceptance"), "登记竣工验收", scope="projects"),
    post(f"{ONE}/close", Rpc("filing", "close_project"), "项目办结", scope="projects"),
    post("/projects/{unfiled_id}/merge", Rpc("filing", "merge_projects"), "未备案项目并入", scope="projects"),
    get("/certificates", Rpc("filing", "list_certificates"), "证书列表", scope="certificates"),
    get("/certificates/{certificate_id}", Rpc("filing", "get_certificate"), "证书详情", scope="certificates"),
    get("/verify/{code}", Rpc("filing", "verify_certificate"), "证书真伪查验", who=Who.ANYBODY),
)
