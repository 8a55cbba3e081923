"""What two officers decided on the spot without coverage: its number, its day and its periods are those of the signature."""

from datetime import date, timedelta

import pytest

from chassis.database import transaction
from chassis.errors import Conflict, Invalid
from enforcement import numbering
from enforcement.models import Document
from services.enforcement.tests.casework import FIRST, Desk
from services.enforcement.tests.factories import Field

KIND = "summary_decision"


@pytest.fixture
def desk(ground: Field) -> Desk:
    numbering.lease_numbers(ground.sessions, FIRST, ground.clock, key=None, kind=KIND, count=3)
    return Desk(ground)


def test_a_decision_numbered_offline_keeps_its_number_and_its_day(desk: Desk) -> None:
    signed_at = desk.ground.clock() + timedelta(hours=1)
    desk.later(2)
    decided = desk.spot(leased_serial=2, signed_at=signed_at)

    assert decided["number"] == "冀建当罚（130102）字〔2026〕第0002号"
    row = desk.row()
    assert row.decided_at == signed_at and row.pay_by == date(2026, 3, 17)  # 15 days from Monday, 2 March
    with transaction(desk.ground.sessions) as session:
        document = session.get_one(Document, row.decision_id)
        assert (document.serial, document.signed_at) == (2, signed_at)
        assert numbering.unexplained(session, FIRST.organisation_id, KIND, 2026) == []


def test_it_is_used_once_and_not_for_what_was_signed_long_ago(desk: Desk) -> None:
    at = desk.ground.clock()
    desk.spot(leased_serial=1, signed_at=at, order_id=None)
    with pytest.raises(Conflict, match="number_used"):
        desk.spot(leased_serial=1, signed_at=at)
    with pytest.raises(Invalid):
        desk.spot(leased_serial=3)
    desk.later(4)
    with pytest.raises(Invalid):
        desk.spot(leased_serial=3, signed_at=at)
