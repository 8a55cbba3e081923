"""logins.json: everybody who can sign in to the demo province."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy.demo import agencies, firms, places
from deploy.demo.firms import Firm
from deploy.demo.kept import Kept

OPERATOR_OF = "平台运维"


@dataclass(frozen=True)
class Login:
    """`role`: "operator", "county approver", "lessor+installer", "contractor clerk", "owner (registration returned)"."""

    role: str
    username: str
    password: str
    organisation: str
    division: str


def all_logins(kept: Kept, operator: tuple[str, str]) -> Iterator[Login]:
    """The operator, the agencies from the province down, enterprises, their clerks, those that are not open yet."""
    yield Login("operator", *operator, OPERATOR_OF, places.full_name(places.PROVINCE))
    for agency in agencies.all_agencies():
        for officer in agency.officers:
            role = f"{agency.level} {'+'.join(officer.roles)}"
            where = places.full_name(agency.division) + agency.zone
            yield Login(role, officer.username, kept.password(officer.username), agency.name, where)
    everybody = firms.all_firms(kept.day)
    yield from (_login(kept, each, "+".join(each.kinds), each.username) for each in everybody if each.is_open)
    yield from (_login(kept, each, f"{each.kinds[0]} clerk", each.clerk) for each in everybody if each.has_clerk)
    for firm in everybody:
        if not firm.is_open:
            role = f"{'+'.join(firm.kinds)} (registration {firm.registration})"
            yield _login(kept, firm, role, firm.username)


def write(path: Path, logins: list[Login]) -> None:
    """Readable by its owner only: passwords are in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump([asdict(each) for each in logins], file, ensure_ascii=False, indent=1)
    new.replace(path)


def _login(kept: Kept, firm: Firm, role: str, username: str) -> Login:
    return Login(role, username, kept.password(username), firm.name, places.full_name(firm.division))
