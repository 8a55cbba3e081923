"""Names are those of who keeps them: asked once a page, and while he is silent the page says the rest."""

from collections.abc import Iterable

from gateway.bus import Rpc
from gateway.portal.asking import ask_all

NAMES = Rpc("personnel", "name_people")
FIRMS = Rpc("filing", "name_organisations")


def names(person_ids: Iterable[str | None]) -> dict[str, str]:
    wanted = sorted({each for each in person_ids if each})
    if not wanted:
        return {}
    came, _ = ask_all({"names": (NAMES, {"person_ids": wanted})})
    return {each["person_id"]: each["name"] for each in (came["names"] or {"items": []})["items"]}


def firms(organisation_ids: Iterable[str | None]) -> dict[str, str]:
    """Names of organisations are filing's."""
    wanted = sorted({each for each in organisation_ids if each})
    if not wanted:
        return {}
    came, _ = ask_all({"firms": (FIRMS, {"organisation_ids": wanted})})
    return {each["organisation_id"]: each["name"] for each in (came["firms"] or {"items": []})["items"]}
