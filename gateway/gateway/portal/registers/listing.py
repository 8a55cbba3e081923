"""What every list reads from its address: the filters that it knows, and where the page begins."""

from collections.abc import Collection
from datetime import timedelta

from flask import request

from chassis.clock import day_of
from gateway.api.admission import visitor
from gateway.bus import Body
from gateway.parts import parts

SHORTEST = 2  # letters of a search word
SOON = {"30": "30 日内到期", "90": "90 日内到期"}
FLAGS = {"1": True, "0": False}


def chosen(names: Collection[str]) -> dict[str, str]:
    """The filters that the address names, as they stand there; what is empty counts for nothing."""
    return {name: value for name in names if (value := request.args.get(name, "").strip())}


def asked(filters: dict[str, str], *, flags: Collection[str] = (), soon: str = "") -> Body:
    """The filters as a service wants them: `flags` true or false, days `soon` from today, no search word of one letter."""
    told: Body = {name: value for name, value in filters.items() if name not in (*flags, "soon")}
    told |= {name: FLAGS[filters[name]] for name in flags if filters.get(name) in FLAGS}
    if len(filters.get("q", "")) < SHORTEST:
        told.pop("q", None)
    if soon and filters.get("soon") in SOON:
        told[soon] = (day_of(parts().clock()) + timedelta(days=int(filters["soon"]))).isoformat()
    return told | {"after": request.args.get("after") or None}


def divisions() -> list[Body]:
    """Those of an agency's area, its own first; none for an enterprise, whose lists are its own."""
    account = visitor().signed_in
    if account.organisation_kind != "agency":
        return []
    return parts().catalogue.divisions(parts().profiles.of(account.organisation_id).area)
