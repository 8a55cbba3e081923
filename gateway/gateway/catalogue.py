"""Matters and divisions as filing describes them: the same for everybody, so each is asked for every five minutes at most.

While filing is silent, what it said last goes on counting: a form that was begun can be filled in to its end.
"""

import threading
from datetime import datetime, timedelta

from chassis.clock import Clock
from chassis.errors import Unavailable
from gateway.bus import Body, Bus, Rpc

GET_MATTER = Rpc("filing", "get_matter")
LIST_MATTERS = Rpc("filing", "list_matters")
LIST_DIVISIONS = Rpc("filing", "list_divisions")
FRESH_FOR = timedelta(minutes=5)


class Catalogue:
    def __init__(self, bus: Bus, clock: Clock) -> None:
        self._bus, self._clock = bus, clock
        self._known: dict[tuple[Rpc, str], tuple[Body, datetime]] = {}
        self._lock = threading.Lock()

    def matter(self, code: str) -> Body:
        """Its form by sections, documents, deadline. Refuses `Invalid` for an unknown code."""
        return self._told(GET_MATTER, {"code": code})

    def titles(self) -> dict[str, str]:
        """Code → title of every matter, in the catalogue's order."""
        return {each["code"]: each["title"] for each in self._told(LIST_MATTERS, {})["items"]}

    def divisions(self, under: str = "") -> list[Body]:
        """Those of an area, itself first (of the whole province without one): each city followed by its counties."""
        found: list[Body] = self._told(LIST_DIVISIONS, {})["items"]
        return [each for each in found if not under or f"{each['area']}.".startswith(f"{under}.")]

    def _told(self, rpc: Rpc, request: Body) -> Body:
        place = (rpc, str(request.get("code", "")))
        with self._lock:
            known = self._known.get(place)
        if known is not None and self._clock() - known[1] < FRESH_FOR:
            return known[0]
        try:
            told = self._bus.ask_as_gateway(rpc, request)
        except Unavailable:
            if known is not None:
                return known[0]
            raise
        with self._lock:
            self._known[place] = (told, self._clock())
        return told
