"""Identifiers: new ones, ones derived from what is known already, and the masks under which people's are shown."""

import os
import time
import uuid

DERIVED = uuid.UUID("6f0f2c52-5b1e-4a51-9a3e-0d6b8f4b7a11")


def new_id() -> str:
    """A UUID of version 7 (RFC 9562): sorts by the time it was made, so index pages fill in order."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return str(uuid.UUID(int=value))


def derived_id(*parts: str) -> str:
    """The same id for the same parts, every time: lets a repeated command name the thing that its first try made."""
    return str(uuid.uuid5(DERIVED, "\x1f".join(parts)))


def mask_identity(number: str) -> str:
    """`130102********0014`: the first six and the last four places (practice, domain.md §9.1)."""
    return number[:6] + "*" * max(len(number) - 10, 0) + number[-4:] if len(number) > 10 else "*" * len(number)


def mask_phone(phone: str) -> str:
    """`138****5678`"""
    return phone[:3] + "****" + phone[-4:] if len(phone) >= 11 else "*" * len(phone)


def mask_name(name: str) -> str:
    """`张*`, `张*三`: what the public may see of a name."""
    if len(name) <= 2:
        return name[:1] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def mask_number(number: str) -> str:
    """All but the last four places of a certificate's number."""
    return "*" * max(len(number) - 4, 0) + number[-4:]
