"""What a load remembers beside the logins, so that a second try goes on where the first one stopped.

The secret from which all passwords follow, and the day from which all dates are counted: with both, the second try
sends exactly the requests of the first, under the same keys, and nothing is made twice.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class Kept:
    """`resumed`: there was a first try."""

    secret: str
    day: date
    resumed: bool

    def password(self, username: str) -> str:
        """Sixteen characters of three classes; the same for the same user as long as the secret is kept."""
        digest = hmac.new(self.secret.encode(), f"password {username}".encode(), hashlib.sha256).digest()
        return "Aj7-" + base64.b32encode(digest)[:12].decode().lower()

    def key(self, *parts: object) -> str:
        """The idempotency key of one request of this load; not to be guessed by whoever has not the secret."""
        return hmac.new(self.secret.encode(), "/".join(map(str, parts)).encode(), hashlib.sha256).hexdigest()[:40]


def keep(path: Path, today: date) -> Kept:
    """What was kept at `path`, or something new that is written there, readable by its owner only."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            new = {"secret": secrets.token_urlsafe(24), "day": today.isoformat()}
            json.dump(new, file)
        return Kept(new["secret"], today, resumed=False)
    except FileExistsError:
        known = json.loads(path.read_text())
        return Kept(known["secret"], date.fromisoformat(known["day"]), resumed=True)
