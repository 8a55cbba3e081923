"""Who acts, told to the services: the account, and what filing says of its organisation.

Filing is asked at most every five minutes; about an organisation that is not open each time, since its people wait for
the moment when it is. While filing is silent, what it said last goes on counting for an hour, so
that registers of machines and people stay in use; nothing that filing itself decides can be done meanwhile.
"""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chassis.clock import Clock
from chassis.errors import NotFound, Unavailable
from chassis.principal import Principal
from gateway.accounts.models import AccountRow
from gateway.accounts.roles import OPERATOR, PLATFORM, REGISTRANT
from gateway.bus import Bus, Rpc

SIGN_IN_PROFILE = Rpc("filing", "sign_in_profile")
# Where what filing said before will do, most of a request's time is kept for what was asked for.
SIGN_IN_PROFILE_AGAIN = Rpc("filing", "sign_in_profile", deadline=0.3)
FRESH_FOR = timedelta(minutes=5)
USABLE_FOR = timedelta(hours=1)
OPEN = "open"

# Somebody who has not signed in: he may read what is public, and register.
NEWCOMER = Principal(user_id="anonymous", roles=(REGISTRANT,))
PLATFORM_NAME = "平台运维"


@dataclass(frozen=True)
class Profile:
    """An organisation as filing tells of it; `registration` is its application while it is not open."""

    organisation_id: str
    name: str
    kind: str
    kinds: tuple[str, ...]
    level: str
    area: str
    division: str
    stage: str
    registration: dict[str, Any] | None

    @property
    def is_open(self) -> bool:
        return self.stage == OPEN


class Profiles:
    def __init__(self, bus: Bus, clock: Clock) -> None:
        self._bus, self._clock = bus, clock
        self._known: dict[str, tuple[Profile, datetime]] = {}
        self._lock = threading.Lock()

    def of(self, organisation_id: str) -> Profile:
        """Raises `NotFound` for an unknown organisation, `Unavailable` when nobody can tell."""
        with self._lock:
            known = self._known.get(organisation_id)
        if known is not None and known[0].is_open and self._clock() - known[1] < FRESH_FOR:
            return known[0]
        if known is None or self._clock() - known[1] >= USABLE_FOR:
            return self.ask(organisation_id)
        try:
            return self.ask(organisation_id, SIGN_IN_PROFILE_AGAIN)
        except Unavailable:
            return known[0]

    def ask(self, organisation_id: str, rpc: Rpc = SIGN_IN_PROFILE) -> Profile:
        """What filing says now."""
        profile = _profile(self._bus.ask_as_gateway(rpc, {"organisation_id": organisation_id}))
        with self._lock:
            self._known[organisation_id] = (profile, self._clock())
        return profile

    def exists(self, organisation_id: str) -> bool:
        try:
            self.ask(organisation_id)
        except NotFound:
            return False
        return True


def operator(account: AccountRow) -> Principal:
    return Principal(
        user_id=account.id,
        user_name=account.name,
        organisation_id=PLATFORM,
        organisation_name=PLATFORM_NAME,
        organisation_kind=PLATFORM,
        roles=(OPERATOR,),
    )


def member(account: AccountRow, profile: Profile) -> Principal:
    """Somebody of an organisation. While it is not open, the routes that he may come to are few (`Who.NEWCOMER`)."""
    return Principal(
        user_id=account.id,
        user_name=account.name,
        organisation_id=profile.organisation_id,
        organisation_name=profile.name,
        organisation_kind=profile.kind,
        kinds=profile.kinds,
        level=profile.level,
        area=profile.area,
        roles=tuple(account.roles),
    )


def _profile(told: dict[str, Any]) -> Profile:
    return Profile(
        organisation_id=told["organisation_id"],
        name=told["name"],
        kind=told["kind"],
        kinds=tuple(told.get("kinds") or ()),
        level=told.get("level") or "",
        area=told.get("area") or "",
        division=told.get("division") or "",
        stage=told["stage"],
        registration=told.get("registration"),
    )
