"""What was uploaded and is used by nobody is removed after some days; never what somebody uses or begins to use."""

from datetime import timedelta
from typing import Any

import pytest

from chassis.errors import Unavailable
from gateway import uploaded
from gateway.parts import Parts
from gateway.testing.rooms import Asked
from gateway.testing.visits import Visit

PAPER = b"%PDF-1.7 a plan"
WEEK, HOUR = timedelta(days=7, minutes=1), timedelta(hours=1, minutes=1)
ROOMS = ("filing", "personnel", "enforcement")


@pytest.fixture
def used(town: Any) -> dict[str, set[str]]:
    """Which files each room says are in use."""
    told: dict[str, set[str]] = {room: set() for room in ROOMS}

    def says(asked: Asked) -> dict[str, Any]:
        room = asked.name.partition(".")[0]
        return {"used": [each for each in asked.request["names"] if each in told[room]]}

    for room in ROOMS:
        town.rooms.say(f"{room}.find_used_files", says)
    return told


@pytest.fixture
def paper(town: Any, visit: Any, used: dict[str, set[str]]) -> str:
    return upload(visit())


def upload(here: Visit) -> str:
    reply = here.post("/attachments", data=PAPER, headers={"Content-Type": "application/octet-stream"})
    assert reply.status_code == 201, reply.json
    sha256: str = reply.json["sha256"]
    return sha256


def test_what_nobody_uses_is_put_aside_after_a_week_and_gone_an_hour_later(
    parts: Parts, clock: Any, paper: str
) -> None:
    uploaded.sweep(parts)
    assert parts.blobs.exists(paper)

    clock.advance(WEEK)
    uploaded.sweep(parts)
    assert not parts.blobs.exists(paper)
    clock.advance(HOUR)
    uploaded.sweep(parts)

    assert parts.blobs.look(paper) is None
    assert rows(parts) == 0


@pytest.mark.parametrize("room", ROOMS)
def test_what_a_service_uses_stays_for_good(
    parts: Parts, clock: Any, paper: str, used: dict[str, set[str]], room: str
) -> None:
    used[room].add(paper)

    for _ in range(3):
        clock.advance(WEEK)
        uploaded.sweep(parts)

    assert parts.blobs.get(paper) == PAPER
    assert rows(parts) == 0


def test_who_begins_to_use_it_at_that_very_moment_keeps_it(
    parts: Parts, clock: Any, paper: str, used: dict[str, set[str]]
) -> None:
    clock.advance(WEEK)
    uploaded.sweep(parts)

    used["filing"].add(paper)  # a draft that was being saved while filing was asked
    clock.advance(HOUR)
    uploaded.sweep(parts)

    assert parts.blobs.exists(paper)


def test_what_is_looked_at_while_it_is_aside_is_back_at_once(parts: Parts, clock: Any, paper: str) -> None:
    clock.advance(WEEK)
    uploaded.sweep(parts)

    assert parts.blobs.look(paper) is not None  # as filing does before it saves a draft
    clock.advance(HOUR)
    uploaded.sweep(parts)

    assert parts.blobs.exists(paper)


@pytest.mark.parametrize("when", [timedelta(days=6), WEEK + timedelta(minutes=5)], ids=["before", "while aside"])
def test_what_is_uploaded_again_has_its_time_anew(
    parts: Parts, clock: Any, visit: Any, paper: str, when: timedelta
) -> None:
    for advance in sorted([WEEK, when]):
        clock.advance(advance - (clock() - began(parts)))
        if advance == when:
            assert upload(visit()) == paper
        else:
            uploaded.sweep(parts)
    clock.advance(HOUR)
    uploaded.sweep(parts)

    assert parts.blobs.exists(paper)


def test_nothing_is_removed_while_a_service_is_silent(town: Any, parts: Parts, clock: Any, paper: str) -> None:
    town.rooms.shut("personnel")
    clock.advance(WEEK)

    with pytest.raises(Unavailable):
        uploaded.sweep(parts)

    assert parts.blobs.exists(paper) and rows(parts) == 1


def test_a_sheet_for_an_import_stays_a_day_only(parts: Parts, clock: Any, used: Any) -> None:
    sheet = uploaded.keep(parts, b"PK sheet", "account:x", 10_000, timedelta(days=1))

    for wait in (timedelta(days=1, minutes=1), HOUR):
        clock.advance(wait)
        uploaded.sweep(parts)

    assert parts.blobs.look(sheet) is None


def rows(parts: Parts) -> int:
    with parts.sessions() as session:
        return session.query(uploaded.UploadRow).count()


def began(parts: Parts) -> Any:
    with parts.sessions() as session:
        return session.query(uploaded.UploadRow).order_by(uploaded.UploadRow.number).first().at  # type: ignore[union-attr]
