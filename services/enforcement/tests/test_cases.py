"""Penalty cases from the clue to the closed file: T24–T31, the roles kept apart, and every step once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from chassis import journal
from chassis.database import transaction
from chassis.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from enforcement import case_lists, case_time, documents
from enforcement.models import Case, CaseAct, Document
from services.enforcement.tests.casework import (
    CALENDAR,
    DEFAULTS,
    FIRST,
    HEAD,
    LARGE,
    RECTIFY_FIRST,
    REVIEWER,
    SECOND,
    TWO,
    Desk,
    a_recheck,
    a_report,
    a_transfer,
    an_order,
)
from services.enforcement.tests.factories import CONTRACTOR, OTHER_CITY, OWNER, SITE, TODAY, Field, an_id, officer

DAY = timedelta(days=1)


@pytest.fixture
def desk(ground: Field) -> Desk:
    return Desk(ground)


def test_a_whole_case_from_the_clue_to_the_closed_file(desk: Desk) -> None:
    desk.open()
    assert desk.clocks()["C15"]["due_on"] == date(2026, 3, 17)
    desk.later(3)
    filed = desk.do("file_case", HEAD)
    desk.later(10)
    desk.do("conclude_investigation", FIRST)
    desk.do("review_case", REVIEWER)
    desk.do("notify_party", FIRST)
    desk.do("answer_notice", CONTRACTOR, answer="statement", text="已经整改，请从轻")
    desk.later(1)
    decided = desk.do("decide_case", HEAD)
    desk.do("serve_case", SECOND, how="direct", served_on=desk.today(), handed_to="项目经理")
    desk.do("publish_case", FIRST, published_on=desk.today())
    owed = float(desk.told()["left"])
    desk.do("record_payment", FIRST, amount=owed, paid_on=desk.today(), receipt="票0001")
    closed = desk.do("close_case", HEAD)

    told = desk.told()
    assert filed["number"] == "冀建立（130102）字〔2026〕第0001号"
    assert decided["number"] == "冀建罚（130102）字〔2026〕第0001号"
    assert closed["number"] == "冀建结（130102）字〔2026〕第0001号"
    assert (told["stage"], told["outcome"], told["days_late"], told["left"]) == ("closed", "penalty", 0, "0.00")
    assert told["fine"] == told["weighing"]["suggested"] == owed
    assert [each["kind"] for each in told["documents"]] == [
        "case_filing", "investigation_report", "legal_review", "prior_notice", "penalty_decision", "case_closure",
    ]  # fmt: skip
    assert [each["act"] for each in told["timeline"]] == [
        "open_case", "file_case", "conclude_investigation", "review_case", "notify_party", "answer_notice", "decide_case",
        "serve_case", "publish_case", "record_payment", "close_case",
    ]  # fmt: skip
    assert [each["clock_id"] for each in told["clocks"] if each["ended_on"] is None] == ["C25-review", "C25-suit"]
    [event] = desk.ground.told("penalty_decided")
    assert event["data"]["fine"] == told["fine"] and event["data"]["party_id"] == CONTRACTOR.organisation_id
    with transaction(desk.ground.sessions) as session:
        assert journal.first_broken(session) is None


def test_the_decision_carries_the_trace_of_the_calculator_line_by_line(desk: Desk) -> None:
    desk.open()
    desk.until_served()

    told = desk.told()
    paper = next(each for each in told["documents"] if each["kind"] == "penalty_decision")
    shown = documents.get_document(
        desk.ground.sessions, HEAD, desk.ground.clock, document_id=paper["document_id"], way="page"
    )
    assert shown["content"]["weighing"] == told["weighing"]["text"]
    assert "《建筑起重机械安全监督管理规定》" in shown["content"]["weighing"]
    assert "警告" in shown["content"]["measures"]


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


def test_who_investigates_neither_reviews_nor_decides_and_the_reviewer_does_not_decide(desk: Desk) -> None:
    everything = ("inspector", "reviewer", "approver")
    one, other = officer("张执法", *everything), officer("周全能", *everything)
    desk.open()
    with pytest.raises(Forbidden, match="roles_not_apart"):
        desk.do("file_case", one)
    desk.do("file_case", other)
    with pytest.raises(Forbidden, match="roles_not_apart"):
        desk.do("conclude_investigation", other)
    desk.do("conclude_investigation", one)
    with pytest.raises(Forbidden, match="roles_not_apart"):
        desk.do("review_case", one)
    desk.do("review_case", other)
    desk.do("notify_party", one)
    for who in (one, other):
        with pytest.raises(Forbidden, match="roles_not_apart"):
            desk.do("decide_case", who)
    assert desk.do("decide_case", HEAD)["stage"] == "decided"


def test_an_officer_who_is_recused_is_replaced_and_may_no_longer_conclude(desk: Desk) -> None:
    comes = desk.ground.officer(officer("孙执法"))
    desk.open()
    desk.do("file_case", HEAD)
    with pytest.raises(Invalid, match="invalid_fields"):
        desk.do("replace_investigators", HEAD, leaves=TWO[0], comes=TWO[1], reason="与当事人有亲属关系")
    desk.do("replace_investigators", HEAD, leaves=TWO[0], comes=comes, reason="与当事人有亲属关系")
    with pytest.raises(Forbidden, match="roles_not_apart"):
        desk.do("conclude_investigation", FIRST)
    assert desk.do("conclude_investigation", officer("孙执法"))["stage"] == "review"


def test_two_heads_who_decide_at_once_make_one_decision_with_one_number(desk: Desk) -> None:
    desk.open()
    desk.until_notified()

    def decide(name: str) -> str:
        try:
            return str(desk.do("decide_case", officer(name, "approver"))["number"])
        except Conflict as refused:
            return refused.code

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(decide, ("赵局长", "吴局长")))
    assert answers == ["case_stage", "冀建罚（130102）字〔2026〕第0001号"]
    assert len(desk.ground.told("penalty_decided")) == 1


def test_every_step_sent_twice_under_one_key_is_answered_the_same_and_done_once(desk: Desk) -> None:
    def twice(act: str, who: Any, **told: Any) -> None:
        first, again = (desk.do(act, who, key=f"key of {act}", **told) for _ in range(2))
        assert first == again

    assert desk.open(key="begin") == desk.open(key="begin")
    twice("file_case", HEAD)
    twice("extend_case", HEAD)
    twice("conclude_investigation", FIRST)
    twice("review_case", REVIEWER)
    twice("notify_party", FIRST, handed_to="")
    twice("serve_case", FIRST, how="direct", served_on=TODAY, handed_to="项目经理")
    twice("answer_notice", CONTRACTOR, answer="statement", text="请从轻")
    twice("decide_case", HEAD)
    twice("publish_case", FIRST, published_on=TODAY)
    desk.do("serve_case", FIRST, how="direct", served_on=TODAY, handed_to="项目经理")
    twice("record_challenge", FIRST, kind="review", filed_on=TODAY)
    twice("end_challenge", FIRST, result="upheld", ended_on=TODAY)
    twice("record_payment", FIRST, amount=100, paid_on=TODAY, receipt="票0001")
    twice("grant_time", HEAD, pay_by=TODAY + 60 * DAY)
    desk.later(61)
    twice("remind_party", FIRST)

    with transaction(desk.ground.sessions) as session:
        acts = session.scalars(select(CaseAct.act).where(CaseAct.case_id == desk.case_id)).all()
        serials = session.execute(
            select(Document.kind, func.count()).where(Document.subject_id == desk.case_id).group_by(Document.kind)
        ).all()
        assert {kind: count for kind, count in serials if count > 1} == {}
    assert {act for act, count in Counter(acts).items() if count > 1} == {
        "serve_case"
    }  # of the notice, of the decision


def test_every_step_is_refused_where_the_case_does_not_stand(desk: Desk) -> None:
    desk.open()
    dates = {
        "held_on": TODAY,
        "filed_on": TODAY,
        "published_on": TODAY,
        "pay_by": TODAY,
        "paid_on": TODAY,
        "ended_on": TODAY,
    }
    asked = {"kind": "review", "result": "upheld", "amount": 1, "receipt": "票0001"} | dates
    for act, default in DEFAULTS.items():
        if act in ("file_case", "drop_case", "extend_case"):
            continue
        who = FIRST if act in ("conclude_investigation", "notify_party") else REVIEWER if "review" in act else HEAD
        with pytest.raises(Conflict, match="case_stage"):
            desk.do(act, who, **(asked | default))


def test_clocks_that_are_past_are_told_once_and_one_that_stands_still_is_not_past(desk: Desk) -> None:
    desk.open()
    tell = lambda: case_time.tell_past(desk.ground.sessions, desk.ground.clock)  # noqa: E731
    desk.later(15)
    assert tell() == 0
    desk.later(1)
    assert (tell(), tell()) == (1, 0)
    told = desk.told()
    assert told["timeline"][-1]["act"] == "clock_past" and told["timeline"][-1]["detail"]["clock"] == "C15"
    assert told["clock"]["days_left"] == -1

    waits = Desk(desk.ground)
    waits.open(offence_keys=[LARGE])
    waits.until_notified()
    waits.do("answer_notice", CONTRACTOR, answer="hearing")
    waits.later(200)
    tell()
    assert "clock_past" not in {each["act"] for each in waits.told()["timeline"]}
    assert waits.clocks()["C16"]["late_by"] == 0


def test_a_party_sees_its_case_from_the_notice_on_and_nothing_that_officers_say_to_each_other(desk: Desk) -> None:
    desk.open()
    desk.do("file_case", HEAD)
    with pytest.raises(NotFound, match="case_unknown"):
        desk.told(CONTRACTOR)
    desk.do("conclude_investigation", FIRST)
    desk.do("review_case", REVIEWER)
    desk.do("notify_party", FIRST)

    told = desk.told(CONTRACTOR)
    assert told["acts"] == ["answer_notice"]
    assert {each["act"] for each in told["timeline"]} == {"open_case", "file_case", "notify_party"}
    assert [each["kind"] for each in told["documents"]] == ["prior_notice"]
    assert told["proposed"] is None
    with pytest.raises(NotFound):
        desk.told(OWNER)


def test_another_county_sees_no_case_and_the_city_sees_it_and_does_not_handle_it(desk: Desk) -> None:
    desk.open()
    with pytest.raises(NotFound):
        desk.told(officer("外地", "approver", area=OTHER_CITY))
    city = officer("市局", "approver", area="13.1301")
    assert desk.told(city)["acts"] == []
    with pytest.raises(Conflict, match="case_of_other_agency"):
        desk.do("file_case", city)


def test_the_next_step_stands_first_among_what_may_be_done(desk: Desk) -> None:
    desk.open()
    assert desk.told()["acts"][0] == "file_case"
    desk.do("file_case", HEAD)
    assert desk.told(FIRST)["acts"][0] == "conclude_investigation"
    desk.do("conclude_investigation", FIRST)
    assert desk.told(REVIEWER)["acts"] == ["review_case"]
    desk.do("review_case", REVIEWER)
    assert desk.told(FIRST)["acts"][0] == "notify_party"
    desk.do("notify_party", FIRST)
    assert desk.told()["acts"][0] == "decide_case"
    assert desk.told(REVIEWER)["acts"] == ["answer_notice"]


def test_what_must_be_exempt_is_decided_without_notice_and_without_fine(desk: Desk) -> None:
    desk.open(facts={"minor": True, "corrected": True})
    desk.until_reviewed(reason="违法行为轻微并及时改正")
    decided = desk.do("decide_case", HEAD, outcome="no_penalty")
    desk.do("serve_case", FIRST, how="direct", served_on=TODAY, handed_to="项目经理")

    assert decided["number"] == "冀建不罚（130102）字〔2026〕第0001号"
    assert desk.ground.told("penalty_decided") == []
    assert desk.do("close_case", HEAD)["stage"] == "closed"


def test_a_notice_that_was_opened_in_the_portal_is_served_on_that_day(desk: Desk) -> None:
    desk.open(offence_keys=[LARGE])
    desk.until_reviewed()
    desk.do("notify_party", FIRST, handed_to="")
    with pytest.raises(Conflict, match="document_not_opened"):
        desk.do("serve_case", FIRST)
    desk.later(1)
    notice = desk.row().notice_id
    documents.get_document(desk.ground.sessions, CONTRACTOR, desk.ground.clock, document_id=str(notice), way="page")
    desk.later(2)
    desk.do("serve_case", FIRST)
    assert desk.told()["notice_served_on"] == TODAY + DAY


@pytest.mark.parametrize(
    ("told", "path"),
    [
        ({"facts": {"acts": 0}}, "facts.acts"),
        ({"facts": {"colour": "red"}}, "facts.colour"),
        ({"party_id": an_id("nobody")}, "party_id"),
        ({"party_id": None}, "party_name"),
        ({"finding_ids": [an_id("finding")]}, "finding_ids"),
        ({"offence_keys": ["17-31"]}, "offence_keys"),
    ],
)
def test_what_is_wrong_at_the_beginning_is_named_by_its_field(desk: Desk, told: dict[str, Any], path: str) -> None:
    with pytest.raises(Invalid) as refused:
        desk.open(**told)
    assert path in refused.value.fields
    with pytest.raises(Refusal, match="offence_unknown"):
        desk.open(offence_keys=["393-99"])


def test_the_list_tells_each_case_with_the_clock_that_is_over_first(desk: Desk) -> None:
    desk.open()
    other = Desk(desk.ground)
    other.open(offence_keys=[LARGE])
    other.do("file_case", HEAD)

    def listed(who: Any = HEAD, **told: Any) -> list[dict[str, Any]]:
        filters = dict.fromkeys(("stage", "open", "area", "project_id", "order_id", "party_id"))
        asked = filters | {"limit": 20, "after": None} | told
        return list(case_lists.list_cases(desk.ground.sessions, who, desk.ground.clock, CALENDAR, **asked)["items"])

    assert {each["case_id"]: each["clock"]["clock_id"] for each in listed()} == {
        desk.case_id: "C15",
        other.case_id: "C16",
    }
    assert [each["case_id"] for each in listed(stage="clue")] == [desk.case_id]
    assert listed(open=False) == [] and listed(CONTRACTOR) == []
    assert [each["clock"]["days_left"] for each in listed(stage="investigation")] == [90]


def test_a_case_row_says_who_opened_it(desk: Desk) -> None:
    desk.open()
    with transaction(desk.ground.sessions) as session:
        assert session.scalars(select(Case.opened_by)).one()["user_name"] == "张执法"


def test_a_transfer_to_the_agency_begins_a_case_on_its_order_and_one_to_another_does_not(desk: Desk) -> None:
    order_id, _ = an_order(desk.ground, due_on=TODAY + DAY)
    mine, theirs = (a_transfer(desk.ground, order_id, to) for to in (FIRST.organisation_id, an_id("other agency")))

    with pytest.raises(NotFound, match="transfer_unknown"):
        desk.open(transfer_id=theirs, project_id=None)
    desk.open(transfer_id=mine, project_id=None)

    told = desk.told()
    assert (told["source"], told["order_id"], told["project_id"]) == ("transfer", order_id, an_id(SITE))
