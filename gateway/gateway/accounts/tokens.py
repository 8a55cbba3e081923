"""Tokens: 256 random bits each, kept as a hash, so that whoever reads a table cannot come in with what stands there."""

import hashlib
import secrets

SESSION = "s_"
KEY = "k_"


def new(prefix: str) -> str:
    return prefix + secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
