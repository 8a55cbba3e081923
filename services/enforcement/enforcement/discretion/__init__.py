"""The benchmark calculator (裁量): from an offence and facts to a fine that anyone can follow. Pure; its rules are data.

    from enforcement import discretion

    discretion.offences(on)                       every Offence in force: .key .subject .party .conduct .shape .clause()
    discretion.facts_of("393-65-2", on)           the Facts to ask: .name .kind .label .help .default .required .at_least .choices
    weighing = discretion.weigh("393-65-2", facts, on)      facts: {name: value}; days as date or ISO text, money in whole yuan
        .text .lines[.step .text .clause .in_force]  .legal_low/high .tier .tier_low/high .level .result_low/high .suggested
        .needs ("reason", "legal_review", "hearing", "ordinary_procedure")  .refusals[.code .text .detail]
        .measures .measures_grave .may_reduce .may_exempt .is_provisional .party .law_day
    judged = discretion.judge_amount(weighing, amount)      .verdict .may_be .code .needs (also "second_signature") .deviation .text
    discretion.several([weighing, …])             one act under several rules of one party: .chosen .yielding .text
    discretion.procedure(amount, "firm" | "person", on, measures)      .kind "summary" | "ordinary", .hearing .hearing_reasons
    discretion.surcharge(amount, days, on)        Decimal yuan; the days from `cases.clocks.late_days`
    discretion.surcharge_rate(on)                 of what is not paid, a day
    discretion.daily_repeat(amount, ordered_on, until)      (days, sum)
    discretion.limitation(act_end, harmful, on)   the last day of discovery
    discretion.licence_suspension(grade, on, second=…, late_report=…)
    discretion.plain(weighing)                    the weighing as JSON-ready data, to be stored with the case and told to pages

Raised: UnknownOffence (no such key); WrongFacts, whose `.rules` names for each fact a rule of the gateway's sentences: required,
unknown_field, not_integer, not_boolean, not_a_day, not_text, not_a_choice, out_of_range, too_large, in_future, contradicts.
Codes of refusals: not_yet_fineable (T24; detail `why`), not_in_force, time_barred, decided_elsewhere; of amounts:
amount_outside_law, must_be_exempt. The clocks stand in `enforcement.cases.clocks`.
"""

from enforcement.discretion.facts import Fact, WrongFacts, facts_of
from enforcement.discretion.judging import Judged, Several, judge_amount, several
from enforcement.discretion.offences import Measure, Offence, UnknownOffence, offence, offences
from enforcement.discretion.plain import plain
from enforcement.discretion.procedure import (
    Procedure,
    daily_repeat,
    hearing_threshold,
    licence_suspension,
    limitation,
    procedure,
    surcharge,
    surcharge_rate,
)
from enforcement.discretion.trace import Line, Refusal
from enforcement.discretion.weighing import Weighing, weigh
from enforcement.discretion.words import SUBJECTS

__all__ = [
    "SUBJECTS",
    "Fact",
    "Judged",
    "Line",
    "Measure",
    "Offence",
    "Procedure",
    "Refusal",
    "Several",
    "UnknownOffence",
    "Weighing",
    "WrongFacts",
    "daily_repeat",
    "facts_of",
    "hearing_threshold",
    "judge_amount",
    "licence_suspension",
    "limitation",
    "offence",
    "offences",
    "plain",
    "procedure",
    "several",
    "surcharge",
    "surcharge_rate",
    "weigh",
]
