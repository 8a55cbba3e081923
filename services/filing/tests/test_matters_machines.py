"""Machine filing, back-entry, use registration (T10), lessors, installers from outside, registration of enterprises."""

from datetime import date

import pytest

from chassis.errors import Invalid
from filing import matters
from filing.matters.base import Place, Route
from services.filing.tests.forms import (
    FILED_PROJECT,
    MACHINE,
    enterprise_registration,
    errors,
    facts,
    found,
    id_of,
    installer_filing,
    lessor_filing,
    machine_filing,
    machine_registration,
    party,
    use_registration,
)


def test_t1_a_machine_goes_to_the_agency_of_its_owners_seat_wherever_it_will_work():
    here = facts("machine_filing", machine_filing(), "lessor", project=FILED_PROJECT)

    assert matters.ALL["machine_filing"].route is Route.APPLICANT
    assert matters.ALL["machine_filing"].place(here) == Place(area="13.1301.130102")
    elsewhere = facts(
        "machine_filing", machine_filing(), "lessor", more_parties=[party("lessor", area="13.1302.130202")]
    )
    assert matters.ALL["machine_filing"].place(elsewhere) == Place(area="13.1302.130202")


def test_a_complete_machine_has_nothing_wrong_and_is_claimed_as_described():
    assert errors("machine_filing", machine_filing(), "lessor") == []

    claimed = matters.ALL["machine_filing"].claims(facts("machine_filing", machine_filing(), "lessor")).machine

    assert claimed.machine_id is None
    assert claimed.particulars["serial_number"] == "2020-001"
    assert claimed.particulars["made_on"] == date(2020, 5, 1)
    assert "keeper" not in claimed.particulars


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"made_on": "2026-03-03"}, ["in_the_future", "bought_out_of_order"]),
        ({"bought_on": "2020-04-30"}, ["bought_out_of_order"]),
        ({"bought_on": "2026-03-03"}, ["bought_out_of_order"]),
        ({"rated_moment_knm": None}, ["required"]),
        ({"kind": "S"}, ["required"]),
        ({"kind": "S", "hoist_drive": "SC"}, []),
        ({"made_on": "2013-12-31"}, ["required"]),
        ({"made_on": "2014-01-01"}, []),
        ({"made_on": "2013-12-31", "supervision_inspection_no": "J-7"}, []),
    ],
)
def test_what_a_machine_lacks_or_says_out_of_order_is_named(changes, wrong):
    form = {name: value for name, value in machine_filing(**changes).items() if value is not None}

    assert [code for code, _ in errors("machine_filing", form, "lessor")] == wrong


def test_documents_depend_on_the_machine():
    matter = matters.ALL["machine_filing"]

    old = facts("machine_filing", machine_filing(made_on="2010-01-01"), "lessor").form
    new = facts("machine_filing", machine_filing(), "lessor").form
    assert matter.attachment("F4").is_required(old)
    assert not matter.attachment("F4").is_required(new)
    assert not matter.attachment("F7").is_required(new)
    assert matter.attachment("F7").is_required({"assessment": {"passed": True}})


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"on": "2026-03-03"}, "assessed_out_of_order"),
        ({"on": "2020-01-01"}, "assessed_out_of_order"),
        ({"valid_to": "2026-01-01"}, "ends_before_it_starts"),
    ],
)
def test_an_assessment_has_its_days_in_order(changes, wrong):
    report = {"body": "某机构", "report_number": "P-1", "on": "2026-01-01", "valid_to": "2028-01-01", "passed": True}

    assert errors("machine_filing", machine_filing(assessment=report), "lessor") == []
    refused = errors("machine_filing", machine_filing(assessment={**report, **changes}), "lessor")
    assert [code for code, _ in refused] == [wrong]


def test_a_machine_filed_on_paper_keeps_its_number():
    form = machine_registration(filing_number="冀A-T-00012")
    known = facts("machine_registration", form, "contractor")
    matter = matters.ALL["machine_registration"]

    assert matter.check(known) == []
    assert matter.certificate.number_given(known) == "冀A-T-00012"
    assert matter.claims(known).machine.particulars["filing_agency"] == "某站"
    too_early = machine_registration(filed_on="2020-04-01")
    assert errors("machine_registration", too_early, "contractor") == [("filed_out_of_order", "form.filed_on")]


def test_a_filing_number_begins_with_province_place_and_kind():
    rule = matters.ALL["machine_filing"].certificate

    assert rule.parts(facts("machine_filing", machine_filing(), "lessor")) == {"machine_kind": "T"}


CONTRACTOR = "contractor"


def test_a_complete_use_registration_has_nothing_wrong():
    assert found("use_registration", use_registration(), CONTRACTOR) == []
    assert found("use_registration", use_registration(), CONTRACTOR, machine=MACHINE) == []


@pytest.mark.parametrize(
    ("today", "days"),
    [("2026-03-28", None), ("2026-03-29", 31), ("2026-06-01", 95)],  # accepted on 26 February: day 30 is 28 March
)
def test_t10_from_the_31st_day_after_acceptance_a_registration_is_flagged_late_but_not_refused(today, days):
    checked = matters.ALL["use_registration"].check(
        facts("use_registration", use_registration(), CONTRACTOR, today=date.fromisoformat(today))
    )

    assert not [each for each in checked if each.is_error]
    late = [each.detail["days"] for each in checked if each.code == "registered_late"]
    assert late == ([] if days is None else [days])


def test_t10_it_is_the_day_of_the_first_submission_that_counts():
    in_time = {"today": date(2026, 6, 1), "first_submitted_on": date(2026, 3, 20)}

    assert found("use_registration", use_registration(), CONTRACTOR, **in_time) == []


@pytest.mark.parametrize("matter", ["machine_filing", "machine_registration"])
def test_only_a_registered_lessor_or_a_contractor_has_machines_filed(matter):
    form = {"machine_filing": machine_filing, "machine_registration": machine_registration}[matter]()

    assert errors(matter, form, "lessor", certificates=frozenset()) == [("lessor_not_filed", "")]
    assert errors(matter, form, "lessor") == []
    assert errors(matter, form, "contractor", certificates=frozenset()) == []


def test_t10_inspection_and_acceptance_go_to_equipment_as_evidence():
    claimed = matters.ALL["use_registration"].claims(facts("use_registration", use_registration(), CONTRACTOR))

    assert claimed.machine.evidence["acceptance"] == {"on": date(2026, 2, 26), "passed": True}
    assert claimed.machine.evidence["inspection"]["report_number"] == "J-1"
    assert [(each.role, each.employer_id) for each in claimed.people] == [
        ("driver", id_of("contractor")),
        ("signaller", id_of("contractor")),
    ]


def test_installed_inspected_accepted_in_this_order():
    late_install = use_registration(installed_on="2026-02-25")
    future = use_registration(acceptance={"on": "2026-03-03", "passed": True, "organiser": "某公司"})

    assert errors("use_registration", late_install, CONTRACTOR) == [("out_of_order", "form.inspection.on")]
    assert errors("use_registration", future, CONTRACTOR) == [("in_the_future", "form.acceptance.on")]


def test_only_the_contractor_of_the_project_registers_its_use():
    other = party("other", "contractor")

    refused = errors("use_registration", use_registration(), "other", more_parties=[other])

    assert refused == [("not_contractor_of_project", "form.project_id")]


def test_operators_are_the_contractors_own_or_come_with_the_machine():
    driver, signaller = use_registration()["operators"]

    def with_driver_of(name):
        operators = [{**driver, "employer_id": id_of(name)}, signaller]
        return errors("use_registration", use_registration(operators=operators), CONTRACTOR, machine=MACHINE)

    assert with_driver_of("lessor") == []
    assert with_driver_of("contractor") == []
    assert with_driver_of("stranger") == [("employer_not_of_machine", "form.operators.0.employer_id")]


def test_a_hoist_needs_its_anti_fall_device_in_force():
    hoist = {**MACHINE, "kind": "S"}
    device = {"number": "F-1", "calibrated_on": "2025-06-01", "valid_to": "2026-05-31"}

    def check(**changes):
        return errors("use_registration", use_registration(machine_kind="S", **changes), CONTRACTOR, machine=hoist)

    assert check() == [("required", "form.anti_fall_device")]
    assert check(anti_fall_device=device) == []
    expired = {**device, "valid_to": "2026-03-01"}
    assert check(anti_fall_device=expired) == [("anti_fall_device_expired", "form.anti_fall_device.valid_to")]


def test_what_is_leased_or_maintained_by_others_asks_for_its_contract():
    matter = matters.ALL["use_registration"]

    assert matter.attachment("U2").is_required({"leased": True})
    assert not matter.attachment("U2").is_required({"leased": False})
    assert matter.attachment("U8").is_required({"maintained_by_third_party": True})
    unnamed = use_registration(maintained_by_third_party=True)
    assert errors("use_registration", unnamed, CONTRACTOR) == [("required", "form.maintainer")]


def test_a_lessor_names_each_kind_of_machine_once():
    twice = lessor_filing(machines=[{"kind": "T", "count": 1}, {"kind": "T", "count": 2}])

    assert errors("lessor_filing", lessor_filing(), "lessor") == []
    assert errors("lessor_filing", twice, "lessor") == [("kind_named_twice", "form.machines.1.kind")]


def test_an_entry_filing_goes_straight_to_the_province_and_lasts_as_long_as_its_papers():
    outside = party("installer", area="13", details={"outside_province": True})
    known = facts("installer_filing", installer_filing(), "installer", more_parties=[outside])
    matter = matters.ALL["installer_filing"]

    assert matter.check(known) == []
    assert matter.place(known) == Place()
    assert matter.certificate.valid_to(known) == date(2028, 1, 1)
    expired = installer_filing(qualification_valid_to="2026-03-01")
    assert errors("installer_filing", expired, "installer") == [
        ("qualification_expired", "form.qualification_valid_to")
    ]
    at_home = found("installer_filing", installer_filing(), "installer")
    assert at_home == [("warning", "entry_filing_not_needed", "")]


def registration(**changes):
    form = {name: value for name, value in enterprise_registration(**changes).items() if value is not None}
    return [code for code, _ in errors("enterprise_registration", form, "contractor")]


def test_an_enterprise_shows_the_papers_of_its_kinds():
    assert registration() == []
    assert registration(kinds=["owner"], qualifications=None, safety_licence=None) == []
    assert registration(qualifications=None) == ["required"]
    assert registration(safety_licence=None) == ["required"]
    assert registration(kinds=["supervisor"], safety_licence=None) == []
    assert registration(kinds=["owner", "owner"]) == ["kind_named_twice"]
    assert registration(safety_licence={"number": "x", "valid_to": "2026-03-01"}) == ["safety_licence_expired"]


def test_an_enterprise_from_outside_registers_with_the_province():
    outside = enterprise_registration(outside_province=True, division="130000")

    assert errors("enterprise_registration", outside, "contractor") == []
    assert registration(division="130000") == ["division_and_origin_differ"]
    assert registration(outside_province=True) == ["division_and_origin_differ"]
    place = matters.ALL["enterprise_registration"].place(facts("enterprise_registration", outside, "contractor"))
    assert place == Place(area="13")


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"credit_code": "91130100MA00000A96"}, "form.credit_code"),
        ({"phone": "12345678901"}, "form.phone"),
        ({"email": "nobody"}, "form.email"),
        ({"kinds": ["bank"]}, "form.kinds.0"),
        ({"kinds": []}, "form.kinds"),
    ],
)
def test_t33_wrong_codes_and_phones_are_refused(changes, path):
    with pytest.raises(Invalid) as refused:
        facts("enterprise_registration", enterprise_registration(**changes), "contractor")

    assert path in refused.value.fields
