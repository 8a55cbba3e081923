"""A service that is down: 503 within a second, with what still works; the home page shows what came."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from gateway.testing.rooms import Asked, Silence
from gateway.testing.visits import Visit

MACHINE = "0190b5f2-7b1e-7c3a-9d2e-1f2a3b4c5d6e"


@pytest.fixture(autouse=True)
def patience() -> None:
    """None: the deadlines are what is tried here."""


def codes(reply: Any) -> tuple[int, str]:
    return reply.status_code, reply.json["code"]


def silent(asked: Asked) -> Any:
    raise Silence


@pytest.fixture
def clerk(town: Any) -> Visit:
    for service in ("filing", "equipment", "personnel"):
        town.rooms.say(f"{service}.summarise", {"of": service})
    town.rooms.say("filing.list_bulletins", {"items": [{"title": "通知"}], "next": None})
    town.rooms.say("filing.list_downloads", {"items": [], "next": None})
    town.rooms.say("equipment.list_machines", {"items": [], "next": None})
    return town.administrator(town.enterprise(), "acme-admin")


def test_home_asks_every_room_at_the_same_time(town: Any, clerk: Visit) -> None:
    def slowly(asked: Asked) -> Any:
        time.sleep(0.3)
        return {"of": asked.name}

    for name in ("filing.summarise", "equipment.summarise", "personnel.summarise", "filing.list_bulletins"):
        town.rooms.say(name, slowly)

    began = time.monotonic()
    home = clerk.get("/home").json

    assert time.monotonic() - began < 0.8
    assert home["equipment"] == {"of": "equipment.summarise"}
    assert home["silent"] == []


def test_home_shows_what_came_when_one_is_down_or_silent(town: Any, clerk: Visit) -> None:
    town.rooms.shut("equipment")
    town.rooms.say("personnel.summarise", silent)

    began = time.monotonic()
    reply = clerk.get("/home")

    assert time.monotonic() - began < 1.5
    assert reply.status_code == 200
    assert reply.json["silent"] == ["equipment", "personnel"]
    assert reply.json["equipment"] is None
    assert reply.json["filing"] == {"of": "filing"}
    assert reply.json["bulletins"]["items"] == [{"title": "通知"}]


@pytest.mark.parametrize("path", ["/machines", f"/machines/{MACHINE}/history"])
def test_a_service_that_is_down_is_told_within_a_second(town: Any, clerk: Visit, path: str) -> None:
    town.rooms.shut("equipment")

    began = time.monotonic()
    reply = clerk.get(path)

    assert time.monotonic() - began < 1
    assert codes(reply) == (503, "service_down")
    assert int(reply.headers["Retry-After"]) >= 1
    assert "机械设备服务暂不可用" in reply.json["detail"] and "其他业务可继续办理" in reply.json["detail"]
    town.rooms.say("personnel.list_people", {"items": [], "next": None})
    assert clerk.get("/people").status_code == 200


def test_also_for_a_submission_which_may_take_longer(town: Any, clerk: Visit) -> None:
    clerk.get("/machines")  # filing has said who the enterprise is
    town.rooms.shut("filing")

    began = time.monotonic()
    reply = clerk.post(f"/applications/{MACHINE}/submit", {"version": 1})

    assert time.monotonic() - began < 1
    assert codes(reply) == (503, "service_down")


def test_a_service_that_does_not_answer_is_not_waited_for(town: Any, clerk: Visit) -> None:
    town.rooms.say("equipment.list_machines", silent)

    began = time.monotonic()
    reply = clerk.get("/machines")

    assert time.monotonic() - began < 1.5
    assert codes(reply) == (503, "no_answer")


@pytest.mark.parametrize(("path", "status"), [("/machines", 200), ("/applications", 503)])
def test_a_request_has_one_deadline_whatever_it_asks_for_first(
    town: Any, clerk: Visit, clock: Any, path: str, status: int
) -> None:
    """Who the visitor's organisation is has to be asked anew, and filing says nothing at all."""
    assert clerk.get("/machines").status_code == 200
    town.rooms.say("filing.sign_in_profile", silent)
    town.rooms.say("filing.list_applications", silent)
    clock.advance(timedelta(minutes=20))

    began = time.monotonic()
    reply = clerk.get(path)

    assert reply.status_code == status
    assert time.monotonic() - began < 1.5


def test_the_home_page_has_one_deadline_too(town: Any, clerk: Visit, clock: Any) -> None:
    for name in ("sign_in_profile", "summarise", "list_bulletins", "list_downloads"):
        town.rooms.say(f"filing.{name}", silent)
    clock.advance(timedelta(minutes=20))

    began = time.monotonic()
    reply = clerk.get("/home")

    assert (reply.status_code, reply.json["silent"]) == (200, ["filing"])
    assert time.monotonic() - began < 1.5


def test_while_filing_is_down_registers_go_on_for_an_hour_with_what_it_said_last(
    town: Any, clerk: Visit, clock: Any, visit: Callable[..., Visit]
) -> None:
    assert clerk.get("/machines").status_code == 200
    town.rooms.shut("filing")

    clock.advance(timedelta(minutes=20))
    assert clerk.get("/machines").status_code == 200
    clock.advance(timedelta(minutes=20))
    assert clerk.get("/machines").status_code == 200
    assert visit().sign_in("acme-admin", "Sitework-2026").get("/sessions/current").json["organisation"]["name"]
    clock.advance(timedelta(minutes=21))
    again = visit().sign_in("acme-admin", "Sitework-2026")
    assert codes(again.get("/machines")) == (503, "service_down")
    assert again.get("/sessions/current").json["organisation"] is None


def test_filing_is_asked_about_an_organisation_every_five_minutes_at_most(town: Any, clerk: Visit, clock: Any) -> None:
    clerk.get("/machines")
    before = len(town.rooms.asked_of("filing.sign_in_profile"))
    for _ in range(5):
        clerk.get("/machines")
    assert len(town.rooms.asked_of("filing.sign_in_profile")) == before

    clock.advance(timedelta(minutes=6))
    clerk.get("/machines")
    assert len(town.rooms.asked_of("filing.sign_in_profile")) == before + 1


def test_an_organisation_that_is_waiting_to_be_opened_is_asked_for_soon_again(town: Any, clock: Any) -> None:
    organisation = town.enterprise(stage="pending")
    newcomer = town.administrator(organisation, "new-admin")
    town.rooms.say("equipment.list_machines", {"items": [], "next": None})
    assert newcomer.get("/machines").status_code == 403

    town.profiles[organisation]["stage"] = "open"
    clock.advance(timedelta(seconds=11))
    assert newcomer.get("/machines").status_code == 200
