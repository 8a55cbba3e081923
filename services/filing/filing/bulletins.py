"""Bulletins (通知公告) and downloads (下载管理): agencies publish, those in their area read, the public what is public."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, false, or_, select, tuple_
from sqlalchemy.orm import Session

from chassis import journal, paging
from chassis.database import transaction
from chassis.errors import Conflict, Invalid, NotFound
from chassis.media import objection
from chassis.principal import Principal
from filing import files
from filing.desk import Command, Desk, Reply, once
from filing.models import Bulletin, Download
from filing.permissions import Of, acts_permitted, permit
from filing.queries.sight import above_or_at, within

PUBLISHED, WITHDRAWN = "published", "withdrawn"
Row = Bulletin | Download
RowT = TypeVar("RowT", Bulletin, Download)


def publish_bulletin(
    desk: Desk,
    command: Command,
    *,
    bulletin_id: str,
    title: str,
    body: str,
    is_public: bool,
    attachments: Sequence[Mapping[str, Any]] = (),
) -> Reply:
    """Publish at once, under an id of the client's choice, to the area of the editor's agency."""
    told = {"title": title, "body": body, "is_public": is_public, "attachments": [dict(each) for each in attachments]}
    looked = files.look_at(desk.look, attachments)

    def make(head: dict[str, Any]) -> Row:
        kept = _accepted(attachments, looked, "attachments")
        return Bulletin(**head, **(told | {"attachments": kept}), changed_at=desk.clock())

    return _publish(desk, command, "publish_bulletin", Bulletin, bulletin_id, told, make)


def change_bulletin(
    desk: Desk, command: Command, *, bulletin_id: str, version: int, changes: Mapping[str, Any]
) -> Reply:
    """Replace title, body, attachments, is_public, or withdraw it (`withdrawn`): then nobody but its agency sees it."""
    attachments = changes.get("attachments", ())
    looked = files.look_at(desk.look, attachments)

    def change(row: Row) -> None:
        kept = _accepted(attachments, looked, "changes.attachments")
        for name in ("title", "body", "attachments", "is_public"):
            if name in changes:
                setattr(row, name, kept if name == "attachments" else changes[name])
        if isinstance(row, Bulletin):
            row.changed_at = desk.clock()

    return _change(desk, command, "change_bulletin", Bulletin, bulletin_id, version, changes, change)


def publish_download(
    desk: Desk,
    command: Command,
    *,
    download_id: str,
    title: str,
    file: Mapping[str, Any],
    is_public: bool,
    note: str = "",
) -> Reply:
    """Offer a file that the gateway has put into the blob store: `file` = {sha256, file_name}."""
    told = {"title": title, "note": note, "is_public": is_public, **file}
    looked = files.look_at(desk.look, [file])

    def make(head: dict[str, Any]) -> Row:
        if (fault := objection(looked[file["sha256"]], files.PUBLICATION)) is not None:
            raise Invalid({"file.sha256": [fault]})
        [kept] = files.as_kept([file], looked)
        return Download(**head, **(told | kept))

    return _publish(desk, command, "publish_download", Download, download_id, told, make)


def change_download(
    desk: Desk, command: Command, *, download_id: str, version: int, changes: Mapping[str, Any]
) -> Reply:
    """Replace title, note, is_public, or withdraw it."""

    def change(row: Row) -> None:
        for name in ("title", "note", "is_public"):
            if name in changes:
                setattr(row, name, changes[name])

    return _change(desk, command, "change_download", Download, download_id, version, changes, change)


def list_bulletins(desk: Desk, principal: Principal, request: Mapping[str, Any]) -> Reply:
    """A page of bulletins that concern the principal, the newest first, without their texts."""
    return _list(desk, principal, Bulletin, request)


def list_downloads(desk: Desk, principal: Principal, request: Mapping[str, Any]) -> Reply:
    return _list(desk, principal, Download, request)


def get_download(desk: Desk, principal: Principal, *, download_id: str) -> Reply:
    """Which file it is, for the gateway to hand out to whoever may read of it."""
    with transaction(desk.sessions) as session:
        return _item(_readable(session, principal, Download, download_id))


def get_bulletin(desk: Desk, principal: Principal, *, bulletin_id: str) -> Reply:
    with transaction(desk.sessions) as session:
        row = _readable(session, principal, Bulletin, bulletin_id)
        acts = acts_permitted(principal, whose(row), ("change_bulletin",))
        return _item(row) | {"body": row.body, "attachments": row.attachments, "acts": acts}


def _accepted(attachments: Sequence[Mapping[str, Any]], looked: files.Looked, path: str) -> list[dict[str, Any]]:
    wrong = files.faults(attachments, looked, files.PUBLICATION, path)
    if wrong:
        raise Invalid(wrong)
    return files.as_kept(attachments, looked)


def whose(row: Row) -> Of:
    return Of(agency_id=row.agency_id, area=row.area)


def _publish(
    desk: Desk,
    command: Command,
    act: str,
    table: type[Any],
    row_id: str,
    told: dict[str, Any],
    make: Callable[[dict[str, Any]], Row],
) -> Reply:
    def do(session: Session) -> Reply:
        principal = command.principal
        permit(act, principal)
        if session.get(table, row_id) is not None:
            raise Conflict("id_taken")
        head = {
            "id": row_id,
            "agency_id": principal.organisation_id,
            "agency_name": principal.organisation_name,
            "area": principal.area,
            "stage": PUBLISHED,
            "published_at": desk.clock(),
        }
        row = make(head)
        session.add(row)
        session.flush()
        journal.write(session, principal, act, row.id, {"title": row.title}, clock=desk.clock)
        return _item(row)

    return once(desk, command, act, {"id": row_id, **told}, do)


def _change(
    desk: Desk,
    command: Command,
    act: str,
    table: type[Any],
    row_id: str,
    version: int,
    changes: Mapping[str, Any],
    change: Callable[[Row], None],
) -> Reply:
    def do(session: Session) -> Reply:
        row: Row | None = session.get(table, row_id, with_for_update=True)
        if row is None:
            raise NotFound("not_found")
        permit(act, command.principal, whose(row))
        if row.version != version:
            raise Conflict("stale_version", version=row.version, stage=row.stage)
        change(row)
        if "withdrawn" in changes:
            row.stage = WITHDRAWN if changes["withdrawn"] else PUBLISHED
        row.version += 1
        session.flush()
        told = {"changed": sorted(changes), "stage": row.stage}
        journal.write(session, command.principal, act, row.id, told, clock=desk.clock)
        return _item(row)

    return once(desk, command, act, {"id": row_id, "version": version, "changes": dict(changes)}, do)


def _list(desk: Desk, principal: Principal, table: type[Any], request: Mapping[str, Any]) -> Reply:
    query = select(table).where(_reads(principal, table))
    if request["q"]:
        query = query.where(table.title.icontains(request["q"], autoescape=True))
    if request["after"]:
        query = query.where(tuple_(table.published_at, table.id) < tuple_(*paging.place(request["after"])))
    with transaction(desk.sessions) as session:
        newest = query.order_by(table.published_at.desc(), table.id.desc()).limit(request["limit"] + 1)
        rows: Sequence[Row] = session.scalars(newest).all()
        shown, following = paging.page(rows, request["limit"], "published_at")
        return {"items": [_item(row) for row in shown], "next": following}


def _readable(session: Session, principal: Principal, table: type[RowT], row_id: str) -> RowT:
    row = session.scalars(select(table).where(table.id == row_id, _reads(principal, table))).one_or_none()
    if row is None:
        raise NotFound("not_found")
    return row


def _reads(principal: Principal, table: type[Any]) -> ColumnElement[bool]:
    """Public ones; those of one's own area and of the areas that hold it; for an agency, those below it too.

    A withdrawn one is seen by the agency that published it.
    """
    above = above_or_at(table.area, principal.area) if principal.area else false()
    below = within(table.area, principal.area) if principal.is_agency else false()
    published = (table.stage == PUBLISHED) & or_(table.is_public, above, below)
    return or_(published, table.agency_id == principal.organisation_id) if principal.is_agency else published


def _item(row: Row) -> dict[str, Any]:
    common = {
        "version": row.version,
        "title": row.title,
        "agency_id": row.agency_id,
        "agency_name": row.agency_name,
        "is_public": row.is_public,
        "stage": row.stage,
        "published_at": row.published_at.isoformat(),
    }
    if isinstance(row, Bulletin):
        return {"bulletin_id": row.id, **common, "changed_at": row.changed_at.isoformat()}
    file = {"sha256": row.sha256, "file_name": row.file_name, "size": row.size, "media_type": row.media_type}
    return {"download_id": row.id, **common, "note": row.note, **file}
