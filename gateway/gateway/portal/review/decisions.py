"""What an officer may decide on an application, and how his form says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from gateway.bus import Body, Rpc
from gateway.portal.applications import forms
from gateway.portal.applications.described import ROOT
from gateway.portal.locale import say

MORE = "more"  # not an act: the button that asks for more rows of the correction list
ROWS = 3


@dataclass(frozen=True)
class Decision:
    """One act: the RPC, what its opinion is called there, and the sentence that is said when it is done."""

    act: str
    title: str
    words_field: str
    told: str
    style: str = ""
    words_needed: bool = False

    @property
    def method(self) -> str:
        return f"{self.act}_application"

    @property
    def rpc(self) -> Rpc:
        return Rpc("filing", self.method)


DECISIONS = {
    each.act: each
    for each in (
        Decision("accept", "受理", "remarks", "已受理", "primary"),
        Decision("review", "审核", "opinion", "已审核", "primary", words_needed=True),
        Decision("approve", "通过", "opinion", "已通过", "primary"),
        Decision("return", "退回补正", "remarks", "已退回补正"),
        Decision("reject", "不予通过", "reason", "已作出不予通过的决定", "danger", words_needed=True),
    )
}


# What the agency decides beside an opinion (a grade, a reason): one part, so that its names are its paths at filing.
CONCLUSION = "decision"
WORDS_FIELDS = {each.words_field for each in DECISIONS.values()}


@dataclass(frozen=True)
class Typed:
    """What stands in the form: kept whatever happens to it. `seen`: the last step that the officer saw."""

    act: str = ""
    version: int = 0
    seen: int = 0
    words: str = ""
    corrections: tuple[tuple[str, str], ...] = ()
    rows: int = ROWS
    conclusion: forms.Typed = field(default_factory=dict)
    problem: Body | None = field(default=None, compare=False)


def conclusion_of(matter: Mapping[str, Any]) -> list[forms.Field]:
    """The fields of what an approval of this matter has to decide, as filing describes them; none for most matters."""
    fields = forms.fields_of(matter["decision"])
    part = {"name": CONCLUSION, "label": say("审批结论"), "type": "part", "required": True, "fields": fields}
    return [part] if fields else []


def read(form: "MultiDict[str, str]", conclusion: Sequence[forms.Field]) -> Typed:
    """A chosen standard text counts where nothing was typed; rows of the correction list without a text do not count."""
    act = form.get("act", "")
    paths, texts = form.getlist("correction_path"), form.getlist("correction_text")
    rows = [(path, text.strip()) for path, text in zip(paths, texts, strict=False)]
    return Typed(
        act=act,
        version=_number(form.get("version")),
        seen=_number(form.get("seen")),
        words=form.get("words", "").strip() or form.get("standard", "").strip(),
        corrections=tuple((path or "form", text) for path, text in rows if text),
        rows=len(rows) + ROWS if act == MORE else max(len(rows), ROWS),
        conclusion=forms.read(conclusion, form.lists()),
    )


def request(application_id: str, typed: Typed, conclusion: Sequence[forms.Field]) -> Body:
    """As the service wants it: a conclusion belongs to an approval, whatever was typed before something else was done."""
    decision = DECISIONS[typed.act]
    asked: dict[str, Any] = {
        "application_id": application_id,
        "version": typed.version,
        decision.words_field: typed.words,
    }
    if decision.act == "return":
        asked["corrections"] = [{"path": path, "text": text} for path, text in typed.corrections]
    if decision.act == "approve" and conclusion:
        asked[CONCLUSION] = forms.gather(conclusion, typed.conclusion).get(CONCLUSION, {})
    return asked


def offered(application: Mapping[str, Any]) -> list[Decision]:
    """Those that the service says this officer may take now."""
    return [each for each in DECISIONS.values() if each.method in application["acts"]]


def beside_fields(problem: Body) -> Body:
    """The problem with each fault at the field of the page: opinion, reason and remarks are one text there."""
    return problem | {"fields": [each | {"path": _place(each["path"])} for each in problem["fields"]]}


def _place(path: str) -> str:
    if path in WORDS_FIELDS:
        return "words"
    return f"{ROOT}.{path}" if path.partition(".")[0] == CONCLUSION else "corrections"


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0
