"""What the gateway is told by its environment."""

from dataclasses import dataclass, field
from pathlib import Path

from chassis.settings import Common, secret

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class GatewaySettings(Common):
    """`principal_private_key` signs every principal, and the keys that seal stored answers are derived from it.

    `trusted_proxies` is how many proxies of ours stand in front and append to X-Forwarded-For: with 0 the header is
    not believed. `secure_cookies` must be true wherever the site is reached by https. `limits_storage` is `memory://`
    or a Valkey/Redis address, which several gateways must share; only
    `limit_per_phone`, of messages with positions, is counted by each process for itself. `contracts` is the folder
    with `<service>/contract`.
    `document_keys` sign the links on printed certificates: name → secret, the last one signs, and none is ever taken out
    while a paper that it signed may be in use. `public_address` (https://…) is what those links begin with; without it
    they begin with whatever address the paper was asked for at.
    `positions_address` (https://…) is where phones reach the door for positions; without it the same host at `positions_port`.
    `map_tiles` is the address of a map's tiles (https://…/{z}/{x}/{y}.png, WGS-84 or CGCS2000, not the shifted GCJ-02), and
    `map_tiles_credit` what their maker wants to be named with; without it maps show the outlines of the divisions alone,
    and no page asks any other host for anything.
    `upload_mb_…`: megabytes of files that one may send in a day: a clerk's busiest day is some hundreds of scans,
    somebody unknown (by his address) registers an enterprise.
    """

    principal_private_key: str = secret()
    document_keys: dict[str, str] = field(repr=False)
    public_address: str = ""
    web_host: str = "127.0.0.1"
    web_port: int = 8000
    web_threads: int = 64
    positions_port: int = 8001
    positions_address: str = ""
    secure_cookies: bool = False
    trusted_proxies: int = 0
    limits_storage: str = "memory://"
    limit_per_key: str = "600 per minute"
    limit_per_session: str = "1200 per minute"
    limit_per_address: str = "600 per minute"
    limit_per_phone: str = "1200 per minute"
    upload_mb_per_account: int = 1024
    upload_mb_per_address: int = 32
    map_tiles: str = ""
    map_tiles_credit: str = ""
    contracts: Path = REPOSITORY / "services"
