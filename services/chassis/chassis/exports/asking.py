"""Asking for an export, and looking after it: each is its asker's own."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from chassis import journal, paging
from chassis.call import Call
from chassis.clock import SHANGHAI, Clock
from chassis.commands import remember, repeated
from chassis.database import Sessions, transaction
from chassis.errors import Conflict, Invalid, NotFound
from chassis.exports.lists import PAGING, Exportable
from chassis.exports.table import RUNNING, WAITING, ExportRow
from chassis.identifiers import new_id
from chassis.principal import Principal
from chassis.schemas import read

ACT = "start_export"
MOST_UNFINISHED = 5
Lists = Mapping[str, Exportable]
Reply = dict[str, Any]


def start(sessions: Sessions, lists: Lists, call: Call, request: Mapping[str, Any], clock: Clock) -> Reply:
    """Put down what is wanted; the scheduler writes it.

    Refuses `Invalid` (no such list; what the list itself refuses of the filter), what the list refuses this principal,
    and `Conflict("exports_unfinished")` to whoever has enough of them waiting.
    """
    key = f"{call.principal.user_id}/{call.key}" if call.key else None
    with transaction(sessions) as session:
        if (reply := repeated(session, key, ACT, dict(request))) is not None:
            return reply
        exportable = lists.get(request["list"])
        if exportable is None:
            raise Invalid.field("list", "not_a_choice", choices=sorted(lists))
        wish = {name: value for name, value in request["filter"].items() if name not in PAGING}
        exportable.query(session, call.principal, read(exportable.request(), wish, under="filter"), clock())
        _refuse_too_many(session, call.principal)
        row = ExportRow(
            id=new_id(),
            list=request["list"],
            filter=wish,
            user_id=call.principal.user_id,
            principal=asdict(call.principal),
            stage=WAITING,
            written=0,
            asked_at=clock(),
        )
        session.add(row)
        session.flush()
        reply = remember(session, key, ACT, dict(request), told(row, lists))
        journal.write(session, call.principal, ACT, row.id, {"list": row.list, "filter": wish}, clock=clock)
        return reply


def get(sessions: Sessions, lists: Lists, principal: Principal, export_id: str) -> Reply:
    """One's own export; `NotFound("export_unknown")` for anybody else's, and once it is gone."""
    with transaction(sessions) as session:
        row = session.get(ExportRow, export_id)
        if row is None or row.user_id != principal.user_id:
            raise NotFound("export_unknown")
        return told(row, lists)


def listed(sessions: Sessions, lists: Lists, principal: Principal, limit: int, after: str | None = None) -> Reply:
    """One's own exports, the last one asked for first."""
    wanted = select(ExportRow).where(ExportRow.user_id == principal.user_id)
    if after:
        wanted = wanted.where(tuple_(ExportRow.asked_at, ExportRow.id) < tuple_(*paging.place(after)))
    newest = wanted.order_by(ExportRow.asked_at.desc(), ExportRow.id.desc()).limit(limit + 1)
    with transaction(sessions) as session:
        rows, following = paging.page(session.scalars(newest).all(), limit, "asked_at")
        return {"items": [told(row, lists) for row in rows], "next": following}


def told(row: ExportRow, lists: Lists) -> Reply:
    title = lists[row.list].title if row.list in lists else row.list
    return {
        "export_id": row.id,
        "list": row.list,
        "title": title,
        "filter": row.filter,
        "stage": row.stage,
        "promised": row.promised,
        "written": row.written,
        "file_name": f"{title}-{row.asked_at.astimezone(SHANGHAI):%Y%m%d-%H%M}.xlsx",
        "sha256": row.sha256,
        "size": row.size,
        "asked_at": row.asked_at.isoformat(),
        "done_at": row.done_at.isoformat() if row.done_at else None,
        "expires_at": row.expires_at.isoformat() if row.expires_at else None,
    }


def _refuse_too_many(session: Session, principal: Principal) -> None:
    unfinished = select(func.count()).where(
        ExportRow.user_id == principal.user_id, ExportRow.stage.in_((WAITING, RUNNING))
    )
    if (session.scalar(unfinished) or 0) >= MOST_UNFINISHED:
        raise Conflict("exports_unfinished", most=MOST_UNFINISHED)
