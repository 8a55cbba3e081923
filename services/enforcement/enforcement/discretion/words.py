"""The Chinese sentences of a trace (pure): each says one step so that the party can follow it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from enforcement.discretion.benchmarks import Tier
from enforcement.discretion.factors import EXEMPT, HEAVIER, LESS, LIGHTER, NORMAL, REDUCED, Factor, Level
from enforcement.discretion.facts import words_of
from enforcement.discretion.offences import PERSON, Measure, Offence, Range
from enforcement.discretion.procedure import Suspension, range_text, yuan
from enforcement.discretion.ranges import Correction, Found

SUBJECTS = {
    "developer": "建设单位",
    "surveyor": "勘察、设计单位",
    "supervisor": "监理单位",
    "registered_person": "注册执业人员",
    "supplier": "机械设备提供单位",
    "lessor": "出租单位",
    "installer": "安装、拆卸单位",
    "contractor": "施工单位",
    "user": "使用单位",
    "monitor": "监测单位",
    "main_contractor": "施工总承包单位",
    "leader": "施工单位主要负责人、项目负责人",
    "main_leader": "主要负责人",
    "other_leader": "其他负责人和安全生产管理人员",
    "abc_person": "安管人员",
    "safety_officer": "专职安全生产管理人员",
    "employer": "生产经营单位",
}
BASES = {"contract_price": "合同价款", "misused_money": "挪用费用", "last_income": "上一年年收入"}
NOT_IN_FORCE = "违法行为发生时或者作出决定时没有此项规定，不得据此处罚"
NOT_YET = {
    "no_order": "尚未责令限期改正",
    "deadline_open": "改正期限至{deadline}，尚未届满",
    "not_rechecked": "期限{deadline}已届满，尚未复查",
    "rechecked_early": "复查（{rechecked_on}）在期限{deadline}届满之前，不能证明逾期未改正",
    "corrected": "复查（{rechecked_on}）已改正",
}


def act(rule: Offence, point: int) -> str:
    conduct = rule.points.get(point, rule.conduct)
    doubt = "" if rule.confirmed else "（条文数额待核对原文）"
    return f"违法行为：{SUBJECTS[rule.subject]}{conduct}{doubt}"


def time(law_day: date) -> str:
    return f"适用{law_day.isoformat()}有效的规定"


def within_limitation(found_on: date, last: date, harmful: bool) -> str:
    return f"{found_on.isoformat()}发现，在{_years(harmful)}追责时效内（至{last.isoformat()}）"


def time_barred(found_on: date, last: date, harmful: bool) -> str:
    return f"{found_on.isoformat()}发现，已超过{_years(harmful)}追责时效（至{last.isoformat()}），不再给予处罚"


def _years(harmful: bool) -> str:
    return "五年" if harmful else "二年"


def decided_elsewhere(whose: str) -> str:
    return f"此项罚款由{whose}决定，应当移送"


def not_yet_fineable(state: Correction, read: Mapping[str, Any]) -> str:
    return f"{NOT_YET[state.why].format(**_days(read))}；逾期未改正的才可以处罚，现在不得处罚"


def correction(state: Correction, read: Mapping[str, Any]) -> str:
    if not state.failed:
        return f"{NOT_YET[state.why].format(**_days(read))}；按责令改正时的幅度处罚"
    number = f"（{read['order_number']}）" if read.get("order_number") else ""
    days = _days(read)
    return f"责令限期改正{number}，期限{days['deadline']}届满，{days['rechecked_on']}复查未改正"


def _days(read: Mapping[str, Any]) -> dict[str, str]:
    return {name: read[name].isoformat() if read.get(name) else "" for name in ("deadline", "rechecked_on")}


def law_range(rule: Offence, found: Found) -> str:
    whom = "直接责任人员" if found.party == PERSON and rule.party != PERSON else SUBJECTS[rule.subject]
    if found.range is None:
        return f"法定处罚：对{whom}不设罚款"
    share = ""
    if found.percent:
        share = f"（{BASES[found.base]}{yuan(found.base_amount)}的{found.percent[0]}%以上{found.percent[1]}%以下）"
    elif found.amount_of:
        share = f"（依照{rule.amount_of}）"
    return f"法定幅度：对{whom}处{range_text(found.range)}罚款{share}"


def tier(chosen: Tier, read: Mapping[str, Any], on: date, law: Range) -> str:
    why = words_of(chosen.used, read, on) or "没有更重的情节"
    money = "" if law == (0, 0) else f"，{range_text((chosen.low, chosen.high))}"
    mark = "" if chosen.has_row and not chosen.is_sample else "（暂定）"
    return f"裁量档次：{chosen.text}{money}{mark}；{why}"


def aside(factor: Factor) -> str:
    return f"{factor.text}：已用于确定档次，不再重复评价"


def level(chosen: Level, factors: list[Factor]) -> str:
    is_mixed = chosen.code == NORMAL and HEAVIER in {each.effect for each in factors}
    parts = {
        f"裁量等级：{chosen.text}": True,
        "同时有从轻和从重情节，综合后居中": is_mixed,
        "没有从轻、减轻、从重情节": chosen.code == NORMAL and not is_mixed,
        "可以在法定幅度以下减轻，须说明理由并经法制审核": chosen.may_reduce and chosen.code in (LIGHTER, NORMAL),
        "可以不予处罚，须说明理由并经法制审核": chosen.may_exempt and chosen.code != EXEMPT,
    }
    return "；".join(text for text, is_so in parts.items() if is_so)


def level_clause(chosen: Level, factors: list[Factor]) -> str:
    """Of a level with a reason the clauses of its reasons, else those on proportion and benchmarks."""
    effects = {EXEMPT: {EXEMPT}, REDUCED: LESS, LIGHTER: LESS}.get(chosen.code, set())
    clauses = dict.fromkeys(each.clause for each in factors if each.effect in effects)
    return "；".join(clauses) or "《行政处罚法》第五条、第三十四条"


def result(chosen: Level, law: Range, span: Range, suggested: int) -> str:
    if chosen.code == EXEMPT:
        return "结果：不予处罚，对当事人进行教育"
    if law == (0, 0):
        return "结果：不罚款"
    below = "（法定幅度以下）" if chosen.code == REDUCED else ""
    return f"结果：{range_text(span)}{below}，建议{yuan(suggested)}"


def measures(chosen: tuple[Measure, ...], grave: tuple[Measure, ...]) -> str:
    parts = ["并处：" + "、".join(each.text for each in chosen)] if chosen else []
    if grave:
        parts.append("情节严重的可以：" + "、".join(each.text for each in grave))
    return "；".join(parts)


def suspension(span: Suspension) -> str:
    more = "（累计超过120日的吊销）" if span.may_revoke else ""
    return f"暂扣安全生产许可证{span.low}日以上{span.high}日以下{more}"


def hearing(reason: str) -> str:
    return f"应当告知听证权利：{reason}"
