"""Penalty cases from the clue to the closed file: the roles kept apart, every step once, and who sees what."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from chassis import journal
from chassis.database import transaction
from chassis.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from chassis.workdays import Calendar
from enforcement import days, documents
from enforcement.cases import lists, timing
from enforcement.models import Case, CaseAct, Document
from services.enforcement.tests.casework import (
    CALENDAR,
    DEFAULTS,
    FIRST,
    HEAD,
    LARGE,
    REVIEWER,
    SECOND,
    TWO,
    Desk,
)
from services.enforcement.tests.factories import CONTRACTOR, OTHER_CITY, OWNER, TODAY, Field, an_id, officer

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


def content_of(desk: Desk, kind: str) -> dict[str, Any]:
    paper = next(each for each in desk.told()["documents"] if each["kind"] == kind)
    found = documents.get_document(
        desk.ground.sessions, HEAD, desk.ground.clock, document_id=paper["document_id"], way="page"
    )
    return dict(found["content"])


def notices(desk: Desk, kind: str) -> str:
    """What the law wants a paper to tell its reader, as one text."""
    return "".join(text for _, text in content_of(desk, kind)["notices"])


def test_the_papers_tell_the_party_its_duties_and_rights_with_their_periods(desk: Desk) -> None:
    """行政处罚法 44, 59: without them the decision says too little."""
    desk.open(offence_keys=[LARGE])
    desk.until_notified()
    assert "陈述和申辩" in notices(desk, "prior_notice") and "五个工作日" in notices(desk, "hearing_notice")
    desk.do("answer_notice", CONTRACTOR, answer="hearing")
    desk.do("set_hearing", HEAD, held_on=TODAY + 20 * DAY)
    invited = content_of(desk, "hearing_invitation")
    assert "委托一至二人代理" in notices(desk, "hearing_invitation")
    assert (invited["held_on"], invited["place"]) == ((TODAY + 20 * DAY).isoformat(), "三楼会议室")
    desk.do("answer_notice", CONTRACTOR, answer="waive")
    desk.do("decide_case", HEAD)
    decision = notices(desk, "penalty_decision")
    for words in ("十五日内", "百分之三", "六十日内", "六个月内"):
        assert words in decision


def test_a_decision_on_the_spot_sends_the_party_to_the_review_first(ground: Field) -> None:
    desk = Desk(ground)
    desk.spot()
    told = notices(desk, "summary_decision")
    assert "应当先" in told and "十五日内依法向人民法院" in told and "六个月" not in told


def test_a_notice_is_served_by_the_step_of_its_case_and_not_beside_it(desk: Desk) -> None:
    desk.open()
    desk.until_reviewed()
    desk.do("notify_party", FIRST, handed_to="")
    [notice] = [each for each in desk.told()["documents"] if each["kind"] == "prior_notice"]
    told = {"handed_to": "收发室", "served_at": desk.ground.clock(), "how": "post"}
    with pytest.raises(Conflict, match="served_by_its_case"):
        documents.serve_on_paper(
            desk.ground.sessions, FIRST, desk.ground.clock, document_id=notice["document_id"], **told
        )
    assert desk.told()["stage"] == "notified"


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
    told = next(each["detail"] for each in desk.told()["timeline"] if each["act"] == "replace_investigators")
    assert (told["who_left"], told["who_comes"]) == ("张执法", "孙执法")


def test_who_once_investigated_or_reviewed_a_case_never_changes_the_side(desk: Desk) -> None:
    everything = ("inspector", "reviewer", "approver")
    one, other = officer("张执法", *everything), officer("周全能", *everything)
    comes, all_able = desk.ground.officer(officer("孙执法")), desk.ground.officer(other)
    desk.open()
    desk.do("file_case", HEAD)
    desk.do("replace_investigators", HEAD, leaves=TWO[0], comes=comes, reason="与当事人有亲属关系")
    desk.do("conclude_investigation", SECOND)
    for act in ("review_case", "drop_case"):
        with pytest.raises(Forbidden, match="roles_not_apart"):
            desk.do(act, one)
    assert desk.told(one)["acts"] == []

    desk.do("review_case", other, agrees=False)
    desk.do("conclude_investigation", SECOND)
    desk.do("review_case", REVIEWER)
    assert all_able not in {each["officer_id"] for each in desk.told()["others"]}
    with pytest.raises(Invalid) as refused:
        desk.do("replace_investigators", HEAD, leaves=TWO[1], comes=all_able, reason="工作调动")
    assert refused.value.fields["comes"][0]["rule"] == "judged_the_case"
    desk.do("notify_party", SECOND)
    for who in (one, other):  # a reviewer of the first round is still one
        with pytest.raises(Forbidden, match="roles_not_apart"):
            desk.do("decide_case", who)
    assert desk.do("decide_case", HEAD)["stage"] == "decided"


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
        if act in ("file_case", "drop_case", "extend_case", "hold_evidence", "settle_evidence"):
            continue
        who = FIRST if act in ("conclude_investigation", "notify_party") else REVIEWER if "review" in act else HEAD
        with pytest.raises(Conflict, match="case_stage"):
            desk.do(act, who, **(asked | default))


def test_clocks_that_are_past_are_told_once_and_one_that_stands_still_is_not_past(desk: Desk) -> None:
    desk.open()
    tell = lambda: timing.tell_past(desk.ground.sessions, desk.ground.clock)  # noqa: E731
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


def test_a_right_that_ran_out_is_nobodys_delay(desk: Desk) -> None:
    desk.open(offence_keys=[LARGE])
    desk.until_notified()
    assert desk.told()["clock"]["clock_id"] == "C17"
    desk.later(30)
    asked = desk.clocks()["C17"]
    assert (asked["late_by"], asked["ended_on"]) == (0, None)
    assert desk.told()["clock"]["clock_id"] == "C16"


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


def test_each_step_waits_on_the_day_of_who_does_it_and_of_nobody_else(desk: Desk) -> None:
    def on_days() -> dict[str, str]:
        people = {
            "一": FIRST,
            "审": REVIEWER,
            "长": HEAD,
            "他": officer("孙执法"),
            "外": officer("外", "approver", area=OTHER_CITY),
        }
        told = {
            name: days.get_officer_day(desk.ground.sessions, who, desk.ground.clock) for name, who in people.items()
        }
        return {name: each["cases"][0]["act"] for name, each in told.items() if each["cases_total"]}

    desk.open(offence_keys=[LARGE])
    assert on_days() == {"长": "file_case"}
    desk.do("file_case", HEAD)
    assert on_days() == {"一": "conclude_investigation"}
    desk.do("conclude_investigation", FIRST)
    assert on_days() == {"审": "review_case"}
    desk.do("review_case", REVIEWER)
    assert on_days() == {"一": "notify_party"}
    desk.do("notify_party", FIRST)
    assert on_days() == {}  # the party may still ask to be heard
    desk.later(10)
    assert on_days() == {"长": "decide_case"}
    desk.do("decide_case", HEAD)
    assert on_days() == {"一": "serve_case"}


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
        asked = filters | {"mine": False, "limit": 20, "after": None} | told
        return list(lists.list_cases(desk.ground.sessions, who, desk.ground.clock, CALENDAR, **asked)["items"])

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


def test_evidence_held_in_advance_is_decided_on_within_seven_working_days_and_only_then_held_again(desk: Desk) -> None:
    """C22, 行政处罚法 Art. 56: with the make-up days, seven working days from Monday 2026-03-02 end on 2026-03-11."""
    desk.open()
    desk.do("hold_evidence", HEAD)
    assert (desk.clocks()["C22"]["due_on"], desk.clocks()["C22"]["ended_on"]) == (date(2026, 3, 11), None)
    with pytest.raises(Conflict, match="evidence_held"):
        desk.do("hold_evidence", HEAD)
    with pytest.raises(Refusal):
        desk.do("settle_evidence", FIRST)
    desk.on(date(2026, 3, 12))
    desk.do("settle_evidence", HEAD)
    assert desk.clocks()["C22"]["late_by"] == 1
    with pytest.raises(Conflict, match="no_evidence_held"):
        desk.do("settle_evidence", HEAD)
    desk.do("hold_evidence", HEAD)
    assert {each["kind"] for each in desk.told()["documents"]} >= {"evidence_holding", "evidence_release"}


def test_a_case_ends_with_no_evidence_still_held(desk: Desk) -> None:
    desk.open()
    desk.do("hold_evidence", HEAD)
    with pytest.raises(Conflict, match="evidence_not_settled"):
        desk.do("drop_case", HEAD)
    desk.until_notified()
    with pytest.raises(Conflict, match="evidence_not_settled"):
        desk.do("decide_case", HEAD)
    desk.do("settle_evidence", HEAD)
    assert desk.do("decide_case", HEAD)["stage"] == "decided"


def test_what_the_heads_discussed_together_is_a_paper_of_the_case(desk: Desk) -> None:
    desk.open()
    desk.until_reviewed()
    desk.do("record_discussion", HEAD)
    assert "collective_discussion" in {each["kind"] for each in desk.told()["documents"]}
    assert desk.told()["stage"] == "reviewed"


def test_a_provisional_day_is_counted_anew_when_the_years_notice_comes(desk: Desk) -> None:
    """Seven working days from 2026-12-30 end in 2027, of which the State Council has said nothing yet."""
    desk.on(date(2026, 12, 30))
    desk.open()
    desk.do("hold_evidence", HEAD)
    held = desk.clocks()["C22"]
    assert held["provisional"]

    days = {
        date(2027, 1, 1) + timedelta(days=n): (date(2027, 1, 1) + timedelta(days=n)).weekday() < 5 for n in range(40)
    }
    notice = Calendar(days | {date(2027, 1, 4): False, date(2027, 1, 5): False})
    assert timing.reckon_provisional(desk.ground.sessions, notice) > 0
    again = desk.clocks()["C22"]
    assert not again["provisional"] and again["due_on"] > held["due_on"]
    assert timing.reckon_provisional(desk.ground.sessions, notice) == 0
