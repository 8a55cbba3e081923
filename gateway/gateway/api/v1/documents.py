"""Documents of enforcement (执法文书): their numbers leased to a phone, read, and served on paper."""

from typing import Any

from gateway.api.routes import Route, get, post
from gateway.bus import Rpc

ONE = "/documents/{document_id}"
HERE: dict[str, Any] = {"scope": "enforcement"}

ROUTES: tuple[Route, ...] = (
    post("/documents/numbers", Rpc("enforcement", "lease_numbers"), "预领文号（供手机离线使用）", status=201, **HERE),
    get("/documents", Rpc("enforcement", "list_documents"), "执法文书列表", **HERE),
    get(ONE, Rpc("enforcement", "get_document"), "执法文书；受送达单位首次查看即为送达", **HERE),
    post(f"{ONE}/serve", Rpc("enforcement", "serve_on_paper"), "登记纸质送达", **HERE),
    get("/numbers", Rpc("enforcement", "list_numbers"), "本机构文号的使用情况", **HERE),
)
