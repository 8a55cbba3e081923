"""The ledger: what held whom then, and what did we know then."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from chassis.database import Sessions, transaction
from personnel import hearing, ledger, reading
from personnel.reserve import reserve
from services.personnel.tests import factories
from services.personnel.tests.factories import FILING, claim, named

HOUR = timedelta(hours=1)


def held_by(sessions: Sessions, person_id: str, at: datetime, known_at: datetime) -> list[tuple[str, str]]:
    with transaction(sessions) as session:
        return sorted((each.project_name, each.stage) for each in ledger.holders(session, person_id, at, known_at))


def test_an_event_heard_late_changes_the_past_but_not_what_was_known_of_it(sessions, clock):
    manager, request = factories.manager(sessions), None
    request = claim(named(manager), project=factories.project("一号工程"))
    reserve(sessions, FILING, request, clock)
    granted = clock()
    hearing.application(sessions, factories.told(request, "submitted", 2, granted), clock)
    clock.advance(HOUR)
    approved = clock()
    clock.advance(HOUR)
    late = clock()

    hearing.application(sessions, factories.told(request, "approved", 3, approved), clock)

    assert held_by(sessions, manager, approved, approved) == [("一号工程", "reserved")]
    assert held_by(sessions, manager, approved, late) == [("一号工程", "held")]
    assert held_by(sessions, manager, granted, late) == [("一号工程", "reserved")]
    assert held_by(sessions, manager, granted - HOUR, late) == []


def test_question_is_answered_for_who_may_see_the_person(sessions, clock):
    manager = factories.manager(sessions)
    request = claim(named(manager), project=factories.project("一号工程"))
    reserve(sessions, FILING, request, clock)

    answer = reading.get_person_holder(sessions, factories.clerk(), manager, clock(), None, clock)

    assert [(each["project_name"], each["role"], each["since"]) for each in answer["holders"]] == [
        ("一号工程", "project_manager", clock())
    ]


@pytest.mark.parametrize("statement", ["update person_ledger set stage = 'held'", "delete from person_ledger"])
def test_the_service_itself_cannot_change_the_ledger(sessions, statement):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction(sessions) as session:
        session.execute(text(statement))
