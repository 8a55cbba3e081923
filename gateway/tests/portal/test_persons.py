"""A person's page: each of its small forms keeps what was typed into it, a photo is sent and seen, what is offered is granted."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest

from chassis.errors import Invalid, NotFound
from gateway.testing.rooms import Rooms
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import AT, id_of
from gateway.tests.portal.test_registers import PERSON, PROJECT, person
from gateway.tests.test_uploads import png

PNG = png()
CERTIFICATE = {
    "certificate_id": id_of("certificate"),
    "kind": "B",
    "trade": None,
    "number": "冀建安B(2024)1",
    "grade": None,
    "issuer": "省厅",
    "issued_on": "2024-01-01",
    "valid_to": "2027-01-01",
    "warnings": [],
}


@pytest.fixture
def clerk(town: Any, rooms: Rooms, browser: Callable[[], Browser]) -> Browser:
    town.administrator(town.enterprise(), "clerk")
    rooms.say("personnel.get_person", person())
    return browser().sign_in("clerk")


def test_what_was_typed_into_a_certificate_comes_back_in_that_certificate_and_nowhere_else(
    rooms: Rooms, clerk: Browser
) -> None:
    rooms.say("personnel.get_person", person(certificates=[CERTIFICATE]))
    rooms.say("personnel.change_certificate", Invalid.field("certificate.valid_to", "ends_before_it_starts"))
    clerk.get(f"/people/{PERSON}")

    typed = {"version": "4", "kind": "B", "number": "冀建安B(2026)2", "valid_to": "2020-01-01"}
    page = clerk.post(f"/people/{PERSON}/certificates/{CERTIFICATE['certificate_id']}", typed)

    own, new = page.text.split(f'action="/people/{PERSON}/certificates"')
    assert page.status_code == 422
    assert 'value="冀建安B(2026)2"' in own and 'value="2020-01-01"' in own
    assert 'value="冀建安B(2026)2"' not in new and "field-error" not in new
    assert f'href="#{CERTIFICATE["certificate_id"]}-valid_to"' in page.text  # leads from the summary to the field


def test_every_field_of_a_persons_page_has_an_id_of_its_own(rooms: Rooms, clerk: Browser) -> None:
    rooms.say("personnel.get_person", person(certificates=[CERTIFICATE]))

    ids = re.findall(r'\bid="([^"]+)"', clerk.get(f"/people/{PERSON}").text)

    assert len(ids) == len(set(ids))


def test_a_lock_is_released_only_where_the_service_says_so(
    rooms: Rooms, town: Any, browser: Callable[[], Browser]
) -> None:
    """A city sees the people of its counties; it does not act in their place."""
    town.account(town.administrator(town.agency(), "leader"), "approver", ["approver"])
    here = browser().sign_in("approver")
    lock = {
        "lock_id": id_of("lock"),
        "role": "safety_officer",
        "project_id": PROJECT,
        "project_name": "金色府",
        "project_area": "13.1301.130110",
        "machine_id": None,
        "application_id": id_of("application"),
        "matter": "safety_filing",
        "stage": "held",
        "since": AT,
        "exemption": None,
    }
    address = f'action="/acts/person-locks/{lock["lock_id"]}/unlock_person"'

    rooms.say("personnel.get_person", person(locks=[lock], acts=[], unlockable=[]))
    assert address not in here.get(f"/people/{PERSON}").text
    rooms.say("personnel.get_person", person(locks=[lock], acts=[], unlockable=[lock["lock_id"]]))
    assert address in here.get(f"/people/{PERSON}").text


def test_a_photo_comes_with_the_form_is_shown_and_outlives_a_refusal(rooms: Rooms, clerk: Browser) -> None:
    rooms.say("personnel.add_person", Invalid.field("identity_number", "wrong_check_digit"))
    typed = {"name": "李四", "identity_number": "1", "phone": "2"}
    clerk.get("/people/new")

    refused = clerk.post("/people/new", typed | {"photo": (io.BytesIO(PNG), "me.png")})
    sha256 = rooms.asked_of("personnel.add_person")[-1].request["photo"]

    assert f'name="photo" value="{sha256}"' in refused.text
    rooms.say("personnel.get_person", person(photo=sha256))
    (source,) = re.findall('src="(/api/v1/people/[^"]*)"', clerk.get(f"/people/{PERSON}").text)
    picture = clerk.get(source)
    assert (picture.mimetype, picture.data) == ("image/png", PNG)
    rooms.say("personnel.get_person", NotFound("person_unknown"))
    assert clerk.get(source).status_code == 404


def test_a_photo_that_is_none_is_told_at_its_field(rooms: Rooms, clerk: Browser) -> None:
    clerk.get(f"/people/{PERSON}")

    page = clerk.post(
        f"/people/{PERSON}/change", {"version": "4", "name": "张三丰", "photo": (io.BytesIO(b"x"), "me.png")}
    )

    assert page.status_code in (415, 422) and 'value="张三丰"' in page.text
    assert not rooms.asked_of("personnel.change_person")
