"""OwnTracks in HTTP mode: one JSON object a request, or a list of them, told apart by `_type`.

    {"_type": "location", "lat": 38.045, "lon": 114.515, "tst": 1772409600, "acc": 12, "tid": "wj", "batt": 87}

As documented in the OwnTracks booklet (JSON, HTTP). Locations and transitions are positions; what else the apps tell of
themselves (lwt, waypoints, card, status, steps …), and an empty body, is taken and passes for nothing.
"""

from typing import Any

from attendance.points import Points, SetAside
from attendance.protocols import reading
from attendance.protocols.reading import NoPosition, Told, Undecodable

POSITIONS = ("location", "transition")


def read(body: bytes, content_type: str, received_at: int) -> Points:
    if not body.strip():
        return reading.points([])
    message = reading.load(body)
    told, aside = [], []
    for each in message if isinstance(message, list) else [message]:
        if not isinstance(each, dict) or not isinstance(each.get("_type"), str):
            raise Undecodable("no _type")
        if each["_type"] == "encrypted":
            raise Undecodable("encrypted")
        if each["_type"] in POSITIONS:
            try:
                told.append(_told(each))
            except NoPosition as none:
                aside.append(SetAside(str(none), {name: str(value)[:100] for name, value in each.items()}))
    return reading.ahead(reading.points(told, aside), received_at)


def _told(each: dict[str, Any]) -> Told:
    return Told(
        reading.moment(each.get("tst")),
        *reading.place(each.get("lon"), each.get("lat")),
        reading.accuracy(each.get("acc")),
    )
