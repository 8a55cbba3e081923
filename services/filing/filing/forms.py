"""A form told as plain JSON, for a portal that draws it: derived from the schema class, never written twice (pure)."""

from typing import Any

import marshmallow
from marshmallow import fields

from chassis import schemas
from filing.fields import SiteBoundary

TYPES: tuple[tuple[type[fields.Field[Any]], str], ...] = (
    (SiteBoundary, "boundary"),
    (schemas.Choice, "choice"),
    (schemas.CreditCode, "credit_code"),
    (schemas.IdentityNumber, "identity_number"),
    (schemas.Phone, "phone"),
    (schemas.Id, "id"),
    (schemas.Text, "text"),
    (schemas.Integer, "integer"),
    (schemas.Number, "number"),
    (schemas.Flag, "flag"),
    (schemas.Day, "day"),
    (schemas.Moment, "moment"),
    (schemas.Rows, "rows"),
    (schemas.Part, "part"),
    (schemas.Free, "object"),
)
# What a field's metadata call it, and what the description calls it.
LIMITS = {
    "help": "help",
    "unit": "unit",
    "reference": "reference",
    "given": "given",
    "wanted": "wanted",
    "minimum": "min",
    "maximum": "max",
    "minLength": "min_length",
    "maxLength": "max_length",
    "pattern": "pattern",
    "minItems": "min_items",
    "maxItems": "max_items",
}
FIRST_SECTION = "基本信息"


def describe(form: type[marshmallow.Schema]) -> list[dict[str, Any]]:
    """[{"title", "fields": [{name, label, type, required, …}]}] in the order of the class.

    A field opens a section by naming it; those after it follow until the next. `rows` carry an `item`, a `part` its
    `fields`; `choice` its `choices` as [{code, label}]; `reference` names the list that a user picks from,
    with what it is `given` and what is `wanted` of it (filing.fields.Reference).
    """
    sections: list[dict[str, Any]] = []
    for name, field in form().fields.items():
        title = field.metadata.get("section")
        if not sections or (title and title != sections[-1]["title"]):
            sections.append({"title": title or FIRST_SECTION, "fields": []})
        sections[-1]["fields"].append(_field(name, field))
    return sections


def _field(name: str, field: fields.Field[Any]) -> dict[str, Any]:
    described = {"name": name, "label": field.metadata.get("label", ""), "required": field.required, **_shape(field)}
    return described | {told: field.metadata[own] for own, told in LIMITS.items() if own in field.metadata}


def _shape(field: fields.Field[Any]) -> dict[str, Any]:
    kind = next(word for type_, word in TYPES if isinstance(field, type_))
    if isinstance(field, schemas.Choice):
        return {"type": kind, "choices": [{"code": code, "label": label} for code, label in field.choices.items()]}
    if isinstance(field, fields.List):
        return {"type": kind, "item": _shape(field.inner)}
    if isinstance(field, fields.Nested):
        return {"type": kind, "fields": [_field(name, inner) for name, inner in field.schema.fields.items()]}
    return {"type": kind, **{told: field.metadata[own] for own, told in LIMITS.items() if own in field.metadata}}
