"""A phone is opened for somebody on duty: the key shown once, as codes that apps read; closed; its periods listed."""

import base64
import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import numpy as np
import pytest
import zxingcpp

from chassis.errors import Conflict, NotFound, Unavailable
from gateway.parts import Parts
from gateway.portal.duty.setups import qr
from gateway.positions.keys import Keys, Owner
from gateway.testing.rooms import Rooms
from gateway.testing.visits import Visit
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import AT, checked, id_of
from gateway.tests.portal.test_registers import PERSON, person, place

DEVICE = id_of("device")
PAGE = f"/people/{PERSON}/phone"
OPENED = {"device_id": DEVICE, "device": 7, "person": 11}


def phones(*closed: str | None) -> dict[str, Any]:
    items = [
        {"device_id": DEVICE, "person_id": PERSON, "label": "自用手机", "opened_at": AT, "closed_at": at}
        for at in closed
    ]
    return checked(
        "list_devices", {"items": items, "next": None, "total": len(items), "total_is_exact": True}, "attendance"
    )


@pytest.fixture
def clerk(town: Any, rooms: Rooms, browser: Callable[[], Browser]) -> Browser:
    town.administrator(town.enterprise(), "clerk")
    lock = place() | {"role": "project_manager", "lock_id": id_of("lock"), "matter": "safety_filing"}
    rooms.say("personnel.get_person", person(locks=[lock]))
    rooms.say("attendance.list_devices", phones(None, "2026-11-21T02:00:00+00:00"))
    rooms.say("attendance.open_device", checked("open_device", OPENED, "attendance"))
    rooms.say("attendance.close_device", checked("close_device", {"device_id": DEVICE, "closed_at": AT}, "attendance"))
    return browser().sign_in("clerk")


def scanned(page: str) -> list[str]:
    """What a phone's camera reads of the codes on a page."""
    return [zxingcpp.read_barcodes(_drawn(each))[0].text for each in re.findall(r"<svg.*?</svg>", page, re.DOTALL)]


def _drawn(svg: str) -> Any:
    """Black lines on white, as a browser draws the strokes of the path."""
    size = int(re.search(r'viewBox="0 0 (\d+)', svg).group(1))  # type: ignore[union-attr]
    path = re.findall(r'class="qrline"[^>]*? d="([^"]*)"', svg)[-1]
    picture, x, y = np.full((size, size), 255, dtype=np.uint8), 0.0, 0.0
    for move, told in re.findall(r"([Mmh])([^Mmh]*)", path):
        numbers = [float(each) for each in re.findall(r"-?[0-9.]+", told)]
        if move == "h":
            picture[int(y), int(x) : int(x + numbers[0])] = 0
            x += numbers[0]
        else:
            x, y = numbers if move == "M" else (x + numbers[0], y + numbers[1])
    return np.kron(picture, np.ones((6, 6), dtype=np.uint8))


def key_on(page: str) -> str:
    return re.search(r"data-copy>(d_[^<]*)<", page).group(1)  # type: ignore[union-attr]


def open_phone(clerk: Browser) -> Any:
    clerk.get(PAGE)
    return clerk.post(PAGE, {"label": "自用手机"})


def test_the_page_tells_the_service_periods_and_offers_to_open_one(clerk: Browser) -> None:
    shown = clerk.get(PAGE).text

    assert "已开通" in shown and "已关闭" in shown and "2026-11-21 10:00" in shown
    assert "/duty/privacy" in shown
    assert f'href="{PAGE}"' in clerk.get(f"/people/{PERSON}").text


def test_both_codes_hold_the_address_and_the_key_as_their_apps_want_them(clerk: Browser, parts: Parts) -> None:
    answer = open_phone(clerk)

    assert answer.headers["Cache-Control"] == "no-store"
    key = key_on(answer.text)
    traccar, owntracks = scanned(answer.text)
    address, asked = urlsplit(traccar), parse_qs(urlsplit(traccar).query)
    assert (address.scheme, address.netloc, address.path) == ("http", "localhost:8001", "/osmand")
    assert asked["id"] == [key]
    link, _, inline = owntracks.partition("?inline=")
    told = json.loads(base64.b64decode(unquote(inline)))
    assert link == "owntracks:///config" and told["_type"] == "configuration"
    assert (told["mode"], told["url"], told["auth"]) == (3, "http://localhost:8001/owntracks", True)
    assert told["password"] == key
    assert f"/osmand?id={key}&lat={{0}}&lon={{1}}&timestamp={{2}}" in unescape(answer.text)
    assert Keys(parts.sessions, "").find(key) == Owner(7, 11)


def test_phones_send_to_the_address_that_the_settings_name(clerk: Browser, visit: Callable[..., Visit]) -> None:
    here = visit(positions_address="https://dw.example/").client.application.test_client()
    page = open_phone(Browser(here).sign_in("clerk")).text
    assert scanned(page)[0].startswith("https://dw.example/osmand?id=d_")


def test_the_key_is_shown_once_and_the_same_form_again_does_not_lock_the_phone_out(
    clerk: Browser, parts: Parts
) -> None:
    first = open_phone(clerk)
    again = clerk.post(PAGE, {"label": "自用手机"})

    assert again.status_code == 303
    shown = clerk.get(PAGE).text
    assert "密钥只显示一次" in shown and "d_" + key_on(first.text)[2:] not in shown
    assert Keys(parts.sessions, "").find(key_on(first.text)) == Owner(7, 11)


def test_a_closed_phones_key_works_no_more(clerk: Browser, parts: Parts) -> None:
    key = key_on(open_phone(clerk).text)
    clerk.get(PAGE)

    assert clerk.post(f"{PAGE}/{DEVICE}/close").status_code == 303
    assert Keys(parts.sessions, "").find(key) is None


def test_whoever_need_not_be_located_is_told_why_and_no_key_is_made(clerk: Browser, rooms: Rooms) -> None:
    rooms.say("attendance.open_device", Conflict("person_not_on_duty", person_id=PERSON))

    answer = open_phone(clerk)

    assert (
        answer.status_code == 409
        and "无需开通定位" in answer.text
        and "d_" not in re.findall(r"data-copy>(..)", answer.text)
    )
    rooms.say("personnel.get_person", person(locks=[]))
    assert 'name="label"' not in clerk.get(PAGE).text


def test_another_firms_people_are_nobody_here(clerk: Browser, rooms: Rooms) -> None:
    clerk.get(PAGE)
    rooms.say("personnel.get_person", NotFound("not_found"))
    rooms.say("attendance.open_device", Conflict("person_not_on_duty", person_id=PERSON))

    assert clerk.get(PAGE).status_code == 404
    assert clerk.post(PAGE, {"label": ""}).status_code == 404
    rooms.say("personnel.get_person", Unavailable())
    assert clerk.get(PAGE).status_code == 503


def test_a_form_without_its_token_opens_nothing(clerk: Browser, rooms: Rooms) -> None:
    clerk.get(PAGE)
    assert clerk.client.post(PAGE, data={"label": "", "_key": clerk.hidden("_key")}).status_code == 403
    assert rooms.asked_of("attendance.open_device") == []


def test_while_attendance_is_silent_the_page_says_so(clerk: Browser, rooms: Rooms) -> None:
    rooms.say("attendance.list_devices", Unavailable())
    assert "到岗服务暂时没有回应" in clerk.get(PAGE).text


def test_an_officer_sees_the_periods_and_opens_none(
    town: Any, rooms: Rooms, clerk: Browser, browser: Callable[[], Browser]
) -> None:
    town.administrator(town.agency(), "officer")
    for name in ("summarise", "list_bulletins", "list_downloads"):
        rooms.say(f"filing.{name}", Conflict("not_now"))

    shown = browser().sign_in("officer").get(PAGE).text

    assert "自用手机" in shown and 'name="label"' not in shown


def test_a_code_with_the_longest_address_is_still_read() -> None:
    text = "owntracks:///config?inline=" + "a" * 700
    assert scanned(qr(text)) == [text]
