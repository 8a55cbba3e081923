"""Exports: what was promised is what the file holds, for whoever asked, whatever happens meanwhile."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Select, select

from chassis import exports
from chassis.blobs import BlobStore
from chassis.call import Call
from chassis.commands import CommandRow
from chassis.database import Sessions, transaction
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.exports import Cell, Column, Exportable, Exporter
from chassis.exports.table import ExportRow
from chassis.journal import JournalRow
from chassis.principal import Principal
from chassis.schemas import Choice, Schema, Text, read
from chassis.testing.clock import FrozenClock
from chassis.testing.databases import Database

ASKER = Principal(
    user_id="u1", user_name="李四", organisation_id="o1", organisation_name="长安区安监站", area="13.1301"
)
OTHER = Principal(user_id="u2", user_name="王五", organisation_id="o1")


class ListThings(Schema):
    act = Choice("动作", choices={"file": "备案", "lock": "锁定"}, allow_none=True, load_default=None)
    starts = Text("开头", max=20, allow_none=True, load_default=None)


def things(session: Any, principal: Principal, filters: dict[str, Any], now: datetime) -> Select[Any]:
    if principal.user_id == "nobody":
        raise Forbidden("not_permitted")
    wanted = select(CommandRow).order_by(CommandRow.key)
    if filters["act"]:
        wanted = wanted.where(CommandRow.act == filters["act"])
    return wanted


def cells(session: Any, batch: Sequence[Any], now: datetime) -> Iterable[Sequence[Cell]]:
    return [(row.key, row.act, row.reply["n"], now, now.date(), True, None) for (row,) in batch]


COLUMNS = [Column(title) for title in ("键", "动作", "数", "时间", "日期", "是否", "空")]
LISTS = {"things": Exportable("物件", COLUMNS, ListThings, things, cells)}


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(str(tmp_path / "blobs"))


@pytest.fixture
def exporter(database: Database, blobs: BlobStore, clock: FrozenClock) -> Exporter:
    return Exporter(database.uri, blobs, LISTS, clock)


def put(sessions: Sessions, count: int, act: str = "file", start: int = 0) -> None:
    with transaction(sessions) as session:
        session.add_all(
            CommandRow(key=f"=k{n:05d}", act=act, request_hash="", reply={"n": n}) for n in range(start, start + count)
        )


def ask(sessions: Sessions, clock: FrozenClock, by: Principal = ASKER, key: str | None = None, **filter_: Any) -> str:
    request = read(exports.StartExport(), {"list": "things", "filter": filter_})
    return str(exports.start(sessions, LISTS, Call(principal=by, key=key), request, clock)["export_id"])


def look(sessions: Sessions, export_id: str, by: Principal = ASKER) -> dict[str, Any]:
    return exports.get(sessions, LISTS, by, export_id)


def sheets(blobs: BlobStore, told: dict[str, Any], folder: Path) -> list[list[tuple[Any, ...]]]:
    path = folder / "read.xlsx"
    path.write_bytes(b"".join(blobs.parts(told["sha256"])))
    book = openpyxl.load_workbook(path)
    return [[tuple(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets]


def test_the_file_holds_the_rows_that_were_promised_and_says_how_many(
    sessions: Sessions, clock: FrozenClock, exporter: Exporter, blobs: BlobStore, tmp_path: Path
) -> None:
    put(sessions, 2500)
    put(sessions, 3, act="lock", start=9000)
    export_id = ask(sessions, clock, act="file")
    assert look(sessions, export_id)["stage"] == "waiting"

    exporter.run()

    told = look(sessions, export_id)
    assert (told["stage"], told["promised"], told["written"]) == ("done", 2500, 2500)
    assert told["file_name"].startswith("物件-2026") and told["size"] > 1000
    [rows] = sheets(blobs, told, tmp_path)
    assert rows[0][0] == "物件"
    assert rows[1][0].startswith("共 2500 条") and "长安区安监站 李四" in rows[1][0] and "动作：备案" in rows[1][0]
    assert rows[2] == ("键", "动作", "数", "时间", "日期", "是否", "空")
    assert len(rows) == 3 + 2500
    assert rows[3][:3] == ("=k00000", "file", 0)  # a text, whatever it begins with
    assert rows[3][5:] == ("是", None)


def test_what_is_too_long_for_a_sheet_goes_on_to_the_next(
    sessions: Sessions, clock: FrozenClock, database: Database, blobs: BlobStore, tmp_path: Path
) -> None:
    put(sessions, 25)
    export_id = ask(sessions, clock)

    Exporter(database.uri, blobs, LISTS, clock, most_rows=3 + 10).run()

    found = sheets(blobs, look(sessions, export_id), tmp_path)
    assert [len(rows) - 3 for rows in found] == [10, 10, 5]
    assert [row[2] for rows in found for row in rows[3:]] == list(range(25))
    assert all(rows[2][0] == "键" for rows in found)


def test_rows_that_come_while_it_is_written_are_not_in_it(
    sessions: Sessions, clock: FrozenClock, database: Database, blobs: BlobStore, tmp_path: Path
) -> None:
    """The count and the rows are those of one moment, however long the writing takes."""

    def late(session: Any, batch: Sequence[Any], now: datetime) -> Iterable[Sequence[Cell]]:
        put(sessions, 1, start=50_000 + int(batch[0][0].reply["n"]))
        return cells(session, batch, now)

    put(sessions, 4100)
    export_id = ask(sessions, clock)
    busy = {"things": Exportable("物件", COLUMNS, ListThings, things, late)}

    Exporter(database.uri, blobs, busy, clock).run()

    told = look(sessions, export_id)
    assert (told["promised"], told["written"]) == (4100, 4100)
    assert len(sheets(blobs, told, tmp_path)[0]) == 3 + 4100


def test_what_a_killed_process_left_is_begun_anew(
    sessions: Sessions, clock: FrozenClock, database: Database, exporter: Exporter, blobs: BlobStore
) -> None:
    put(sessions, 10)
    export_id = ask(sessions, clock)

    def killed(session: Any, batch: Sequence[Any], now: datetime) -> Iterable[Sequence[Cell]]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dying = {"things": Exportable("物件", COLUMNS, ListThings, things, killed)}
        Exporter(database.uri, blobs, dying, clock).run()
    assert look(sessions, export_id)["stage"] == "running"
    exporter.run()

    assert look(sessions, export_id)["stage"] == "done"


def test_one_that_was_overtaken_leaves_the_result_alone(
    sessions: Sessions, clock: FrozenClock, database: Database, exporter: Exporter, blobs: BlobStore
) -> None:
    put(sessions, 10)
    export_id = ask(sessions, clock)

    def slow(session: Any, batch: Sequence[Any], now: datetime) -> Iterable[Sequence[Cell]]:
        exporter.run()  # the next leader takes it up while this one is still at it
        return cells(session, batch, now)

    Exporter(database.uri, blobs, {"things": Exportable("物件", COLUMNS, ListThings, things, slow)}, clock).run()

    told = look(sessions, export_id)
    assert (told["stage"], blobs.exists(told["sha256"])) == ("done", True)


def test_one_that_fails_is_tried_again_and_given_up_in_the_end(
    sessions: Sessions, clock: FrozenClock, database: Database, blobs: BlobStore
) -> None:
    put(sessions, 1)
    export_id = ask(sessions, clock)
    good = ask(sessions, clock, act="lock")

    def broken(session: Any, batch: Sequence[Any], now: datetime) -> Iterable[Sequence[Cell]]:
        raise ValueError("a row that nobody foresaw")

    failing = Exporter(database.uri, blobs, {"things": Exportable("物件", COLUMNS, ListThings, things, broken)}, clock)
    for _ in range(5):
        with pytest.raises(ValueError):
            failing.run()
    failing.run()

    assert look(sessions, export_id)["stage"] == "failed"
    assert (look(sessions, good)["stage"], look(sessions, good)["promised"]) == ("done", 0)


def test_the_file_is_gone_after_some_days(
    sessions: Sessions, clock: FrozenClock, exporter: Exporter, blobs: BlobStore
) -> None:
    export_id = ask(sessions, clock)
    exporter.run()
    sha256 = look(sessions, export_id)["sha256"]

    clock.advance(timedelta(days=6))
    exporter.run()
    assert blobs.exists(sha256)
    clock.advance(timedelta(days=2))
    exporter.run()

    assert not blobs.exists(sha256)
    with pytest.raises(NotFound):
        look(sessions, export_id)


def test_an_export_is_its_askers_own(sessions: Sessions, clock: FrozenClock) -> None:
    export_id = ask(sessions, clock)

    with pytest.raises(NotFound):
        look(sessions, export_id, by=OTHER)
    assert exports.listed(sessions, LISTS, OTHER, 20)["items"] == []
    [told] = exports.listed(sessions, LISTS, ASKER, 20)["items"]
    assert told["export_id"] == export_id
    assert exports.Export().dump(told) == told


def test_what_the_list_refuses_is_refused_at_once(sessions: Sessions, clock: FrozenClock) -> None:
    with pytest.raises(Invalid) as refused:
        ask(sessions, clock, act="melt")
    assert "filter.act" in refused.value.fields
    with pytest.raises(Invalid):
        exports.start(sessions, LISTS, Call(principal=ASKER), {"list": "others", "filter": {}}, clock)
    with pytest.raises(Forbidden):
        ask(sessions, clock, by=Principal(user_id="nobody"))


def test_asking_twice_with_one_key_is_one_export_on_record(sessions: Sessions, clock: FrozenClock) -> None:
    assert ask(sessions, clock, key="k1", act="file") == ask(sessions, clock, key="k1", act="file")

    with transaction(sessions) as session:
        assert len(session.scalars(select(ExportRow)).all()) == 1
        assert [row.act for row in session.scalars(select(JournalRow))] == ["start_export"]


def test_nobody_fills_the_queue_for_others(sessions: Sessions, clock: FrozenClock) -> None:
    for _ in range(5):
        ask(sessions, clock)

    with pytest.raises(Conflict):
        ask(sessions, clock)
    ask(sessions, clock, by=OTHER)


def test_a_page_of_the_list_is_no_filter(sessions: Sessions, clock: FrozenClock) -> None:
    export_id = ask(sessions, clock, limit=20, after="there", act="file")

    assert look(sessions, export_id)["filter"] == {"act": "file"}
