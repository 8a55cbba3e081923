"""A day's log between its form and filing: the form filing describes, photographs as its one document (pure)."""

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.bus import Body
from gateway.portal.applications import forms
from gateway.portal.applications.drawing import ATTACHMENTS, FORM

PHOTOS = "photos"
BESIDE_PHOTOS = ("caption", "taken_at")  # what came by API with a photograph stays with it


def matter(told: Body, title: str) -> Body:
    """As the form's components want it; `told` is filing's reply to get_log_form."""
    photos = {"code": PHOTOS, "title": title, "required": "yes", "note": ""}
    return {"code": "", "sections": told["sections"], "attachments": [photos]}


def spread(told: Body) -> forms.Typed:
    """What stands in the form when it is opened: the newest version, or a row for each work that is planned on the day."""
    fields, written = forms.fields_of(told["sections"]), told["written"]
    if written is None:
        return forms.spread(fields, {"works": [{"number": each} for each in told["works"]]})
    return forms.spread(fields, written)


def held(written: Mapping[str, Any] | None) -> list[Body]:
    return [{"code": PHOTOS, **each} for each in written[PHOTOS]] if written else []


def request(told: Body, typed: forms.Typed, photos: Sequence[Body], version: int) -> Body:
    """As filing.write_work_log wants it."""
    form = forms.gather(forms.fields_of(told["sections"]), typed)
    works = [each | {"number": _number(each.get("number"))} for each in form.pop("works", [])]
    known = {each["sha256"]: each for each in held(told["written"])}
    sent = [
        {name: each[name] for name in ("sha256", "name")}
        | {name: known[each["sha256"]][name] for name in BESIDE_PHOTOS if each["sha256"] in known}
        for each in photos
    ]
    day = {name: told[name] for name in ("project_id", "day")}
    return day | {"version": version, "works": works, "photos": sent} | form


def place(path: str) -> str:
    """Where the page shows what filing says of a field."""
    first = path.partition(".")[0]
    return f"{ATTACHMENTS}{PHOTOS}" if first == PHOTOS else f"{FORM}{path}"


def _number(code: Any) -> Any:
    return int(code) if isinstance(code, str) and code.isdecimal() and len(code) < 10 else code
