"""A machine unlocked by its agency: the registration it held ends; events come twice, late, and after the next site."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from chassis.database import transaction
from chassis.envelope import Event
from chassis.errors import Conflict
from filing.models import Certificate
from filing.queries.certificates import verify_certificate
from filing.unlocking import machine_retired, machine_unlocked
from services.filing.tests import forms
from services.filing.tests.factories import CONTRACTOR, LESSOR, Stage, id_of, officer
from services.filing.tests.steps import approved, unlocked


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


def test_what_was_approved_while_the_event_was_on_its_way_is_cancelled(stage: Stage) -> None:
    """A machine that went free cannot be in use (T13), however late filing hears of it."""
    reviewed = stage.review(stage.registering(), officer(name="reviewer", roles=("reviewer",)))
    event = unlocked(stage)
    stage.desk.clock.advance(timedelta(minutes=5))  # type: ignore[attr-defined]
    assert stage.approve(reviewed)["outcome"] == "approved"

    machine_unlocked(stage.desk.sessions, event)

    assert (registration(stage).stage, registration(stage).cancel_reason) == ("cancelled", "machine_unlocked")
    assert stage.events()[-1][0] == "certificate_cancelled"


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


def retired(stage: Stage, machine_id: str) -> Event:
    return Event(
        type="machine_retired",
        version=1,
        subject=machine_id,
        data={"machine_id": machine_id},
        principal=officer().brief(),
        occurred_at=stage.desk.clock(),
    )


@pytest.mark.parametrize("matter", ["machine_filing", "machine_registration"])
def test_a_retired_machines_filing_certificate_reads_as_void_for_everybody(stage: Stage, matter: str) -> None:
    filed = approved(stage, matter, getattr(forms, matter)(), LESSOR)
    shown = stage.look(filed, LESSOR)
    event = retired(stage, shown["machine"]["machine_id"])

    for _ in range(2):
        machine_retired(stage.desk.sessions, event)

    with transaction(stage.desk.sessions) as session:
        told = verify_certificate(session, shown["certificate"]["verification_code"], stage.desk.today())
    assert (told["stage"], told["cancelled_on"]) == ("cancelled", "2026-03-02")
    assert [type_ for type_, _ in stage.events()].count("certificate_cancelled") == 1


def test_another_machines_certificate_stays(stage: Stage) -> None:
    filed = approved(stage, "machine_filing", forms.machine_filing(), LESSOR)

    machine_retired(stage.desk.sessions, retired(stage, id_of("another machine")))

    assert stage.look(filed, LESSOR)["certificate"]["stage"] == "valid"


def test_the_paper_number_of_a_retired_machine_is_refused_and_no_failure(stage: Stage) -> None:
    paper = approved(stage, "machine_registration", forms.machine_registration(), LESSOR)
    machine_retired(stage.desk.sessions, retired(stage, stage.look(paper, LESSOR)["machine"]["machine_id"]))

    with pytest.raises(Conflict) as refused:
        approved(stage, "machine_registration", forms.machine_registration(serial_number="2020-009"), LESSOR)

    assert (refused.value.code, refused.value.detail) == ("number_taken", {"number": "冀AB-T00009"})
