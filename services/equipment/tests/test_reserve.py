"""The claim on real PostgreSQL: filing and installing."""

import pytest

from chassis.database import Sessions
from chassis.errors import Conflict
from chassis.testing.clock import FrozenClock
from equipment.reserve import reserve
from services.equipment.tests import factories as f


def test_a_filing_enters_the_machine_under_review(sessions: Sessions, clock: FrozenClock) -> None:
    lessor = f.enterprise()

    reply = reserve(sessions, lessor, f.request("machine_filing", "a", lessor, particulars=f.particulars()), clock)

    assert reply["machine"]["stage"] == "under_review"
    assert reply["granted_until"] is not None
    assert reply["findings"] == []


def test_T2_the_same_maker_and_serial_number_cannot_be_filed_twice(sessions: Sessions, clock: FrozenClock) -> None:
    first, second = f.enterprise("甲租赁"), f.enterprise("乙租赁")
    reserve(sessions, first, f.request("machine_filing", "a", first, particulars=f.particulars()), clock)

    twin = f.particulars(maker="中联重科 股份有限公司", serial_number="0310ａ－118")
    with pytest.raises(Conflict) as refused:
        reserve(sessions, second, f.request("machine_filing", "b", second, particulars=twin), clock)

    assert refused.value.code == "machine_under_review"
