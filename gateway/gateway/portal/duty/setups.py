"""How an app on somebody's phone is told where to send positions, and by which key (pure).

Each app has a link of its own that its own scanner, or the phone's camera, understands: Traccar Client takes an address
with its settings in the query, OwnTracks `owntracks:///config?inline=` and the configuration file in base64 (its booklet,
"URL config"), OsmAnd an address with places for what it fills in.
"""

import base64
import json
from dataclasses import dataclass
from urllib.parse import quote, urlencode

import segno

EVERY_SECONDS = 60
# While the phone lies still; within ten minutes nobody's being there is in doubt (attendance's Sampling.bridged).
HEARTBEAT_SECONDS = 300
HTTP_MODE, MOVE_MODE = 3, 2  # OwnTracks' numbers
OSMAND_FILLS_IN = "lat={0}&lon={1}&timestamp={2}&hdop={3}&altitude={4}&speed={5}"


@dataclass(frozen=True)
class Setups:
    """`native` and `owntracks` are addresses, to be entered by hand beside the key; the others are whole links."""

    native: str
    traccar: str
    osmand: str
    owntracks: str
    owntracks_link: str

    @property
    def traccar_code(self) -> str:
        return qr(self.traccar)

    @property
    def owntracks_code(self) -> str:
        return qr(self.owntracks_link)


def setups(door: str, secret: str) -> Setups:
    """For the door at an address (https://…) and one phone's key."""
    asked = {
        "id": secret, "accuracy": "high", "distance": 0, "interval": EVERY_SECONDS, "heartbeat": HEARTBEAT_SECONDS,
        "buffer": "true",
    }  # fmt: skip
    return Setups(
        native=f"{door}/positions",
        traccar=f"{door}/osmand?{urlencode(asked)}",
        osmand=f"{door}/osmand?id={quote(secret)}&{OSMAND_FILLS_IN}",
        owntracks=f"{door}/owntracks",
        owntracks_link=_owntracks(door, secret),
    )


def qr(text: str) -> str:
    """An SVG element, with a light ground and a quiet zone so that it can be read on a dark page as well."""
    return str(segno.make_qr(text, error="l").svg_inline(border=4, light="#fff", omitsize=True, svgclass="qr"))


def _owntracks(door: str, secret: str) -> str:
    configuration = {
        "_type": "configuration", "mode": HTTP_MODE, "url": f"{door}/owntracks", "auth": True, "username": "phone",
        "password": secret, "monitoring": MOVE_MODE, "locatorInterval": EVERY_SECONDS,
        "moveModeLocatorInterval": EVERY_SECONDS,
    }  # fmt: skip
    written = base64.b64encode(json.dumps(configuration, separators=(",", ":")).encode()).decode()
    return f"owntracks:///config?inline={quote(written, safe='')}"
