"""Who acts. The gateway signs a short-lived principal; every service verifies it and decides for itself.

Ed25519 (RFC 8032) in a JSON Web Token: a service holds public keys only, so none can pretend to be the gateway. A
service that speaks for itself (a scheduler asking another room) signs with its own key and can only be a service.
"""

from dataclasses import asdict, dataclass, fields
from datetime import timedelta
from typing import Any

import jwt

from chassis.clock import Clock, now
from chassis.errors import Forbidden

LIFETIME = timedelta(minutes=5)
GATEWAY = "gateway"


@dataclass(frozen=True, kw_only=True)
class Principal:
    """A user acting for an organisation, or a service acting for itself.

    `area` is the path of the territory an agency watches, or an enterprise sits in ("13", "13.1301",
    "13.1301.130102"); `kinds` are the kinds of an enterprise; `level` is an agency's.
    """

    user_id: str
    user_name: str = ""
    organisation_id: str = ""
    organisation_name: str = ""
    organisation_kind: str = ""
    kinds: tuple[str, ...] = ()
    level: str = ""
    area: str = ""
    roles: tuple[str, ...] = ()

    @property
    def is_agency(self) -> bool:
        return self.organisation_kind == "agency"

    @property
    def is_enterprise(self) -> bool:
        return self.organisation_kind == "enterprise"

    @property
    def is_service(self) -> bool:
        return self.organisation_kind == "service"

    def watches(self, area: str) -> bool:
        """Whether `area` lies in the territory of this principal."""
        return bool(self.area) and (area == self.area or area.startswith(self.area + "."))

    def brief(self) -> dict[str, str]:
        """What a record or an event keeps of who acted."""
        return {
            "user_id": self.user_id,
            "user_name": self.user_name,
            "organisation_id": self.organisation_id,
            "organisation_name": self.organisation_name,
        }


def service_principal(name: str) -> Principal:
    return Principal(user_id=f"service:{name}", organisation_kind="service", roles=("service",))


def sign(principal: Principal, private_key: str, issuer: str, clock: Clock = now) -> str:
    """A token good for five minutes."""
    issued = clock()
    claims = {"iss": issuer, "iat": issued, "exp": issued + LIFETIME, "principal": asdict(principal)}
    return jwt.encode(claims, private_key, algorithm="EdDSA")


def verify(token: str, public_keys: dict[str, str]) -> Principal:
    """The principal in a token; raises `Forbidden("principal_invalid")` if forged, expired or of an unknown issuer."""
    try:
        issuer = jwt.decode(token, options={"verify_signature": False})["iss"]
        claims = jwt.decode(token, public_keys[issuer], algorithms=["EdDSA"], issuer=issuer, leeway=5)
        principal = from_claims(claims["principal"])
    except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
        raise Forbidden("principal_invalid") from error
    if issuer != GATEWAY and principal != service_principal(issuer):
        raise Forbidden("principal_invalid")
    return principal


def from_claims(claims: dict[str, Any]) -> Principal:
    """A principal from its own `asdict`, also of a release that knew more or fewer fields."""
    known = {each.name for each in fields(Principal)}
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in claims.items()
    }
    return Principal(**{name: value for name, value in values.items() if name in known})
