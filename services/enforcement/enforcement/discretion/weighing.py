"""From an offence and the facts of a case to the fine: range of the law → tier → reasons → result (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from enforcement.discretion import words
from enforcement.discretion.benchmarks import Tier, part_of, tier_of
from enforcement.discretion.factors import (
    EXEMPT,
    HEAVIER,
    NORMAL,
    REDUCED,
    Factor,
    Level,
    factors_of,
    level_of,
    part_of_tier,
    reduced_range,
)
from enforcement.discretion.facts import WrongFacts, asked_of, read_facts
from enforcement.discretion.offences import Measure, Offence, Range, UnknownOffence, offence
from enforcement.discretion.procedure import ORDINARY, Procedure, licence_suspension, limitation, procedure
from enforcement.discretion.ranges import Found, correction, range_of
from enforcement.discretion.trace import Line, Refusal, Trace

STEP = 100  # yuan: suggested amounts are full hundreds
REASON, LEGAL_REVIEW, SECOND_SIGNATURE = "reason", "legal_review", "second_signature"
HEARING, ORDINARY_PROCEDURE = "hearing", "ordinary_procedure"
NOTHING: Range = (0, 0)


@dataclass(frozen=True)
class Weighing:
    """What a case weighs. Ranges in yuan, both ends included; all nought where the law knows no fine or one is not open yet.

    `refusals`: why no fine may be proposed (then `suggested` is 0). `needs`: what the suggested amount takes: reason,
    legal_review, hearing, ordinary_procedure. `may_reduce`, `may_exempt`: an amount below the range, or none, is open with reason
    and legal review. `measures` go with it; `measures_grave` are open because the tier is grave. `is_provisional`: some figure on
    the way is not confirmed, or no table of the province's own stands behind it.
    """

    offence_key: str
    clause: str
    subject: str
    party: str
    on: date
    law_day: date
    legal_low: int
    legal_high: int
    is_provisional: bool
    lines: tuple[Line, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    tier: str = ""
    tier_low: int = 0
    tier_high: int = 0
    level: str = ""
    result_low: int = 0
    result_high: int = 0
    suggested: int = 0
    may_reduce: bool = False
    may_exempt: bool = False
    measures: tuple[Measure, ...] = ()
    measures_grave: tuple[Measure, ...] = ()
    needs: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The whole trace, one line a step: the same inputs give the same text, byte for byte."""
        return "\n".join(each.text_line for each in self.lines)


def weigh(offence_key: str, facts: Mapping[str, Any], on: date) -> Weighing:
    """Weighs a case on a day: the day of the proposal or the decision.

    The rule in force when the act ended governs (fact `acted_on`), unless the one of `on` is milder (行政处罚法 37); the
    benchmark is that of the same day, reasons, procedure and hearing are those of `on`.
    Raises UnknownOffence for a key that no rule has on either day, WrongFacts for facts that cannot be read.
    """
    rule, law_day, governs = _governing(offence_key, facts, on)
    read = read_facts(rule, facts, law_day)
    _refuse_contradictions(rule, read, on)
    trace, found = Trace(on), range_of(rule, read, on)
    point = int(read.get("point") or 0)
    clause = rule.clause(point)
    trace.add("act", words.act(rule, point), clause, rule.in_force)
    if not governs:
        trace.refuse("not_in_force", words.NOT_IN_FORCE, clause, rule.in_force)
    else:
        _tell_time(trace, read, law_day, on)
    _tell_correction(trace, rule, read, found, on)
    _tell_range(trace, rule, found, clause)
    low, high = found.range or NOTHING
    start = Weighing(rule.key, clause, rule.subject, found.party, on, law_day, low, high, not rule.confirmed)
    if trace.refusals:
        return replace(start, lines=trace.lines, refusals=trace.refusals)
    return _weighed(start, rule, read, found, trace)


def _weighed(start: Weighing, rule: Offence, read: dict[str, Any], found: Found, trace: Trace) -> Weighing:
    """The second half: tier, reasons, level, result, and what the result takes."""
    on, law = start.on, (start.legal_low, start.legal_high)
    tier = tier_of(rule.key, law, read, start.law_day, own_table=found.is_first and found.party == rule.party)
    trace.add("tier", words.tier(tier, read, start.law_day, law), tier.source, tier.edition)
    factors = _tell_factors(trace, read, tier, on)
    level = level_of(factors, law, on)
    low, high = _result(level, tier, law, on)
    suggested = _suggested(low, high)
    trace.add_rule("level", words.level(level, factors), words.level_clause(level, factors))
    _tell_result(trace, words.result(level, law, (low, high), suggested), level, tier, factors)
    measures = _measures(rule, read, found, on, level)
    grave = rule.measures_grave if tier.code == "grave" and found.party == rule.party and level.code != EXEMPT else ()
    if measures or grave:
        trace.add("measures", words.measures(measures, grave), start.clause, rule.in_force)
    how = procedure(suggested, found.party, on, measures)
    if level.code != EXEMPT:
        _tell_procedure(trace, how)
    return replace(
        start,
        lines=trace.lines,
        tier=tier.code,
        tier_low=tier.low,
        tier_high=tier.high,
        level=level.code,
        result_low=low,
        result_high=high,
        suggested=suggested,
        may_reduce=level.may_reduce,
        may_exempt=level.may_exempt,
        measures=measures,
        measures_grave=grave,
        needs=_needs(level, factors, how),
        is_provisional=start.is_provisional or not tier.has_row or tier.is_sample,
    )


def _tell_factors(trace: Trace, read: Mapping[str, Any], tier: Tier, on: date) -> list[Factor]:
    factors, aside = factors_of(read, tier.used, on)
    for each in factors:
        trace.add_rule("factor", each.text, each.clause)
    for each in aside:
        trace.add_rule("aside", words.aside(each), each.clause)
    return factors


def _tell_result(trace: Trace, text: str, level: Level, tier: Tier, factors: list[Factor]) -> None:
    """By the tier's table; below the law by the reasons for it; none at all with the duty to instruct (33)."""
    if level.code == EXEMPT:
        trace.add_rule("result", text, "《行政处罚法》第三十三条第三款")
    elif level.code == REDUCED:
        trace.add_rule("result", text, words.level_clause(level, factors))
    else:
        trace.add("result", text, tier.source, tier.edition)


def _tell_procedure(trace: Trace, how: Procedure) -> None:
    trace.add_rule("procedure", how.text, how.clause)
    for reason, clause in zip(how.hearing_reasons, how.hearing_clauses, strict=True):
        trace.add_rule("hearing", words.hearing(reason), clause)


def milder(old: Offence, new: Offence | None, facts: Mapping[str, Any], on: date) -> Offence | None:
    """Of the rule of the day of the act and that of today the milder (行政处罚法 37); None: today it is no offence any more.

    The milder is the one whose range ends lower, then the one whose range begins lower; of equals the old one.
    """
    if new is None or new == old:
        return new
    return new if _height(new, facts, on) < _height(old, facts, on) else old


def _height(rule: Offence, facts: Mapping[str, Any], on: date) -> Range:
    """The upper and the lower end of the range of a case under a rule, by those facts that it asks."""
    asked = {each.name for each in asked_of(rule, on)}
    read = read_facts(rule, {name: value for name, value in facts.items() if name in asked}, on)
    low, high = range_of(rule, read, on).range or NOTHING
    return high, low


def _governing(key: str, facts: Mapping[str, Any], on: date) -> tuple[Offence, date, bool]:
    """The rule that governs, the day whose rules apply, and whether it governs at all."""
    law_day = _day(facts.get("acted_on")) or on
    old, new = _found(key, law_day), _found(key, on)
    if old is None:
        if new is None:
            raise UnknownOffence(key)
        return new, on, False
    chosen = milder(old, new, facts, on)
    if chosen is None:
        return old, law_day, False
    return chosen, law_day if chosen == old else on, True


def _found(key: str, on: date) -> Offence | None:
    try:
        return offence(key, on)
    except UnknownOffence:
        return None


def _day(value: Any) -> date | None:
    if value is None or value == "" or type(value) is date:
        return value or None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise WrongFacts({"acted_on": "not_a_day"}) from None


def _refuse_contradictions(rule: Offence, read: Mapping[str, Any], on: date) -> None:
    wrong = {
        name: "in_future"
        for name in ("acted_on", "found_on", "ordered_on", "rechecked_on")
        if _is_after(read, name, on)
    }
    if read["corrected"] and read.get("recheck_failed"):
        wrong["corrected"] = "contradicts"
    if rule.accident_share and read["accident"] != "none" and read[rule.base] is None:
        wrong[rule.base] = "required"
    if wrong:
        raise WrongFacts(wrong)


def _is_after(read: Mapping[str, Any], name: str, on: date) -> bool:
    value = read.get(name)
    return value is not None and value > on


def _tell_time(trace: Trace, read: Mapping[str, Any], law_day: date, on: date) -> None:
    trace.add_rule("time", words.time(law_day), "《行政处罚法》第三十七条")
    if read["acted_on"] is None or read["found_on"] is None:
        return
    harmful = read["harm"] != "none" or read["accident"] != "none"
    last = limitation(read["acted_on"], harmful, on)
    clause = "《行政处罚法》第三十六条"
    if read["found_on"] > last:
        trace.refuse_rule(
            "time_barred", words.time_barred(read["found_on"], last, harmful), clause, last=last.isoformat()
        )
    else:
        trace.add_rule("limitation", words.within_limitation(read["found_on"], last, harmful), clause)


def _tell_correction(trace: Trace, rule: Offence, read: Mapping[str, Any], found: Found, on: date) -> None:
    """T24: what is fined only if not corrected is not fined before the deadline has passed and a re-check has failed."""
    if not rule.waits_for_correction:
        return
    state = correction(read, on)
    if found.waits and not state.failed:
        told = words.not_yet_fineable(state, read)
        trace.refuse("not_yet_fineable", told, rule.clause(), rule.in_force, why=state.why)
    else:
        trace.add("correction", words.correction(state, read), rule.clause(), rule.in_force)


def _tell_range(trace: Trace, rule: Offence, found: Found, clause: str) -> None:
    if rule.decided_by:
        trace.refuse("decided_elsewhere", words.decided_elsewhere(rule.decided_by), clause, rule.in_force)
    by, since = (rule.amount_of, rule.amount_since) if found.amount_of else (clause, rule.in_force)
    trace.add("range", words.law_range(rule, found), by, since or rule.in_force)


def _result(level: Level, tier: Tier, law: Range, on: date) -> Range:
    if level.code == EXEMPT or law == NOTHING:
        return NOTHING
    if level.code == REDUCED:
        return reduced_range(law, on)
    return part_of((tier.low, tier.high), part_of_tier(level.code, on))


def _suggested(low: int, high: int) -> int:
    """The middle, in full hundreds where the range holds one."""
    middle = (low + high) // 2
    rounded = middle // STEP * STEP
    return rounded if low <= rounded and rounded > 0 else middle


def _measures(rule: Offence, read: Mapping[str, Any], found: Found, on: date, level: Level) -> tuple[Measure, ...]:
    if found.party != rule.party or level.code == EXEMPT:
        return ()
    chosen = rule.measures
    if found.is_failed:
        chosen += rule.measures_after
    if read["accident"] != "none":
        chosen += rule.measures_accident
    return tuple(_with_days(each, read, on) for each in chosen)


def _with_days(measure: Measure, read: Mapping[str, Any], on: date) -> Measure:
    if measure.code != "suspend_accident":
        return measure
    span = licence_suspension(read["accident"], on, second=read["second_accident"], late_report=read["late_report"])
    if span.must_revoke:
        return replace(measure, code="revoke_licence", text="吊销安全生产许可证", hearing_item=3)
    return replace(
        measure, text=words.suspension(span), days=(span.low, span.high), hearing_item=3 if span.may_revoke else 0
    )


def _needs(level: Level, factors: list[Factor], how: Procedure) -> tuple[str, ...]:
    effects = {each.effect for each in factors}
    mixed = level.code == NORMAL and HEAVIER in effects
    wants_reason = level.code in (REDUCED, EXEMPT) or level.may_exempt or mixed
    wanted = {
        REASON: wants_reason,
        LEGAL_REVIEW: level.code == REDUCED or (how.hearing and level.code != EXEMPT),
        HEARING: how.hearing and level.code != EXEMPT,
        ORDINARY_PROCEDURE: how.kind == ORDINARY or level.code in (EXEMPT, REDUCED),
    }
    return tuple(name for name, is_wanted in wanted.items() if is_wanted)
