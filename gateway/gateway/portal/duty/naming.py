"""Names of people are personnel's: asked once a page, and while it is silent the page says the rest."""

from collections.abc import Iterable

from gateway.bus import Rpc
from gateway.portal.asking import ask_all

NAMES = Rpc("personnel", "name_people")


def names(person_ids: Iterable[str | None]) -> dict[str, str]:
    wanted = sorted({each for each in person_ids if each})
    if not wanted:
        return {}
    came, _ = ask_all({"names": (NAMES, {"person_ids": wanted})})
    return {each["person_id"]: each["name"] for each in (came["names"] or {"items": []})["items"]}
