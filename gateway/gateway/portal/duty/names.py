"""The names of people: they are personnel's to tell. While it is silent, a page says the rest."""

from collections.abc import Iterable

from gateway.bus import Rpc
from gateway.portal.asking import ask_all

NAMES = Rpc("personnel", "name_people")


def names_of(person_ids: Iterable[str]) -> dict[str, str]:
    wanted = sorted(set(person_ids))
    if not wanted:
        return {}
    came, _ = ask_all({"names": (NAMES, {"person_ids": wanted})})
    return {each["person_id"]: each["name"] for each in (came["names"] or {"items": []})["items"]}
