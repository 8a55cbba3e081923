"""Secrets of the gateway's own making, all derived from its private key: nothing readable is left in its tables.

Stored answers hold what must not lie about in the clear (an unmasked identity number, a new key): they are sealed.
Request bodies are remembered only by a keyed fingerprint, from which a password cannot be guessed.
"""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Unsealable(Exception):
    """Sealed under another key, or changed since."""


class Seal:
    def __init__(self, secret: str) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(_derive(secret, b"anjian gateway answers")))
        self._fingerprints = _derive(secret, b"anjian gateway fingerprints")

    def close(self, content: bytes) -> bytes:
        return self._fernet.encrypt(content)

    def open(self, sealed: bytes) -> bytes:
        """What was sealed; raises `Unsealable`."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken as error:
            raise Unsealable from error

    def fingerprint(self, *parts: str) -> str:
        """The same text for the same parts, by which nobody without the key can tell or guess the parts."""
        message = b"".join(len(part.encode()).to_bytes(8, "big") + part.encode() for part in parts)
        return hmac.new(self._fingerprints, message, hashlib.sha256).hexdigest()


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
