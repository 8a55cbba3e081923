"""People's phones in a form are read in full by who typed or signs it; by officers masked, unless they say why (T35)."""

import pytest
from sqlalchemy import select

from chassis.database import transaction
from chassis.errors import Forbidden, NotFound
from chassis.journal import JournalRow
from filing import applications, phones
from filing.desk import Command
from filing.queries import organisations
from services.filing.tests import forms
from services.filing.tests.factories import CITY, CONTRACTOR, COUNTY, INSTALLER, OTHER_COUNTY, Stage, officer, seen
from services.filing.tests.steps import as_enterprise, register

NUMBER, MASKED = "13800000001", "138****0001"
REASON = "核实安装负责人"
SECTIONS = [
    {
        "title": "人员",
        "fields": [
            {"name": "lead_phone", "type": "phone"},
            {
                "name": "people",
                "type": "rows",
                "item": {
                    "type": "part",
                    "fields": [{"name": "name", "type": "text"}, {"name": "phone", "type": "phone"}],
                },
            },
        ],
    }
]


def test_phones_are_found_and_masked_wherever_they_stand_and_whatever_a_draft_holds() -> None:
    form = {"lead_phone": NUMBER, "people": [{"name": "张三", "phone": "13900001111"}, "x", {}], "more": NUMBER}

    assert phones.masked(SECTIONS, form) == {
        "lead_phone": MASKED,
        "people": [{"name": "张三", "phone": "139****1111"}, "x", {}],
        "more": NUMBER,
    }
    assert phones.phones_in(SECTIONS, form) == [("form.lead_phone", NUMBER), ("form.people.0.phone", "13900001111")]
    assert phones.masked(SECTIONS, "nothing of the kind") == "nothing of the kind"


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("form.people.0.phone", NUMBER, MASKED),
        ("form.people.1", {"name": "张三", "phone": NUMBER}, {"name": "张三", "phone": MASKED}),
        ("form.people.0.name", "张三", "张三"),
        ("form.gone", NUMBER, NUMBER),
        ("form.lead_phone", None, None),
    ],
)
def test_what_stood_at_a_path_is_masked_by_the_shape_of_that_path(path, value, told) -> None:
    assert phones.masked_at(SECTIONS, path, value) == told


def test_who_typed_and_who_signs_reads_phones_in_full_and_officers_read_them_masked(stage: Stage) -> None:
    at = stage.arrived()

    def read(who) -> tuple[str, bool]:
        got = applications.get(stage.desk, who, application_id=at["application_id"])
        printed = applications.print_application(stage.desk, who, application_id=at["application_id"])["application"]
        assert printed["form"] == got["form"]
        return got["form"]["lead_phone"], got["may_unmask"]

    assert read(INSTALLER) == read(CONTRACTOR) == (NUMBER, False)
    assert read(officer(COUNTY)) == (MASKED, True)
    assert read(officer(COUNTY, "e", ("editor",))) == (MASKED, False)
    assert read(officer(CITY)) == (MASKED, False)


def test_the_card_of_an_enterprise_tells_officers_its_telephone_and_masks_peoples(stage: Stage) -> None:
    registered = register(stage, legal_representative_phone=NUMBER)
    own = as_enterprise(registered)

    def told(who) -> str:
        with transaction(stage.desk.sessions) as session:
            card = organisations.get_organisation(session, who, registered["organisation_id"])
        return card["details"]["legal_representative_phone"]

    assert (told(own), told(officer())) == (NUMBER, MASKED)


def test_what_changed_since_the_last_round_is_told_masked_as_well(stage: Stage) -> None:
    returned = applications.return_for_correction(
        stage.desk, Command(officer()), **seen(stage.accepted()), corrections=[], remarks="手机号有误"
    )
    form = forms.install_notice(lead_phone="13900009999")
    saved = applications.save_draft(stage.desk, Command(INSTALLER), **seen(returned), form=form)
    stage.submit(saved)

    changed = applications.get(stage.desk, officer(), application_id=saved["application_id"])["changes"]["form"]

    assert [(each["before"], each["after"]) for each in changed] == [(MASKED, "139****9999")]


def test_a_look_at_the_full_numbers_is_on_record_with_its_reason(stage: Stage) -> None:
    at = stage.arrived()
    asked = {"application_id": at["application_id"], "reason": REASON}

    told = applications.unmask(stage.desk, Command(officer()), **asked)

    assert told["phones"] == [{"path": "form.lead_phone", "number": NUMBER}]
    with transaction(stage.desk.sessions) as session:
        row = session.scalars(select(JournalRow).where(JournalRow.act == "unmask_application")).one()
        assert (row.subject, row.detail["reason"]) == (at["application_id"], REASON)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        (officer(CITY), Forbidden),
        (officer(COUNTY, "e", ("editor",)), Forbidden),
        (officer(OTHER_COUNTY), NotFound),
        (INSTALLER, Forbidden),
    ],
)
def test_nobody_else_unmasks(stage: Stage, who, refusal) -> None:
    with pytest.raises(refusal):
        applications.unmask(stage.desk, Command(who), application_id=stage.arrived()["application_id"], reason=REASON)
