"""Names are those of who keeps them: asked once a page, and while he is silent the page says the rest."""

from collections.abc import Iterable

from gateway.bus import Body, Rpc
from gateway.portal.asking import ask_all

NAMES = Rpc("personnel", "name_people")
AGENCIES = Rpc("filing", "list_agencies")
FIRMS = Rpc("filing", "name_organisations")


def names_of(person_ids: Iterable[str | None]) -> dict[str, str]:
    wanted = sorted({each for each in person_ids if each})
    if not wanted:
        return {}
    came, _ = ask_all({"names": (NAMES, {"person_ids": wanted})})
    return {each["person_id"]: each["name"] for each in (came["names"] or {"items": []})["items"]}


def place_names(areas: Iterable[str], divisions: Iterable[Body]) -> dict[str, str]:
    """Area → name. A zone is no division: it is called after its agency."""
    known = {each["area"]: each["name"] for each in divisions}
    if all(each in known for each in areas):
        return known
    came, _ = ask_all({"agencies": (AGENCIES, {})})
    return {each["area"]: each["name"] for each in (came["agencies"] or {"items": []})["items"]} | known


def firm_names(organisation_ids: Iterable[str | None]) -> dict[str, str]:
    wanted = sorted({each for each in organisation_ids if each})
    if not wanted:
        return {}
    came, _ = ask_all({"firms": (FIRMS, {"organisation_ids": wanted})})
    return {each["organisation_id"]: each["name"] for each in (came["firms"] or {"items": []})["items"]}
