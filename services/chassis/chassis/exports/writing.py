"""Writing exports: one after another, in the scheduler, so that no answer waits for them."""

import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from chassis import telemetry
from chassis.blobs import BlobStore
from chassis.clock import SHANGHAI, Clock, now
from chassis.database import Sessions, engine, session_factory, transaction
from chassis.exports.asking import Lists
from chassis.exports.lists import Exportable
from chassis.exports.table import DONE, FAILED, RUNNING, WAITING, ExportRow
from chassis.exports.workbook import MOST_ROWS, Book
from chassis.identifiers import new_id
from chassis.principal import Principal, from_claims
from chassis.process import Tools
from chassis.scheduler import Job
from chassis.schemas import read

KEPT = timedelta(days=7)
BATCH = 2_000
MOST_TRIES = 5
LONGEST = timedelta(hours=1)


class Overtaken(Exception):
    """Another try has the export now, or it is gone: this one stops."""


@dataclass(frozen=True)
class Task:
    """An export that this run has taken on."""

    id: str
    run: str
    list: str
    filter: dict[str, object]
    principal: Principal
    tries: int


def job(tools: Tools, lists: Lists) -> Job:
    blobs = BlobStore(tools.settings.blob_uri)
    exporter = Exporter(tools.settings.database_uri, blobs, lists, now)
    return Job("write_exports", timedelta(seconds=1), exporter.run, limit=LONGEST)


class Exporter:
    """`run` writes all that waits, and what a killed process left half done."""

    def __init__(
        self, database_uri: str, blobs: BlobStore, lists: Lists, clock: Clock, most_rows: int = MOST_ROWS
    ) -> None:
        self.database_uri, self.blobs, self.lists, self.clock, self.most_rows = (
            database_uri,
            blobs,
            lists,
            clock,
            most_rows,
        )

    @cached_property
    def sessions(self) -> Sessions:
        """Of its own: counting a million rows may take longer than a request may."""
        return session_factory(engine(self.database_uri, pool_size=2, statement_timeout=LONGEST))

    def run(self) -> None:
        self.forget_expired()
        while (task := self._take()) is not None:
            try:
                self._write(task)
            except Overtaken:
                telemetry.logger().warning("export_overtaken", export_id=task.id)
            except Exception:
                self._give_back(task)
                raise

    def forget_expired(self) -> None:
        """First the file, then its row: dying in between leaves it to the next time."""
        with transaction(self.sessions) as session:
            old = session.scalars(select(ExportRow).where(ExportRow.expires_at < self.clock())).all()
        for row in old:
            if row.sha256:
                self.blobs.remove(row.sha256)
            with transaction(self.sessions) as session:
                session.delete(row)

    def _take(self) -> Task | None:
        """The oldest that is not finished. One that is running was left by a process that is no more."""
        unfinished = select(ExportRow).where(ExportRow.stage.in_((WAITING, RUNNING))).order_by(ExportRow.asked_at)
        with transaction(self.sessions) as session:
            row = session.scalars(unfinished.limit(1).with_for_update(skip_locked=True)).first()
            if row is None:
                return None
            row.stage, row.run, row.tries = RUNNING, new_id(), row.tries + 1
            row.promised, row.written = None, 0
            return Task(row.id, row.run, row.list, row.filter, from_claims(row.principal), row.tries)

    def _write(self, task: Task) -> None:
        with tempfile.TemporaryDirectory(prefix="export-") as folder:
            path = Path(folder) / f"{task.run}.xlsx"
            self._fill(task, path)
            sha256, size = self.blobs.put_file(path), path.stat().st_size
        done = self.clock()
        try:
            self._tell(task, stage=DONE, sha256=sha256, size=size, done_at=done, expires_at=done + KEPT)
        except Overtaken:
            self.blobs.remove(sha256)
            raise

    def _fill(self, task: Task, path: Path) -> None:
        """The count and the rows out of one snapshot."""
        exportable, at = self.lists[task.list], self.clock()
        wish = read(exportable.request(), task.filter)
        with transaction(self.sessions) as session:
            _take_snapshot(session)
            wanted = exportable.query(session, task.principal, wish, at)
            promised = session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
            self._tell(task, promised=promised)
            note = _note(exportable, task, promised, at)
            with Book(path, exportable.title, note, exportable.columns, self.most_rows) as book:
                written = 0
                for batch in session.execute(wanted, execution_options={"yield_per": BATCH}).partitions():
                    written += book.write(exportable.cells(session, batch, at))
                    self._tell(task, written=written)
        if written != promised:
            raise RuntimeError(f"export {task.id} promised {promised} rows and wrote {written}")

    def _tell(self, task: Task, **values: object) -> None:
        """Progress, at once and for all to see; raises `Overtaken`."""
        mine = (ExportRow.id == task.id, ExportRow.run == task.run, ExportRow.stage == RUNNING)
        with transaction(self.sessions) as session:
            if session.scalar(update(ExportRow).where(*mine).values(**values).returning(ExportRow.id)) is None:
                raise Overtaken(task.id)

    def _give_back(self, task: Task) -> None:
        """To be tried again, a few times; a database that is away leaves it running, which comes to the same."""
        self._tell(task, stage=FAILED if task.tries >= MOST_TRIES else WAITING, **self._ended(task))

    def _ended(self, task: Task) -> dict[str, datetime]:
        return {"expires_at": self.clock() + KEPT} if task.tries >= MOST_TRIES else {}


def _take_snapshot(session: Session) -> None:
    session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    session.execute(text("set transaction read only"))
    session.execute(text("set local idle_in_transaction_session_timeout = 0"))


def _note(exportable: Exportable, task: Task, promised: int, at: datetime) -> str:
    who = " ".join(each for each in (task.principal.organisation_name, task.principal.user_name) if each)
    moment = f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    return f"共 {promised} 条　导出时间：{moment}　导出人：{who}　条件：{exportable.in_words(task.filter)}"
