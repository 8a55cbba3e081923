"""Every matter (事项) by its code."""

from filing.matters.base import Matter

ALL: dict[str, Matter] = {}
