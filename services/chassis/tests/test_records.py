"""Outbox, inbox, journal, commands: written with the change or not at all, once, and closed to change."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from chassis import journal, telemetry
from chassis.clock import now
from chassis.commands import CommandRow, remember, repeated
from chassis.database import Sessions, transaction
from chassis.envelope import Event
from chassis.errors import Conflict
from chassis.housekeeping import tell_journal_head
from chassis.identifiers import new_id
from chassis.inbox import first_time
from chassis.outbox import OutboxRow, record
from chassis.principal import Principal
from chassis.testing.databases import Database

CLERK = Principal(user_id="u1", user_name="张三", organisation_id="o1", organisation_name="甲公司")


def event() -> Event:
    return Event(type="machine_locked", version=1, subject="m1", data={"project": "p1"})


def test_an_event_exists_exactly_when_its_change_does(sessions: Sessions) -> None:
    with pytest.raises(RuntimeError), transaction(sessions) as session:
        record(session, event())
        raise RuntimeError("the change failed")
    with transaction(sessions) as session:
        kept = event()
        record(session, kept)
    with transaction(sessions) as session:
        assert session.scalars(select(OutboxRow.id)).all() == [kept.id]


def test_the_relay_is_woken_at_the_commit(sessions: Sessions, database: Database) -> None:
    import psycopg

    with psycopg.connect(database.uri, autocommit=True) as listener:
        listener.execute("listen outbox")
        with transaction(sessions) as session:
            record(session, event())
        assert next(iter(listener.notifies(timeout=5, stop_after=1))).channel == "outbox"


def test_an_event_is_handled_for_the_first_time_once_per_reader(sessions: Sessions) -> None:
    for reader, expected in (("a", True), ("a", False), ("b", True)):
        with transaction(sessions) as session:
            assert first_time(session, "e1", reader) is expected


def test_a_handling_that_failed_leaves_the_event_for_the_next_try(sessions: Sessions) -> None:
    with pytest.raises(RuntimeError), transaction(sessions) as session:
        assert first_time(session, "e1", "a")
        raise RuntimeError
    with transaction(sessions) as session:
        assert first_time(session, "e1", "a")


def test_of_many_deliveries_at_the_same_moment_one_is_the_first(sessions: Sessions) -> None:
    together = Barrier(8)

    def handle(_: int) -> bool:
        together.wait(timeout=10)
        with transaction(sessions) as session:
            return first_time(session, "e1", "a")

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(handle, range(8))) == 1


def write_acts(sessions: Sessions, count: int) -> None:
    for number in range(count):
        with transaction(sessions) as session:
            journal.write(session, CLERK, "approve", f"a{number}", {"note": "同意", "n": 1.5})


def test_the_journal_chains_every_act_and_holds(sessions: Sessions) -> None:
    write_acts(sessions, 3)
    with transaction(sessions) as session:
        assert journal.first_broken(session) is None
        assert journal.head(session).number == 3


def test_many_writers_at_once_make_one_unbroken_chain(sessions: Sessions) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: write_acts(sessions, 5), range(8)))
    with transaction(sessions) as session:
        assert (journal.head(session).number, journal.first_broken(session)) == (40, None)


def test_a_part_of_an_act_is_written_with_it_and_holds_up_nobody_before(sessions: Sessions) -> None:
    with transaction(sessions) as session:
        journal.write_later(session, CLERK, "issue_document", "d1", {"hash": "1"}, now())
        write_acts(sessions, 1)
        journal.write(session, CLERK, "complete_inspection", "i1")
    with transaction(sessions) as session:
        acts = session.scalars(select(journal.JournalRow.act).order_by(journal.JournalRow.number)).all()
        assert acts == ["approve", "issue_document", "complete_inspection"]
        assert journal.first_broken(session) is None


def test_a_part_of_an_act_that_nobody_writes_is_not_committed(sessions: Sessions) -> None:
    with pytest.raises(RuntimeError, match="issue_document"), transaction(sessions) as session:
        record(session, event())
        journal.write_later(session, CLERK, "issue_document", "d1", {}, now())
    with transaction(sessions) as session:
        assert session.scalars(select(OutboxRow.id)).all() == []


@pytest.mark.parametrize(
    "tampering",
    [
        'update journal set detail = \'{"note": "不同意"}\' where number = 2',
        "update journal set principal = '{}' where number = 2",
        "delete from journal where number = 2",
        "update journal set number = 9 where number = 2",
    ],
)
def test_a_changed_or_removed_entry_breaks_the_chain(sessions: Sessions, database: Database, tampering: str) -> None:
    import psycopg

    write_acts(sessions, 3)
    with psycopg.connect(database.admin_uri) as forger:
        forger.execute(tampering)
    with transaction(sessions) as session:
        assert journal.first_broken(session) is not None


@pytest.mark.parametrize("act", ["update journal set act = 'x'", "delete from journal", "truncate journal"])
def test_the_service_itself_cannot_change_its_journal(sessions: Sessions, act: str) -> None:
    write_acts(sessions, 1)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction(sessions) as session:
        session.execute(text(act))


def approve(sessions: Sessions, key: str | None, request: dict[str, object]) -> dict[str, object]:
    with transaction(sessions) as session:
        if (reply := repeated(session, key, "approve", request)) is not None:
            return reply
        record(session, replace(event(), id=new_id()))
        return remember(session, key, "approve", request, {"number": session.scalar(select(func.count(OutboxRow.id)))})


def test_a_repeated_command_gets_the_same_answer_and_does_nothing(sessions: Sessions) -> None:
    first = approve(sessions, "k1", {"id": "a"})
    assert approve(sessions, "k1", {"id": "a"}) == first
    assert approve(sessions, "k2", {"id": "a"}) != first


def test_the_same_key_with_another_request_is_refused(sessions: Sessions) -> None:
    approve(sessions, "k1", {"id": "a"})
    with pytest.raises(Conflict) as refused:
        approve(sessions, "k1", {"id": "b"})
    assert refused.value.code == "idempotency_key_reused"


def test_one_command_sent_eight_times_at_once_acts_once(sessions: Sessions) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: approve(sessions, "k1", {"id": "a"}), range(8)))
    assert all(answer == answers[0] for answer in answers)
    with transaction(sessions) as session:
        assert session.scalar(select(func.count(OutboxRow.id))) == 1
        assert session.scalar(select(func.count(CommandRow.key))) == 1


def test_the_journals_head_is_told_to_the_log(sessions: Sessions, capsys: pytest.CaptureFixture[str]) -> None:
    write_acts(sessions, 2)
    telemetry.configure_logging("chassis", "scheduler")
    tell_journal_head(sessions)
    with transaction(sessions) as session:
        assert journal.head(session).hash in capsys.readouterr().out
