"""A matter's form read only: its description and what was typed, as label and text, in the form's order (pure).

Filing describes a form once (filing/forms.py); here it becomes sections of lines for people to read, each with the path
by which findings, corrections and changes name it. Used wherever a form is shown and not typed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from gateway.portal.locale import listed, say
from gateway.portal.shown import NOTHING, number

ROOT = "form"
DECISION = "decision"
ATTACHMENTS = "attachments"
PICTURES = ("image/jpeg", "image/png")
# Where the record stands that a field names, by the list it was picked from.
RECORDS = {
    "projects": "/projects/",
    "machines": "/machines/",
    "people": "/people/",
    "project_people": "/people/",
    "organisations": "/organisations/",
}

Described = Mapping[str, Any]  # a field or an item as filing describes it
Labels = Mapping[str, str]  # id → words, as filing.print_application tells them


@dataclass(frozen=True)
class Line:
    """One field. `kind`: "text", "boundary" (`value` is its GeoJSON), "part" (`lines`) or "rows" (`columns`, `rows`)."""

    path: str
    label: str
    kind: str = "text"
    text: str = ""
    record: str = ""  # the address of what it names
    value: Any = None
    lines: tuple["Line", ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple["Row", ...] = ()

    @property
    def is_fact(self) -> bool:
        return self.kind in ("text", "boundary")

    @property
    def runs(self) -> list[list["Line"]]:
        return _runs(self.lines)


@dataclass(frozen=True)
class Row:
    """One row of a table; `cells` stand under the table's columns."""

    path: str
    cells: tuple[Line, ...]


@dataclass(frozen=True)
class Section:
    title: str
    lines: tuple[Line, ...]

    @property
    def runs(self) -> list[list[Line]]:
        return _runs(self.lines)


@dataclass(frozen=True)
class File:
    number: int
    name: str
    size: int
    media_type: str
    address: str

    @property
    def is_picture(self) -> bool:
        return self.media_type in PICTURES


@dataclass(frozen=True)
class Document:
    """One kind of document that the matter asks for, with the files that came for it."""

    path: str
    code: str
    title: str
    required: str
    note: str
    files: tuple[File, ...]


def sections(matter: Described, form: Any, labels: Labels, under: str = ROOT) -> list[Section]:
    """The whole form, what is empty included: `matter` as filing.get_matter describes it."""
    typed = form if isinstance(form, Mapping) else {}
    return [
        Section(each["title"], tuple(_line(one, typed.get(one["name"]), under, labels) for one in each["fields"]))
        for each in matter["sections"]
    ]


def conclusion(matter: Described, application: Described) -> list[Section]:
    """What the agency decided at its approval, such as a grade; nothing before, and of matters that ask for nothing."""
    told = application["decision"]
    return sections({"sections": matter["decision"]}, told, {}, under=DECISION) if told else []


def documents(matter: Described, application: Described) -> list[Document]:
    """Every document that the matter asks for, in its order, with the application's files under it."""
    base, shown = f"/api/v1/applications/{application['application_id']}/attachments", application.get("round_shown")
    query = f"?round={shown}" if shown else ""
    return [
        Document(
            path=f"{ATTACHMENTS}.{kind['code']}",
            code=kind["code"],
            title=kind["title"],
            required=kind["required"],
            note=kind["note"],
            files=tuple(
                File(place, each["name"], each["size"], each["media_type"], f"{base}/{each['sha256']}{query}")
                for place, each in enumerate(_of_kind(application["attachments"], kind["code"]), 1)
            ),
        )
        for kind in matter["attachments"]
    ]


def places(shown: Iterable[Section], papers: Iterable[Document], *, deep: bool = True) -> dict[str, str]:
    """Path → name of everything that can be pointed at: 安全生产履职人员信息表 第 2 行 · 人员; without cells unless `deep`."""
    lines = {path: name for section in shown for path, name in _named(section.lines, "", deep)}
    return lines | {each.path: each.title for each in papers}


def _named(lines: Iterable[Line], within: str, deep: bool) -> Iterator[tuple[str, str]]:
    for line in lines:
        name = f"{within}{line.label}"
        yield line.path, name
        yield from _named(line.lines, f"{name} · ", deep)
        for place, row in enumerate(line.rows, 1):
            of_row = f"{name} " + say("第 %(number)s 行") % {"number": place}
            yield row.path, of_row
            if deep:
                yield from _named(row.cells, f"{of_row} · ", deep)


def said(matter: Described, path: str, value: Any, labels: Labels) -> str:
    """A value that stands (or stood) at a path of the form, in the words of its field; a whole row or part in one line."""
    shape = _shape_at(matter, path)
    if shape is None or not isinstance(value, Mapping):
        return _text(shape or {"type": "text"}, value, labels)
    known = [(each, _text(each, value.get(each["name"]), labels)) for each in shape.get("fields", ())]
    return say("，").join(f"{each['label']} {text}" for each, text in known if text)


def _shape_at(matter: Described, path: str) -> Described | None:
    """The description of the field, row or part that a path names; None for a path that names none."""
    fields: Sequence[Described] = [one for section in matter["sections"] for one in section["fields"]]
    shape: Described | None = None
    for step in path.removeprefix(f"{ROOT}.").split("."):
        if shape is not None and shape["type"] == "rows" and step.isdecimal():
            shape = shape["item"]
        else:
            shape = next((each for each in fields if each["name"] == step), None)
        if shape is None:
            return None
        fields = shape.get("fields", ())
    return shape


def _runs(lines: Iterable[Line]) -> list[list[Line]]:
    """Facts that follow one another stand together in one list; a part or a table stands alone."""
    return [list(run) for _, run in groupby(lines, key=lambda each: "" if each.is_fact else each.path)]


def _of_kind(attachments: Sequence[Described], code: str) -> list[Described]:
    return [each for each in attachments if each["code"] == code]


def _line(described: Described, value: Any, under: str, labels: Labels) -> Line:
    """A draft may hold anything: what is not of its field's shape is shown as it was typed."""
    path, label, kind = f"{under}.{described['name']}", described.get("label", ""), described["type"]
    if kind == "part":
        if not isinstance(value, Mapping):
            return Line(path, label)
        inner = tuple(_line(each, value.get(each["name"]), path, labels) for each in described["fields"])
        return Line(path, label, kind, lines=inner)
    if kind == "rows" and isinstance(value, list):
        return _table(described, value, path, labels)
    if kind == "boundary" and isinstance(value, Mapping):
        return Line(path, label, kind, text=_boundary(value), value=dict(value))
    record = RECORDS.get(described.get("reference", ""), "") if isinstance(value, str) and value else ""
    return Line(path, label, text=_text(described, value, labels), record=f"{record}{value}" if record else "")


def _table(described: Described, value: list[Any], path: str, labels: Labels) -> Line:
    """Rows of parts as a table without its empty columns; rows of single values as one text."""
    item, label = described["item"], described.get("label", "")
    if item["type"] != "part":
        return Line(path, label, text=listed(_text(item, each, labels) for each in value))
    rows = [each if isinstance(each, Mapping) else {} for each in value]
    used = [one for one in item["fields"] if any(each.get(one["name"]) not in (None, "", []) for each in rows)]
    return Line(
        path,
        label,
        "rows",
        text=f"{len(rows)}",
        columns=tuple(one["label"] for one in used),
        rows=tuple(
            Row(f"{path}.{place}", tuple(_line(one, each.get(one["name"]), f"{path}.{place}", labels) for one in used))
            for place, each in enumerate(rows)
        ),
    )


def _text(described: Described, value: Any, labels: Labels) -> str:
    if value is None or value in ("", [], {}):
        return ""
    kind = described["type"]
    if kind == "flag" and isinstance(value, bool):
        return say("是") if value else say("否")
    if kind == "choice":
        return next((str(each["label"]) for each in described["choices"] if each["code"] == value), str(value))
    if kind in ("integer", "number") and isinstance(value, int | float):
        return f"{number(value)} {described.get('unit', '')}".rstrip()
    if isinstance(value, list):
        return listed(_text(described.get("item", {"type": "text"}), each, labels) for each in value)
    if "reference" in described:
        return labels.get(str(value), str(value))
    return str(value)


def _boundary(value: Mapping[str, Any]) -> str:
    """How many corners a site boundary has; drawn on a map where there are scripts."""
    corners = len(list(_points(value.get("coordinates"))))
    return say("%(count)s 个坐标点") % {"count": corners} if corners else NOTHING


def _points(coordinates: Any) -> Iterator[Sequence[float]]:
    if not isinstance(coordinates, list):
        return
    if len(coordinates) >= 2 and all(isinstance(each, int | float) for each in coordinates):
        yield coordinates
        return
    for each in coordinates:
        yield from _points(each)
