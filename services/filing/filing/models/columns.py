"""Kinds of columns that every table uses."""

from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import DateTime

Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Object = Annotated[dict[str, Any], mapped_column(JSONB(none_as_null=True))]
Objects = Annotated[list[dict[str, Any]], mapped_column(JSONB(none_as_null=True))]
Words = Annotated[list[str], mapped_column(ARRAY(Text))]
