"""Change of key personnel (R-P5): whose people, on what ground, with a hand-over; one old for one new."""

from dataclasses import replace

import pytest

from filing import matters
from services.filing.tests.forms import FILED_PROJECT, change, errors, facts, id_of, party, personnel_change

MATTER = "personnel_change"


def check(by: str = "contractor", **changes):
    form = personnel_change(**changes)
    form["changes"] = [{name: value for name, value in each.items() if value is not None} for each in form["changes"]]
    return errors(MATTER, form, by)


def test_a_contractor_changes_its_project_manager():
    assert check() == []

    claimed = matters.ALL[MATTER].claims(facts(MATTER, personnel_change(), "contractor")).people[0]
    assert (claimed.role, claimed.replaces) == ("project_manager", id_of("project_manager", "1"))
    assert claimed.employer_id == id_of("contractor")


@pytest.mark.parametrize(
    ("by", "role", "wrong"),
    [
        ("contractor", "chief_supervisor", "not_yours_to_change"),
        ("owner", "project_manager", "not_yours_to_change"),
        ("owner", "chief_supervisor", None),
    ],
)
def test_each_party_changes_its_own_people_and_the_owner_its_supervisors(by, role, wrong):
    refused = check(by, role=role, replaces=id_of(role, "1"), person_id=id_of(role, "2"))

    assert [code for code, _ in refused] == ([wrong] if wrong else [])


def test_a_stranger_changes_nobody():
    refused = errors(MATTER, personnel_change(), "other", more_parties=[party("other", "contractor")])

    assert refused == [("not_party_of_project", "form.project_id")]


def test_the_old_one_must_hold_the_post_and_the_new_one_not_yet():
    assert check(replaces=id_of("nobody")) == [("not_in_this_post", "form.changes.0.replaces")]
    assert check(person_id=id_of("project_manager", "1")) == [("already_in_this_post", "form.changes.0.person_id")]


def test_a_hand_over_is_written_and_not_in_the_future():
    assert check(handed_over_on=None) == [("required", "form.changes.0.handed_over_on")]
    assert check(handed_over_on="2026-03-03") == [("in_the_future", "form.changes.0.handed_over_on")]


def test_only_posts_with_several_holders_get_one_more_without_replacing_anybody():
    added = {"replaces": None, "handed_over_on": None, "ground": "added"}

    assert check(role="safety_officer", person_id=id_of("safety_officer", "2"), **added) == []
    assert check(**added) == [("required", "form.changes.0.replaces")]
    assert check(ground="added") == [("ground_needs_nobody_replaced", "form.changes.0.ground")]


def test_a_vacant_post_is_filled_without_replacing_anybody_and_by_one_only():
    """The agency has unlocked its holder: nobody can be named as replaced, and there is no one to hand anything over."""
    filling = {"role": "technical_lead", "handed_over_on": None, "ground": "ordered"}
    first, second = (id_of("technical_lead", number) for number in ("1", "2"))

    assert check(person_id=first, replaces=None, **filling) == []
    assert check(person_id=second, replaces=first, **filling)[0] == ("not_in_this_post", "form.changes.0.replaces")
    both = [change(role="technical_lead", person_id=each, ground="ordered") for each in (first, second)]
    for each in both:
        del each["replaces"], each["handed_over_on"]
    form = {"project_id": id_of("project"), "changes": both}
    assert errors(MATTER, form, "contractor") == [("exactly_one_needed", "form.changes")]


def test_nobody_is_replaced_or_put_in_twice():
    first = change()
    same_old = change(person_id=id_of("project_manager", "3"))
    same_new = change(role="safety_officer", replaces=id_of("safety_officer", "1"))

    def codes(*changes):
        form = {"project_id": id_of("project"), "changes": list(changes)}
        return [path for _, path in errors(MATTER, form, "contractor")]

    assert codes(first, same_old) == ["form.changes.0.replaces", "form.changes.1.replaces"]
    assert codes(first, same_new) == ["form.changes.1.person_id"]


def test_an_unknown_project_is_named_and_claims_nobody():
    unknown = facts(MATTER, personnel_change(), "contractor", project=None)

    assert [each.code for each in matters.ALL[MATTER].check(unknown)] == ["project_unknown"]
    assert matters.ALL[MATTER].claims(unknown).people == ()


@pytest.mark.parametrize("stage", ["unfiled", "under_filing", "closed", "merged"])
def test_only_a_filed_project_has_posts_to_change(stage):
    refused = errors(MATTER, personnel_change(), "contractor", project=replace(FILED_PROJECT, stage=stage))

    assert refused == [("project_not_filed", "form.project_id")]


def test_the_owners_consent_is_asked_for_where_it_is_the_ground():
    matter = matters.ALL[MATTER]

    assert matter.attachment("C2").is_required({"changes": [{"ground": "owner_agrees"}]})
    assert not matter.attachment("C2").is_required({"changes": [{"ground": "ordered"}]})
    assert matter.attachment("C3").is_required({"changes": [{"replaces": "x"}]})
    assert not matter.attachment("C3").is_required({"changes": [{"ground": "added"}]})
    assert not matter.attachment("C3").is_required({})
