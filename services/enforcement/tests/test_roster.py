"""The roster of officers, and the firms from which they keep away."""

from datetime import date, timedelta
from typing import Any

import pytest

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.principal import Principal
from enforcement import roster
from enforcement.schemas.roster import ListOfficersReply
from services.enforcement.tests.factories import CONTRACTOR, OTHER_CITY, TODAY, Field, an_id, officer

ADMINISTRATOR = officer("管理员", "administrator")
ZHANG, LI = officer("张执法"), officer("李执法")


def enter(ground: Field, who: Principal = ADMINISTRATOR, key: str | None = None, **changed: Any) -> Any:
    told = {
        "name": "赵执法", "certificate_number": "03010120260", "certificate_valid_to": date(2028, 1, 1), "user_id": None,
        **changed,
    }  # fmt: skip
    return roster.enter_officer(ground.sessions, who, ground.clock, key=key, **told)


def keep_away(ground: Field, who: Principal, name: str = "张执法", **changed: Any) -> Any:
    told = {
        "firm": CONTRACTOR.organisation_name,
        "reason": "配偶在该企业任职",
        "since": TODAY,
        "until": None,
        **changed,
    }
    officer_id = an_id(f"officer {name}")
    return roster.enter_interest(ground.sessions, who, ground.clock, key=None, officer_id=officer_id, **told)


def listed(ground: Field, who: Principal) -> dict[str, Any]:
    told = ListOfficersReply().dump(roster.list_officers(ground.sessions, who, ground.clock))
    return {each["name"]: each for each in told["items"]}


def test_an_officer_on_the_roster_is_seen_by_his_agency_and_by_no_other(ground: Field) -> None:
    enter(ground)

    shown = listed(ground, ZHANG)
    assert set(shown) == {"张执法", "李执法", "赵执法"}
    assert [name for name, each in shown.items() if each["is_me"]] == ["张执法"]
    assert listed(ground, officer("外市", area=OTHER_CITY)) == {}
    with pytest.raises(Forbidden):
        roster.list_officers(ground.sessions, CONTRACTOR, ground.clock)


def test_the_roster_is_kept_by_the_administrator_or_the_head_alone(ground: Field) -> None:
    assert enter(ground, officer("王局长", "approver"))
    with pytest.raises(Forbidden):
        enter(ground, ZHANG, certificate_number="03010120261")
    with pytest.raises(NotFound):
        roster.remove_officer(
            ground.sessions, officer("外市", "administrator", area=OTHER_CITY), ground.clock, officer_id=an_id("officer 张执法")
        )  # fmt: skip


def test_a_certificate_that_has_run_out_enters_nobody(ground: Field) -> None:
    with pytest.raises(Invalid) as refused:
        enter(ground, certificate_valid_to=TODAY - timedelta(days=1))
    assert set(refused.value.fields) == {"certificate_valid_to"}


def test_a_certificate_and_an_account_are_on_the_roster_once_until_the_officer_is_removed(ground: Field) -> None:
    first = enter(ground, user_id=an_id("account"))["officer_id"]
    with pytest.raises(Conflict, match="certificate_on_roster"):
        enter(ground)
    with pytest.raises(Conflict, match="account_on_roster"):
        enter(ground, certificate_number="03010120269", user_id=an_id("account"))

    for _ in range(2):
        roster.remove_officer(ground.sessions, ADMINISTRATOR, ground.clock, officer_id=first)

    assert enter(ground, user_id=an_id("account"))["officer_id"] != first


def test_entering_twice_under_one_key_enters_one(ground: Field) -> None:
    assert enter(ground, key="k") == enter(ground, key="k")
    assert len(listed(ground, ZHANG)) == 3


def test_an_officer_enters_his_own_interests_and_not_those_of_a_colleague(ground: Field) -> None:
    keep_away(ground, ZHANG)
    with pytest.raises(Forbidden):
        keep_away(ground, ZHANG, "李执法")
    keep_away(ground, ADMINISTRATOR, "李执法", firm=CONTRACTOR.organisation_name)

    assert listed(ground, ZHANG)["张执法"]["interests"][0]["reason"] == "配偶在该企业任职"
    hidden = listed(ground, LI)["张执法"]["interests"][0]  # why is no colleague's business
    assert (hidden["firm_name"], hidden["reason"]) == ("建筑公司", "")


def test_nobody_lifts_the_bar_on_himself(ground: Field) -> None:
    interest_id = keep_away(ground, ZHANG)["interest_id"]
    for himself in (ZHANG, officer("张执法", "inspector", "administrator")):
        with pytest.raises(Forbidden):
            roster.end_interest(ground.sessions, himself, ground.clock, interest_id=interest_id, until=TODAY)

    roster.end_interest(ground.sessions, ADMINISTRATOR, ground.clock, interest_id=interest_id, until=TODAY)

    assert listed(ground, LI)["张执法"]["interests"][0]["until"] == TODAY.isoformat()
    ground.clock.set(ground.clock() + timedelta(days=1))
    assert listed(ground, LI)["张执法"]["interests"] == []


def test_a_firm_that_nobody_knows_is_named_and_so_is_a_wrong_day(ground: Field) -> None:
    for field, changed in (("firm", {"firm": "没有这家公司"}), ("until", {"until": TODAY - timedelta(days=1)})):
        with pytest.raises(Invalid) as refused:
            keep_away(ground, ZHANG, **changed)
        assert set(refused.value.fields) == {field}
