"""Passwords: how good one must be, and how it is kept.

Kept by argon2id with the parameters that OWASP recommends (19 MiB, 2 passes, 1 lane): some 20 ms a try. Parameters
that have been raised since are applied when the owner next signs in.
"""

import secrets
import string

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chassis.errors import Invalid

MIN_LENGTH, MAX_LENGTH = 8, 128  # MLPS level 3 (等保三级): at least eight characters of three of the four classes
MIN_CLASSES = 3
CLASSES = (str.islower, str.isupper, str.isdigit, lambda each: not each.isalnum())
ONE_TIME_LENGTH = 16
# Without those that are taken for one another when read out: 0 O o, 1 l I.
ONE_TIME_LETTERS = "".join(sorted(set(string.ascii_letters + string.digits) - set("0Oo1lI")))

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Verified when there is no such account, so that an unknown name takes as long as a wrong password.
_NOBODY = _hasher.hash(secrets.token_urlsafe())


def hash_of(password: str) -> str:
    return _hasher.hash(password)


def matches(password: str, kept: str | None) -> bool:
    """Whether this is the password; takes the same time whether or not there is an account (`kept` is None)."""
    try:
        return _hasher.verify(kept or _NOBODY, password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    return _hasher.check_needs_rehash(kept)


def refuse_weak(password: str, username: str, path: str) -> None:
    """Refuses `Invalid` at `path` with the rule that the password breaks."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise Invalid.field(path, "wrong_length", min=MIN_LENGTH, max=MAX_LENGTH)
    if sum(any(is_of(each) for each in password) for is_of in CLASSES) < MIN_CLASSES:
        raise Invalid.field(path, "password_too_simple", classes=MIN_CLASSES)
    if username.lower() in password.lower():
        raise Invalid.field(path, "password_holds_username")


def one_time() -> str:
    """A password to be handed over once and changed at first use; good enough by the rules above."""
    while True:
        password = "-".join(_letters(ONE_TIME_LENGTH // 4) for _ in range(4))
        if all(any(is_of(each) for each in password) for is_of in CLASSES):
            return password


def _letters(count: int) -> str:
    return "".join(secrets.choice(ONE_TIME_LETTERS) for _ in range(count))
