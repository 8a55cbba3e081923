"""What phones send, as their apps send it: read, set aside with a reason, or refused as a whole."""

import gzip
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.points import NO_RSSI, NO_SEQUENCE, Points
from attendance.protocols import LARGEST, Undecodable, decode

AT = 1_772_409_600_000  # 2026-03-02T00:00:00Z
ROW = [AT, 114.515, 38.045, 12.5, 7, 0]


def native(message: Any, encoding: str = "") -> Points:
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return decode("native", body, "application/json", encoding, AT)


def told(points: Points) -> list[tuple[Any, ...]]:
    accuracy = [None if np.isnan(each) else each for each in points.accuracy]
    return list(zip(points.time.tolist(), points.longitude.tolist(), points.latitude.tolist(), accuracy, strict=True))


def test_rows_and_columns_say_the_same_in_the_order_in_which_they_were_sent() -> None:
    rows = [[AT + 1000 * n, 114.5 + n / 1e4, 38.0, 10 + n, n, n % 2] for n in (3, 1, 2)]
    names = ("time", "longitude", "latitude", "accuracy", "sequence", "mock")
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}

    by_rows, by_columns = native({"rows": rows}), native({"columns": columns})

    assert told(by_rows) == told(by_columns) == [tuple(row[:4]) for row in rows]
    assert by_rows.sequence.tolist() == [3, 1, 2] and by_rows.mock.tolist() == [True, True, False]


def test_what_a_phone_does_not_know_it_may_leave_out() -> None:
    points = native({"sent_at": AT, "rows": [[AT, 114.5, 38.0], [AT + 1000, 114.5, 38.0, None, None]]})

    assert [each[3] for each in told(points)] == [None, None]
    assert points.sequence.tolist() == [NO_SEQUENCE] * 2
    assert points.sent_at == AT


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ([AT, "x", 38.0, 1], "not_a_position"),
        ([AT, None, 38.0, 1], "not_a_position"),
        ([AT, 200, 38.0, 1], "outside_the_world"),
        ([AT, 0, 0, 1], "no_fix"),
        (["yesterday", 114.5, 38.0, 1], "no_time"),
        ([0, 114.5, 38.0, 1], "no_time"),
        ([None, 114.5, 38.0, 1], "no_time"),
    ],
)
def test_one_that_is_no_position_is_set_aside_and_the_others_are_taken(row: list[Any], reason: str) -> None:
    points = native({"rows": [ROW[:4], row, ROW[:4]]})

    assert len(points) == 2
    assert [each.reason for each in points.set_aside] == [reason]


@pytest.mark.parametrize(
    "message",
    [
        b"\xff",
        b"[]",
        {},
        {"rows": {}},
        {"rows": [[AT]]},
        {"rows": [3]},
        {"rows": [ROW], "columns": {}},
        {"columns": {"time": [AT], "longitude": [], "latitude": []}},
        {"rows": [ROW], "datum": "mars"},
        {"rows": [ROW] * 5001},
    ],
)
def test_what_is_no_message_of_ours_is_refused_as_a_whole(message: Any) -> None:
    with pytest.raises(Undecodable):
        native(message)


def test_five_thousand_positions_are_taken_also_packed() -> None:
    packed = gzip.compress(json.dumps({"rows": [ROW] * 5000}).encode())
    assert len(native(packed, "gzip")) == 5000


def test_a_bomb_is_not_unpacked() -> None:
    for body in (gzip.compress(b" " * (LARGEST + 1)), b"no gzip", gzip.compress(b"{}")[:-4]):
        with pytest.raises(Undecodable):
            native(body, "gzip")


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "gzip, br"])
def test_what_is_packed_in_another_way_is_refused_as_a_whole(encoding: str) -> None:
    with pytest.raises(Undecodable, match="encoded"):
        native({"rows": [ROW]}, encoding)


def test_a_declared_datum_is_converted() -> None:
    (here,) = told(native({"datum": "GCJ-02", "rows": [ROW]}))
    assert (here[1], here[2]) != (114.515, 38.045)
    assert abs(here[1] - 114.515) < 0.01


UUID = "fda50693-a4e2-4fb1-afcf-c6eb07647825"
SIGHTING = [AT, UUID, 10011, 3, -71, 8]


def test_beacons_come_as_rows_or_columns_beside_positions_or_alone() -> None:
    rows = [SIGHTING, [AT + 1000, UUID.upper().replace("-", ""), 0, 65535, None, None], [AT + 2000, UUID, 1, 2]]
    filled = [row + [None] * (6 - len(row)) for row in rows]
    names = ("time", "uuid", "major", "minor", "rssi", "sequence")
    columns = {name: [row[place] for row in filled] for place, name in enumerate(names)}

    for message in ({"rows": [ROW], "beacons": rows}, {"beacons": columns, "sent_at": AT}):
        points = native(message)
        heard = points.sightings
        assert heard is not None and len(points) == len(message.get("rows", []))
        assert heard.time.tolist() == [AT, AT + 1000, AT + 2000]
        assert heard.beacon == ((UUID, 10011, 3), (UUID, 0, 65535), (UUID, 1, 2))
        assert (heard.rssi.tolist(), heard.sequence.tolist()) == (
            [-71, NO_RSSI, NO_RSSI],
            [8, NO_SEQUENCE, NO_SEQUENCE],
        )
        assert heard.sent_at == message.get("sent_at")
    assert native({"rows": [ROW]}).sightings is None


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ([AT, "not-a-uuid", 1, 2], "not_a_beacon"),
        ([AT, UUID, 65536, 2], "not_a_beacon"),
        ([AT, UUID, True, 2], "not_a_beacon"),
        ([AT, UUID, 1, "2"], "not_a_beacon"),
        (["then", UUID, 1, 2], "no_time"),
    ],
)
def test_one_that_is_no_sighting_is_set_aside_and_the_others_are_taken(row: list[Any], reason: str) -> None:
    heard = native({"beacons": [SIGHTING, row]}).sightings

    assert heard is not None and len(heard) == 1
    assert [each.reason for each in heard.set_aside] == [reason]


@pytest.mark.parametrize(
    "message",
    [
        {"beacons": 7},
        {"beacons": [7]},
        {"beacons": [[AT, UUID, 1]]},
        {"beacons": {"time": [AT], "uuid": [UUID], "major": [1]}},
        {"rows": [ROW] * 3000, "beacons": [SIGHTING] * 2001},
        {"beacons": [["x", 1, 2, 3]] * 5001},
    ],
)
def test_beacons_that_are_no_such_thing_and_too_many_of_them_are_refused_with_the_message(message: Any) -> None:
    with pytest.raises(Undecodable):
        native(message)


# ── OsmAnd and Traccar Client: fields and forms as documented at traccar.org/osmand ──


def osmand(body: str | bytes) -> Points:
    return decode("osmand", body.encode() if isinstance(body, str) else body, "", "", AT)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "id=123456&lat=38.045&lon=114.515&timestamp=1772409600&hdop=3&altitude=80&speed=5",
            (AT, 114.515, 38.045, None),
        ),
        ("deviceid=1&lat=38.045&lon=114.515&timestamp=1772409600000&accuracy=9.5&batt=87", (AT, 114.515, 38.045, 9.5)),
        ("id=1&location=38.045,114.515&timestamp=2026-03-02T00:00:00Z", (AT, 114.515, 38.045, None)),
        ("id=1&lat=38.045&lon=114.515&timestamp=2026-03-02 08:00:00%2B08:00", (AT, 114.515, 38.045, None)),
        ("id=1&lat=38.045&lon=114.515&timestamp=2026-03-02T08:00:00+08:00", (AT, 114.515, 38.045, None)),
        ("id=1&lat=38.045&lon=114.515&timestamp=2026-03-02+08:00:00.000+0800&hacc=7", (AT, 114.515, 38.045, 7.0)),
        ("id=1&lat=38.045&lon=114.515&timestamp=2026-03-02+00:00", (AT, 114.515, 38.045, None)),
        ("id=1&lat=38.045&lon=114.515&timestamp=1772409600&accuracy=9&hacc=7", (AT, 114.515, 38.045, 9.0)),
        ("id=1&lat=38.045&lon=114.515", (AT, 114.515, 38.045, None)),
        ("id=1&lat=38.045&lon=114.515&accuracy=-1", (AT, 114.515, 38.045, None)),
    ],
)
def test_osmand_queries_and_forms(query: str, expected: tuple[Any, ...]) -> None:
    assert told(osmand(query)) == [expected]


def test_traccar_clients_json() -> None:
    location = {
        "timestamp": "2026-03-02T00:00:00.000Z",
        "coords": {"latitude": 38.045, "longitude": 114.515, "accuracy": 5, "speed": 0, "heading": 0, "altitude": 80},
        "is_moving": False, "odometer": 0, "event": "motionchange",
        "battery": {"level": 1, "is_charging": False}, "activity": {"type": "still"}, "extras": {},
    }  # fmt: skip
    one = osmand(json.dumps({"location": location, "device_id": "48241179"}))
    several = osmand(json.dumps({"location": [location, {"coords": None}], "device_id": "48241179"}))

    assert told(one) == told(several) == [(AT, 114.515, 38.045, 5.0)]
    assert [each.reason for each in several.set_aside] == ["not_a_position"]


def test_an_app_whose_positions_are_of_the_future_has_a_clock_that_is_ahead_and_a_receivers_slip_is_none() -> None:
    def told(*minutes_from_now: int) -> int | None:
        body = [
            {"_type": "location", "tst": (AT // 60_000 + each) * 60, "lat": 38.0, "lon": 114.5}
            for each in minutes_from_now
        ]
        return decode("owntracks", json.dumps(body).encode(), "", "", AT // 60_000 * 60_000).sent_at

    assert told(-5, 10) == (AT // 60_000 + 10) * 60_000
    assert told(-5, 0) is None
    assert told(-5, 60 * 24 * 365) is None


def test_a_key_is_not_kept_with_what_is_set_aside() -> None:
    points = osmand("id=d_secret&lat=x&lon=114.5")
    assert [each.reason for each in points.set_aside] == ["not_a_position"]
    assert "d_secret" not in json.dumps([each.told for each in points.set_aside])


# ── OwnTracks in HTTP mode: types and fields as the booklet has them ──


def owntracks(message: Any) -> Points:
    return decode("owntracks", message if isinstance(message, bytes) else json.dumps(message).encode(), "", "", AT)


LOCATION = {"_type": "location", "lat": 38.045, "lon": 114.515, "tst": 1772409600, "acc": 12, "tid": "wj", "batt": 87}


def test_owntracks_locations_and_transitions_are_positions() -> None:
    transition = {"_type": "transition", "lat": 38.045, "lon": 114.515, "tst": 1772409660, "acc": 60, "event": "enter"}
    assert told(owntracks([LOCATION, transition])) == [
        (AT, 114.515, 38.045, 12.0),
        (AT + 60_000, 114.515, 38.045, 60.0),
    ]


@pytest.mark.parametrize("kind", ["lwt", "waypoint", "waypoints", "card", "cmd", "status", "steps", "beacon", "new"])
def test_what_owntracks_tells_of_itself_passes_for_nothing(kind: str) -> None:
    assert len(owntracks({"_type": kind, "tst": 1772409600})) == 0


def test_an_empty_body_of_owntracks_passes_for_nothing() -> None:
    assert len(owntracks(b"")) == 0


@pytest.mark.parametrize("message", [{"_type": "encrypted", "data": "…"}, {"lat": 1}, 7, b"{", [None]])
def test_what_owntracks_does_not_send_is_refused(message: Any) -> None:
    with pytest.raises(Undecodable):
        owntracks(message)


def test_an_unknown_protocol_is_refused() -> None:
    with pytest.raises(Undecodable):
        decode("smoke", b"", "", "", AT)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**400), 10**400) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.sampled_from(
        ["rows", "columns", "time", "longitude", "latitude", "_type", "lat", "lon", "tst", "location", "coords",
         "timestamp", "datum", "sent_at", "sequence", "mock", "accuracy", "acc",
         "beacons", "uuid", "major", "minor"]), inner, max_size=5),
    max_leaves=30,
)  # fmt: skip


@pytest.mark.parametrize("protocol", ["native", "osmand", "owntracks"])
@given(message=st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
def test_whatever_comes_is_read_or_refused(protocol: str, message: bytes) -> None:
    try:
        points = decode(protocol, message, "", "", AT)
    except Undecodable:
        return
    assert np.isfinite(points.longitude).all() and np.isfinite(points.latitude).all()
    json.dumps([each.told for each in points.set_aside], allow_nan=False)


@pytest.mark.parametrize(
    ("protocol", "body"),
    [
        ("native", b'{"rows":[["\\u0000",1,2]]}'),
        ("native", b'{"rows":[["\\ud800",1,2]]}'),
        ("osmand", b"lat=%00&lon=114"),
        ("owntracks", b'{"_type":"location","lat":1,"x":"\\u0000"}'),
    ],
)
def test_what_the_database_cannot_keep_holds_up_nobody(protocol: str, body: bytes) -> None:
    (one,) = decode(protocol, body, "", "", AT).set_aside
    json.dumps(one.told, ensure_ascii=False).encode()
    assert "\\u0000" not in json.dumps(one.told)


def test_what_is_nested_too_deep_is_refused() -> None:
    with pytest.raises(Undecodable):
        osmand(b"[" * 900 + b"]" * 900)
