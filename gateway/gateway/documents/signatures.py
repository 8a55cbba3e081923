"""The signature in the link of a printed certificate: it covers what the paper says, so that the page can tell whether the
paper says what the register says.

The keys are the gateway's own, apart from all others, and each has a name that stands in the signature: a paper hangs on
a crane for years, so a key that has signed stays good for checking long after a newer one signs (docs/decisions/0023).
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_NAME = re.compile(r"[0-9A-Za-z]{1,8}")
# 128 bits: nobody finds a second text for a signature, and the QR code stays coarse enough for a scratched plate.
LENGTH = 16
# What a certificate says; none of it changes once it is issued.
SAID = ("kind", "number", "holder_name", "agency_name", "issued_on", "valid_to", "shown")


class Fit(StrEnum):
    """How a signature fits what the register says. `UNSIGNED`: the code was typed from the paper."""

    FITS = "fits"
    DIFFERS = "differs"
    UNSIGNED = "unsigned"


class Signatures:
    """`keys`: name → secret, the one that signs last; the others check what they signed in their time."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        wrong = [name for name in keys if not KEY_NAME.fullmatch(name)]
        if wrong or not keys:
            raise ValueError("DOCUMENT_KEYS wants at least one key, each named by one to eight letters and digits")
        self._keys = {name: _derived(secret) for name, secret in keys.items()}
        self._signing = list(keys)[-1]

    def sign(self, code: str, told: Mapping[str, Any]) -> str:
        """`told` is the certificate as filing tells of it."""
        return f"{self._signing}.{self._made(self._signing, code, told)}"

    def fit(self, signature: str | None, code: str, told: Mapping[str, Any]) -> Fit:
        if signature is None:
            return Fit.UNSIGNED
        name, _, made = signature.partition(".")
        if name not in self._keys:
            return Fit.DIFFERS
        same = hmac.compare_digest(self._made(name, code, told).encode(), made.encode())
        return Fit.FITS if same else Fit.DIFFERS

    def _made(self, name: str, code: str, told: Mapping[str, Any]) -> str:
        said = json.dumps([code, *(told[each] for each in SAID)], ensure_ascii=False, sort_keys=True)
        digest = hmac.digest(self._keys[name], said.encode("utf-8", "backslashreplace"), hashlib.sha256)
        return base64.urlsafe_b64encode(digest[:LENGTH]).rstrip(b"=").decode()


def _derived(secret: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"anjian printed certificates").derive(secret.encode())
