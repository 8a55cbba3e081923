"""Certificates suspended, resumed, cancelled, reissued: the agency's acts, with reasons, on record, told to whoever checks."""

from typing import Any

import pytest
from sqlalchemy import select

from chassis.database import transaction
from chassis.errors import Conflict, Forbidden, NotFound
from filing import certificate_acts, matters
from filing.desk import Command, Reply
from filing.facts import load_facts
from filing.models import Application, Certificate
from filing.queries.certificates import get_certificate, verify_certificate
from filing.schemas import certificates as shapes
from services.filing.tests import forms
from services.filing.tests.factories import (
    CITY,
    CONTRACTOR,
    FILED_PROJECT,
    INSTALLER,
    LESSOR,
    OTHER_COUNTY,
    Stage,
    officer,
)
from services.filing.tests.steps import approved, events
from services.filing.tests.test_replies import same

REASON = "经查与实际情况不符"


@pytest.fixture
def certificate(stage: Stage) -> Certificate:
    """A lessor's filing: it says nothing that stands in a register."""
    approved(stage, "lessor_filing", forms.lessor_filing(), LESSOR)
    return newest(stage)


def newest(stage: Stage, **wanted: Any) -> Certificate:
    with transaction(stage.desk.sessions) as session:
        return session.scalars(select(Certificate).filter_by(replaced_by=None, **wanted)).one()


def act(stage: Stage, name: str, at: Certificate, by: Any = None, **more: Any) -> Reply:
    call = getattr(certificate_acts, f"{name}_certificate")
    command = Command(by or officer(), more.pop("key", None))
    given = {"certificate_id": at.id, "version": at.version, "reason": REASON} | more
    return dict(call(stage.desk, command, **given))


def verified(stage: Stage, code: str) -> dict[str, Any]:
    with transaction(stage.desk.sessions) as session:
        told = verify_certificate(session, code, stage.desk.today())
    assert same(shapes.Verification, told)
    return told


def page(stage: Stage, certificate_id: str, by: Any = None) -> dict[str, Any]:
    with transaction(stage.desk.sessions) as session:
        told = get_certificate(session, by or officer(), certificate_id)
    assert same(shapes.CertificateDetail, told)
    return told


def test_a_suspended_one_is_told_as_that_and_counts_again_once_resumed(stage: Stage, certificate: Certificate) -> None:
    suspended = act(stage, "suspend", certificate)
    assert same(shapes.CertificateReply, suspended)
    told = verified(stage, certificate.verification_code)
    assert (told["stage"], told["suspended_on"]) == ("suspended", "2026-03-02")

    act(stage, "resume", newest(stage))

    told = verified(stage, certificate.verification_code)
    assert (told["stage"], told["suspended_on"]) == ("valid", None)
    record = page(stage, certificate.id)["acts"]
    assert [(each["act"], each["reason"]) for each in record] == [
        ("suspend_certificate", REASON),
        ("resume_certificate", REASON),
    ]
    assert record[0]["by"]["user_name"] == "officer"


def test_an_application_cannot_rely_on_a_suspended_certificate(stage: Stage, certificate: Certificate) -> None:
    assert held_by_lessor(stage, certificate) == {"lessor_filing"}

    act(stage, "suspend", certificate)

    assert held_by_lessor(stage, certificate) == frozenset()


def held_by_lessor(stage: Stage, certificate: Certificate) -> frozenset[str]:
    """What a check of the lessor's applications looks at."""
    with transaction(stage.desk.sessions) as session:
        row = session.get_one(Application, certificate.application_id)
        matter, today = matters.ALL["lessor_filing"], stage.desk.today()
        return load_facts(session, matter, row, row.form, today, stage.desk.calendar).certificates


def test_a_cancelled_one_is_void_for_good(stage: Stage, certificate: Certificate) -> None:
    act(stage, "cancel", certificate)

    told = verified(stage, certificate.verification_code)
    assert (told["stage"], told["cancelled_on"]) == ("cancelled", "2026-03-02")
    assert [each["reason"] for each in events(stage, "certificate_cancelled")] == [REASON]
    for name in ("suspend", "resume", "cancel", "reissue"):
        with pytest.raises(Conflict, match="certificate_stage"):
            act(stage, name, newest(stage))


def test_a_copy_after_a_loss_keeps_the_number_and_the_old_paper_refers_to_it(
    stage: Stage, certificate: Certificate
) -> None:
    reply = act(stage, "reissue", certificate, reason="原件遗失，登报声明作废")

    assert same(shapes.ReissueReply, reply)
    copy = newest(stage)
    assert (copy.id, copy.number) == (reply["reissued"]["certificate_id"], certificate.number)
    assert copy.verification_code != certificate.verification_code
    old, new = verified(stage, certificate.verification_code), verified(stage, copy.verification_code)
    assert (old["stage"], old["replaced_by_number"]) == ("replaced", certificate.number)
    assert (new["stage"], new["issued_on"]) == ("valid", "2026-03-02")
    assert page(stage, copy.id)["replaces_number"] == certificate.number
    assert page(stage, certificate.id)["replaced_by"] == copy.id


def test_a_new_number_is_the_next_of_its_series_and_the_applications_from_now_on(
    stage: Stage, certificate: Certificate
) -> None:
    act(stage, "reissue", certificate, new_number=True)

    assert newest(stage).number == "冀租备130102-2026-0002"
    assert verified(stage, certificate.verification_code)["replaced_by_number"] == "冀租备130102-2026-0002"
    application = stage.look({"application_id": certificate.application_id}, LESSOR)
    assert application["certificate"]["number"] == application["certificate_number"] == "冀租备130102-2026-0002"


def test_a_copy_can_be_lost_too(stage: Stage, certificate: Certificate) -> None:
    act(stage, "reissue", certificate)
    act(stage, "reissue", newest(stage))

    assert newest(stage).number == certificate.number
    with pytest.raises(Conflict, match="certificate_stage"):
        act(stage, "reissue", certificate, version=2)


@pytest.mark.parametrize("name", ["cancel", "reissue"])
def test_what_stands_in_a_register_ends_there_and_keeps_its_number(stage: Stage, name: str) -> None:
    stage.registered()
    held = newest(stage, kind="use_registration")

    more = {"new_number": True} if name == "reissue" else {}
    code = {"cancel": "certificate_follows_register", "reissue": "number_is_for_life"}[name]
    with pytest.raises(Conflict, match=code):
        act(stage, name, held, **more)

    assert newest(stage, kind="use_registration").stage == "valid"
    assert "cancel_certificate" not in page(stage, held.id)["possible"]


def test_a_suspended_use_registration_still_ends_when_the_machine_comes_down(stage: Stage) -> None:
    form = forms.use_registration(project_id=FILED_PROJECT, machine_id=forms.install_notice()["machine_id"])
    approved(stage, "use_registration", form, CONTRACTOR)
    act(stage, "suspend", newest(stage, kind="use_registration"))

    approved(stage, "dismantling_notice", forms.dismantling_notice(), INSTALLER)

    assert newest(stage, kind="use_registration").stage == "cancelled"


@pytest.mark.parametrize(
    ("by", "refusal"),
    [
        (officer(CITY), Forbidden),
        (officer(roles=("acceptor", "reviewer")), Forbidden),
        (officer(OTHER_COUNTY), NotFound),
        (LESSOR, Forbidden),
        (CONTRACTOR, NotFound),
    ],
)
def test_only_an_approver_of_the_agency_that_issued_it_acts_on_it(stage: Stage, certificate, by, refusal) -> None:
    with pytest.raises(refusal):
        act(stage, "suspend", certificate, by)

    assert page(stage, certificate.id, LESSOR)["possible"] == []
    assert page(stage, certificate.id)["possible"] == [
        "suspend_certificate",
        "cancel_certificate",
        "reissue_certificate",
    ]


def test_two_officers_at_once_and_the_same_command_twice(stage: Stage, certificate: Certificate) -> None:
    first = act(stage, "reissue", certificate, key="k")

    assert act(stage, "reissue", certificate, key="k") == first
    with pytest.raises(Conflict, match="stale_version"):
        act(stage, "cancel", certificate)
