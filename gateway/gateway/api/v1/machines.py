"""The register of machines, and where each one is."""

from gateway.api.routes import Route, get, post
from gateway.bus import Rpc

ONE = "/machines/{machine_id}"

ROUTES: tuple[Route, ...] = (
    get("/machines", Rpc("equipment", "list_machines"), "机械设备列表", scope="machines"),
    get(ONE, Rpc("equipment", "get_machine"), "机械设备详情", scope="machines"),
    get(f"{ONE}/history", Rpc("equipment", "get_machine_history"), "机械设备履历", scope="machines"),
    get(f"{ONE}/holder", Rpc("equipment", "get_machine_holder"), "某时由谁占用", scope="machines"),
    post(f"{ONE}/unlock", Rpc("equipment", "unlock_machine"), "解除锁定", scope="machines"),
    post(f"{ONE}/freeze", Rpc("equipment", "freeze_machine"), "冻结", scope="machines"),
    post(f"{ONE}/thaw", Rpc("equipment", "thaw_machine"), "解冻", scope="machines"),
    post(f"{ONE}/retire", Rpc("equipment", "retire_machine"), "注销", scope="machines"),
)
