"""What somebody typed into a field, as a service wants it; what cannot be read goes on as it stands, to be refused by name."""

from datetime import datetime

from chassis.clock import SHANGHAI

LONGEST_NUMBER = 9  # digits


def number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER else text


def moment(text: str) -> str:
    """A browser's local time is Shanghai's: 2026-03-03T21:15."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (found if found.tzinfo else found.replace(tzinfo=SHANGHAI)).isoformat()
