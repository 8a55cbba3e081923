"""Newer papers of a machine that is on file: an assessment brought along (T5), the yearly inspection of one in use (R-E5)."""

from datetime import date

import pytest

from filing import matters
from filing.matters.base import ProjectFacts
from services.filing.tests import forms
from services.filing.tests.factories import CONTRACTOR, INSTALLER, Stage, officer
from services.filing.tests.forms import ASSESSMENT, FILED_PROJECT, MACHINE, errors, facts
from services.filing.tests.steps import approved, events

BY = {"install_notice": "installer", "use_registration": "contractor", "inspection_report": "contractor"}
FORMS = {matter: getattr(forms, matter) for matter in BY}
DAYS = {"on": date(2026, 2, 1), "valid_to": date(2028, 1, 31)}
EACH = pytest.mark.parametrize("matter", BY)


@EACH
def test_t5_a_newer_assessment_goes_to_equipment_as_evidence_with_its_report(matter):
    form = FORMS[matter](assessment=ASSESSMENT)

    assert errors(matter, form, BY[matter]) == []
    claimed = matters.ALL[matter].claims(facts(matter, form, BY[matter])).machine
    assert claimed.evidence["assessment"] == ASSESSMENT | DAYS
    asked = {each.code for each in matters.ALL[matter].attachments if each.is_required(form)}
    without = {each.code for each in matters.ALL[matter].attachments if each.is_required(FORMS[matter]())}
    (code,) = asked - without
    assert matters.ALL[matter].attachment(code).title == "安全评估报告"


@EACH
def test_without_one_nothing_is_said_of_it(matter):
    claimed = matters.ALL[matter].claims(facts(matter, FORMS[matter](), BY[matter])).machine

    assert "assessment" not in claimed.evidence


@EACH
@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"on": "2026-03-03"}, ("assessed_out_of_order", "form.assessment.on")),
        ({"on": "2009-12-31"}, ("assessed_out_of_order", "form.assessment.on")),
        ({"valid_to": "2026-02-01"}, ("ends_before_it_starts", "form.assessment.valid_to")),
    ],
)
def test_an_assessment_was_made_after_the_machine_and_by_now_and_holds_from_then_on(matter, changes, wrong):
    machine = MACHINE | {"made_on": "2010-01-01"}

    assert errors(matter, FORMS[matter](assessment=ASSESSMENT | changes), BY[matter], machine=machine) == [wrong]


def test_a_report_says_something_new_and_is_the_users():
    matter = "inspection_report"
    empty = forms.inspection_report()
    del empty["inspection"]
    tomorrow = forms.inspection_report(inspection=forms.inspection_report()["inspection"] | {"on": "2026-03-03"})

    assert errors(matter, forms.inspection_report(), "contractor") == []
    assert errors(matter, empty | {"assessment": ASSESSMENT}, "contractor") == []
    assert errors(matter, empty, "contractor") == [("required", "form.inspection")]
    assert errors(matter, tomorrow, "contractor") == [("in_the_future", "form.inspection.on")]
    assert errors(matter, forms.inspection_report(), "installer") == [("not_contractor_of_project", "form.project_id")]


@pytest.mark.parametrize(("stage", "wrong"), [("suspended", None), ("unfiled", None), ("merged", "project_merged")])
def test_a_machine_is_inspected_as_long_as_it_stands(stage, wrong):
    project = ProjectFacts(**(vars(FILED_PROJECT) | {"stage": stage}))

    found = errors("inspection_report", forms.inspection_report(), "contractor", project=project)

    assert [code for code, _ in found] == ([wrong] if wrong else [])


def test_an_approved_report_is_told_with_what_it_says(stage: Stage):
    reply = approved(stage, "inspection_report", forms.inspection_report(), CONTRACTOR)

    assert (reply["outcome"], reply["certificate"]) == ("approved", None)
    told = events(stage, "application_approved")[-1]
    assert told["matter"] == "inspection_report"
    assert told["evidence"]["inspection"]["valid_to"] == "2027-02-23"


def test_an_over_age_crane_is_noticed_with_the_assessment_that_was_made_meanwhile(stage: Stage):
    arrived = stage.arrived(INSTALLER, forms.install_notice(assessment=ASSESSMENT))

    assert stage.owners.asked[0].request["evidence"]["assessment"]["valid_to"] == "2028-01-31"
    assert stage.look(arrived, officer())["form"]["assessment"]["report_number"] == "P-1"
