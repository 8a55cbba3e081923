"""The notice says what the code does."""

from datetime import date

import pytest

from attendance import partitions, privacy
from attendance.schemas.privacy import PrivacyTermsReply
from attendance.terms import DUTY_HOURS
from chassis.errors import Forbidden
from chassis.principal import Principal
from chassis.testing.clock import FrozenClock
from services.attendance.tests.factories import TODAY, agency, enterprise

OPERATOR = Principal(user_id="operator", organisation_kind="platform", roles=("operator",))


def test_hours_and_days_of_keeping_are_those_that_the_code_obeys(clock: FrozenClock) -> None:
    for who in (enterprise("施工"), agency(), OPERATOR):
        told = PrivacyTermsReply().dump(privacy.get_terms(who, clock))
        assert (told["from_hour"], told["until_hour"]) == DUTY_HOURS
        assert (TODAY - partitions.first_kept(TODAY)).days == told["kept_days"]
        assert all(told[name] for name in ("purpose", "grounds", "kinds", "seen_by", "rights", "objection"))
    with pytest.raises(Forbidden):
        privacy.get_terms(Principal(user_id="nobody"), clock)


def test_a_day_is_told_by_the_notice_that_was_in_force() -> None:
    assert privacy.notice_on(date(2020, 1, 1))["version"] == "1"
    assert privacy.notice_on(date(2030, 1, 1))["in_force"] <= date(2030, 1, 1)
