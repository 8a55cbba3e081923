"""综合评定: the owner asks before completion, the agency gives the grade (R-F2, S9, 建质〔2014〕111号)."""

from dataclasses import replace
from datetime import date

import pytest

from chassis.errors import Conflict, Invalid
from chassis.schemas import read
from filing import matters
from filing.assessment import months_without
from filing.catalogue import get_matter
from services.filing.tests import forms
from services.filing.tests.factories import CONTRACTOR, OWNER, Stage
from services.filing.tests.forms import errors, found, month_assessed
from services.filing.tests.steps import accepted, approved, decide, events

MATTER = "comprehensive_assessment"
GOOD = {"grade": "excellent"}


@pytest.mark.parametrize(
    ("decision", "grade"),
    [
        (GOOD, "优良"),
        ({"grade": "qualified"}, "合格"),
        ({"grade": "failed", "fail_grounds": ["responsible_accident"]}, "不合格"),
    ],
)
def test_the_grade_given_at_approval_stands_on_the_certificate_and_on_record(stage: Stage, decision, grade) -> None:
    reply = approved(stage, MATTER, forms.comprehensive_assessment(), OWNER, decision=decision)

    page = stage.look(reply, OWNER)
    assert reply["certificate"]["number"] == "冀考评130102-2026-0001"
    assert page["certificate"]["shown"]["assessment_grade"] == grade
    assert page["decision"] == decision
    assert next(each for each in page["steps"] if each["act"] == "approve")["detail"]["decision"] == decision
    assert events(stage, "application_approved")[0]["decision"] == decision


@pytest.mark.parametrize(
    ("decision", "field", "rule"),
    [
        (None, "decision.grade", "required"),
        ({"grade": "good"}, "decision.grade", "not_a_choice"),
        ({"grade": "failed"}, "decision.fail_grounds", "required"),
        ({"grade": "failed", "fail_grounds": ["other"]}, "decision.note", "required"),
        ({"grade": "qualified", "fail_grounds": ["not_submitted"]}, "decision.fail_grounds", "only_when_failed"),
        ({"grade": "qualified", "colour": "red"}, "decision.colour", "unknown_field"),
    ],
)
def test_nothing_is_decided_without_a_grade_that_has_its_grounds(stage: Stage, decision, field, rule) -> None:
    waiting = accepted(stage, MATTER, forms.comprehensive_assessment(), OWNER)

    with pytest.raises(Invalid) as refused:
        decide(stage, MATTER, waiting, decision=decision)

    assert [each["rule"] for each in refused.value.fields[field]] == [rule]
    assert stage.look(waiting, OWNER)["stage"] == "accepted"


def test_a_matter_that_asks_for_no_decision_takes_none(stage: Stage) -> None:
    waiting = accepted(stage, "supervision_suspension", forms.supervision_suspension(), OWNER)

    with pytest.raises(Invalid) as refused:
        decide(stage, "supervision_suspension", waiting, decision=GOOD)

    assert refused.value.fields == {"decision": [{"rule": "unknown_field"}]}


def test_the_portal_learns_which_decision_an_approval_asks_for(stage: Stage) -> None:
    fields = get_matter(stage.desk, code=MATTER)["decision"][0]["fields"]

    assert [each["name"] for each in fields] == ["grade", "fail_grounds", "note"]
    assert get_matter(stage.desk, code="civilised_site")["decision"] == []


def test_it_is_asked_for_before_completion():
    accepted_ = replace(forms.FILED_PROJECT, works_accepted_on=date(2026, 2, 27))

    assert errors(MATTER, forms.comprehensive_assessment(), "owner", project=accepted_) == [
        ("works_accepted_already", "form.project_id")
    ]
    assert errors(MATTER, forms.comprehensive_assessment(planned_acceptance_on="2026-03-01"), "owner") == [
        ("after_completion", "form.planned_acceptance_on")
    ]
    assert errors(MATTER, forms.comprehensive_assessment(planned_acceptance_on="2026-03-02"), "owner") == []


def test_ten_working_days_from_the_arrival(stage: Stage) -> None:
    waiting = accepted(stage, MATTER, forms.comprehensive_assessment(), OWNER)

    assert waiting["due_at"].startswith("2026-03-16")


def test_only_the_owner_has_it_done(stage: Stage) -> None:
    assert errors(MATTER, forms.comprehensive_assessment(), "contractor") == [
        ("not_party_of_project", "form.project_id")
    ]
    with pytest.raises(Exception, match="matter_of_other_enterprises"):
        stage.draft(CONTRACTOR, MATTER, forms.comprehensive_assessment())


def test_one_assessment_of_a_project_is_under_way_at_a_time(stage: Stage) -> None:
    accepted(stage, MATTER, forms.comprehensive_assessment(), OWNER)

    with pytest.raises(Conflict, match="application_exists"):
        stage.submit(stage.draft(OWNER, MATTER, forms.comprehensive_assessment()), OWNER)


def test_a_month_without_self_assessment_is_pointed_out_and_one_told_twice_refused():
    one = forms.comprehensive_assessment(months=[month_assessed("2026-02")])
    twice = forms.comprehensive_assessment(months=[month_assessed("2026-01"), month_assessed("2026-01")])

    assert found(MATTER, one, "owner") == [("warning", "self_assessment_missing", "form.months")]
    assert errors(MATTER, twice, "owner") == [("month_named_twice", "form.months.1.month")]
    assert months_without({"2025-12"}, date(2025, 11, 30), date(2026, 2, 1)) == ["2025-11", "2026-01"]


def test_rewards_penalties_and_accidents_are_proved_and_not_in_the_future():
    event = {"kind": "penalty", "on": "2026-03-03", "content": "罚款"}
    form = forms.comprehensive_assessment(happened=[event])
    loaded = read(matters.ALL[MATTER].form(), form)

    assert errors(MATTER, form, "owner") == [("in_the_future", "form.happened.0.on")]
    assert matters.ALL[MATTER].attachment("Z3").is_required(loaded)
    assert not matters.ALL[MATTER].attachment("Z4").is_required(loaded)
