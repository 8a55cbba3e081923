"""Beacons: placed and removed by who builds the site, seen by its agency, and of one name only one stands."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from attendance import beacons
from attendance.schemas.beacons import ListBeaconsReply
from chassis.errors import Conflict, Forbidden, NotFound, Refusal
from services.attendance.tests.factories import Ground, agency, an_id, enterprise

SITE, ELSEWHERE = "长安广场", "别处"
CONTRACTOR, OWNER = enterprise(f"contractor of {SITE}"), enterprise(f"owner of {SITE}")
UUID = "fda50693-a4e2-4fb1-afcf-c6eb07647825"


def place(ground: Ground, who: Any = CONTRACTOR, site: str = SITE, key: str | None = None, **changed: Any) -> Any:
    told = {"project_id": an_id(site), "uuid": UUID, "major": 7, "minor": 1, "label": "一号", "place": "地下室入口"}
    return beacons.place(ground.sessions, who, ground.clock, key=key, **told | changed)


def remove(ground: Ground, beacon_id: str, who: Any = CONTRACTOR) -> Any:
    return beacons.remove(ground.sessions, who, ground.clock, beacon_id=beacon_id)


def listed(ground: Ground, who: Any, **asked: Any) -> Any:
    wanted = {"project_id": None, "standing": False, "limit": 20, "after": None} | asked
    return ListBeaconsReply().dump(beacons.list_beacons(ground.sessions, who, **wanted))


def test_a_beacon_is_placed_once_however_often_it_is_asked(ground: Ground) -> None:
    assert place(ground, key="one") == place(ground, key="one")
    assert ground.count("beacon") == 1


def test_one_that_stands_somewhere_must_be_removed_there_first(ground: Ground) -> None:
    ground.project(name=ELSEWHERE)
    builder = enterprise(f"contractor of {ELSEWHERE}")
    first = place(ground)["beacon_id"]
    with pytest.raises(Conflict, match="beacon_standing") as refused:
        place(ground, builder, ELSEWHERE, uuid=UUID.upper().replace("-", ""))
    assert SITE not in str(refused.value.detail)  # whose it is, is not told

    removed = remove(ground, first)
    ground.clock.advance(timedelta(minutes=1))
    assert remove(ground, first) == removed
    place(ground, builder, ELSEWHERE, uuid=UUID.upper().replace("-", ""))

    assert [each["uuid"] for each in listed(ground, builder)["items"]] == [UUID]


def test_of_two_who_place_the_same_at_once_one_is_refused(ground: Ground) -> None:
    def attempt(number: int) -> bool:
        try:
            place(ground, label=f"第 {number} 次")
        except Refusal as refusal:
            assert refusal.code == "beacon_standing"
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(4))) == 1
    assert ground.count("beacon") == 1


def test_T34_who_builds_the_site_places_and_removes_and_its_agency_and_parties_look_on(ground: Ground) -> None:
    beacon_id = place(ground)["beacon_id"]
    for who in (OWNER, agency()):
        with pytest.raises(Forbidden):
            place(ground, who, minor=2)
        with pytest.raises(Forbidden):
            remove(ground, beacon_id, who)
        assert [each["acts"] for each in listed(ground, who)["items"]] == [[]]
    for who in (enterprise("别家"), agency("13.1302.130202")):
        assert listed(ground, who)["items"] == []
    with pytest.raises(NotFound, match="project_unknown"):
        place(ground, enterprise("别家"), minor=2)
    with pytest.raises(NotFound, match="beacon_unknown"):
        remove(ground, beacon_id, enterprise("别家"))
    (one,) = listed(ground, CONTRACTOR)["items"]
    assert (one["place"], one["placed_by"], one["acts"]) == ("地下室入口", f"contractor of {SITE}", ["remove_beacon"])


def test_beacons_are_listed_page_by_page_the_newest_first(ground: Ground) -> None:
    for minor in range(5):
        ground.clock.advance(timedelta(minutes=1))
        beacon_id = place(ground, minor=minor)["beacon_id"]
    remove(ground, beacon_id)

    first = listed(ground, CONTRACTOR, limit=3)
    rest = listed(ground, CONTRACTOR, limit=3, after=first["next"])

    assert [each["minor"] for each in first["items"] + rest["items"]] == [4, 3, 2, 1, 0]
    assert (first["total"], rest["next"]) == (5, None)
    assert [each["minor"] for each in listed(ground, agency(), standing=True)["items"]] == [3, 2, 1, 0]
