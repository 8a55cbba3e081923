"""T17, S6: a civilised site may be claimed only at the standard fixed in the project's safety filing."""

from dataclasses import replace

import pytest

from chassis.errors import Conflict, Forbidden
from filing import civilised_standards
from services.filing.tests import forms
from services.filing.tests.factories import CONTRACTOR, OWNER, Stage, officer
from services.filing.tests.forms import TODAY, errors
from services.filing.tests.steps import accepted, approved, rejected

MATTER = "civilised_site"


def declared(standard: str | None):
    return replace(forms.FILED_PROJECT, civilised_standard=standard)


@pytest.mark.parametrize(
    ("at_filing", "applied_for", "refused"),
    [
        ("municipal", "municipal", None),
        ("provincial", "provincial", None),
        ("municipal", "provincial", "other_civilised_standard_declared"),
        ("provincial", "municipal", "other_civilised_standard_declared"),
        ("none", "municipal", "no_civilised_standard_declared"),
        (None, "municipal", "no_civilised_standard_declared"),
    ],
)
def test_t17_only_the_standard_declared_at_filing_is_granted(at_filing, applied_for, refused):
    form = forms.civilised_site(standard=applied_for)

    codes = [code for code, _ in errors(MATTER, form, "contractor", project=declared(at_filing))]

    assert codes == ([refused] if refused else [])


def test_t17_above_the_declared_standard_nothing_is_handed_in(stage: Stage) -> None:
    draft = stage.draft(CONTRACTOR, MATTER, forms.civilised_site(standard="provincial"))

    with pytest.raises(Conflict, match="other_civilised_standard_declared") as refused:
        stage.submit(draft, CONTRACTOR)

    assert refused.value.detail["declared"] == "市级安全文明工地"


def test_two_levels_and_then_a_certificate_that_names_the_standard(stage: Stage) -> None:
    reply = approved(stage, MATTER, forms.civilised_site(), CONTRACTOR)

    assert reply["certificate"]["number"] == "冀文明130102-2026-0001"
    shown = stage.look(reply, CONTRACTOR)["certificate"]["shown"]
    assert shown["standard"] == "市级安全文明工地"


def test_a_site_that_is_civilised_does_not_apply_again(stage: Stage) -> None:
    approved(stage, MATTER, forms.civilised_site(), CONTRACTOR)

    with pytest.raises(Conflict, match="civilised_site_already"):
        stage.submit(stage.draft(CONTRACTOR, MATTER, forms.civilised_site()), CONTRACTOR)


def test_one_application_at_a_time_and_a_new_one_after_a_rejection(stage: Stage) -> None:
    first = accepted(stage, MATTER, forms.civilised_site(), CONTRACTOR)
    with pytest.raises(Conflict, match="application_exists"):
        stage.submit(stage.draft(CONTRACTOR, MATTER, forms.civilised_site()), CONTRACTOR)

    rejected(stage, stage.review(first, officer(name="r", roles=("reviewer",))))

    assert approved(stage, MATTER, forms.civilised_site(), CONTRACTOR)["outcome"] == "approved"


def test_only_the_contractor_of_the_project_while_it_works(stage: Stage) -> None:
    with pytest.raises(Forbidden, match="matter_of_other_enterprises"):
        stage.draft(OWNER, MATTER, forms.civilised_site())

    stopped = replace(declared("municipal"), stage="suspended")
    assert errors(MATTER, forms.civilised_site(), "contractor", project=stopped) == [
        ("project_suspended", "form.project_id")
    ]


def test_every_claimable_standard_can_be_declared():
    assert set(civilised_standards.claimable(TODAY)) < set(civilised_standards.standards(TODAY))
