"""What every matter asks of the lock owners is what their committed contracts take (contracts are data, law 5)."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from filing import claims, matters
from services.filing.tests import forms

SERVICES = Path(__file__).parents[2]
APPLICANTS = {
    "safety_filing": (forms.safety_filing, "owner"),
    "machine_filing": (forms.machine_filing, "lessor"),
    "machine_registration": (forms.machine_registration, "contractor"),
    "install_notice": (forms.install_notice, "installer"),
    "use_registration": (forms.use_registration, "contractor"),
    "inspection_report": (forms.inspection_report, "contractor"),
    "dismantling_notice": (forms.dismantling_notice, "installer"),
    "personnel_change": (forms.personnel_change, "contractor"),
    "machine_cancellation": (forms.machine_cancellation, "lessor"),
    "machine_release": (forms.machine_release, "lessor"),
    "person_release": (forms.person_release, "contractor"),
}
EXEMPTION = {"kind": "works_accepted", "project_id": forms.id_of("other")}


def wrong_in(question: claims.Question) -> list[str]:
    contract = json.loads((SERVICES / question.service / "contract/rpc" / f"{question.method}.json").read_text())
    schema = contract["properties"]["request"]
    missing = set(question.request) - set(schema["properties"])
    return [each.message for each in Draft202012Validator(schema).iter_errors(question.request)] + sorted(missing)


def asked(matter: str, form: dict, by: str) -> list[claims.Question]:
    facts = replace(forms.facts(matter, form, by), applicant=forms.party(by, area="13.1301.130102.130191"))
    questions: list[claims.Question] = []

    def ask(them, seconds):
        questions.extend(them)
        return [{"machine": None, "people": [], "findings": []} for _ in them]

    claims.reserve(ask, matter, facts, matters.ALL[matter].claims(facts), forms.id_of("agency"))
    return questions


@pytest.mark.parametrize("matter", APPLICANTS)
def test_every_claim_is_valid_by_its_owners_contract(matter):
    make, by = APPLICANTS[matter]

    questions = asked(matter, make(), by)

    assert questions
    assert [wrong for question in questions for wrong in wrong_in(question)] == []


@pytest.mark.parametrize(
    ("matter", "form"),
    [
        ("machine_filing", forms.machine_filing(kind="S", hoist_drive="SC", assessment=forms.ASSESSMENT)),
        ("install_notice", forms.install_notice(assessment=forms.ASSESSMENT)),
        ("use_registration", forms.use_registration(assessment=forms.ASSESSMENT)),
        ("inspection_report", forms.inspection_report(assessment=forms.ASSESSMENT)),
        ("machine_filing", forms.machine_filing(made_on="2010-01-01", supervision_inspection_no="J-1")),
        ("personnel_change", forms.personnel_change(exemption=EXEMPTION)),
        ("machine_cancellation", forms.machine_sale()),
        (
            "use_registration",
            {name: value for name, value in forms.use_registration().items() if name != "project_id"}
            | {"unfiled_project": forms.unfiled_project()},
        ),
    ],
)
def test_so_is_every_claim_with_what_is_not_always_there(matter, form):
    _, by = APPLICANTS[matter]

    assert [wrong for question in asked(matter, form, by) for wrong in wrong_in(question)] == []


def test_matters_that_claim_nothing_ask_nobody():
    for matter, form, by in (
        ("lessor_filing", forms.lessor_filing(), "lessor"),
        ("enterprise_papers", forms.enterprise_papers(), "installer"),
        ("installer_filing", forms.installer_filing(), "installer"),
        ("enterprise_registration", forms.enterprise_registration(), "contractor"),
    ):
        assert asked(matter, form, by) == []
