"""What agencies tell everybody: bulletins and files to download."""

from gateway.api.routes import Route, Who, get, patch, post
from gateway.api.v1 import files
from gateway.bus import Rpc

ROUTES: tuple[Route, ...] = (
    get("/bulletins", Rpc("filing", "list_bulletins"), "通知公告", who=Who.ANYBODY),
    get("/bulletins/{bulletin_id}", Rpc("filing", "get_bulletin"), "公告详情", who=Who.ANYBODY),
    get(
        "/bulletins/{bulletin_id}/attachments/{sha256}",
        files.BULLETIN_FILE,
        "公告的附件",
        who=Who.ANYBODY,
        media_type=files.ANY_FILE,
    ),
    post(
        "/bulletins",
        Rpc("filing", "publish_bulletin"),
        "发布公告",
        scope="bulletins",
        status=201,
        derived="bulletin_id",
    ),
    patch("/bulletins/{bulletin_id}", Rpc("filing", "change_bulletin"), "修改或撤下公告", scope="bulletins"),
    get("/downloads", Rpc("filing", "list_downloads"), "下载管理", who=Who.ANYBODY),
    get(
        "/downloads/{download_id}/file",
        files.DOWNLOAD_FILE,
        "下载文件",
        who=Who.ANYBODY,
        media_type=files.ANY_FILE,
    ),
    post(
        "/downloads",
        Rpc("filing", "publish_download"),
        "发布下载文件",
        scope="bulletins",
        status=201,
        derived="download_id",
    ),
    patch("/downloads/{download_id}", Rpc("filing", "change_download"), "修改或撤下下载文件", scope="bulletins"),
)
