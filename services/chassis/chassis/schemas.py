"""Schemas of requests, replies, events and forms, on marshmallow.

A broken rule is a code with parameters, never an English sentence: the gateway says it in the reader's language. The
first argument of a field is its label, the Chinese word that a form shows and an error names.

    class Crane(Schema):
        serial_number = Text("出厂编号", max=40, required=True)
        made_on = Day("出厂日期", required=True)

    read(Crane(), {"serial_number": 7})       # Invalid({"serial_number": [{"rule": "not_text"}], "made_on": …})
"""

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import marshmallow
from marshmallow import RAISE, fields
from marshmallow import ValidationError as ValidationError
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError as WrongNumber

from chassis.errors import FieldErrors, Invalid

TEXT_LIMIT = 2000
LIST_LIMIT = 500
DEEPEST = 32
LONGEST_NAME = 100
UNKEEPABLE = re.compile(r"[\x00\ud800-\udfff]")


def broken(rule: str, **parameters: Any) -> ValidationError:
    """The error to raise in a validator: `rule` with what the reader must know to mend it."""
    return ValidationError(rule if not parameters else f"{rule} {json.dumps(parameters, ensure_ascii=False)}")


class Schema(marshmallow.Schema):
    """Strict: a field that the schema does not name is refused."""

    error_messages = {"unknown": "unknown_field", "type": "not_object"}  # noqa: RUF012  (marshmallow's own way)

    class Meta:
        unknown = RAISE


class Heard(Schema):
    """What a reader wants of somebody else's event: narrow, and blind to whatever else stands in it."""

    class Meta:
        unknown = marshmallow.EXCLUDE


def read(schema: marshmallow.Schema, data: Any, *, partial: bool = False, under: str = "") -> dict[str, Any]:
    """The loaded `data`; refuses `Invalid` with a dotted path (below `under`) for every broken rule."""
    try:
        loaded: dict[str, Any] = schema.load(data, partial=partial)
    except ValidationError as error:
        raise Invalid(flatten(error.messages, under)) from error
    return loaded


def flatten(messages: Any, under: str = "") -> FieldErrors:
    """Nested marshmallow messages as {"crew.0.name": [{"rule": "required"}]}."""
    if isinstance(messages, Mapping):
        flat: FieldErrors = {}
        for name, inner in messages.items():
            path = under if name == marshmallow.exceptions.SCHEMA else ".".join(p for p in (under, _shown(name)) if p)
            for key, rules in flatten(inner, path).items():
                flat.setdefault(key, []).extend(rules)
        return flat
    return {under: [_rule(text) for text in messages]}


def _shown(name: Any) -> str:
    """A field's name as an answer may repeat it: whatever the sender made up, it can be sent and read."""
    return str(name)[:LONGEST_NAME].encode("utf-8", "backslashreplace").decode()


def _rule(text: str) -> dict[str, Any]:
    code, _, parameters = str(text).partition(" ")
    return {"rule": code, **(json.loads(parameters) if parameters.startswith("{") else {})}


FOR_FORMS = ("help", "section", "unit", "reference", "given", "wanted")
COMMON_MESSAGES = {"required": "required", "null": "required", "validator_failed": "not_valid"}


class _Labelled:
    """Adds the label, and codes instead of sentences, to a marshmallow field."""

    codes: dict[str, str] = {}  # noqa: RUF012

    def __init__(self, label: str = "", **options: Any) -> None:
        metadata = _words(label, options)
        super().__init__(metadata=metadata, error_messages={**COMMON_MESSAGES, **self.codes}, **options)  # type: ignore[call-arg]


def _words(label: str, options: dict[str, Any]) -> dict[str, Any]:
    """The metadata of a field; takes out of `options` what a form needs beside the label.

    `reference` names the list from which a user picks the value; `given` and `wanted` say more of that list.
    """
    words = {name: options.pop(name) for name in FOR_FORMS if name in options}
    return {"label": label, **options.pop("metadata", {}), **words}


def _limits(low: Any, high: Any) -> dict[str, Any]:
    return {name: limit for name, limit in (("minimum", low), ("maximum", high)) if limit is not None}


def _between(low: Any, high: Any) -> Callable[[Any], None]:
    def check(value: Any) -> None:
        if (low is not None and value < low) or (high is not None and value > high):
            raise broken("out_of_range", min=low, max=high)

    return check


class Text(_Labelled, fields.String):
    """Text of 1 to `max` characters after trimming; control characters are refused, an empty text counts as missing."""

    codes = {"invalid": "not_text", "invalid_utf8": "not_text"}  # noqa: RUF012

    def __init__(
        self, label: str = "", *, min: int = 0, max: int = TEXT_LIMIT, pattern: str = "", **options: Any
    ) -> None:
        limits = {"minLength": min, "maxLength": max} | ({"pattern": pattern} if pattern else {})
        super().__init__(label, metadata=limits, **options)
        self.min, self.max, self.pattern = min, max, pattern

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs).strip()
        if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]", text):
            raise broken("not_text")
        if not text and (self.required or self.min):
            raise broken("required")
        if len(text) < self.min or len(text) > self.max:
            raise broken("wrong_length", min=self.min, max=self.max)
        if text and self.pattern and not re.fullmatch(self.pattern, text):
            raise broken("wrong_pattern", pattern=self.pattern)
        return text


class Integer(_Labelled, fields.Integer):
    """A whole number between `min` and `max`, both included."""

    codes = {"invalid": "not_integer", "too_large": "out_of_range"}  # noqa: RUF012

    def __init__(self, label: str = "", *, min: int | None = None, max: int | None = 2**53, **options: Any) -> None:
        super().__init__(label, strict=True, validate=_between(min, max), metadata=_limits(min, max), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool | str):
            raise broken("not_integer")
        return super()._deserialize(value, attr, data, **kwargs)


class Number(_Labelled, fields.Float):
    """A finite number between `min` and `max`, both included."""

    codes = {"invalid": "not_number", "special": "not_number", "too_large": "out_of_range"}  # noqa: RUF012

    def __init__(self, label: str = "", *, min: float | None = None, max: float | None = 1e15, **options: Any) -> None:
        super().__init__(label, allow_nan=False, validate=_between(min, max), metadata=_limits(min, max), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool | str):
            raise broken("not_number")
        return super()._deserialize(value, attr, data, **kwargs)


class Flag(_Labelled, fields.Boolean):
    """True or false, and nothing that merely looks like it."""

    codes = {"invalid": "not_boolean"}  # noqa: RUF012

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise broken("not_boolean")
        return value


class Day(_Labelled, fields.Date):
    """A calendar day, `2026-11-22`, from 1900 to 2200. ISO text (a remembered reply) is dumped as it stands."""

    codes = {"invalid": "not_a_day", "format": "not_a_day"}  # noqa: RUF012

    def __init__(self, label: str = "", **options: Any) -> None:
        super().__init__(label, format="iso", validate=_sensible_day, **options)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return value if isinstance(value, str) else super()._serialize(value, attr, obj, **kwargs)


def _sensible_day(value: date) -> None:
    if not 1900 <= value.year <= 2200:
        raise broken("not_a_day")


class Moment(_Labelled, fields.AwareDateTime):
    """A moment with its offset, `2026-11-22T08:00:00+08:00`; loaded as UTC. ISO text is dumped as it stands."""

    codes = {"invalid": "not_a_moment", "invalid_awareness": "moment_without_offset", "format": "not_a_moment"}  # noqa: RUF012

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        return super()._deserialize(value, attr, data, **kwargs).astimezone(UTC)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return value if isinstance(value, str) else super()._serialize(value, attr, obj, **kwargs)


class Choice(_Labelled, fields.String):
    """One of a fixed set of codes; `choices` maps each code to its Chinese word, or is a StrEnum's members."""

    codes = {"invalid": "not_text"}  # noqa: RUF012

    def __init__(self, label: str = "", *, choices: Mapping[str, str] | Iterable[str], **options: Any) -> None:
        words = choices if isinstance(choices, Mapping) else {str(each): str(each) for each in choices}
        self.choices = dict(words)
        super().__init__(label, metadata={"enum": list(words), "words": self.choices}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if text not in self.choices:
            raise broken("not_a_choice", choices=list(self.choices))
        return text

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return value.value if isinstance(value, StrEnum) else value


class Id(Text):
    """An identifier made by this system: a UUID as text."""

    def __init__(self, label: str = "", **options: Any) -> None:
        super().__init__(label, max=36, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs).lower()
        if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text):
            raise broken("not_an_id")
        return text


class Rows(_Labelled, fields.List[Any]):
    """A list of `inner` with `min` to `max` entries."""

    codes = {"invalid": "not_a_list"}  # noqa: RUF012

    def __init__(self, inner: Any, label: str = "", *, min: int = 0, max: int = LIST_LIMIT, **options: Any) -> None:
        # fields.List takes its inner field first: hand both on by hand.
        metadata = {**_words(label, options), "minItems": min, "maxItems": max}
        messages: dict[str, Any] = {**COMMON_MESSAGES, **self.codes}
        self.low, self.high = min, max
        fields.List.__init__(self, inner, metadata=metadata, error_messages=messages, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list) and not self.low <= len(value) <= self.high:
            raise broken("wrong_count", min=self.low, max=self.high)
        return super()._deserialize(value, attr, data, **kwargs)


class Part(_Labelled, fields.Nested):
    """A nested schema."""

    codes = {"type": "not_object"}  # noqa: RUF012

    def __init__(self, schema: type[marshmallow.Schema] | marshmallow.Schema, label: str = "", **options: Any) -> None:
        metadata = _words(label, options)
        messages: dict[str, Any] = {**COMMON_MESSAGES, **self.codes}
        fields.Nested.__init__(self, schema, metadata=metadata, error_messages=messages, **options)


class Free(_Labelled, fields.Dict):
    """An object whose shape another schema decides (a matter's form): any JSON that a database can keep."""

    codes = {"invalid": "not_object"}  # noqa: RUF012

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        loaded = super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]
        _refuse_unkeepable(loaded)
        return loaded


class Value(_Labelled, fields.Raw):
    """Any JSON value, in a reply: what a field of a form, whichever it is, holds."""


def _refuse_unkeepable(value: Any) -> None:
    """JSON has texts and numbers that neither UTF-8 nor PostgreSQL can keep, and depths that no walk survives."""
    level = [value]
    for _ in range(DEEPEST):
        inside = [each for part in level for each in _parts(part)]
        if any(isinstance(each, str) and UNKEEPABLE.search(each) for each in inside):
            raise broken("not_text")
        if any(isinstance(each, float) and not math.isfinite(each) for each in inside):
            raise broken("not_number")
        level = [each for each in inside if isinstance(each, dict | list)]
        if not level:
            return
    raise broken("nested_too_deep", max=DEEPEST)


def _parts(value: Any) -> Iterable[Any]:
    return [*value.keys(), *value.values()] if isinstance(value, dict) else value


class CreditCode(Text):
    """Unified social credit code (统一社会信用代码, GB 32100-2015), check digit verified."""

    def __init__(self, label: str = "统一社会信用代码", **options: Any) -> None:
        super().__init__(label, max=18, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return _checked(super()._deserialize(value, attr, data, **kwargs).upper(), uscc.validate, "wrong_credit_code")


class IdentityNumber(Text):
    """Resident identity number (公民身份号码, GB 11643-1999): 18 places, a real date, check digit verified."""

    def __init__(self, label: str = "身份证号", **options: Any) -> None:
        super().__init__(label, max=18, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        number = super()._deserialize(value, attr, data, **kwargs).upper()
        return _checked(number, _identity, "wrong_identity_number")


class Phone(Text):
    """A mobile number of the mainland."""

    def __init__(self, label: str = "手机号", **options: Any) -> None:
        super().__init__(label, max=11, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        phone = super()._deserialize(value, attr, data, **kwargs)
        if phone and not re.fullmatch(r"1[3-9][0-9]{9}", phone):
            raise broken("wrong_phone")
        return phone


def _identity(number: str) -> str:
    # python-stdnum also refuses birth places that left its table; areas are merged and renamed, people stay.
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number) or ric.calc_check_digit(number) != number[-1]:
        raise WrongNumber
    born = ric.get_birth_date(number)
    if not date(1900, 1, 1) <= born <= datetime.now(UTC).date():
        raise WrongNumber
    return number


def _checked(number: str, check: Callable[[str], str], rule: str) -> str:
    if not number:
        return number
    try:
        return check(number)
    except (WrongNumber, ValueError) as error:
        raise broken(rule) from error
