"""What filing describes, the portal can draw: lists to pick from, and what they have to know (a matter needs no change there)."""

from collections.abc import Iterator
from typing import Any

import pytest

from filing import forms, matters
from gateway.portal.applications import forms as typed_forms
from gateway.portal.picking.lists import LISTS, needed

DRAWN_IN_FULL = {"divisions"}
TYPES = {
    "boundary", "choice", "credit_code", "day", "flag", "id", "identity_number", "integer", "moment", "number", "object",
    "part", "phone", "rows", "text",
}  # fmt: skip


def described(fields: list[Any], at: str = "") -> Iterator[tuple[str, Any]]:
    for field in fields:
        path = f"{at}{field['name']}"
        yield path, field
        yield from described(field.get("fields", []), f"{path}.")
        yield from described(field.get("item", {}).get("fields", []), f"{path}.0.")


@pytest.mark.parametrize("code", sorted(matters.ALL))
def test_every_field_has_a_type_and_a_list_that_the_portal_knows(code: str) -> None:
    fields = typed_forms.fields_of(forms.describe(matters.ALL[code].form))

    for path, field in described(fields):
        assert field["type"] in TYPES
        assert field.get("reference") in {None, *LISTS, *DRAWN_IN_FULL}, path


@pytest.mark.parametrize("code", sorted(matters.ALL))
def test_what_a_list_is_given_is_a_field_of_the_form(code: str) -> None:
    fields = typed_forms.fields_of(forms.describe(matters.ALL[code].form))

    for path, field in described(fields):
        for source in (field.get("given") or {}).values():
            names = (
                [source]
                if isinstance(source, str)
                else [*source, *(each for by in source.values() for each in by.values())]
            )
            for name in filter(None, names):
                place = typed_forms.nearest(fields, path, name.partition(".")[0])
                assert place in needed(fields, field, path), f"{path}: {name}"
