"""Kinds of columns that many tables have."""

from sqlalchemy import Identity
from sqlalchemy.types import DateTime

Instant = DateTime(timezone=True)
Number = Identity(always=True)
