"""A matter's form as it is typed and as filing wants it: both ways, by filing's description alone (pure).

    typed = read(fields, posted)       # {"height": "12 m", "crew": [{"person_id": "…", "role": ""}]}: all as it was typed
    form = gather(fields, typed)       # {"height": "12 m", "crew": [{"person_id": "…"}]}: numbers as numbers, no blanks
    typed = spread(fields, form)       # of a draft that is opened again

A field's name in the page is its path in the form, `crew.0.person_id`. What is no number where one is wanted stays the
text that it is: filing refuses it by name, and the page shows it again.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from chassis.clock import SHANGHAI

Field = Mapping[str, Any]  # a field, or the item of a list, as filing describes it
Typed = dict[str, Any]
Posted = Iterable[tuple[str, Sequence[str]]]  # as werkzeug's `form.lists()`

HERE = ""  # where a node of the tree of names keeps its own values
DEEPEST = 12
INDEX = re.compile(r"[0-9]{1,4}")
ROW = re.compile(r"[0-9]{1,4}|__[0-9]__")  # the latter in the row that the page multiplies
WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
DECIMAL = re.compile(r"[+-]?([0-9]{1,300}(\.[0-9]*)?|\.[0-9]+)(e[+-]?[0-9]{1,2})?", re.ASCII | re.IGNORECASE)
FLAGS = {"true": True, "false": False}


def fields_of(sections: Iterable[Mapping[str, Any]]) -> list[Field]:
    """The fields of all sections, in order."""
    return [field for section in sections for field in section["fields"]]


def read(fields: Iterable[Field], posted: Posted) -> Typed:
    """What was typed into each field, as text. Rows in which nothing was typed are left out."""
    return _read_fields(fields, _tree(posted))


def gather(fields: Iterable[Field], typed: Typed) -> dict[str, Any]:
    """The JSON of what was typed, without blanks."""
    found = {field["name"]: _json(field, typed.get(field["name"])) for field in fields}
    return {name: value for name, value in found.items() if not _is_blank(value)}


def spread(fields: Iterable[Field], form: Any) -> Typed:
    """The texts that show a form. A draft may hold anything: what is not of its field's shape is shown as nothing."""
    told = form if isinstance(form, Mapping) else {}
    return {field["name"]: _text(field, told.get(field["name"])) for field in fields}


def add_row(fields: Iterable[Field], typed: Typed, path: str) -> None:
    """One more, empty, row of the list at `path`; nothing where there is no such list."""
    found = _list_at(fields, typed, path)
    if found is not None:
        shape, rows = found
        rows.append(_text(shape["item"], None))


def remove_row(fields: Iterable[Field], typed: Typed, path: str) -> None:
    """Take the row `crew.2` out."""
    at, _, index = path.rpartition(".")
    found = _list_at(fields, typed, at)
    if found is not None and INDEX.fullmatch(index) and int(index) < len(found[1]):
        del found[1][int(index)]


def value_at(typed: Any, path: str) -> Any:
    """What was typed at `crew.0.role`; None where there is no such place."""
    for name in path.split("."):
        if isinstance(typed, list) and INDEX.fullmatch(name) and int(name) < len(typed):
            typed = typed[int(name)]
        elif isinstance(typed, Mapping):
            typed = typed.get(name)
        else:
            return None
    return typed


def field_at(fields: Iterable[Field], path: str) -> Field | None:
    """The description of the field at `crew.0.role`."""
    name, _, rest = path.partition(".")
    found = next((field for field in fields if field["name"] == name), None)
    while found is not None and rest and found["type"] == "rows":
        index, _, rest = rest.partition(".")
        found = found["item"] if ROW.fullmatch(index) else None
    if found is None or not rest:
        return found
    return field_at(found.get("fields", ()), rest)


def nearest(fields: Sequence[Field], path: str, name: str) -> str | None:
    """The path of the field `name` that stands nearest around `path`: in the same row first, then outside of it."""
    around = path.split(".")[:-1]
    while True:
        candidate = ".".join([*around, name])
        if field_at(fields, candidate) is not None:
            return candidate
        if not around:
            return None
        around.pop()


def is_choices(shape: Field) -> bool:
    """A list of codes: shown as boxes to tick, not as rows."""
    return bool(shape["type"] == "rows" and shape["item"]["type"] == "choice")


def references(fields: Iterable[Field], typed: Any) -> Iterator[tuple[str, str]]:
    """(list it is picked from, value) of everything that the form names, wherever it stands in it."""
    for field in fields:
        yield from _references(field, (typed or {}).get(field["name"]))


def _references(shape: Field, value: Any) -> Iterator[tuple[str, str]]:
    if shape["type"] == "part":
        yield from references(shape["fields"], value)
    elif shape["type"] == "rows" and not is_choices(shape):
        for each in value or ():
            yield from _references(shape["item"], each)
    elif shape.get("reference") and isinstance(value, str) and value.strip():
        yield shape["reference"], value.strip()


def _tree(posted: Posted) -> dict[str, Any]:
    """Names as a tree: {"crew": {"0": {"role": {"": ["driver"]}}}}."""
    tree: dict[str, Any] = {}
    for name, values in posted:
        steps = name.split(".")
        if len(steps) <= DEEPEST and HERE not in steps:
            node = tree
            for step in steps:
                node = node.setdefault(step, {})
            node[HERE] = list(values)
    return tree


def _read_fields(fields: Iterable[Field], node: Mapping[str, Any]) -> Typed:
    return {field["name"]: _read(field, node.get(field["name"], {})) for field in fields}


def _read(shape: Field, node: Mapping[str, Any]) -> Any:
    if shape["type"] == "part":
        return _read_fields(shape["fields"], node)
    if is_choices(shape):
        return [each for each in node.get(HERE, []) if each]
    if shape["type"] == "rows":
        numbers = sorted((each for each in node if INDEX.fullmatch(each)), key=int)
        rows = [_read(shape["item"], node[number]) for number in numbers]
        return [row for row in rows if not _is_blank(_json(shape["item"], row))]
    values = node.get(HERE) or [""]
    return str(values[0]).replace("\r\n", "\n")


def _json(shape: Field, typed: Any) -> Any:
    if shape["type"] == "part":
        return gather(shape["fields"], typed or {})
    if is_choices(shape):
        return list(typed or [])
    if shape["type"] == "rows":
        rows = [_json(shape["item"], each) for each in typed or []]
        return [row for row in rows if not _is_blank(row)]
    text = str(typed or "").strip()
    return _READERS.get(shape["type"], str)(text) if text else ""


def _text(shape: Field, value: Any) -> Any:
    if shape["type"] == "part":
        return spread(shape["fields"], value)
    if shape["type"] == "rows":
        told = value if isinstance(value, list) else []
        return [str(each) for each in told] if is_choices(shape) else [_text(shape["item"], each) for each in told]
    if value is None or value == "":
        return ""
    return _WRITERS.get(shape["type"], _plain)(value)


def _is_blank(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}


def _list_at(fields: Iterable[Field], typed: Typed, path: str) -> tuple[Field, list[Any]] | None:
    found, rows = field_at(fields, path), value_at(typed, path)
    return (found, rows) if found is not None and found["type"] == "rows" and isinstance(rows, list) else None


def _integer(text: str) -> Any:
    bare = _bare_number(text)
    return int(bare) if WHOLE.fullmatch(bare) else text


def _number(text: str) -> Any:
    bare = _bare_number(text)
    if WHOLE.fullmatch(bare):
        return int(bare)
    return float(bare) if DECIMAL.fullmatch(bare) else text


def _bare_number(text: str) -> str:
    """With the digits of a Chinese keyboard, and in groups of thousands, it is a number still."""
    bare = unicodedata.normalize("NFKC", text).replace(" ", "")
    return bare.replace(",", "") if GROUPED.fullmatch(bare) else bare


def _moment(text: str) -> Any:
    """A browser's field tells Shanghai's time without an offset."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    return found.replace(tzinfo=SHANGHAI).isoformat() if found.tzinfo is None else text


def _object(text: str) -> Any:
    try:
        found = json.loads(text, parse_constant=lambda word: word)
    except (ValueError, RecursionError):
        return text
    return found if isinstance(found, dict) else text


def _boundary(text: str) -> Any:
    """GeoJSON, or the corners one a line, longitude first; an empty line begins another polygon."""
    if text.startswith("{"):
        return _object(text)
    rings: list[list[list[float]]] = [[]]
    for line in unicodedata.normalize("NFKC", text).splitlines():
        numbers = re.split(r"[,;\s]+", line.strip())
        if numbers == [""]:
            rings.append([])
        elif len(numbers) == 2 and all(DECIMAL.fullmatch(each) for each in numbers):
            rings[-1].append([float(each) for each in numbers])
        else:
            return text
    polygons = [[_closed(ring)] for ring in rings if ring]
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def _closed(ring: list[list[float]]) -> list[list[float]]:
    return ring if ring[0] == ring[-1] else [*ring, ring[0]]


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f").removesuffix(".0")
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _shown_moment(value: Any) -> str:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    if found.tzinfo is None:
        return str(value)
    return (
        found.astimezone(SHANGHAI).replace(tzinfo=None).isoformat(timespec="minutes" if not found.second else "seconds")
    )


_READERS: dict[str, Any] = {
    "integer": _integer,
    "number": _number,
    "flag": lambda text: FLAGS.get(text, text),
    "moment": _moment,
    "object": _object,
    "boundary": _boundary,
}
_WRITERS: dict[str, Any] = {"moment": _shown_moment}
