"""Any matter's form, there and back: what filing described is drawn, typed, read again; whatever was typed stays."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gateway.portal.applications import forms
from gateway.portal.applications.forms import Field

TYPES = (
    "text",
    "number",
    "integer",
    "day",
    "moment",
    "choice",
    "flag",
    "phone",
    "credit_code",
    "identity_number",
    "id",
)
CHOICES = [{"code": code, "label": code.upper()} for code in ("a", "b", "c")]


def field(name: str, kind: str, **more: Any) -> Field:
    more |= {"choices": CHOICES} if kind == "choice" else {}
    return {"name": name, "label": f"字段{name}", "type": kind, "required": False, **more}


EVERY_TYPE = [
    *(field(each, each) for each in TYPES),
    field("boundary", "boundary"),
    field("part", "part", fields=[field("on", "day"), field("deep", "part", fields=[field("count", "integer")])]),
    field("kinds", "rows", item={"type": "choice", "choices": CHOICES}),
    field("notes", "rows", item={"type": "text"}),
    field(
        "crew",
        "rows",
        item={
            "type": "part",
            "fields": [
                field("person_id", "id", reference="people"),
                field("loads", "rows", item={"type": "part", "fields": [field("kg", "number")]}),
            ],
        },
    ),
]
FORM = {
    "text": "<script>alert(1)</script>\n第二行",
    "number": 12.5,
    "integer": 1200000,
    "day": "2026-11-22",
    "moment": "2026-11-22T08:30:00+08:00",
    "choice": "b",
    "flag": False,
    "phone": "13812345678",
    "credit_code": "91130100MA0CX1234X",
    "identity_number": "130102199001010014",
    "id": "0190a0a0-0000-7000-8000-000000000001",
    "boundary": {"type": "Polygon", "coordinates": [[[114.5, 38.0], [114.6, 38.0], [114.6, 38.1], [114.5, 38.0]]]},
    "part": {"on": "2026-01-01", "deep": {"count": 0}},
    "kinds": ["a", "c"],
    "notes": ["甲", "乙"],
    "crew": [{"person_id": "x", "loads": [{"kg": 0.1}, {"kg": 3}]}, {"person_id": "y"}],
}


def posted(fields: list[Field], typed: Any, at: str = "") -> list[tuple[str, list[str]]]:
    """What a browser sends of a page that shows `typed`."""
    found: list[tuple[str, list[str]]] = []
    for each in fields:
        found += _posted(each, typed[each["name"]], f"{at}{each['name']}")
    return found


def _posted(shape: Field, typed: Any, path: str) -> list[tuple[str, list[str]]]:
    if shape["type"] == "part":
        return posted(shape["fields"], typed, f"{path}.")
    if forms.is_choices(shape):
        return [(path, typed)] if typed else []
    if shape["type"] == "rows":
        return [sent for number, row in enumerate(typed) for sent in _posted(shape["item"], row, f"{path}.{number}")]
    return [(path, [typed])]


def there_and_back(fields: list[Field], form: Any) -> Any:
    typed = forms.spread(fields, form)
    again = forms.read(fields, posted(fields, typed))
    assert again == typed
    return forms.gather(fields, again)


def test_a_made_up_matter_with_every_type_of_field_goes_there_and_back() -> None:
    assert there_and_back(EVERY_TYPE, FORM) == FORM


texts = some.text(some.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20).map(str.strip).filter(bool)
numbers = some.floats(-1e12, 1e12, allow_subnormal=False).filter(lambda each: each == 0 or abs(each) > 1e-9)
loads = some.lists(some.fixed_dictionaries({"kg": some.integers(-9, 9) | numbers}), min_size=1, max_size=3)
rows = some.lists(some.fixed_dictionaries({"person_id": texts}, optional={"loads": loads}), min_size=1, max_size=4)


@given(
    some.fixed_dictionaries(
        {},
        optional={
            "text": texts,
            "number": some.integers(-(10**14), 10**14) | numbers,
            "integer": some.integers(-(10**14), 10**14),
            "flag": some.booleans(),
            "kinds": some.lists(some.sampled_from("abc"), min_size=1, max_size=3),
            "notes": some.lists(texts, min_size=1, max_size=3),
            "part": some.fixed_dictionaries({"deep": some.fixed_dictionaries({"count": some.integers(0, 99)})}),
            "crew": rows,
        },
    )
)
def test_any_form_goes_there_and_back(form: dict[str, Any]) -> None:
    assert there_and_back(EVERY_TYPE, form) == form


def read(*sent: tuple[str, str]) -> tuple[forms.Typed, dict[str, Any]]:
    typed = forms.read(EVERY_TYPE, [(name, [value]) for name, value in sent])
    return typed, forms.gather(EVERY_TYPE, typed)


@pytest.mark.parametrize("wrong", ["十二米", "12 m", "1e999", "nan", "0x1f", "--1", "1,2,3"])
def test_what_is_no_number_stays_as_it_was_typed_for_filing_to_name_it(wrong: str) -> None:
    typed, form = read(("number", wrong), ("integer", wrong))

    assert typed["number"] == typed["integer"] == wrong
    assert form["number"] == form["integer"] == wrong


@pytest.mark.parametrize(
    ("written", "meant"), [("１２．５", 12.5), ("1,200,000", 1200000), (" 7 ", 7), ("0.50", 0.5), ("1,000.5", 1000.5)]
)
def test_numbers_as_people_write_them(written: str, meant: float) -> None:
    assert read(("number", written))[1] == {"number": meant}


def test_blank_fields_and_rows_in_which_nothing_was_typed_are_left_out() -> None:
    typed, form = read(
        ("text", "  "), ("crew.0", ""), ("crew.0.person_id", ""), ("crew.3.person_id", "y"), ("notes.0", "")
    )

    assert form == {"crew": [{"person_id": "y"}]}
    assert [row["person_id"] for row in typed["crew"]] == ["y"]


def test_rows_stand_in_the_order_of_their_numbers_whatever_the_gaps() -> None:
    form = read(("crew.10.person_id", "c"), ("crew.9.person_id", "b"), ("crew.2.person_id", "a"))[1]

    assert [row["person_id"] for row in form["crew"]] == ["a", "b", "c"]


def test_a_boundary_may_be_typed_corner_by_corner() -> None:
    typed, form = read(("boundary", "114.5, 38\n114.6，38.0\n114.6 38.1\n\n115,38\n115.1,38\n115.1,38.1"))

    assert typed["boundary"].startswith("114.5, 38")
    assert form["boundary"]["type"] == "MultiPolygon"
    assert form["boundary"]["coordinates"][0][0][0] == form["boundary"]["coordinates"][0][0][-1] == [114.5, 38.0]
    assert read(("boundary", "see drawing"))[1] == {"boundary": "see drawing"}


def test_names_that_no_field_has_are_passed_over_and_do_no_harm() -> None:
    deep = ".".join(["crew", "0", *["x"] * 400])
    typed, form = read(
        ("_csrf", "t"),
        ("crew.x.person_id", "no"),
        ("crew.-1.person_id", "no"),
        ("text.inner", "no"),
        (deep, "no"),
        ("..", "no"),
        ("crew.99999999.person_id", "no"),
    )

    assert form == {}
    assert json.dumps(typed)


@pytest.mark.parametrize(
    "stored", [None, [], "text", {"crew": "x", "part": [1], "notes": {"a": 1}, "kinds": 7, "number": {"a": 1}}]
)
def test_a_draft_of_any_shape_can_be_shown(stored: Any) -> None:
    assert forms.spread(EVERY_TYPE, stored).keys() == {each["name"] for each in EVERY_TYPE}


def test_rows_are_added_and_taken_away_at_any_depth() -> None:
    typed = forms.spread(EVERY_TYPE, FORM)

    forms.add_row(EVERY_TYPE, typed, "crew.1.loads")
    forms.remove_row(EVERY_TYPE, typed, "crew.0.loads.0")
    for nowhere in ("crew.7.loads", "text", "kinds.x", ""):
        forms.add_row(EVERY_TYPE, typed, nowhere)
        forms.remove_row(EVERY_TYPE, typed, f"{nowhere}.0" if nowhere else "")

    assert [row["loads"] for row in typed["crew"]] == [[{"kg": "3"}], [{"kg": ""}]]


def test_what_a_row_names_is_looked_for_in_the_row_first_then_outside() -> None:
    fields = [
        field("role", "text"),
        field("kind", "text"),
        field("crew", "rows", item={"type": "part", "fields": [field("role", "text"), field("who", "id")]}),
    ]

    assert forms.nearest(fields, "crew.2.who", "role") == "crew.2.role"
    assert forms.nearest(fields, "crew.2.who", "kind") == "kind"
    assert forms.nearest(fields, "crew.2.who", "nothing") is None
