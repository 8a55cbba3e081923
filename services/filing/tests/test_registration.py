"""An enterprise registers itself (R-A1, R-A2): 24 hours, one living credit code, mended after a return, open by approval."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from chassis.database import transaction
from chassis.errors import Conflict, Forbidden, Invalid
from chassis.identifiers import new_id
from chassis.journal import first_broken
from chassis.principal import Principal, service_principal
from filing import applications
from filing.desk import Command
from filing.models import Application, Organisation
from filing.queries.organisations import sign_in_profile
from filing.registration import register_enterprise
from services.filing.tests import forms
from services.filing.tests.factories import CITY, COUNTY, INSTALLER, OTHER_COUNTY, PAPER, Stage, id_of, officer, seen
from services.filing.tests.steps import REGISTRANT, accept, as_enterprise, decide, events, register, rejected

MATTER = "enterprise_registration"


def row_of(stage: Stage, reply) -> Organisation:
    with transaction(stage.desk.sessions) as session:
        return session.get_one(Organisation, reply["organisation_id"])


def profile(stage: Stage, reply) -> dict:
    with transaction(stage.desk.sessions) as session:
        return sign_in_profile(session, service_principal("gateway"), reply["organisation_id"])


def test_a_registration_goes_to_the_agency_of_its_division_which_has_24_hours(stage: Stage):
    handed_in = register(stage)

    assert (handed_in["stage"], handed_in["agency_id"]) == ("submitted", id_of("agency", COUNTY))
    assert handed_in["due_at"] == (stage.desk.clock() + timedelta(hours=24)).isoformat()
    enterprise = row_of(stage, handed_in)
    assert (enterprise.stage, enterprise.area, enterprise.kinds) == ("pending", COUNTY, ["contractor", "installer"])
    assert enterprise.details["legal_representative"] == "张三"
    waiting = profile(stage, handed_in)
    assert waiting["stage"] == "pending"
    assert waiting["registration"] == {"application_id": handed_in["application_id"], "stage": "submitted"}


def test_its_approval_opens_it_and_tells_everybody(stage: Stage):
    handed_in = register(stage)

    decided = decide(stage, MATTER, accept(stage, handed_in))

    assert (decided["outcome"], decided["certificate"]) == ("approved", None)
    assert profile(stage, handed_in)["stage"] == "open"
    assert row_of(stage, handed_in).opened_at == stage.desk.clock()
    told = events(stage, "organisation_opened")[0]
    assert told["organisation_id"] == handed_in["organisation_id"]
    assert (told["credit_code"], told["kinds"], told["area"]) == (
        "91130100MA00000A95",
        ["contractor", "installer"],
        COUNTY,
    )
    with transaction(stage.desk.sessions) as session:
        assert first_broken(session) is None


def test_until_then_it_can_apply_for_nothing_else(stage: Stage):
    pending = as_enterprise(register(stage), kinds=("installer",))

    with pytest.raises(Forbidden) as refused:
        applications.start(stage.desk, Command(pending), application_id=new_id(), matter="install_notice")

    assert refused.value.code == "organisation_not_open"


def test_a_returned_registration_is_mended_by_the_enterprise_and_may_change_its_place(stage: Stage):
    handed_in = register(stage)
    officer_ = Command(officer(COUNTY, "a", ("acceptor",)))
    returned = applications.return_for_correction(stage.desk, officer_, **seen(handed_in), remarks="行政区划有误")
    me = Command(as_enterprise(handed_in))
    form = forms.enterprise_registration(division="130104", contact="王五")

    offered = {"form": form, "agency_id": id_of("agency", OTHER_COUNTY)}
    saved = applications.save_draft(stage.desk, me, **seen(returned), **offered)
    again = applications.submit(stage.desk, stage.owners, me, **seen(saved))

    assert again["agency_id"] == id_of("agency", OTHER_COUNTY)
    enterprise = row_of(stage, handed_in)
    assert (enterprise.area, enterprise.contact) == (OTHER_COUNTY, "王五")
    decide(stage, MATTER, accept(stage, again, OTHER_COUNTY), OTHER_COUNTY)
    assert row_of(stage, handed_in).stage == "open"


def test_a_credit_code_lives_once_and_is_free_again_after_a_rejection(stage: Stage):
    first = register(stage)

    with pytest.raises(Conflict) as refused:
        register(stage)
    assert refused.value.code == "credit_code_taken"
    rejected(stage, accept(stage, first))
    assert row_of(stage, first).stage == "closed"
    assert register(stage)["stage"] == "submitted"


def test_of_many_that_register_one_code_at_once_one_gets_through(stage: Stage):
    def attempt(number: int) -> str:
        try:
            return str(register(stage)["stage"])
        except Conflict as refusal:
            return refusal.code

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(attempt, range(8)))

    assert sorted(outcomes) == ["credit_code_taken"] * 7 + ["submitted"]
    with transaction(stage.desk.sessions) as session:
        living = select(Organisation).where(Organisation.credit_code == "91130100MA00000A95")
        assert len(session.scalars(living).all()) == 1


def test_the_same_command_again_gets_the_same_answer(stage: Stage):
    form = forms.enterprise_registration(kinds=["owner"])
    given = {
        "organisation_id": new_id(),
        "application_id": new_id(),
        "form": form,
        "attachments": [
            {"code": "E1", "sha256": PAPER, "name": "1.pdf", "size": 1000, "media_type": "application/pdf"}
        ],
    }

    first = register_enterprise(stage.desk, Command(REGISTRANT, "key"), **given)
    second = register_enterprise(stage.desk, Command(REGISTRANT, "key"), **given)

    assert first == second
    with pytest.raises(Conflict) as refused:
        register_enterprise(stage.desk, Command(REGISTRANT, "key"), **(given | {"application_id": new_id()}))
    assert refused.value.code == "idempotency_key_reused"
    with pytest.raises(Conflict) as refused:
        register_enterprise(stage.desk, Command(REGISTRANT, "other key"), **given)
    assert refused.value.code == "id_taken"


@pytest.mark.parametrize(
    ("changes", "path", "rule"),
    [
        ({"credit_code": "91130100MA00000A96"}, "form.credit_code", "wrong_credit_code"),
        ({"division": "139999"}, "form.division", "unknown_division"),
        ({"surprise": "x"}, "form.surprise", "unknown_field"),
    ],
)
def test_t33_what_is_wrong_is_named_and_nothing_is_kept(stage: Stage, changes, path, rule):
    with pytest.raises(Invalid) as refused:
        register(stage, **changes)

    assert refused.value.fields[path][0]["rule"] == rule
    with transaction(stage.desk.sessions) as session:
        assert session.scalars(select(Application)).all() == []


def test_missing_papers_and_fields_are_told_all_at_once(stage: Stage):
    form = forms.enterprise_registration()
    half = {name: value for name, value in form.items() if name not in ("address", "contact")}

    def missing(typed) -> set[str]:
        ids = {"organisation_id": new_id(), "application_id": new_id()}
        with pytest.raises(Invalid) as refused:
            register_enterprise(stage.desk, Command(REGISTRANT), **ids, form=typed, attachments=[])
        return set(refused.value.fields)

    assert missing(half) == {"form.address", "form.contact", "attachments.E1"}
    assert missing(form) == {"attachments.E1", "attachments.E2", "attachments.E3"}


def test_another_agency_only_within_the_rule(stage: Stage):
    with pytest.raises(Invalid) as refused:
        register(stage, agency_id=id_of("agency", OTHER_COUNTY))

    offered = refused.value.fields["agency_id"][0]["offered"]
    assert [each["area"] for each in offered] == [COUNTY]
    assert register(stage, division="130105")["agency_id"] == id_of("agency", CITY)  # no agency of its own: the city's


def test_an_enterprise_from_outside_goes_to_the_province(stage: Stage):
    outside = register(stage, outside_province=True, division="130000")

    assert outside["agency_id"] == id_of("agency", "13")
    assert row_of(stage, outside).area == "13"


@pytest.mark.parametrize("principal", [INSTALLER, officer(), Principal(user_id="x")])
def test_only_somebody_unknown_registers(stage: Stage, principal):
    with pytest.raises(Forbidden):
        register_enterprise(
            stage.desk,
            Command(principal),
            organisation_id=new_id(),
            application_id=new_id(),
            form=forms.enterprise_registration(),
            attachments=[],
        )
