"""Kinds of columns that many tables have."""

from sqlalchemy.types import DateTime

Instant = DateTime(timezone=True)
