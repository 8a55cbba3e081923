"""The key pairs with which principals are signed: Ed25519, one an issuer, made once.

Only the owner of the files may read the private halves.
"""

import threading
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)


class Keys:
    """The keys in `folder`, as PEM text; a pair is made when first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = threading.Lock()

    def private(self, issuer: str) -> str:
        file = self.folder / f"{issuer}.pem"
        with self.lock:
            if not file.exists():
                self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                key = Ed25519PrivateKey.generate()
                file.touch(mode=0o600)
                file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            return file.read_text()

    def public(self, issuer: str) -> str:
        key = load_pem_private_key(self.private(issuer).encode(), password=None)
        return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
