"""Words for what is kept as codes and ids: what a certificate shows, and what a form names (read on paper, not typed)."""

from collections.abc import Iterable, Mapping
from typing import Any

from filing import divisions
from filing.fields import MACHINE_KINDS

DIVISIONS = "divisions"
# What `CertificateRule.shown` may name, in the words and the order of the paper.
LABELS = {
    "project": "工程名称",
    "place": "工程所在地",
    "filing_number": "设备备案编号",
    "kind": "设备类型",
    "name": "设备名称",
    "model": "规格型号",
    "maker": "制造厂家",
    "serial_number": "出厂编号",
    "made_on": "出厂日期",
    "user": "使用单位",
    "inspection_body": "检验检测机构",
    "national_certificate_number": "全国电子证照编号",
    "ground": "注销原因",
    "standard": "评定标准",
    "assessment_grade": "评定等级",
    "suspended_since": "中止监督日期",
    "resumed_on": "恢复监督日期",
    "grade": "资质等级",
    "home_place": "注册所在地",
}
# Why a certificate was cancelled where no officer said so in words of his own.
REASONS = {
    "dismantled": "设备已拆卸",
    "machine_unlocked": "监督机构解除设备锁定",
    "machine_retired": "设备备案已注销",
    "machine_scrapped": "设备报废解体",
    "machine_unfit": "设备不得使用，已解体",
    "machine_transferred": "设备产权变更",
    "project_closed": "工程终止监督",
}
Described = Mapping[str, Any]  # a field or an item as `filing.forms` describes it


def lines(shown: Mapping[str, Any]) -> list[dict[str, str]]:
    """What a certificate shows, line by line: [{"name", "label", "text"}]."""
    order = list(LABELS)
    names = sorted(shown, key=lambda name: order.index(name) if name in LABELS else len(order))
    return [{"name": name, "label": LABELS.get(name, name), "text": _text(name, shown[name])} for name in names]


def reason(told: str) -> str:
    """Why a certificate was cancelled: an officer's own words, or those for what happened."""
    return REASONS.get(told, told)


def machine(told: Mapping[str, Any]) -> str:
    """A machine as equipment told of it, in one line."""
    kind = MACHINE_KINDS.get(told.get("kind") or "", "")
    parts = [f"{kind} {told.get('model') or ''}".strip()]
    parts += [f"出厂编号 {told['serial_number']}"] if told.get("serial_number") else []
    parts += [f"备案编号 {told['filing_number']}"] if told.get("filing_number") else []
    return "，".join(parts)


def person(told: Mapping[str, Any]) -> str:
    """A person as personnel told of him: 张三（某公司）."""
    employer = told.get("employer_name")
    return f"{told['name']}（{employer}）" if employer else str(told["name"])


def places(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The full names of the divisions among what a form names."""
    codes = {value for reference, value in named if reference == DIVISIONS}
    found = [divisions.division(code) for code in sorted(codes)]
    return {each.code: divisions.full_name(each.area) for each in found if each is not None}


def named_in(sections: Iterable[Described], form: Any) -> list[tuple[str, str]]:
    """(list it is picked from, id) of everything that a form names by id, wherever it stands in it."""
    return [found for section in sections for found in _in_fields(section["fields"], form)]


def _in_fields(fields: Iterable[Described], values: Any) -> list[tuple[str, str]]:
    if not isinstance(values, Mapping):
        return []
    return [found for field in fields for found in _in(field, values.get(field["name"]))]


def _in(shape: Described, value: Any) -> list[tuple[str, str]]:
    """A draft may hold anything: what is not of its field's shape names nothing."""
    if shape["type"] == "part":
        return _in_fields(shape["fields"], value)
    if shape["type"] == "rows":
        return [found for each in value for found in _in(shape["item"], each)] if isinstance(value, list) else []
    if "reference" in shape and isinstance(value, str) and value:
        return [(shape["reference"], value)]
    return []


def _text(name: str, value: Any) -> str:
    return MACHINE_KINDS.get(value, str(value)) if name == "kind" else str(value)
