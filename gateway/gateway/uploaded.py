"""What was uploaded by whom: how much in a day, and what is removed because nobody uses it.

The gateway keeps no reference to a file: the services do, and are asked. What nobody uses some days after it came is put
aside, and removed when that is still so an hour later; who turns to it in between has it back (chassis.blobs). A file that
was in use when it was asked about is kept for good.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Identity, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from chassis.blobs import BlobStore
from chassis.database import Base, transaction
from gateway.accounts.models import MOMENT
from gateway.bus import Bus, Rpc
from gateway.parts import Parts
from gateway.refusals import TooMany

DAY = timedelta(days=1)
ASIDE_FOR = timedelta(hours=1)
AT_ONCE = 200
# Every service that keeps references to files: what one of them uses stays.
USERS = (Rpc("filing", "find_used_files"), Rpc("personnel", "find_used_files"), Rpc("enforcement", "find_used_files"))


class UploadRow(Base):
    __tablename__ = "upload"
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    sha256: Mapped[str]
    owner: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(MOMENT)
    sweep_at: Mapped[datetime] = mapped_column(MOMENT)
    aside: Mapped[bool] = mapped_column(default=False)


def keep(parts: Parts, content: bytes, owner: str, limit: int, keep_for: timedelta) -> str:
    """Into the blob store, if `owner` has so much left of the bytes he may send in a day; returns the SHA-256.

    The row comes first: a process that dies in between leaves nothing that no sweep would find. Refuses `TooMany`.
    """
    sha256, now = BlobStore.name_of(content), parts.clock()
    with transaction(parts.sessions) as session:
        _refuse_beyond(session, owner, len(content), limit, now)
        row = UploadRow(sha256=sha256, owner=owner, size=len(content), at=now, sweep_at=now + keep_for)
        session.add(row)
    return parts.blobs.put(content)


def _refuse_beyond(session: Session, owner: str, size: int, limit: int, now: datetime) -> None:
    mine = (UploadRow.owner == owner, UploadRow.at > now - DAY)
    used, oldest = session.execute(select(func.sum(UploadRow.size), func.min(UploadRow.at)).where(*mine)).one()
    if (used or 0) + size > limit:
        wait = (oldest or now) + DAY - now
        raise TooMany("upload_quota_used", retry_after=max(1, int(wait.total_seconds())))


def sweep(parts: Parts) -> None:
    """Put aside what is due and unused; remove what was put aside and still is. Nothing while a service is silent."""
    with transaction(parts.sessions) as session:
        due = _due(session, parts.clock())
        young = _young(session, due, parts.clock())
    if not due:
        return
    used = _used(parts.bus, {each.sha256 for each in due})
    for row in due:
        _settle(parts, row, is_needed=row.sha256 in used | young)


def _due(session: Session, now: datetime) -> list[UploadRow]:
    rows = select(UploadRow).where(UploadRow.sweep_at <= now).order_by(UploadRow.sweep_at).limit(AT_ONCE)
    return list(session.scalars(rows))


def _young(session: Session, due: Iterable[UploadRow], now: datetime) -> set[str]:
    """What somebody has uploaded again since, and may be about to use."""
    names = {each.sha256 for each in due}
    again = select(UploadRow.sha256).where(UploadRow.sha256.in_(names), UploadRow.sweep_at > now, ~UploadRow.aside)
    return set(session.scalars(again))


def _used(bus: Bus, names: set[str]) -> set[str]:
    return {name for rpc in USERS for name in bus.ask_as_gateway(rpc, {"names": sorted(names)})["used"]}


def _settle(parts: Parts, row: UploadRow, *, is_needed: bool) -> None:
    """The file first, then the row: what is cut short is done again."""
    is_last = is_needed or row.aside
    if is_needed and row.aside:
        parts.blobs.restore(row.sha256)
    elif row.aside:
        parts.blobs.empty(row.sha256)
    elif not is_needed:
        parts.blobs.discard(row.sha256)
    this = UploadRow.number == row.number
    with transaction(parts.sessions) as session:
        if is_last:
            session.execute(delete(UploadRow).where(this))
        else:
            session.execute(update(UploadRow).where(this).values(aside=True, sweep_at=parts.clock() + ASIDE_FOR))
