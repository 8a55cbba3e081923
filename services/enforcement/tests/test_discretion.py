"""The calculator of discretion: T24–T29, the reasons of 行政处罚法 30–33, what is refused, and what no case may ever do."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement import discretion
from enforcement.discretion import Weighing, WrongFacts, judge_amount, procedure, several, weigh
from enforcement.discretion.offences import PERSON, offence
from enforcement.discretion.weighing import milder

ON = date(2026, 3, 2)
NOT_CORRECTED: dict[str, Any] = {
    "ordered_on": date(2026, 1, 5),
    "deadline": date(2026, 1, 15),
    "rechecked_on": date(2026, 1, 19),
    "recheck_failed": True,
}
OFFENCES = discretion.offences(ON)
RECTIFY_FIRST = [each.key for each in OFFENCES if each.shape == "R"]
DIRECT = [each.key for each in OFFENCES if each.shape == "D" and not each.decided_by]


def required(key: str) -> dict[str, Any]:
    """The least facts with which an offence can be weighed."""
    asked = [each for each in discretion.facts_of(key, ON) if each.required]
    return {each.name: "general" if each.kind == "choice" else 1_000_000 for each in asked}


def unaccepted_machine(**facts: Any) -> Weighing:
    """393-65-2: 100 000–300 000, tiers at 160 000 and 240 000."""
    return weigh("393-65-2", {**NOT_CORRECTED, **facts}, ON)


# --- T24 ---


@pytest.mark.parametrize("key", RECTIFY_FIRST)
def test_t24_what_is_fined_only_if_not_corrected_is_refused_without_an_order(key: str) -> None:
    found = weigh(key, required(key), ON)
    assert [each.code for each in found.refusals] == ["not_yet_fineable"]
    assert found.suggested == 0
    assert judge_amount(found, found.legal_low).code == "not_yet_fineable"


@pytest.mark.parametrize("key", RECTIFY_FIRST)
def test_t24_after_the_deadline_and_a_failed_recheck_it_is_open(key: str) -> None:
    assert weigh(key, {**required(key), **NOT_CORRECTED}, ON).refusals == ()


@pytest.mark.parametrize("key", DIRECT)
def test_t24_what_is_fined_with_the_order_is_open_at_once(key: str) -> None:
    assert weigh(key, required(key), ON).refusals == ()


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"ordered_on": None}, "no_order"),
        ({"deadline": None}, "no_order"),
        ({"deadline": date(2026, 1, 4)}, "no_order"),
        ({"deadline": ON}, "deadline_open"),
        ({"deadline": ON + timedelta(days=9)}, "deadline_open"),
        ({"rechecked_on": None}, "not_rechecked"),
        ({"rechecked_on": date(2026, 1, 15)}, "rechecked_early"),
        ({"recheck_failed": False}, "corrected"),
    ],
)
def test_t24_each_missing_step_is_told(changed: dict[str, Any], why: str) -> None:
    (refusal,) = unaccepted_machine(**changed).refusals
    assert (refusal.code, refusal.detail) == ("not_yet_fineable", {"why": why})


def test_t24_a_second_range_waits_for_the_failed_recheck() -> None:
    first, after = weigh("safety-law-97", {}, ON), weigh("safety-law-97", NOT_CORRECTED, ON)
    assert (first.legal_low, first.legal_high, after.legal_low, after.legal_high) == (0, 100_000, 100_000, 200_000)


def test_t24_the_responsible_people_wait_where_the_law_fines_them_only_then() -> None:
    (refusal,) = weigh("safety-law-97", {"party": PERSON}, ON).refusals
    assert refusal.code == "not_yet_fineable"


# --- T25 ---


def test_t25_inside_the_tier_nothing_more_is_needed_than_the_sum_itself_asks() -> None:
    judged = judge_amount(unaccepted_machine(), 130_000)
    assert (judged.verdict, judged.deviation) == ("inside_tier", 0)
    assert judged.needs == ("legal_review", "hearing", "ordinary_procedure")  # for the sum and the stop of business


@pytest.mark.parametrize(("amount", "deviation"), [(160_001, 1), (300_000, 140_000)])
def test_t25_outside_the_tier_takes_a_reason_a_second_signature_and_legal_review(amount: int, deviation: int) -> None:
    judged = judge_amount(unaccepted_machine(), amount)
    assert (judged.verdict, judged.deviation, judged.may_be) == ("outside_tier", deviation, True)
    assert {"reason", "second_signature", "legal_review"} <= set(judged.needs)


def test_t25_below_a_grave_tier_is_outside_too() -> None:
    judged = judge_amount(unaccepted_machine(acts=3), 239_999)
    assert (judged.verdict, judged.deviation) == ("outside_tier", -1)


@pytest.mark.parametrize("amount", [-1, 0, 99_999, 300_001, 10**9])
def test_t25_outside_the_law_never(amount: int) -> None:
    judged = judge_amount(unaccepted_machine(), amount)
    assert (judged.may_be, judged.code, judged.needs) == (False, "amount_outside_law", ())


@pytest.mark.parametrize("amount", [100_000, 160_000])
def test_t25_both_ends_of_a_tier_belong_to_it(amount: int) -> None:
    assert judge_amount(unaccepted_machine(), amount).verdict == "inside_tier"


def test_t25_the_far_end_of_the_tier_takes_a_reason_when_a_reason_for_less_holds() -> None:
    judged = judge_amount(unaccepted_machine(removes_harm=True), 160_000)
    assert (judged.verdict, "reason" in judged.needs) == ("inside_tier", True)


def test_t25_below_the_law_only_with_a_reason_of_article_32_and_legal_review() -> None:
    assert not judge_amount(unaccepted_machine(), 80_000).may_be
    judged = judge_amount(unaccepted_machine(merit=True), 80_000)
    assert judged.verdict == "reduced"
    assert {"reason", "legal_review"} <= set(judged.needs)


@pytest.mark.parametrize("facts", [{"emergency": True}, {"first_offence": True, "harm": "slight"}, {"acts": 3}])
def test_t25_no_other_reason_opens_what_lies_below_the_law(facts: dict[str, Any]) -> None:
    assert not judge_amount(unaccepted_machine(**facts), 99_999).may_be


# --- 行政处罚法 30–33 ---


def test_two_reasons_of_article_32_suggest_an_amount_below_the_law() -> None:
    found = unaccepted_machine(merit=True, confessed=True)
    assert found.level == "reduced"
    assert found.result_high < found.legal_low
    assert {"reason", "legal_review"} <= set(found.needs)


def test_below_nothing_there_is_no_reduction() -> None:
    found = weigh("safety-law-97", {"merit": True, "confessed": True}, ON)
    assert (found.level, found.may_reduce) == ("lighter", False)


@pytest.mark.parametrize(
    ("key", "facts"),
    [
        ("393-60", {"minor": True, "corrected": True}),
        ("393-60", {"no_fault": True}),
        ("17-31", {"age": "child"}),
        ("17-31", {"capacity": "none"}),
    ],
)
def test_what_must_not_be_fined_is_not(key: str, facts: dict[str, Any]) -> None:
    found = weigh(key, facts, ON)
    assert (found.level, found.suggested, found.measures) == ("exempt", 0, ())
    assert judge_amount(found, 1000).code == "must_be_exempt"
    assert judge_amount(found, 0).verdict == "exempted"


@pytest.mark.parametrize("facts", [{"harm": "slight"}, {"accident": "general"}, {"corrected": False}])
def test_a_minor_act_with_harm_or_not_corrected_is_fined(facts: dict[str, Any]) -> None:
    assert weigh("393-60", {"minor": True, "corrected": True, **facts}, ON).level != "exempt"


def test_a_first_act_corrected_may_go_without_a_fine_with_reason_and_legal_review() -> None:
    found = weigh("166-30", {"first_offence": True, "corrected": True, "harm": "slight"}, ON)
    assert (found.level, found.may_exempt) == ("lighter", True)
    assert {"reason", "legal_review"} <= set(judge_amount(found, 0).needs)


def test_a_fact_that_decided_the_tier_does_not_aggravate_again() -> None:
    found = weigh("166-30", {"fraud": True}, ON)
    assert (found.tier, found.level) == ("general", "normal")
    assert [each.step for each in found.lines].count("aside") == 1


def test_reasons_for_less_and_for_more_end_in_the_middle_with_a_reason() -> None:
    found = weigh("166-30", {"acts": 3, "refusal": True, "merit": True}, ON)
    assert found.level == "normal"
    assert "reason" in found.needs


# --- T26 ---


def test_t26_one_act_under_two_rules_is_fined_once_by_the_higher() -> None:
    regulation = weigh("166-30", {}, ON)
    law = weigh("safety-law-99", {}, ON)
    found = several([regulation, law])
    assert found.chosen is law
    assert found.yielding == (regulation,)
    assert found.text == (
        "同一个违法行为只给予一次罚款，按罚款数额高的规定：《中华人民共和国安全生产法》第九十九条；"
        "不再适用：《建筑起重机械安全监督管理规定》第三十条"
    )


def test_t26_the_same_act_under_393_and_the_safety_law_after_a_failed_recheck() -> None:
    by_393, by_law = (weigh(key, NOT_CORRECTED, ON) for key in ("393-62-1", "safety-law-97"))
    assert (by_393.legal_low, by_393.legal_high) == (by_law.legal_low, by_law.legal_high)
    assert several([by_393, by_law]).chosen is by_393  # equal: the one that the officer named first


def test_t26_before_the_recheck_only_the_rule_that_is_open_fines() -> None:
    found = several([weigh("393-62-3", {}, ON), weigh("safety-law-99", {}, ON)])
    assert found.chosen.offence_key == "safety-law-99"


def test_t26_the_higher_is_that_of_the_law_and_not_of_the_case() -> None:
    """Art. 29 speaks of the rule: a low tier of the higher rule goes before a high tier of the lower."""
    high, low = weigh("393-60", {}, ON), weigh("166-30", {"acts": 3}, ON)
    assert several([low, high]).chosen is high


def test_t26_a_firm_and_its_people_are_two_parties() -> None:
    with pytest.raises(ValueError, match="each for itself"):
        several([weigh("37-34-1", {}, ON), weigh("37-34-1", {"party": PERSON}, ON)])
    with pytest.raises(ValueError, match="no weighings"):
        several([])


# --- T27, T28 ---


@pytest.mark.parametrize(
    ("amount", "party", "kind"),
    [
        (0, "firm", "summary"),
        (3000, "firm", "summary"),
        (3001, "firm", "ordinary"),
        (0, PERSON, "summary"),
        (200, PERSON, "summary"),
        (201, PERSON, "ordinary"),
    ],
)
def test_t27_the_summary_procedure_ends_at_3000_for_a_firm_and_200_for_a_person(amount, party, kind) -> None:
    assert procedure(amount, party, ON).kind == kind


def test_t27_a_warning_may_be_given_on_the_spot_a_suspended_licence_not() -> None:
    warning, suspension = offence("166-28", ON).measures, offence("37-34-1", ON).measures
    assert procedure(3000, "firm", ON, warning).kind == "summary"
    assert procedure(0, "firm", ON, suspension).kind == "ordinary"


@pytest.mark.parametrize(
    ("amount", "party", "hearing"),
    [(50_000, "firm", False), (50_001, "firm", True), (3000, PERSON, False), (3001, PERSON, True)],
)
def test_t28_a_fine_over_the_threshold_makes_the_hearing_notice_obligatory(amount, party, hearing) -> None:
    assert procedure(amount, party, ON).hearing is hearing


def test_t28_a_stop_of_business_or_a_lower_grade_does_so_at_any_amount() -> None:
    found = procedure(1000, "firm", ON, offence("393-67", ON).measures_after)
    assert found.hearing_reasons == ("责令停业整顿", "降低资质等级")
    assert found.hearing_clauses[1] == "《行政处罚法》第六十三条第一款第（三）项"


# --- T29 and what else follows a decision ---


@pytest.mark.parametrize(
    ("days", "added"), [(-3, "0"), (0, "0"), (1, "300"), (33, "9900"), (34, "10000"), (40, "10000")]
)
def test_t29_the_surcharge_is_three_percent_a_day_and_never_more_than_the_fine(days: int, added: str) -> None:
    assert discretion.surcharge(10_000, days, ON) == Decimal(added)


def test_t29_the_surcharge_keeps_the_cents() -> None:
    assert discretion.surcharge(12_345, 7, ON) == Decimal("2592.45")


def test_a_refused_order_repeats_the_fine_from_the_day_after_it() -> None:
    assert discretion.daily_repeat(20_000, date(2026, 3, 2), date(2026, 3, 5)) == (3, 60_000)
    assert discretion.daily_repeat(20_000, date(2026, 3, 2), date(2026, 3, 2)) == (0, 0)


@pytest.mark.parametrize(
    ("ended", "harmful", "last"),
    [
        (date(2024, 3, 1), False, date(2026, 3, 1)),
        (date(2024, 2, 29), False, date(2026, 2, 28)),
        (date(2024, 2, 29), True, date(2029, 2, 28)),
    ],
)
def test_limitation_is_two_years_and_five_where_life_was_harmed(ended: date, harmful: bool, last: date) -> None:
    assert discretion.limitation(ended, harmful, ON) == last


def test_an_act_found_after_its_limitation_is_not_fined_unless_it_did_harm() -> None:
    facts = {"acted_on": date(2023, 3, 1), "found_on": date(2025, 3, 2)}
    assert [each.code for each in weigh("393-60", facts, ON).refusals] == ["time_barred"]
    assert weigh("393-60", {**facts, "accident": "general"}, ON).refusals == ()


@pytest.mark.parametrize(
    ("grade", "more", "expected"),
    [
        ("general", {}, (30, 60, False, False)),
        ("major", {}, (90, 120, False, False)),
        ("general", {"second": True}, (60, 120, False, False)),
        ("larger", {"second": True}, (90, 120, True, False)),
        ("major", {"late_report": True}, (120, 120, True, False)),
        ("major", {"late_report": True, "second": True}, (150, 120, True, True)),
        ("extreme", {}, (0, 0, True, True)),
    ],
)
def test_a_safety_licence_is_suspended_by_the_grade_and_revoked_over_120_days(grade, more, expected) -> None:
    found = discretion.licence_suspension(grade, ON, **more)
    assert (found.low, found.high, found.may_revoke, found.must_revoke) == expected


# --- which rule governs ---


def test_an_act_before_the_law_is_not_fined_by_it() -> None:
    found = weigh("safety-law-97", {"acted_on": date(2021, 8, 31)}, ON)
    assert [each.code for each in found.refusals] == ["not_in_force"]


def test_of_the_old_and_the_new_rule_the_milder_governs() -> None:
    old = offence("393-60", ON)
    facts: dict[str, Any] = {}
    assert milder(old, replace(old, fine=(10_000, 80_000)), facts, ON) != old
    assert milder(old, replace(old, fine=(60_000, 120_000)), facts, ON) == old
    assert milder(old, None, facts, ON) is None


def test_a_new_rule_may_ask_other_facts_than_the_old() -> None:
    old = offence("393-60", ON)
    new = replace(old, fine=None, after=(10_000, 20_000), shape="R")
    assert milder(old, new, NOT_CORRECTED, ON) == new


# --- facts ---


@pytest.mark.parametrize(
    ("facts", "rules"),
    [
        ({"acts": 0}, {"acts": "out_of_range"}),
        ({"acts": "3"}, {"acts": "not_integer"}),
        ({"acts": True}, {"acts": "not_integer"}),
        ({"acts": 10**13}, {"acts": "too_large"}),
        ({"harm": "terrible"}, {"harm": "not_a_choice"}),
        ({"harm": ["none"]}, {"harm": "not_a_choice"}),
        ({"fraud": 1}, {"fraud": "not_boolean"}),
        ({"deadline": "soon"}, {"deadline": "not_a_day"}),
        ({"acted_on": "yesterday"}, {"acted_on": "not_a_day"}),
        ({"acted_on": "2026-03-03"}, {"acted_on": "in_future"}),
        ({"machines": 2}, {"machines": "unknown_field"}),
        ({**NOT_CORRECTED, "corrected": True}, {"corrected": "contradicts"}),
    ],
)
def test_facts_that_cannot_be_used_are_named(facts: dict[str, Any], rules: dict[str, str]) -> None:
    with pytest.raises(WrongFacts) as refused:
        weigh("393-65-2", facts, ON)
    assert refused.value.rules == rules


def test_a_share_cannot_be_told_without_its_base() -> None:
    with pytest.raises(WrongFacts) as refused:
        weigh("393-59", {}, ON)
    assert refused.value.rules == {"contract_price": "required"}


def test_a_year_s_income_is_asked_only_after_an_accident() -> None:
    assert weigh("safety-law-96", {}, ON).legal_high == 30_000
    with pytest.raises(WrongFacts) as refused:
        weigh("safety-law-96", {"accident": "general"}, ON)
    assert refused.value.rules == {"last_income": "required"}


def test_an_unknown_offence_is_refused() -> None:
    with pytest.raises(discretion.UnknownOffence):
        weigh("393-99", {}, ON)


def test_a_form_asks_only_what_concerns_the_offence() -> None:
    asked = {key: {each.name for each in discretion.facts_of(key, ON)} for key in ("166-28", "393-60", "safety-law-97")}
    assert "machines" in asked["166-28"] and "machines" not in asked["393-60"]
    assert "deadline" in asked["safety-law-97"] and "deadline" not in asked["393-60"]
    assert "party" in asked["safety-law-97"] and "party" not in asked["393-60"]


@pytest.mark.parametrize("key", [each.key for each in OFFENCES])
def test_a_weighing_is_plain_data_for_store_and_page(key: str) -> None:
    found = weigh(key, required(key), ON)
    told = discretion.plain(found)
    assert json.loads(json.dumps(told)) == told
    assert told["text"] == found.text


# --- what no case may ever do ---


@st.composite
def any_case(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    key = draw(st.sampled_from([each.key for each in OFFENCES]))
    facts = dict(NOT_CORRECTED) if offence(key, ON).waits_for_correction and draw(st.booleans()) else {}
    for fact in discretion.facts_of(key, ON):
        if fact.name in NOT_CORRECTED or fact.kind in ("day", "text") or (fact.name == "corrected" and facts):
            continue
        if fact.required or draw(st.booleans()):
            facts[fact.name] = draw(_values(fact))
    if offence(key, ON).accident_share:
        facts.setdefault("last_income", 100_000)
    return key, facts


def _values(fact: discretion.Fact) -> st.SearchStrategy[Any]:
    if fact.kind == "choice":
        return st.sampled_from(sorted(fact.choices))
    if fact.kind == "flag":
        return st.booleans()
    return st.integers(fact.at_least or 0, 10**9 if fact.kind == "money" else 20)


@given(any_case())
def test_a_tier_lies_in_the_law_and_a_result_in_its_tier(case) -> None:
    found = weigh(*case, ON)
    if found.refusals:
        assert found.suggested == 0
        return
    assert found.legal_low <= found.tier_low <= found.tier_high <= found.legal_high
    if found.level == "reduced":
        assert 0 < found.result_low <= found.suggested <= found.result_high < found.legal_low
    elif found.level != "exempt":
        assert found.tier_low <= found.result_low <= found.suggested <= found.result_high <= found.tier_high


@given(any_case())
def test_the_suggested_amount_may_always_be_set(case) -> None:
    found = weigh(*case, ON)
    if not found.refusals:
        judged = judge_amount(found, found.suggested)
        assert judged.verdict in ("inside_tier", "reduced", "exempted")
        assert set(judged.needs) <= set(found.needs) | {"second_signature", "legal_review"}


@given(any_case(), st.integers(-10, 30_000_000))
def test_no_amount_outside_the_law_is_ever_let_through(case, amount: int) -> None:
    found = weigh(*case, ON)
    judged = judge_amount(found, amount)
    inside = found.legal_low <= amount <= found.legal_high
    if judged.may_be and not inside:
        assert judged.verdict in ("reduced", "exempted")
        assert 0 <= amount < found.legal_low or found.level == "exempt"
        assert "reason" in judged.needs


@given(any_case())
def test_the_same_inputs_give_the_same_text_in_any_order_of_the_facts(case) -> None:
    key, facts = case
    assert weigh(key, facts, ON).text == weigh(key, dict(reversed(facts.items())), ON).text


@given(any_case())
def test_each_line_has_its_clause_and_its_day(case) -> None:
    found = weigh(*case, ON)
    assert all(each.text and each.clause and each.in_force <= ON for each in found.lines)
