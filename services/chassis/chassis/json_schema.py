"""A marshmallow schema told as JSON Schema (2020-12): what contracts and the public API's description are made of."""

from typing import Any

import marshmallow
from marshmallow import fields

from chassis import schemas

JsonSchema = dict[str, Any]

# What a field's metadata call it is what JSON Schema calls it, but for these.
WORDS = {"label": "title", "help": "description", "unit": "x-unit", "words": "x-words", "reference": "x-reference"}
LIMITS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern", "enum")
SHAPES: tuple[tuple[type[fields.Field[Any]], JsonSchema], ...] = (
    (schemas.Id, {"type": "string", "format": "uuid"}),
    (fields.AwareDateTime, {"type": "string", "format": "date-time"}),
    (fields.Date, {"type": "string", "format": "date"}),
    (fields.String, {"type": "string"}),
    (fields.Boolean, {"type": "boolean"}),
    (fields.Integer, {"type": "integer"}),
    (fields.Float, {"type": "number"}),
    (fields.Dict, {"type": "object"}),
    (schemas.Value, {}),
)


def json_schema(schema: type[marshmallow.Schema] | marshmallow.Schema) -> JsonSchema:
    """The schema of an object, nested ones written out in place; strict where the marshmallow schema is.

    A field is required where `load` demands it. Raises `TypeError` for a field that it does not know.
    """
    known = schema() if isinstance(schema, type) else schema
    told: JsonSchema = {
        "type": "object",
        "properties": {field.data_key or name: _field(field) for name, field in known.fields.items()},
    }
    if required := [field.data_key or name for name, field in known.fields.items() if field.required]:
        told["required"] = required
    if known.unknown == marshmallow.RAISE:
        told["additionalProperties"] = False
    return told


def _field(field: fields.Field[Any]) -> JsonSchema:
    told = _shape(field)
    told |= {WORDS[name]: value for name, value in field.metadata.items() if name in WORDS and value}
    told |= {name: field.metadata[name] for name in LIMITS if name in field.metadata}
    if "pattern" in told:
        told["pattern"] = f"^(?:{told['pattern']})$"  # ours match the whole text, JSON Schema's anywhere in it
    if field.load_default not in (marshmallow.missing, None) and not callable(field.load_default):
        told["default"] = field.load_default
    return _or_null(told) if field.allow_none else told


def _shape(field: fields.Field[Any]) -> JsonSchema:
    if isinstance(field, fields.Nested):
        return json_schema(field.schema)
    if isinstance(field, fields.List):
        return {"type": "array", "items": _field(field.inner)}
    for kind, shape in SHAPES:
        if isinstance(field, kind):
            return dict(shape)
    raise TypeError(f"no JSON Schema is known for {type(field).__name__}")


def _or_null(told: JsonSchema) -> JsonSchema:
    if "type" not in told:  # any value at all
        return told
    told["type"] = [told["type"], "null"]
    if "enum" in told:
        told["enum"] = [*told["enum"], None]
    return told
