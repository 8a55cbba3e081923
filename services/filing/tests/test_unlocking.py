"""A machine unlocked by its agency: the registration it held ends; events come twice, late, and after the next site."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from chassis.database import transaction
from chassis.envelope import Event
from chassis.errors import Conflict
from filing.models import Certificate
from filing.unlocking import machine_unlocked
from services.filing.tests.factories import CONTRACTOR, Stage, id_of, officer


def unlocked(stage: Stage, notice: str | None = None, ago: timedelta = timedelta()) -> Event:
    held = {"project_id": id_of("project"), "application_id": notice or id_of("install notice")}
    return Event(
        type="machine_unlocked",
        version=1,
        subject=id_of("machine"),
        data={"machine_id": id_of("machine"), **held},
        principal=officer().brief(),
        occurred_at=stage.desk.clock() - ago,
    )


def registration(stage: Stage) -> Certificate:
    with transaction(stage.desk.sessions) as session:
        return session.scalars(select(Certificate).where(Certificate.kind == "use_registration")).one()


def test_the_open_registration_is_cancelled_and_told(stage: Stage) -> None:
    stage.registered()
    stage.desk.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]

    machine_unlocked(stage.desk.sessions, unlocked(stage))

    cancelled = registration(stage)
    assert (cancelled.stage, cancelled.cancel_reason) == ("cancelled", "machine_unlocked")
    assert stage.events()[-1][0] == "certificate_cancelled"


def test_a_second_delivery_changes_nothing(stage: Stage) -> None:
    stage.registered()
    event = unlocked(stage)
    machine_unlocked(stage.desk.sessions, event)
    told = len(stage.events())

    machine_unlocked(stage.desk.sessions, event)

    assert len(stage.events()) == told


def test_a_late_event_does_not_touch_the_registration_on_the_next_site(stage: Stage) -> None:
    stage.registered()

    machine_unlocked(stage.desk.sessions, unlocked(stage, ago=timedelta(days=30)))

    assert registration(stage).stage == "valid"


def test_what_was_in_hand_cannot_be_approved_on_a_lock_that_is_gone(stage: Stage) -> None:
    accepted = stage.accepted()
    machine_unlocked(stage.desk.sessions, unlocked(stage, accepted["application_id"]))

    with pytest.raises(Conflict) as refused:
        stage.approve(accepted)

    assert (refused.value.code, refused.value.detail["finding"]["code"]) == ("claim_lost", "machine_unlocked")
    returned = stage.give_back(accepted, ("form.machine_id", "设备已被解除锁定，请重新选择"))
    again = stage.submit(returned)
    assert again["stage"] == "submitted"
    assert stage.look(again, officer())["findings"] == []


def test_a_registration_in_hand_is_marked_too_and_a_returned_one_is_not(stage: Stage) -> None:
    accepted = stage.registering()
    machine_unlocked(stage.desk.sessions, unlocked(stage))

    (finding,) = stage.look(accepted, CONTRACTOR)["findings"]

    assert (finding["code"], finding["severity"]) == ("machine_unlocked", "error")


def test_the_next_notice_for_the_machine_stands_on_a_lock_of_its_own(stage: Stage) -> None:
    """Even if equipment's clock runs a little ahead of ours."""
    accepted = stage.accepted()

    machine_unlocked(stage.desk.sessions, unlocked(stage, ago=-timedelta(seconds=1)))

    assert stage.approve(accepted)["outcome"] == "approved"
