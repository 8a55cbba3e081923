"""People's phones in a form: in full for who typed and who signs it, masked for officers (T35, decision 0019) (pure)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from chassis.identifiers import mask_phone

PHONE = "phone"
FORM = "form"
Shape = Mapping[str, Any]  # a field or an item as `filing.forms` describes it
Sections = Iterable[Mapping[str, Any]]


def masked(sections: Sections, form: Any) -> Any:
    """The form with every phone as `138****5678`; a draft may hold anything, and what is no phone stays as it is."""
    return _part(_fields(sections), form)


def masked_at(sections: Sections, path: str, value: Any) -> Any:
    """What stands, or stood, at a path of the form (`form.key_people.0.phone`), masked where that holds phones."""
    shape = _at({"type": "part", "fields": _fields(sections)}, path.split(".")[1:])
    return value if shape is None else _masked(shape, value)


def phones_in(sections: Sections, form: Any) -> list[tuple[str, str]]:
    """(path, number) of every phone that stands in the form."""
    return list(_found({"type": "part", "fields": _fields(sections)}, form, FORM))


def _fields(sections: Sections) -> list[Shape]:
    return [field for section in sections for field in section["fields"]]


def _masked(shape: Shape, value: Any) -> Any:
    if shape["type"] == "part":
        return _part(shape["fields"], value)
    if shape["type"] == "rows" and isinstance(value, list):
        return [_masked(shape["item"], each) for each in value]
    return mask_phone(value) if shape["type"] == PHONE and isinstance(value, str) else value


def _part(fields: Iterable[Shape], value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {**value, **{each["name"]: _masked(each, value[each["name"]]) for each in fields if each["name"] in value}}


def _at(shape: Shape, steps: list[str]) -> Shape | None:
    """The shape at the end of the steps; None where the description knows no such place."""
    for step in steps:
        inside = shape.get("fields", ())
        named = shape["item"] if shape["type"] == "rows" and step.isdecimal() else None
        found = named or next((each for each in inside if each["name"] == step), None)
        if found is None:
            return None
        shape = found
    return shape


def _found(shape: Shape, value: Any, path: str) -> Iterator[tuple[str, str]]:
    if shape["type"] == "part" and isinstance(value, Mapping):
        for each in shape["fields"]:
            yield from _found(each, value.get(each["name"]), f"{path}.{each['name']}")
    elif shape["type"] == "rows" and isinstance(value, list):
        for number, row in enumerate(value):
            yield from _found(shape["item"], row, f"{path}.{number}")
    elif shape["type"] == PHONE and isinstance(value, str) and value:
        yield path, value
