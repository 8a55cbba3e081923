"""A person's forms read as personnel wants them. What is empty is left out; posts stand in one line, parted by 、."""

import re
from collections.abc import Mapping
from typing import Any

from gateway.bus import Body

PERSON = ("identity_number", "name", "phone", "photo")
CERTIFICATE = ("kind", "trade", "number", "grade", "issuer", "issued_on", "valid_to")
PARTING = re.compile(r"[、,，;；\s]+")


def person(form: Mapping[str, str], names: tuple[str, ...] = PERSON) -> Body:
    return _texts(form, names) | {"posts": posts(form.get("posts", ""))}


def certificate(form: Mapping[str, str]) -> Body:
    return _texts(form, CERTIFICATE)


def posts(text: str) -> list[str]:
    return [each for each in PARTING.split(text.strip()) if each]


def version(form: Mapping[str, str]) -> int:
    """That of the record as it was seen; 0, which no record has, for what is no number."""
    told: Any = form.get("version", "")
    return int(told) if told.isdecimal() and len(told) < 10 else 0


def _texts(form: Mapping[str, str], names: tuple[str, ...]) -> Body:
    return {name: value for name in names if (value := form.get(name, "").strip())}
