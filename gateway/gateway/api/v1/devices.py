"""Phones by which people on duty are located: opened for somebody, closed at once, and what has not arrived of one."""

from dataclasses import replace

from sqlalchemy.orm import Session

from chassis.schemas import Id, Schema, Text
from gateway.api.admission import as_whom
from gateway.api.routes import Body, Call, Change, Route, get, post
from gateway.bus import Rpc
from gateway.parts import parts
from gateway.positions import keys
from gateway.positions.keys import Owner

ONE = "/devices/{device_id}"
OPEN, CLOSE = Rpc("attendance", "open_device"), Rpc("attendance", "close_device")


class OpenDevice(Schema):
    person_id = Id("人员", required=True)
    label = Text("手机说明", max=60, load_default="")


class OpenedDevice(Schema):
    device_id = Id("手机", required=True)
    key = Text("定位密钥（只显示一次）", required=True)


class OneDevice(Schema):
    device_id = Id("手机", required=True)


class ClosedDevice(Schema):
    device_id = Id("手机", required=True)
    closed_at = Text("关闭时间", required=True)


def _opened(call: Call) -> Call:
    return replace(call, request=parts().bus.call(OPEN, call.request, as_whom(call.visitor), key=call.key))


def open_device(call: Call, session: Session) -> Body:
    told = call.request
    secret = keys.make(session, told["device_id"], Owner(told["device"], told["person"]), parts().clock())
    return {"device_id": told["device_id"], "key": secret}


def _closed(call: Call) -> Call:
    return replace(call, request=parts().bus.call(CLOSE, call.request, as_whom(call.visitor), key=call.key))


def close_device(call: Call, session: Session) -> Body:
    keys.revoke(session, call.request["device_id"], parts().clock())
    return call.request


ROUTES: tuple[Route, ...] = (
    get("/devices", Rpc("attendance", "list_devices"), "定位手机及开通时段", scope="attendance"),
    post(
        "/devices",
        Change(open_device, OpenDevice, OpenedDevice, first=_opened),
        "开通定位手机（密钥只显示一次）",
        scope="attendance",
        status=201,
    ),
    post(
        f"{ONE}/close",
        Change(close_device, OneDevice, ClosedDevice, first=_closed),
        "关闭定位手机（密钥立即失效）",
        scope="attendance",
    ),
    get(f"{ONE}/missing", Rpc("attendance", "get_missing_positions"), "尚未收到的定位序号", scope="attendance"),
)
