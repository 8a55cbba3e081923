"""What agencies tell everybody: bulletins and files to download."""

from gateway.api.routes import Route, Who, get, post, put
from gateway.bus import Rpc

ROUTES: tuple[Route, ...] = (
    get("/bulletins", Rpc("filing", "list_bulletins"), "通知公告", who=Who.ANYBODY),
    get("/bulletins/{bulletin_id}", Rpc("filing", "get_bulletin"), "公告详情", who=Who.ANYBODY),
    post("/bulletins", Rpc("filing", "publish_bulletin"), "发布公告", scope="bulletins", status=201),
    put("/bulletins/{bulletin_id}", Rpc("filing", "change_bulletin"), "修改公告", scope="bulletins"),
    get("/downloads", Rpc("filing", "list_downloads"), "下载管理", who=Who.ANYBODY),
    post("/downloads", Rpc("filing", "publish_download"), "发布下载文件", scope="bulletins", status=201),
)
