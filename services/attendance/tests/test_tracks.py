"""Who sees where somebody was, how exactly, and that no look goes unrecorded (T34, 个人信息保护法)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from attendance import looks, site_days, tracks
from attendance.schemas.sites import ListLooksReply, ListSitesReply, SiteDayReply, TrackReply
from attendance.terms import KEPT
from chassis.errors import Forbidden, Invalid, NotFound
from chassis.principal import Principal
from services.attendance.tests.factories import (
    CHANGAN,
    EIGHT,
    INSIDE,
    OUTSIDE,
    TODAY,
    Ground,
    agency,
    an_id,
    enterprise,
    track,
)

MANAGER = "王建国"
SITE = "长安广场"
DAY = timedelta(days=1)
CONTRACTOR, SUPERVISOR = enterprise(f"contractor of {SITE}"), enterprise(f"supervisor of {SITE}")


def owning(*roles: str) -> Principal:
    """An officer of the agency whose site it is."""
    found = agency(CHANGAN, *roles)
    return Principal(**{**vars(found), "organisation_id": an_id("agency")})


def look(ground: Ground, who: Principal | None = None, **changed: Any) -> Any:
    told = {"person_id": an_id(MANAGER), "project_id": an_id(SITE), "day": TODAY, "reason": "", "way": "page"}
    return TrackReply().dump(tracks.get_track(ground.sessions, who or owning(), ground.clock, **told | changed))


def looks_at(ground: Ground, person: str = MANAGER, who: Principal | None = None) -> Any:
    told = looks.list_looks(ground.sessions, who or CONTRACTOR, person_id=an_id(person), limit=20, after=None)
    return ListLooksReply().dump(told)["items"]


def site(ground: Ground, who: Principal | None = None, day: Any = None) -> Any:
    told = site_days.get_site_day(ground.sessions, who or owning(), ground.clock, project_id=an_id(SITE), day=day)
    return SiteDayReply().dump(told)


@pytest.fixture
def day(ground: Ground) -> Ground:
    """He was there from eight to nine, elsewhere until half past nine, then for an hour nothing came."""
    rows = track(EIGHT, range(0, 60, 5)) + track(EIGHT, range(60, 90, 5), OUTSIDE, first=100)
    rows += track(EIGHT, [150], first=200)
    ground.clock.set(EIGHT + timedelta(hours=3))
    ground.ingest.handle([ground.letter(MANAGER, rows)])
    return ground


def test_a_track_tells_places_sides_and_gaps_with_their_reasons(day: Ground) -> None:
    told = look(day)

    assert [each["side"] for each in told["points"]].count("outside") == 6
    first = told["points"][0]
    assert (first["longitude"], first["latitude"], first["accuracy"], first["side"]) == (*INSIDE, 10.0, "inside")
    assert first["at"] == EIGHT.isoformat()
    assert {"start": 9 * 60, "end": 9 * 60, "side": "outside"} in told["strip"]
    assert {each["reason"] for each in told["gaps"]} >= {"unseen"}
    assert told["first_in"] == 480 and told["boundary"]["type"] == "Polygon"
    assert max(each["end"] for each in told["gaps"]) < 11 * 60  # what is yet to come is no gap


def test_points_are_judged_as_the_minutes_are(day: Ground) -> None:
    """One whose circle reaches over the boundary as far as circles of that day are to be taken: doubtful in both."""
    edge = (114.51 - 0.0005, 38.045)  # 44 m outside; the boundary is tolerant by 50 m
    day.ingest.handle([day.letter(MANAGER, track(EIGHT, [100], edge, accuracy=5) + track(EIGHT, [110], edge, 30))])

    told = look(day)

    strip = {(each["start"], each["side"]) for each in told["strip"]}
    for each in told["points"]:
        minute = (datetime.fromisoformat(each["at"]) - EIGHT) // timedelta(minutes=1) + 480
        assert (minute, each["side"]) in strip


def test_a_map_gets_one_position_a_minute_the_most_exact(day: Ground) -> None:
    seconds = [[int(EIGHT.timestamp() * 1000) + 7_200_000 + n * 1000, *INSIDE, 60 - n, 300 + n] for n in range(50)]
    day.ingest.handle([day.letter(MANAGER, seconds)])

    [only] = [each for each in look(day)["points"] if each["at"].startswith("2026-03-02T02:00")]
    assert only["accuracy"] == 11


def test_each_look_is_recorded_and_listed_to_the_firm(day: Ground) -> None:
    look(day)
    look(day, CONTRACTOR, way="api")

    second, first = looks_at(day)
    assert (first["way"], second["way"]) == ("page", "api")
    assert first["organisation_name"] == "监督站" and first["user_name"] == "监督员"
    assert first["day"] == TODAY.isoformat() and first["project_name"] == SITE
    assert journal(day, "look_at_track") == 2


def test_what_cannot_be_recorded_is_not_shown(day: Ground, closed_book: None) -> None:
    with pytest.raises(DBAPIError):
        look(day)
    assert journal(day, "look_at_track") == 0


@pytest.fixture
def closed_book(ground: Ground) -> Iterator[None]:
    """No look can be written down."""
    with psycopg.connect(ground.database.owner_uri, autocommit=True) as connection:
        connection.execute("alter table look add constraint closed check (way = 'never')")
        yield
        connection.execute("alter table look drop constraint closed")


def test_T34_a_firm_sees_its_own_people_and_only_the_neighbourhood(day: Ground) -> None:
    told = look(day, CONTRACTOR)
    assert (told["points"][0]["longitude"], told["points"][0]["latitude"]) == (114.515, 38.045)
    exact = [114.5151234, 38.0451234]
    day.ingest.handle([day.letter(MANAGER, track(EIGHT, [170], (exact[0], exact[1]), first=400))])
    assert look(day, CONTRACTOR)["points"][-1]["longitude"] == 114.515
    assert look(day)["points"][-1]["longitude"] == 114.515123

    for stranger in (SUPERVISOR, enterprise(f"owner of {SITE}")):
        with pytest.raises(Forbidden):
            look(day, stranger)
    with pytest.raises(NotFound, match="project_unknown"):
        look(day, enterprise("别家"))
    assert len(looks_at(day)) == 3  # a look that was refused is none


def test_T34_an_agency_looks_by_an_officer_who_handles_matters(day: Ground) -> None:
    for roles in (("administrator",), ("editor",)):
        with pytest.raises(Forbidden):
            look(day, owning(*roles))
    with pytest.raises(NotFound):
        look(day, agency("13.1302.130202"))


def test_an_agency_above_says_why(day: Ground) -> None:
    city = agency("13.1301")
    with pytest.raises(Invalid) as refused:
        look(day, city)
    assert list(refused.value.fields) == ["reason"]

    assert look(day, city, reason="核查信访件")["is_exact"]
    assert looks_at(day)[0]["reason"] == "核查信访件"


def test_only_the_hours_of_the_duty_are_told(day: Ground) -> None:
    day.unlocked(MANAGER, at=EIGHT + timedelta(minutes=30))

    assert [each["at"] for each in look(day)["points"]][-1] == (EIGHT + timedelta(minutes=25)).isoformat()
    with pytest.raises(NotFound, match="person_unknown"):
        look(day, day=TODAY - 90 * DAY)
    with pytest.raises(Invalid):
        look(day, day=TODAY + DAY)


def test_after_forty_days_the_minutes_stay(day: Ground) -> None:
    day.clock.set(EIGHT + KEPT + DAY)
    told = look(day)

    assert told["points"] == [] and not told["positions_kept"]
    assert told["strip"] and told["first_in"] == 480


def test_a_site_tells_who_is_due_and_where_he_is_now(day: Ground) -> None:
    day.locked("李海", role="safety_officer", since=EIGHT - 9 * DAY)
    day.locked("周总监", role="chief_supervisor", since=EIGHT - 9 * DAY)

    people = {each["person_id"]: each for each in site(day)["people"]}
    assert people[an_id(MANAGER)]["position"]["side"] == "inside"
    assert people[an_id("李海")]["position"] is None
    assert journal(day, "see_positions") == 1

    (seen,) = looks_at(day)  # as his firm, and he through it, can read
    assert (seen["way"], seen["day"], seen["organisation_name"]) == ("site", TODAY.isoformat(), "监督站")
    site_days.get_site_day(day.sessions, owning(), day.clock, project_id=an_id(SITE), day=None, places=False)
    assert (journal(day, "see_positions"), day.count("look")) == (1, 1)

    above = site(day, agency("13"))  # which has to say why it looks, and here has not
    assert above["needs_reason"] and all(each["position"] is None for each in above["people"])
    assert day.count("look") == 1

    seen = site(day, SUPERVISOR)
    assert [each["may_look"] for each in seen["people"]] == [True, False, False]
    assert all(each["position"] is None for each in seen["people"]) and not seen["is_exact"]
    assert len(site(day, CONTRACTOR)["people"]) == 3
    with pytest.raises(NotFound):
        site(day, enterprise("别家"))


def test_a_day_past_tells_the_boundary_of_that_day_and_nobodys_place(day: Ground) -> None:
    elsewhere = {"type": "Polygon", "coordinates": [[[1, 1], [2, 1], [2, 2], [1, 1]]]}
    day.clock.set(EIGHT + 2 * DAY)
    day.project("changed", version=2, boundary=elsewhere)

    told = site(day, day=TODAY)
    assert told["boundary"]["coordinates"][0][0] == [114.51, 38.04]
    assert told["people"][0]["first_in"] == 480 and told["people"][0]["position"] is None
    assert site(day)["boundary"] == elsewhere


def test_the_platforms_operator_sees_no_site(day: Ground) -> None:
    operator = Principal(user_id=an_id("operator"), organisation_kind="platform", roles=("operator",))
    for act in (site, look):
        with pytest.raises(Forbidden):
            act(day, operator)


def test_a_firm_is_led_to_its_sites_page_by_page(day: Ground) -> None:
    for number in range(3):
        day.project(name=f"工程{number}", contractor_id=CONTRACTOR.organisation_id)
        day.locked(f"经理{number}", site=f"工程{number}", since=EIGHT - DAY)

    def listed(after: str | None = None, who: Principal = CONTRACTOR) -> Any:
        return ListSitesReply().dump(site_days.list_sites(day.sessions, who, day.clock, limit=3, after=after))

    first = listed()
    second = listed(first["next"])
    assert [len(first["items"]), len(second["items"]), second["next"]] == [3, 1, None]
    counted = {each["project_name"]: (each["due"], each["there"]) for each in first["items"] + second["items"]}
    assert counted[SITE] == (1, 0) and len(counted) == 4
    assert listed(who=enterprise("别家"))["items"] == []


def journal(ground: Ground, act: str) -> int:
    with psycopg.connect(ground.database.uri) as connection:
        row = connection.execute("select count(*) from journal where act = %s", [act]).fetchone()
    assert row is not None
    return int(row[0])
