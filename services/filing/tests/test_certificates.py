"""Certificates: checked by anybody without personal data, seen by those concerned, numbered beside what was on paper."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from chassis.database import transaction
from chassis.errors import NotFound
from filing import applications, certificates
from filing.certificates import ALPHABET, CODE_LENGTH, new_code
from filing.desk import Command
from filing.models import Certificate
from filing.queries.certificates import get_certificate, list_certificates, verify_certificate
from services.filing.tests import forms
from services.filing.tests.factories import (
    CITY,
    CONTRACTOR,
    INSTALLER,
    LESSOR,
    OTHER_COUNTY,
    OWNER,
    Stage,
    clerk,
    officer,
    seen,
)


def only_certificate(stage: Stage) -> Certificate:
    with transaction(stage.desk.sessions) as session:
        return session.scalars(select(Certificate)).one()


def test_a_code_cannot_be_guessed() -> None:
    codes = {new_code() for _ in range(200)}

    assert len(codes) == 200
    assert len(ALPHABET) ** CODE_LENGTH > 2**78


def test_anybody_with_the_code_learns_that_it_is_genuine_and_nothing_about_people(stage: Stage) -> None:
    stage.registered()
    certificate = only_certificate(stage)
    code = certificate.verification_code.lower()

    with transaction(stage.desk.sessions) as session:
        told = verify_certificate(session, f" {code[:8]}-{code[8:]} ", stage.desk.today())

    assert (told["stage"], told["number"], told["holder_name"]) == ("valid", "冀使130102-2026-00001", "contractor")
    assert told["shown"]["filing_number"] == "冀AB-T00001"
    text = json.dumps(told, ensure_ascii=False)
    assert "张三" not in text and "138" not in text
    assert not set(told) & {"application_id", "holder_id", "certificate_id", "people"}


def test_a_wrong_code_is_of_no_certificate(stage: Stage) -> None:
    stage.registered()

    for code in ("A" * 16, "", "' or true --", "冀使130102-2026-00001"):
        with transaction(stage.desk.sessions) as session, pytest.raises(NotFound, match="certificate_unknown"):
            verify_certificate(session, code, stage.desk.today())


def test_a_cancelled_or_expired_one_is_told_as_that(stage: Stage) -> None:
    stage.registered()
    with transaction(stage.desk.sessions) as session:
        certificate = session.scalars(select(Certificate)).one()
        certificate.valid_to = stage.desk.today()
    code, today = certificate.verification_code, stage.desk.today()

    with transaction(stage.desk.sessions) as session:
        assert verify_certificate(session, code, today)["stage"] == "valid"
        assert verify_certificate(session, code, today + timedelta(days=1))["stage"] == "expired"
        row = session.get_one(Certificate, certificate.id)
        certificates.cancel(session, row, officer(), stage.desk.clock(), "dismantled")
        told = verify_certificate(session, code, today + timedelta(days=1))

    assert (told["stage"], told["cancelled_on"]) == ("cancelled", "2026-03-02")


@pytest.mark.parametrize(
    ("by", "found"),
    [
        (CONTRACTOR, 1),
        (OWNER, 1),  # of its project
        (officer(), 1),
        (officer(CITY), 1),
        (officer(OTHER_COUNTY), 0),
        (LESSOR, 0),
        (clerk("nobody"), 0),
    ],
)
def test_those_concerned_see_it_in_their_lists(stage: Stage, by: object, found: int) -> None:
    stage.registered()
    certificate = only_certificate(stage)

    with transaction(stage.desk.sessions) as session:
        assert len(list_certificates(session, by, {})["items"]) == found  # type: ignore[arg-type]
        if not found:
            with pytest.raises(NotFound):
                get_certificate(session, by, certificate.id)  # type: ignore[arg-type]


def test_lists_are_filtered_and_paged(stage: Stage) -> None:
    stage.registered()
    stage.approve(stage.accepted())

    with transaction(stage.desk.sessions) as session:
        first = list_certificates(session, officer(), {"limit": 1})
        second = list_certificates(session, officer(), {"limit": 1, "after": first["next"]})
        by_kind = list_certificates(session, officer(), {"kind": "use_registration"})["items"]

    assert {first["items"][0]["kind"], second["items"][0]["kind"]} == {"use_registration", "install_receipt"}
    assert second["next"] is None
    assert [each["number"] for each in by_kind] == ["冀使130102-2026-00001"]


def test_a_number_kept_from_paper_is_skipped_by_the_series(stage: Stage) -> None:
    paper = forms.machine_registration(filing_number="冀AB-T00001")
    kept = stage.submit(stage.draft(LESSOR, "machine_registration", paper), LESSOR)
    stage.approve(applications.accept(stage.desk, Command(officer()), **seen(kept)))

    form = forms.machine_filing(serial_number="2021-002")
    filed = stage.submit(stage.draft(LESSOR, "machine_filing", form), LESSOR)
    accepted = applications.accept(stage.desk, Command(officer()), **seen(filed))
    approved = stage.approve(stage.review(accepted, officer(name="reviewer", roles=("reviewer",))))

    assert approved["certificate"]["number"] == "冀AB-T00002"


def test_the_holder_reads_its_code_to_print_it(stage: Stage) -> None:
    approved = stage.approve(stage.accepted())

    told = stage.look(approved, INSTALLER)["certificate"]

    assert told["verification_code"] == only_certificate(stage).verification_code
