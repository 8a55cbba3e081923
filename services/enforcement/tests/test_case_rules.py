"""The rules of penalties in a case: T24–T31, and the right to be heard."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest

from chassis.database import transaction
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.identifiers import new_id
from chassis.principal import Principal
from enforcement import order_acts
from enforcement.cases import starts
from enforcement.models import Interest, Officer
from services.enforcement.tests.casework import (
    FIRST,
    HEAD,
    LARGE,
    RECTIFY_FIRST,
    REVIEWER,
    TWO,
    Desk,
    a_recheck,
    a_report,
    a_transfer,
    an_order,
)
from services.enforcement.tests.factories import CONTRACTOR, OTHER_CITY, OWNER, SITE, TODAY, Field, an_id, firm, officer

DAY = timedelta(days=1)


@pytest.fixture
def desk(ground: Field) -> Desk:
    return Desk(ground)


def test_t24_a_rule_that_waits_for_correction_is_not_fined_before_the_day_and_a_failed_recheck(desk: Desk) -> None:
    order_id, _ = an_order(desk.ground, due_on=TODAY + 7 * DAY)
    desk.open(order_id=order_id, offence_keys=[RECTIFY_FIRST])
    desk.do("file_case", HEAD)

    def why() -> Any:
        with pytest.raises(Conflict, match="not_yet_fineable") as refused:
            desk.do("conclude_investigation", FIRST)
        return refused.value.detail["why"]

    assert why() == "deadline_open"
    desk.later(8)
    assert why() == "not_rechecked"
    a_recheck(desk.ground, order_id, findings=1)

    desk.do("conclude_investigation", FIRST)
    weighing = desk.told()["weighing"]
    assert (weighing["legal_low"], weighing["legal_high"]) == (100_000, 300_000)
    assert "复查未改正" in weighing["text"]


def test_t24_what_the_registers_say_of_the_order_is_never_typed(desk: Desk) -> None:
    typed = {"ordered_on": "2026-02-01", "deadline": "2026-02-08", "rechecked_on": "2026-02-10", "recheck_failed": True}
    desk.open(offence_keys=[RECTIFY_FIRST], facts=typed)
    desk.do("file_case", HEAD)

    with pytest.raises(Conflict, match="not_yet_fineable") as refused:
        desk.do("conclude_investigation", FIRST)
    assert refused.value.detail["why"] == "no_order"


@pytest.mark.parametrize(("accepted", "fineable"), [(True, False), (False, True)])
def test_t24_a_report_that_was_sent_back_after_the_day_is_a_failed_recheck(
    desk: Desk, accepted: bool, fineable: bool
) -> None:
    order_id, _ = an_order(desk.ground, due_on=TODAY + DAY)
    desk.later(2)
    a_report(desk.ground, order_id, accepted)
    desk.open(order_id=order_id, offence_keys=[RECTIFY_FIRST])
    desk.do("file_case", HEAD)

    if fineable:
        assert desk.do("conclude_investigation", FIRST)["stage"] == "review"
    else:
        with pytest.raises(Conflict, match="not_yet_fineable"):
            desk.do("conclude_investigation", FIRST)


def test_t24_what_is_put_right_after_a_failed_recheck_was_still_late(desk: Desk) -> None:
    order_id, _ = an_order(desk.ground, due_on=TODAY + DAY)
    desk.open(order_id=order_id, offence_keys=[RECTIFY_FIRST])
    desk.do("file_case", HEAD)
    desk.later(2)
    a_recheck(desk.ground, order_id, findings=1)
    desk.later(3)
    a_recheck(desk.ground, order_id, findings=0)

    desk.do("conclude_investigation", FIRST)
    assert (TODAY + 2 * DAY).isoformat() in desk.told()["weighing"]["text"]


@pytest.mark.parametrize(("about", "fineable"), [(0, False), (1, True)])
def test_t24_a_report_that_was_sent_back_fails_for_what_it_left_and_for_nothing_else(
    desk: Desk, about: int, fineable: bool
) -> None:
    order_id, found = an_order(desk.ground, due_on=TODAY + DAY, findings=2)
    desk.later(2)
    a_report(desk.ground, order_id, accepted=False, outcome={"wanted": {"accepted": found[:1]}})
    desk.open(order_id=order_id, offence_keys=[RECTIFY_FIRST], finding_ids=[found[about]])
    desk.do("file_case", HEAD)

    if fineable:
        assert desk.do("conclude_investigation", FIRST)["stage"] == "review"
    else:
        with pytest.raises(Conflict, match="not_yet_fineable"):
            desk.do("conclude_investigation", FIRST)


@pytest.mark.parametrize("found_on", ["", None])
def test_an_act_out_of_time_is_not_fined_because_a_field_was_left_empty(desk: Desk, found_on: str | None) -> None:
    ended = TODAY - timedelta(days=3 * 366)
    desk.open(facts={"acted_on": ended.isoformat(), "found_on": found_on})
    desk.do("file_case", HEAD)
    with pytest.raises(Conflict, match="time_barred"):
        desk.do("conclude_investigation", FIRST)


def test_what_an_order_is_about_was_found_by_its_day(desk: Desk) -> None:
    order_id, _ = an_order(desk.ground, due_on=TODAY + DAY)
    desk.later(200)
    desk.open(order_id=order_id, facts={"acted_on": (TODAY - timedelta(days=700)).isoformat()})
    desk.do("file_case", HEAD)
    assert desk.do("conclude_investigation", FIRST)["stage"] == "review"
    assert desk.row().found_on == TODAY


@pytest.mark.parametrize(
    ("facts", "rule"),
    [({"acted_on": "昨天"}, "not_a_day"), ({"acts": "三"}, "not_integer"), ({"acts": 0}, "fact_too_small")],
)
def test_a_fact_that_cannot_be_read_is_said_of_its_field(desk: Desk, facts: dict[str, Any], rule: str) -> None:
    with pytest.raises(Invalid) as refused:
        desk.open(facts=facts)
    assert refused.value.fields == {f"facts.{name}": [{"rule": rule}] for name in facts}


def test_t24_an_order_that_was_withdrawn_proves_nothing(desk: Desk) -> None:
    order_id, _ = an_order(desk.ground, due_on=TODAY + DAY)
    desk.later(2)
    a_recheck(desk.ground, order_id, findings=1)
    desk.open(order_id=order_id, offence_keys=[RECTIFY_FIRST])
    desk.do("file_case", HEAD)
    order_acts.withdraw_order(desk.ground.sessions, HEAD, desk.ground.clock, order_id=order_id, reason="对象有误")
    with pytest.raises(Conflict, match="not_yet_fineable") as refused:
        desk.do("conclude_investigation", FIRST)
    assert refused.value.detail["why"] == "no_order"


def test_a_case_is_weighed_before_it_is_concluded_and_nothing_of_that_is_kept(desk: Desk) -> None:
    order_id, _ = an_order(desk.ground, due_on=TODAY + DAY)
    desk.open(order_id=order_id, offence_keys=[RECTIFY_FIRST])
    desk.later(2)

    def weigh(who: Principal = FIRST) -> Any:
        asked = {"case_id": desk.case_id, "facts": {"acts": 3}, "amount": 300_000}
        return starts.weigh_case(desk.ground.sessions, who, desk.ground.clock, **asked)

    assert [each["code"] for each in weigh()["weighing"]["refusals"]] == ["not_yet_fineable"]
    a_recheck(desk.ground, order_id, findings=1)
    assert (weigh()["weighing"]["tier"], weigh()["judged"]["verdict"]) == ("grave", "inside_tier")
    assert desk.row().facts == {} and desk.row().weighing is None
    with pytest.raises(NotFound):
        weigh(officer("外地执法", area=OTHER_CITY))


def test_t25_outside_the_tier_takes_a_reason_and_the_review_of_that_amount_and_outside_the_law_nothing_helps(
    desk: Desk,
) -> None:
    desk.open()
    desk.do("file_case", HEAD)
    for amount in (4_999, 10_001):
        with pytest.raises(Conflict, match="amount_outside_law"):
            desk.do("conclude_investigation", FIRST, amount=amount, reason="情节特殊")
    with pytest.raises(Invalid) as refused:
        desk.do("conclude_investigation", FIRST, amount=10_000)
    assert refused.value.fields == {"reason": [{"rule": "required"}]}

    desk.do("conclude_investigation", FIRST, amount=10_000, reason="两年内多次被通报")
    desk.do("review_case", REVIEWER)
    desk.do("notify_party", FIRST)
    with pytest.raises(Conflict, match="legal_review_needed"):
        desk.do("decide_case", HEAD, amount=9_000, reason="两年内多次被通报")
    desk.do("decide_case", HEAD)

    told = desk.told()
    assert told["fine"] == 10_000
    assert told["deviation"]["verdict"] == "outside_tier" and told["deviation"]["reason"] == "两年内多次被通报"
    assert told["deviation"]["from_tier"] == 10_000 - told["weighing"]["tier_high"]


def test_t26_one_act_under_two_laws_is_one_fine_by_the_higher(desk: Desk) -> None:
    desk.open(offence_keys=["37-35-1", "safety-law-101"])
    desk.do("file_case", HEAD)
    desk.do("conclude_investigation", FIRST)

    weighing = desk.told()["weighing"]
    assert weighing["offence_key"] == "safety-law-101"
    assert [each["offence_key"] for each in weighing["yielding"]] == ["37-35-1"]
    assert "第二十九条" in weighing["several"] or "只给予一次罚款" in weighing["several"]


def test_t26_a_second_case_for_the_same_finding_is_refused_until_the_first_is_dropped(desk: Desk) -> None:
    order_id, [first, second] = an_order(desk.ground, due_on=TODAY + DAY, findings=2)
    one = desk.open(order_id=order_id, finding_ids=[first])
    again = Desk(desk.ground)

    with pytest.raises(Conflict, match="act_in_another_case") as refused:
        again.open(order_id=order_id, offence_keys=["safety-law-99"])
    assert refused.value.detail["case_id"] == one["case_id"]
    assert Desk(desk.ground).open(order_id=order_id, finding_ids=[second])["case_id"] != one["case_id"]

    desk.do("drop_case", HEAD)
    assert again.open(order_id=order_id, finding_ids=[first])["stage"] == "clue"


def test_t26_of_two_cases_opened_at_once_for_one_act_there_is_one(desk: Desk) -> None:
    order_id, _ = an_order(desk.ground, due_on=TODAY + DAY)

    def one(n: int) -> str:
        try:
            return str(Desk(desk.ground).open(order_id=order_id)["stage"])
        except Conflict as refused:
            return refused.code

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(one, range(4)))
    assert answers == ["act_in_another_case"] * 3 + ["clue"]


def test_t27_three_thousand_may_be_decided_on_the_spot_and_one_yuan_more_may_not(desk: Desk) -> None:
    with pytest.raises(Conflict, match="ordinary_procedure_needed"):
        desk.spot(amount=3_001)
    decided = desk.spot(amount=3_000)

    told = desk.told()
    assert decided["number"] == "冀建当罚（130102）字〔2026〕第0001号"
    assert (told["kind"], told["stage"], told["fine"]) == ("summary", "served", 3_000)
    assert told["pay_by"] == date(2026, 3, 17)
    assert [each["kind"] for each in told["documents"]] == ["summary_decision"]
    assert desk.ground.told("penalty_decided")[0]["data"]["number"] == decided["number"]
    assert desk.told(CONTRACTOR)["decision_number"] == decided["number"]


def test_on_the_spot_it_is_one_of_the_two_officers_who_decides(desk: Desk) -> None:
    desk.ground.officer(officer("孙执法"))
    with pytest.raises(Forbidden, match="roles_not_apart"):
        desk.spot(who=officer("孙执法"))


def test_t28_over_the_threshold_the_right_to_be_heard_is_told_and_the_decision_waits(desk: Desk) -> None:
    desk.open(offence_keys=[LARGE])
    desk.until_notified()
    assert [each["kind"] for each in desk.told()["documents"]][-2:] == ["prior_notice", "hearing_notice"]

    with pytest.raises(Conflict, match="hearing_period_runs") as refused:
        desk.do("decide_case", HEAD)
    assert refused.value.detail["earliest"] == "2026-03-10"  # Monday + 5 working days = Monday; the day after
    desk.on(date(2026, 3, 9))
    with pytest.raises(Conflict, match="hearing_period_runs"):
        desk.do("decide_case", HEAD)
    desk.on(date(2026, 3, 10))
    assert desk.do("decide_case", HEAD)["stage"] == "decided"


def test_t28_a_waiver_opens_the_decision(desk: Desk) -> None:
    desk.open(offence_keys=[LARGE])
    desk.until_notified()
    desk.do("answer_notice", CONTRACTOR, answer="waive")
    assert desk.do("decide_case", HEAD)["stage"] == "decided"


def test_t28_a_waiver_that_an_officer_records_names_what_proves_it(desk: Desk) -> None:
    desk.open(offence_keys=[LARGE])
    desk.until_notified()
    with pytest.raises(Invalid) as refused:
        desk.do("answer_notice", FIRST, answer="waive")
    assert refused.value.fields == {"text": [{"rule": "required"}]}
    desk.do("answer_notice", FIRST, answer="waive", text="当事人签字的放弃声明，附卷第12页")
    assert desk.do("decide_case", HEAD)["stage"] == "decided"


def test_a_hearing_stops_the_ninety_days_and_the_case_is_reviewed_again(desk: Desk) -> None:
    desk.open(offence_keys=[LARGE])
    desk.until_notified()
    before = desk.clocks()["C16"]["due_on"]
    desk.do("answer_notice", CONTRACTOR, answer="hearing", text="数额过高")
    with pytest.raises(Forbidden, match="not_permitted"):
        desk.do("set_hearing", FIRST, held_on=date(2026, 3, 20))
    with pytest.raises(Invalid):
        desk.do("set_hearing", REVIEWER, held_on=date(2026, 3, 10))
    desk.do("set_hearing", REVIEWER, held_on=date(2026, 3, 11))
    with pytest.raises(Conflict, match="hearing_not_yet"):
        desk.do("record_hearing", REVIEWER)
    desk.on(date(2026, 3, 11))
    assert desk.clocks()["C16"]["stands_still"]
    desk.do("record_hearing", REVIEWER)

    assert desk.clocks()["C16"]["due_on"] == before + 9 * DAY  # from the day after filing on: 3 March to 11 March
    with pytest.raises(Conflict, match="legal_review_needed"):
        desk.do("decide_case", HEAD)
    desk.do("review_case", REVIEWER)
    assert desk.do("decide_case", HEAD)["stage"] == "decided"


def test_a_party_that_asked_for_a_hearing_can_do_without_and_the_days_count_again(desk: Desk) -> None:
    desk.open(offence_keys=[LARGE])
    desk.until_notified()
    before = desk.clocks()["C16"]["due_on"]
    desk.do("answer_notice", CONTRACTOR, answer="hearing")
    with pytest.raises(Conflict, match="case_stage"):
        desk.do("answer_notice", CONTRACTOR, answer="statement", text="请从轻")
    desk.later(2)
    desk.do("answer_notice", CONTRACTOR, answer="waive")

    assert desk.clocks()["C16"]["due_on"] == before + 2 * DAY
    assert desk.do("decide_case", HEAD)["stage"] == "decided"


def test_a_hearing_asked_for_after_the_fifth_working_day_is_refused(desk: Desk) -> None:
    desk.open(offence_keys=[LARGE])
    desk.until_notified()
    desk.on(date(2026, 3, 10))
    with pytest.raises(Conflict, match="hearing_period_over"):
        desk.do("answer_notice", CONTRACTOR, answer="hearing")


def test_a_small_fine_gives_no_right_to_be_heard(desk: Desk) -> None:
    desk.open()
    desk.until_notified()
    with pytest.raises(Conflict, match="no_hearing_right"):
        desk.do("answer_notice", CONTRACTOR, answer="hearing")


def test_the_defence_never_raises_the_fine(desk: Desk) -> None:
    desk.open()
    desk.until_notified()
    desk.do("answer_notice", CONTRACTOR, answer="statement", text="没有这回事")
    with pytest.raises(Conflict, match="fine_above_notice"):
        desk.do("decide_case", HEAD, amount=6_000, reason="态度恶劣")
    desk.do("return_case", HEAD)
    with pytest.raises(Conflict, match="fine_above_notice"):
        desk.do("conclude_investigation", FIRST, amount=6_400, reason="态度恶劣")


def test_a_grave_case_is_decided_after_the_heads_discussed_it_together(desk: Desk) -> None:
    desk.open(offence_keys=[LARGE])
    desk.until_notified(grave=True)
    desk.do("answer_notice", CONTRACTOR, answer="hearing")
    desk.do("set_hearing", HEAD, held_on=TODAY + 20 * DAY)
    desk.later(20)
    desk.do("record_hearing", HEAD)
    desk.do("review_case", REVIEWER)
    assert "decide_case" not in desk.told()["acts"]
    with pytest.raises(Conflict, match="discussion_needed"):
        desk.do("decide_case", HEAD)
    desk.do("record_discussion", HEAD)
    assert "decide_case" in desk.told()["acts"]
    assert desk.do("decide_case", HEAD)["stage"] == "decided"


def test_t30_on_day_91_without_extension_the_delay_is_flagged_and_not_refused(desk: Desk) -> None:
    desk.open()
    desk.until_notified()
    desk.later(91)
    desk.do("decide_case", HEAD)

    told = desk.told()
    assert told["days_late"] == 1
    assert desk.clocks()["C16"]["late_by"] == 1


def test_t30_with_the_extensions_that_the_rule_has_it_is_in_time(desk: Desk) -> None:
    desk.open()
    desk.until_notified()
    desk.do("extend_case", HEAD)
    assert desk.clocks()["C16"]["due_on"] == TODAY + 120 * DAY
    with pytest.raises(Invalid) as refused:
        desk.do("extend_case", HEAD)
    assert "collectively" in refused.value.fields
    desk.do("extend_case", HEAD, collectively=True)
    with pytest.raises(Conflict, match="no_extension_left"):
        desk.do("extend_case", HEAD, collectively=True)
    desk.later(180)
    desk.do("decide_case", HEAD)
    assert desk.told()["days_late"] == 0


def test_t30_an_extension_granted_after_the_last_day_hides_no_delay(desk: Desk) -> None:
    desk.open()
    desk.later(16)
    with pytest.raises(Conflict, match="period_over"):
        desk.do("extend_case", HEAD)
    desk.do("file_case", HEAD)
    desk.later(91)
    with pytest.raises(Conflict, match="period_over") as refused:
        desk.do("extend_case", HEAD)
    assert refused.value.detail["days"] == 1


def test_t30_the_days_of_a_test_are_not_counted_and_a_hearing_in_them_is_not_counted_twice(desk: Desk) -> None:
    desk.open(offence_keys=[LARGE])
    desk.until_notified()
    filed = desk.clocks()["C16"]["due_on"]
    with pytest.raises(Conflict, match="period_runs"):
        desk.do("resume_case", HEAD)
    desk.do("suspend_case", HEAD)
    with pytest.raises(Conflict, match="period_stands_still"):
        desk.do("suspend_case", HEAD)
    assert "resume_case" in desk.told()["acts"] and "suspend_case" not in desk.told()["acts"]
    desk.later(2)
    desk.do("answer_notice", CONTRACTOR, answer="hearing")
    desk.do("set_hearing", HEAD, held_on=desk.today() + 20 * DAY)
    desk.later(20)
    desk.do("record_hearing", HEAD)
    assert desk.clocks()["C16"]["stands_still"]  # the test goes on
    desk.later(10)
    desk.do("resume_case", HEAD)

    clock = desk.clocks()["C16"]
    assert (clock["stands_still"], clock["due_on"]) == (False, filed + 32 * DAY)
    desk.later(90)  # the last of the ninety days, 32 days later
    desk.do("review_case", REVIEWER)
    desk.do("decide_case", HEAD)
    assert desk.told()["days_late"] == 0


def test_t31_a_single_officer_is_refused_and_so_is_one_without_a_certificate(desk: Desk) -> None:
    for ids in ([], TWO[:1], [TWO[0], TWO[0]]):
        for begin in (desk.open, desk.spot):
            with pytest.raises(Invalid) as refused:
                begin(officer_ids=ids)
            assert refused.value.fields == {"officer_ids": [{"rule": "two_officers_needed"}]}
    lapsed = desk.ground.officer(officer("钱执法"), valid_to=TODAY - DAY)
    with pytest.raises(Invalid) as refused:
        desk.open(officer_ids=[TWO[0], lapsed])
    assert refused.value.fields["officer_ids"][0]["rule"] == "officer_certificate_ended"


def test_t31_an_officer_who_has_an_interest_in_the_party_keeps_away(desk: Desk) -> None:
    other = desk.ground.officer(officer("孙执法"))
    with transaction(desk.ground.sessions) as session:
        for officer_id in (TWO[1], other):
            session.add(
                Interest(
                    id=new_id(), officer_id=officer_id, firm_id=CONTRACTOR.organisation_id, reason="配偶在该公司任职",
                    since=TODAY, until=None, entered_at=desk.ground.clock(), entered_by=dict(FIRST.brief()),
                )
            )  # fmt: skip
    with pytest.raises(Invalid) as refused:
        desk.open()
    assert refused.value.fields["officer_ids"][0]["rule"] == "officer_keeps_away"
    desk.open(party_id=OWNER.organisation_id)
    assert other in {each["officer_id"] for each in desk.told()["others"]}


def test_t31_an_investigator_whose_certificate_has_ended_is_replaced_before_the_case_goes_on(desk: Desk) -> None:
    comes = desk.ground.officer(officer("孙执法"))
    desk.open()
    desk.do("file_case", HEAD)
    with transaction(desk.ground.sessions) as session:
        session.get_one(Officer, TWO[1]).certificate_valid_to = TODAY - DAY
    with pytest.raises(Conflict, match="investigator_not_certified") as refused:
        desk.do("conclude_investigation", FIRST)
    assert refused.value.detail["name"] == "李执法"
    desk.do("replace_investigators", HEAD, leaves=TWO[1], comes=comes, reason="执法证到期")
    assert desk.do("conclude_investigation", FIRST)["stage"] == "review"


def test_a_lessor_that_is_no_party_of_the_site_is_named(desk: Desk) -> None:
    lessor = firm("租赁公司", "lessor")
    desk.ground.organisation(lessor)
    with pytest.raises(Invalid) as refused:
        desk.open(party_id=None, party_firm="没有这家公司", offence_keys=[LARGE])
    assert refused.value.fields == {"party_firm": [{"rule": "firm_unknown"}]}
    desk.open(party_id=None, party_firm="租赁公司", offence_keys=[LARGE])
    assert desk.row().party_id == lessor.organisation_id


def test_what_must_be_exempt_is_decided_without_notice_and_without_fine(desk: Desk) -> None:
    desk.open(facts={"minor": True, "corrected": True})
    desk.until_reviewed(reason="违法行为轻微并及时改正")
    decided = desk.do("decide_case", HEAD, outcome="no_penalty")
    desk.do("serve_case", FIRST, how="direct", served_on=TODAY, handed_to="项目经理")

    assert decided["number"] == "冀建不罚（130102）字〔2026〕第0001号"
    assert desk.ground.told("penalty_decided") == []
    assert desk.do("close_case", HEAD)["stage"] == "closed"


def test_a_transfer_to_the_agency_begins_a_case_on_its_order_and_one_to_another_does_not(desk: Desk) -> None:
    order_id, _ = an_order(desk.ground, due_on=TODAY + DAY)
    mine, theirs = (a_transfer(desk.ground, order_id, to) for to in (FIRST.organisation_id, an_id("other agency")))

    with pytest.raises(NotFound, match="transfer_unknown"):
        desk.open(transfer_id=theirs, project_id=None)
    desk.open(transfer_id=mine, project_id=None)

    told = desk.told()
    assert (told["source"], told["order_id"], told["project_id"]) == ("transfer", order_id, an_id(SITE))


@pytest.mark.parametrize("stage", ["sent", "refused"])
def test_a_transfer_that_was_not_taken_begins_no_case(desk: Desk, stage: str) -> None:
    order_id, _ = an_order(desk.ground, due_on=TODAY + DAY)
    sent = a_transfer(desk.ground, order_id, FIRST.organisation_id, stage)
    with pytest.raises(Conflict, match="transfer_not_taken"):
        desk.open(transfer_id=sent, project_id=None)
