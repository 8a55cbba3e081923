"""Numbers of documents: none twice, every gap explained."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from chassis import journal
from chassis.clock import SHANGHAI
from chassis.database import transaction
from chassis.errors import Conflict, Invalid
from chassis.schemas import read
from enforcement import documents, number_lists, numbering
from enforcement.documents import About, Leased
from enforcement.models import Document
from enforcement.schemas.documents import LeaseNumbersRequest, ListNumbersReply
from services.enforcement.tests.factories import CHANGAN, CONTRACTOR, Field, an_id, officer

KIND = "rectification_order"
ABOUT = About(subject_kind="order", subject_id=an_id("order"), area=CHANGAN, addressee_id=CONTRACTOR.organisation_id)


def issue(ground: Field, leased: Leased | None = None, who: str = "张执法") -> Document:
    with transaction(ground.sessions) as session:
        issued = documents.issue(session, officer(who), ground.clock(), KIND, ABOUT, {"text": "整改"}, leased)
        journal.write(session, officer(who), "issue_order", ABOUT.subject_id, clock=ground.clock)
        return issued


def lease(ground: Field, count: int = 3) -> dict[str, object]:
    return numbering.lease_numbers(ground.sessions, officer(), ground.clock, key=None, kind=KIND, count=count)


def gaps(ground: Field, year: int = 2026) -> list[int]:
    with transaction(ground.sessions) as session:
        return numbering.unexplained(session, officer().organisation_id, KIND, year)


def test_numbers_follow_each_other_and_begin_anew_each_year(ground: Field) -> None:
    first, second = issue(ground).number, issue(ground).number
    ground.clock.set(ground.clock().replace(year=2027))

    assert (first, second) == ("冀建安改（130102）字〔2026〕第0001号", "冀建安改（130102）字〔2026〕第0002号")
    assert issue(ground).number == "冀建安改（130102）字〔2027〕第0001号"


def test_many_at_once_get_a_number_each_and_a_roll_back_leaves_no_gap(ground: Field) -> None:
    def one(n: int) -> None:
        if n % 3:
            issue(ground)
            return
        with pytest.raises(ZeroDivisionError), transaction(ground.sessions) as session:
            documents.issue(session, officer(), ground.clock(), KIND, ABOUT, {})
            raise ZeroDivisionError

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(30)))

    assert issue(ground).serial == 21
    assert gaps(ground) == []


def test_a_leased_number_is_valid_late_and_never_given_to_anybody_else(ground: Field) -> None:
    lease(ground)
    assert issue(ground).serial == 4

    signed_at = ground.clock()
    ground.clock.set(signed_at + timedelta(days=8))
    numbering.settle_blocks(ground.sessions, ground.clock)
    assert gaps(ground) == []
    late = issue(ground, Leased(serial=2, signed_at=signed_at))

    assert late.number == "冀建安改（130102）字〔2026〕第0002号"
    assert late.content["number_came_late"]
    assert issue(ground).serial == 5
    assert gaps(ground) == []


def test_a_leased_number_is_used_once_and_by_him_who_leased_it(ground: Field) -> None:
    lease(ground)
    at = ground.clock()
    issue(ground, Leased(serial=1, signed_at=at))

    for serial, who, code in (
        (1, "张执法", "number_used"),
        (2, "李执法", "number_not_leased"),
        (9, "张执法", "number_not_leased"),
    ):
        with pytest.raises(Conflict, match=code):
            issue(ground, Leased(serial=serial, signed_at=at), who)


def test_a_number_of_the_last_days_of_a_year_stays_valid_where_it_was_signed_in_the_next(ground: Field) -> None:
    new_year = datetime(2027, 1, 1, tzinfo=SHANGHAI)
    ground.clock.set(new_year - timedelta(days=1))
    assert datetime.fromisoformat(str(lease(ground)["lapses_at"])) == new_year  # what the phone goes by, if it can

    ground.clock.set(new_year + timedelta(hours=9))
    numbering.settle_blocks(ground.sessions, ground.clock)
    lease(ground)
    signed = Leased(serial=3, signed_at=new_year + timedelta(hours=8))
    assert issue(ground, signed).number == "冀建安改（130102）字〔2026〕第0003号"
    assert issue(ground, Leased(serial=3, signed_at=ground.clock())).number == "冀建安改（130102）字〔2027〕第0003号"
    assert gaps(ground) == gaps(ground, 2027) == []


def test_nothing_is_signed_under_a_number_before_it_was_leased(ground: Field) -> None:
    lease(ground)
    with pytest.raises(Conflict, match="number_not_leased"):
        issue(ground, Leased(serial=1, signed_at=ground.clock() - timedelta(hours=1)))


def test_a_lease_asked_for_twice_under_one_key_is_one_block(ground: Field) -> None:
    once = [
        numbering.lease_numbers(ground.sessions, officer(), ground.clock, key="k", kind=KIND, count=2) for _ in range(2)
    ]
    assert once[0] == once[1]
    assert issue(ground).serial == 3


def test_only_what_is_signed_on_a_site_is_numbered_there() -> None:
    assert read(LeaseNumbersRequest(), {"kind": "summary_decision", "count": 5})["count"] == 5
    with pytest.raises(Invalid):
        read(LeaseNumbersRequest(), {"kind": "penalty_decision", "count": 5})


def test_the_agency_reads_where_each_number_is(ground: Field) -> None:
    lease(ground)
    issue(ground)
    ground.clock.set(ground.clock() + timedelta(days=8))
    numbering.settle_blocks(ground.sessions, ground.clock)
    lease(ground, 2)

    told = number_lists.list_numbers(ground.sessions, officer(), ground.clock, year=None)
    (series,) = ListNumbersReply().dump(told)["series"]
    assert (series["last"], series["documents"], series["unexplained"]) == (6, 1, [])
    assert [(each["first"], each["last"], each["leased_to"]) for each in series["blocks"]] == [(5, 6, "张执法")]
    assert [(each["serial"], each["reason"]) for each in series["void"]] == [(n, "block_lapsed") for n in (1, 2, 3)]
