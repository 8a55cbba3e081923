"""Divisions, agencies and enterprises."""

from gateway.api.routes import Route, Who, get, post
from gateway.bus import Rpc

ROUTES: tuple[Route, ...] = (
    get("/divisions", Rpc("filing", "list_divisions"), "行政区划", who=Who.ANYBODY),
    get("/agencies", Rpc("filing", "list_agencies"), "监督机构", who=Who.ANYBODY),
    post("/agencies", Rpc("filing", "create_agency"), "设立监督机构", scope="organisations", status=201),
    get("/organisations", Rpc("filing", "list_organisations"), "单位查询", scope="organisations"),
    get("/organisations/{organisation_id}", Rpc("filing", "get_organisation"), "单位详情", scope="organisations"),
)
