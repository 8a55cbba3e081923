"""The officer's queue: which applications the inbox shows, said by its address, and which one comes next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from gateway.bus import Body

MINE, AGENCY, AREA = "mine", "agency", "area"
SCOPES = {MINE: "待我办理", AGENCY: "本机构在办", AREA: "辖区在办"}
FILTERS = ("matter", "stage", "area", "q")
WITHOUT_DEADLINE = ("returned", "countersigning")
MOST = 100


@dataclass(frozen=True)
class Queue:
    scope: str = MINE
    filters: Mapping[str, str] = field(default_factory=dict)
    due: str = ""  # "soon", "late" or all

    def request(self, organisation_id: str, **more: Any) -> Body:
        """Sorted by deadline: what is late first, then what falls due first. What is with the enterprises runs none: it is
        sorted by its arrival, for a list by deadline would not show it at all."""
        asked: Body = {"sort": "deadline" if self.by_deadline else "submitted", "open": True, **self.filters, **more}
        if self.scope == MINE:
            asked["waits_for_me"] = True
        if self.scope == AGENCY:
            asked["agency_id"] = organisation_id
        if self.due:
            asked["overdue" if self.due == "late" else "due_soon"] = True
        return asked

    @property
    def by_deadline(self) -> bool:
        return self.filters.get("stage") not in WITHOUT_DEADLINE

    @property
    def address(self) -> str:
        """The query by which the inbox shows it; carried along from page to page."""
        scope = {} if self.scope == MINE else {"scope": self.scope}
        return urlencode({**scope, **self.filters, **({"due": self.due} if self.due else {})})


def read(query: Mapping[str, str]) -> Queue:
    """What is unknown or empty in an address counts for nothing."""
    scope = query.get("scope", MINE)
    return Queue(
        scope=scope if scope in SCOPES else MINE,
        filters={name: query[name].strip() for name in FILTERS if query.get(name, "").strip()},
        due=query.get("due", "") if query.get("due") in ("soon", "late") else "",
    )


def read_address(address: str) -> Queue:
    return read(dict(parse_qsl(address)))


def after(items: list[Body], application_id: str) -> str | None:
    """The one that follows in the list; the first when this one is not in it; None when there is no other."""
    ids = [each["application_id"] for each in items]
    start = ids.index(application_id) + 1 if application_id in ids else 0
    others = [each for each in ids[start:] + ids[:start] if each != application_id]
    return others[0] if others else None
