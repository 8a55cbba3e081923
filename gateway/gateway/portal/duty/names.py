"""Names of people for pages about their duty."""

from collections.abc import Collection

from gateway.bus import Rpc
from gateway.portal.asking import ask_all

NAMES = Rpc("personnel", "name_people")


def names_of(person_ids: Collection[str]) -> dict[str, str]:
    """Names are personnel's; while it is silent, the page says the rest."""
    if not person_ids:
        return {}
    came, _ = ask_all({"names": (NAMES, {"person_ids": list(person_ids)})})
    return {each["person_id"]: each["name"] for each in (came["names"] or {"items": []})["items"]}
