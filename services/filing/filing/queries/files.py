"""Which files something refers to: a draft, anything that was ever handed in, a site's daily log, a bulletin, a download."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, cast, column, exists, func, or_, select, values
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from filing.models import Application, Bulletin, Download, Submission, WorkLog

ATTACHED = (Application.attachments, Submission.attachments, Bulletin.attachments, WorkLog.photos)


def find_used_files(session: Session, names: Sequence[str]) -> dict[str, Any]:
    """Those of `names` that are in use."""
    if not names:
        return {"used": []}
    asked = values(column("name", String), name="asked").data([(each,) for each in names])
    name = asked.c.name
    uses = [*(_attached(each, name) for each in ATTACHED), exists().where(Download.sha256 == name)]
    return {"used": list(session.scalars(select(name).where(or_(*uses)).order_by(name)))}


def _attached(attachments: Any, name: ColumnElement[str]) -> ColumnElement[bool]:
    """Found by the GIN index of the column."""
    one = cast(func.jsonb_build_array(func.jsonb_build_object("sha256", name)), JSONB)
    return exists().where(attachments.contains(one))
