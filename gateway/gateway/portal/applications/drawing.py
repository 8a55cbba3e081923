"""A form as the page shows it: what was typed, with labels, errors and corrections beside their fields."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from gateway.api.uploads import ATTACHMENT_LIMIT
from gateway.bus import Body, Rpc
from gateway.parts import parts
from gateway.portal.applications import forms
from gateway.portal.applications.forms import Field, Typed
from gateway.portal.asking import ask_all
from gateway.portal.locale import say
from gateway.portal.picking import lists
from gateway.portal.picking.lists import Found

FORM = "form."
ATTACHMENTS = "attachments."
LONG = 200  # characters: a text that may be longer gets several lines
IN_FULL = {"boundary", "part", "rows", "object"}
NAMES: dict[str, tuple[Rpc, str]] = {
    "people": (Rpc("personnel", "name_people"), "person_ids"),
    "project_people": (Rpc("personnel", "name_people"), "person_ids"),
    "machines": (Rpc("equipment", "name_machines"), "machine_ids"),
}


@dataclass(frozen=True)
class Drawn:
    """`wrong` and `corrections` are {path: sentences}; `picks` what a search without scripts has found, by path."""

    matter: Body
    typed: Typed
    attachments: Sequence[Body] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, list[str]] = field(default_factory=dict)
    corrections: Mapping[str, list[str]] = field(default_factory=dict)
    picks: Mapping[str, Found] = field(default_factory=dict)
    file_address: str = ""

    @property
    def fields(self) -> list[Field]:
        return forms.fields_of(self.matter["sections"])

    def errors(self, path: str) -> list[str]:
        return self.wrong.get(FORM + path, [])

    def asked(self, path: str) -> list[str]:
        """What the agency wants corrected here."""
        return self.corrections.get(FORM + path, [])

    def has_errors_under(self, path: str) -> bool:
        here = FORM + path
        return any(each == here or each.startswith(here + ".") for each in (*self.wrong, *self.corrections))

    def errors_of_document(self, code: str) -> list[str]:
        return self.wrong.get(ATTACHMENTS + code, [])

    def asked_of_document(self, code: str) -> list[str]:
        return self.corrections.get(ATTACHMENTS + code, [])

    def label(self, value: str) -> str:
        return self.labels.get(value, "")

    def needs(self, shape: Field, path: str) -> str:
        """The names of the fields that its pick-list has to know."""
        return " ".join(lists.needed(self.fields, shape, path))

    def may_be_picked(self, shape: Field) -> bool:
        return shape.get("reference") in lists.LISTS

    def files(self, code: str) -> list[tuple[int, Body]]:
        """The files of one document, each with its place among all."""
        return [(place, each) for place, each in enumerate(self.attachments) if each["code"] == code]

    @property
    def limit(self) -> int:
        return ATTACHMENT_LIMIT

    def divisions(self) -> list[tuple[str, list[Body]]]:
        """All places to choose from: [(city, its own and its counties' entries)]."""
        items = parts().catalogue.divisions()
        cities = {each["area"]: each["name"] for each in items if each["level"] != "county"}
        return [
            (cities.get(city, city), list(group))
            for city, group in groupby(items, key=lambda each: ".".join(each["area"].split(".")[:2]))
        ]

    def is_empty(self, shape: Field, value: Any) -> bool:
        return not forms.gather([{**shape, "name": "it"}], {"it": value})

    def blank(self, shape: Field) -> Any:
        """An empty row, for the page to multiply."""
        return forms.spread([{**shape, "name": "it"}], {})["it"]

    def is_long(self, shape: Field) -> bool:
        return bool(shape["type"] in IN_FULL or (shape["type"] == "text" and (shape.get("max_length") or 0) > LONG))

    def title_of(self, path: str) -> str:
        return title_of(self.matter, path)


def title_of(matter: Body, path: str) -> str:
    """What stands at `form.crew.1.person_id`, in words: 安装作业人员 第 2 行 人员."""
    if path.startswith(ATTACHMENTS):
        code = path.removeprefix(ATTACHMENTS).partition(".")[0]
        return next((f"{code} {each['title']}" for each in matter["attachments"] if each["code"] == code), path)
    fields, words = forms.fields_of(matter["sections"]), []
    steps = path.removeprefix(FORM).split(".")
    for count, step in enumerate(steps, start=1):
        if step.isdecimal():
            words.append(say("第 %(number)s 行") % {"number": int(step) + 1})
        elif (found := forms.field_at(fields, ".".join(steps[:count]))) is not None:
            words.append(found["label"])
    return " ".join(words)


def titled(problem: Body | None, matter: Body) -> Body | None:
    """For the summary on top: each sentence with the name of its field."""
    if problem is None:
        return None
    fields = [
        each | {"message": _titled(title_of(matter, each["path"]), each["message"])} for each in problem["fields"]
    ]
    return problem | {"fields": fields}


def _titled(title: str, message: str) -> str:
    return f"{title}：{message}" if title else message


def by_path(told: Iterable[Mapping[str, Any]], words: str, files: Sequence[Body] = ()) -> dict[str, list[str]]:
    """Sentences by the path that they are about: {"form.height": ["应为数字。"]}."""
    found: dict[str, list[str]] = {}
    for each in told:
        found.setdefault(place_of(str(each["path"]), files), []).append(str(each[words]))
    return found


def placed(corrections: Iterable[Body], files: Sequence[Body]) -> list[Body]:
    """The corrections of a return, each at its place on the page."""
    return [each | {"path": place_of(each["path"], files)} for each in corrections]


def place_of(path: str, files: Sequence[Body]) -> str:
    """Where the page shows it: what is said of one of the files (`attachments.2.sha256`) stands at its document."""
    number = path.removeprefix(ATTACHMENTS).partition(".")[0]
    if path.startswith(ATTACHMENTS) and number.isdecimal() and int(number) < len(files):
        return f"{ATTACHMENTS}{files[int(number)]['code']}"
    return path


def names(fields: Iterable[Field], typed: Typed, known: Mapping[str, str]) -> dict[str, str]:
    """Words for the people and machines that a draft names: their owners are asked, both at the same time."""
    missing: dict[str, list[str]] = {}
    for reference, value in forms.references(fields, typed):
        if reference in NAMES and value not in known:
            missing.setdefault(reference, []).append(value)
    if not missing:
        return {}
    asked = {name: (NAMES[name][0], {NAMES[name][1]: sorted(set(ids))}) for name, ids in missing.items()}
    came, _ = ask_all(asked)
    return {id_: words for page in came.values() if page for id_, words in map(_name, page["items"])}


def _name(each: Body) -> tuple[str, str]:
    if "person_id" in each:
        employer = each["employer_name"]
        return each["person_id"], f"{each['name']}（{employer}）" if employer else each["name"]
    number = each["filing_number"] or each["serial_number"]
    return each["machine_id"], f"{each['kind_word']} {each['model']} · {number}"
