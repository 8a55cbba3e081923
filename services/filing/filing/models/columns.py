"""Kinds of columns that every table uses."""

from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import Index, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import DateTime

Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Object = Annotated[dict[str, Any], mapped_column(JSONB(none_as_null=True))]
Objects = Annotated[list[dict[str, Any]], mapped_column(JSONB(none_as_null=True))]
Words = Annotated[list[str], mapped_column(ARRAY(Text))]


def files_index(name: str) -> Index:
    """By which files are found by their name in a table's `attachments` (queries/files.py)."""
    return Index(name, "attachments", postgresql_using="gin", postgresql_ops={"attachments": "jsonb_path_ops"})
