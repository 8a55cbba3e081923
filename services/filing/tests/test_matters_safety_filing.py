"""Safety-supervision filing: posts, staffing (T15), hazardous works, parties, claims (R-F1, S1)."""

import pytest

from chassis.errors import Invalid
from filing import matters
from services.filing.tests.forms import errors, facts, found, id_of, party, person, safety_filing

OWNER = "owner"


def check(**changes) -> list[tuple[str, str]]:
    return errors("safety_filing", safety_filing(**changes), OWNER)


def with_officers(count: int) -> list[dict]:
    leaders = [each for each in safety_filing()["key_people"] if each["role"] != "safety_officer"]
    return leaders + [person("safety_officer", number) for number in range(1, count + 1)]


def test_a_complete_filing_has_nothing_wrong():
    assert found("safety_filing", safety_filing(), OWNER) == []


@pytest.mark.parametrize(
    ("works_kind", "floor_area", "price", "needed"),
    [
        ("building", 9_999, 9e9, 1),
        ("building", 10_000, 0, 2),
        ("building", 49_999, 0, 2),
        ("building", 50_000, 0, 3),
        ("municipal", 9e6, 49_990_000, 1),
        ("municipal", 0, 50_000_000, 2),
        ("municipal", 0, 99_990_000, 2),
        ("municipal", 0, 100_000_000, 3),
    ],
)
def test_t15_too_few_safety_officers_are_refused_at_each_boundary(works_kind, floor_area, price, needed):
    size = {"works_kind": works_kind, "floor_area": floor_area, "contract_price": price}

    assert check(key_people=with_officers(needed), **size) == []
    short = check(key_people=with_officers(needed - 1), **size)
    assert short == [("too_few_safety_officers", "form.key_people")]


@pytest.mark.parametrize("role", ["project_manager", "technical_lead", "owner_lead", "chief_supervisor"])
def test_each_leading_post_is_held_exactly_once(role):
    people = safety_filing()["key_people"]

    without = check(key_people=[each for each in people if each["role"] != role])
    twice = check(key_people=[*people, person(role, 2)])

    assert without == twice == [("exactly_one_needed", "form.key_people")]


def test_nobody_stands_in_the_table_twice():
    people = safety_filing()["key_people"]

    again = check(key_people=[*people, {**person("safety_officer", 7), "person_id": people[0]["person_id"]}])

    assert again == [("person_named_twice", "form.key_people.5.person_id")]


def test_only_a_project_manager_can_be_exempt_from_the_one_project_rule():
    exempt = {"kind": "works_accepted", "project_id": id_of("other")}
    people = [each | {"exemption": exempt} for each in safety_filing()["key_people"]]

    wrong = check(key_people=people)

    assert [path for _, path in wrong] == [f"form.key_people.{number}.exemption" for number in (1, 2, 3, 4)]
    assert {code for code, _ in wrong} == {"exemption_only_for_project_manager"}


def test_contractor_and_supervisor_are_open_enterprises_of_their_kind_and_two():
    closed = party("contractor", stage="pending")

    assert check(contractor_id=id_of("nobody")) == [("organisation_unknown", "form.contractor_id")]
    assert check(contractor_id=id_of("lessor")) == [("organisation_of_other_kind", "form.contractor_id")]
    assert errors("safety_filing", safety_filing(), OWNER, more_parties=[closed]) == [
        ("organisation_unknown", "form.contractor_id")
    ]
    both = party("contractor", "contractor", "supervisor")
    same = errors("safety_filing", safety_filing(supervisor_id=id_of("contractor")), OWNER, more_parties=[both])
    assert same == [("supervisor_is_contractor", "form.supervisor_id")]


def work(**changes) -> dict:
    planned = {"planned_start": "2026-04-01", "planned_finish": "2026-05-01"}
    return {"kind": "pit", "part": "基坑开挖", "depth": 4, **planned, **changes}


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (work(depth=4), []),
        (work(depth=5), [("warning", "expert_review_needed", "form.hazardous_works.0")]),
        (work(depth=2), [("warning", "not_hazardous", "form.hazardous_works.0")]),
        (work(depth=None), [("error", "quantity_needed", "form.hazardous_works.0")]),
        (
            work(planned_finish="2026-03-31"),
            [("error", "ends_before_it_starts", "form.hazardous_works.0.planned_finish")],
        ),
    ],
)
def test_the_tier_of_a_dangerous_work_is_told(entry, expected):
    entry = {name: value for name, value in entry.items() if value is not None}

    assert found("safety_filing", safety_filing(hazardous_works=[entry]), OWNER) == expected


def test_a_list_of_dangerous_works_asks_for_its_document():
    matter = matters.ALL["safety_filing"]

    assert matter.attachment("P5").is_required({"hazardous_works": [work()]})
    assert not matter.attachment("P5").is_required({})


def test_too_little_paid_in_advance_is_a_warning_by_the_length_of_the_contract():
    short = {"starts_on": "2026-03-10", "finishes_on": "2026-12-31"}
    warning = [("warning", "prepaid_below_default", "form.prepaid_percent")]

    assert found("safety_filing", safety_filing(prepaid_percent=49, **short), OWNER) == warning
    assert found("safety_filing", safety_filing(prepaid_percent=50, **short), OWNER) == []
    assert found("safety_filing", safety_filing(prepaid_percent=30), OWNER) == []
    assert found("safety_filing", safety_filing(prepaid_percent=29), OWNER) == warning


def test_each_person_is_claimed_from_the_party_that_employs_him():
    claimed = matters.ALL["safety_filing"].claims(facts("safety_filing", safety_filing(), OWNER))

    assert claimed.machine is None
    assert [(each.role, each.employer_id) for each in claimed.people] == [
        ("project_manager", id_of("contractor")),
        ("technical_lead", id_of("contractor")),
        ("owner_lead", id_of("owner")),
        ("chief_supervisor", id_of("supervisor")),
        ("safety_officer", id_of("contractor")),
    ]
    assert claimed.people[0].path == "form.key_people.0.person_id"


@pytest.mark.parametrize(
    ("changes", "path", "rule"),
    [
        ({"division": "130000"}, "form.division", "unknown_division"),
        ({"division": "110101"}, "form.division", "unknown_division"),
        ({"works_code": "2108-13"}, "form.works_code", "wrong_pattern"),
        ({"boundary": {"type": "Point", "coordinates": [114, 38]}}, "form.boundary", "boundary_not_a_polygon"),
        ({"datum": "BD-09"}, "form.datum", "not_a_choice"),
        ({"surprise": 1}, "form.surprise", "unknown_field"),
        ({"floor_area": -1}, "form.floor_area", "out_of_range"),
        ({"survey": {"name": "某院", "lead": "王", "credit_code": "91130100MA00000A96"}}, "form.survey.credit_code",
         "wrong_credit_code"),
    ],
)  # fmt: skip
def test_broken_fields_are_named_with_their_rule(changes, path, rule):
    with pytest.raises(Invalid) as refused:
        facts("safety_filing", safety_filing(**changes), OWNER)

    assert refused.value.fields[path][0]["rule"] == rule
