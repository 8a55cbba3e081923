"""检查发现: what was found, everywhere in sight, by how grave, against which clause, open or not, again or not."""

from flask import Blueprint, Response

from gateway.bus import Body, Rpc
from gateway.portal import words
from gateway.portal.asking import ask, ask_all
from gateway.portal.pages import members, show
from gateway.portal.registers import listing

blueprint = Blueprint("findings", __name__)

LIST = Rpc("enforcement", "list_findings")
LIBRARY = Rpc("enforcement", "get_check_library")
FLAGS = ("open", "closed", "repeated")
FILTERS = ("severity", "clause_key", "project_id", "area", "first", "last", *FLAGS)
STATES = {"open": "未整改", "closed": "已整改"}
KINDS = {"check_item": "检查项目", "major_hazard": "重大事故隐患", "offence": "法规条款"}


@blueprint.get("/enforcement/findings")
@members
def findings() -> Response:
    chosen = listing.chosen((*FILTERS, "state"))
    state = chosen.pop("state", "")
    wanted = chosen | ({state: "1"} if state in STATES else {})
    asked = listing.asked(wanted, flags=FLAGS)
    came, _ = ask_all({"page": (LIST, asked), "rules": (LIBRARY, {})})
    return show(
        "enforcement/findings.html",
        page=came["page"] or ask(LIST, asked),  # asked again, a refusal says what is wrong with the filters
        asked=asked,
        chosen=wanted,
        state=next((each for each in STATES if wanted.get(each) == "1"), ""),
        states=STATES,
        severities=words.choices(LIST, "severity"),
        clauses=_by_kind(came["rules"], wanted.get("clause_key", "")),
        divisions=listing.divisions(),
    )


def _by_kind(rules: Body | None, chosen: str) -> dict[str, list[tuple[str, str]]]:
    """Clauses to choose from; one that today's library has no longer stands by its number."""
    known = (rules or {"clauses": []})["clauses"]
    found = {
        word: [(each["key"], f"{each['key']} {each['text']}") for each in known if each["kind"] == kind]
        for kind, word in KINDS.items()
    }
    return found if not chosen or any(chosen == each["key"] for each in known) else {"": [(chosen, chosen)]} | found
