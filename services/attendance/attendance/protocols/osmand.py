"""The protocol of OsmAnd and Traccar Client: a query string, a form, or (Traccar Client from version 9) JSON.

    id=…&lat=38.045&lon=114.515&timestamp=1772409600&accuracy=12&altitude=80&speed=0&bearing=0&batt=87
    {"location": {"timestamp": "2026-03-02T00:00:00.000Z", "coords": {"latitude": …, "longitude": …, "accuracy": …},
     "is_moving": …, "battery": {…}}, "device_id": "…"}

As documented at traccar.org/osmand; a `location` may also be a list, as the app's SDK sends when it catches up.
"""

import re
from typing import Any
from urllib.parse import parse_qs

from attendance.points import Points, SetAside
from attendance.protocols import reading
from attendance.protocols.reading import NoPosition, Told, Undecodable

NO = ("0", "false")
MOST_FIELDS = 100
# A time with its zone behind a blank: the + of an address, which forms take for one, was not escaped.
BLANK_FOR_PLUS = re.compile(r"([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?) ([0-9]{2}(?::?[0-9]{2})?)$")


def read(body: bytes, content_type: str, received_at: int) -> Points:
    if body.lstrip()[:1] in (b"{", b"["):
        return _of_json(reading.load(body), received_at)
    return _of_form(body, received_at)


def _of_json(message: Any, received_at: int) -> Points:
    told, aside = [], []
    for each in _locations(message):
        try:
            told.append(_located(each, received_at))
        except NoPosition as none:
            aside.append(SetAside(str(none), {"location": str(each)[:500]}))
    return reading.ahead(reading.points(told, aside), received_at)


def _locations(message: Any) -> list[Any]:
    if isinstance(message, dict) and "location" in message:
        location = message["location"]
        return location if isinstance(location, list) else [location]
    if isinstance(message, list):
        return [location for each in message for location in _locations(each)]
    raise Undecodable("no location")


def _located(location: Any, received_at: int) -> Told:
    coordinates = location.get("coords") if isinstance(location, dict) else None
    if not isinstance(coordinates, dict):
        raise NoPosition("not_a_position")
    time = reading.moment(location["timestamp"]) if location.get("timestamp") is not None else received_at
    return Told(
        time,
        *reading.place(coordinates.get("longitude"), coordinates.get("latitude")),
        reading.accuracy(coordinates.get("accuracy")),
        mock=reading.is_yes(location.get("mock")),
    )


def _of_form(body: bytes, received_at: int) -> Points:
    try:
        told = {name: values[0] for name, values in parse_qs(body.decode(), max_num_fields=MOST_FIELDS).items()}
    except ValueError as error:
        raise Undecodable("not a form") from error
    if not told:
        raise Undecodable("empty")
    try:
        return reading.ahead(reading.points([_of_fields(told, received_at)]), received_at)
    except NoPosition as none:
        kept = {name: value[:100] for name, value in told.items() if name not in ("id", "deviceid")}
        return reading.points([], [SetAside(str(none), kept)])


def _of_fields(told: dict[str, str], received_at: int) -> Told:
    if told.get("valid", "").lower() in NO:
        raise NoPosition("no_fix")
    latitude, _, longitude = told["location"].partition(",") if "location" in told else ("", "", "")
    return Told(
        reading.moment(BLANK_FOR_PLUS.sub(r"\1+\2", told["timestamp"])) if told.get("timestamp") else received_at,
        *reading.place(told.get("lon", longitude), told.get("lat", latitude)),
        reading.accuracy(told.get("accuracy", told.get("hacc"))),
        mock=reading.is_yes(told.get("mock", told.get("isMock"))),
    )
