"""An enterprise renews its papers: whoever does is no longer held to those of the day on which it registered."""

from datetime import date, timedelta

import pytest

from chassis.database import transaction
from chassis.errors import Conflict
from filing import matters
from filing.models import Organisation
from services.filing.tests import forms
from services.filing.tests.factories import INSTALLER, LICENCE, QUALIFICATION, Stage, id_of
from services.filing.tests.forms import enterprise_papers, errors, found
from services.filing.tests.steps import approved

HELD = {"name": "起重设备安装工程专业承包", "grade": "二级", "number": "D213000001", "valid_to": "2026-01-31"}


def details(stage: Stage) -> dict:
    with transaction(stage.desk.sessions) as session:
        return session.get_one(Organisation, id_of("installer")).details


def test_a_renewed_licence_counts_for_the_next_notice(stage: Stage, clock) -> None:
    clock.advance(timedelta(days=(date.fromisoformat(LICENCE["valid_to"]) - stage.desk.today()).days + 1))
    today = stage.desk.today()
    times = {"planned_start": today + timedelta(days=9), "planned_finish": today + timedelta(days=12)}
    notice = forms.install_notice(**{name: day.isoformat() for name, day in times.items()})
    with pytest.raises(Conflict, match="safety_licence_expired"):
        stage.submit(stage.draft(form=notice))
    licence = {"number": "新", "valid_to": (today + timedelta(days=1095)).isoformat()}

    approved(stage, "enterprise_papers", enterprise_papers(safety_licence=licence), INSTALLER)

    assert details(stage)["safety_licence"]["number"] == "新"
    assert details(stage)["qualifications"] == [QUALIFICATION]  # what the form leaves out
    stage.submit(stage.draft(form=notice))


def test_qualifications_replace_those_that_were_registered(stage: Stage) -> None:
    approved(stage, "enterprise_papers", {"qualifications": [HELD]}, INSTALLER)

    assert details(stage)["safety_licence"] == LICENCE
    assert [each["number"] for each in details(stage)["qualifications"]] == [HELD["number"]]


def test_something_must_be_renewed_and_be_in_force() -> None:
    past = {"number": "旧", "valid_to": "2026-01-01"}

    assert errors("enterprise_papers", {}, "installer") == [("required", "form.safety_licence")]
    assert errors("enterprise_papers", enterprise_papers(safety_licence=past), "installer") == [
        ("safety_licence_expired", "form.safety_licence.valid_to")
    ]
    assert found("enterprise_papers", {"qualifications": [HELD]}, "installer") == [
        ("warning", "qualification_expired", "form.qualifications.0.valid_to")
    ]


@pytest.mark.parametrize(
    ("form", "documents"), [(enterprise_papers(), {"E3"}), ({"qualifications": [HELD]}, {"E2"}), ({}, set())]
)
def test_each_paper_comes_with_its_copy(form, documents) -> None:
    asked = {each.code for each in matters.ALL["enterprise_papers"].attachments if each.is_required(form)}

    assert asked == documents
