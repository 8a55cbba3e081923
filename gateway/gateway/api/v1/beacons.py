"""Bluetooth beacons on sites: placed and removed by who builds there, seen by the site's parties and its agency."""

from gateway.api.routes import Route, get, post
from gateway.bus import Rpc

ROUTES: tuple[Route, ...] = (
    get("/beacons", Rpc("attendance", "list_beacons"), "蓝牙信标列表", scope="attendance"),
    post("/beacons", Rpc("attendance", "place_beacon"), "登记安装蓝牙信标（施工单位）", scope="attendance", status=201),
    post(
        "/beacons/{beacon_id}/remove",
        Rpc("attendance", "remove_beacon"),
        "登记撤除蓝牙信标（施工单位）",
        scope="attendance",
    ),
)
