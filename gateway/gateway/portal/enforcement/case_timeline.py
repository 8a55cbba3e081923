"""What was done in a case, in words: each line of its timeline with the figures, days and choices that the step was about."""

from collections.abc import Iterable
from typing import Any

from gateway.bus import Body, Rpc
from gateway.portal import words
from gateway.portal.locale import say

# By what stands in a line's detail, in the order in which it is read.
LABELS = {
    "clock": "期限",
    "due_on": "截止日",
    "who_left": "退出的办案人员",
    "who_comes": "接替的办案人员",
    "ground": "事由",
    "proposed": "建议罚款（元）",
    "fine": "罚款（元）",
    "measures": "并处",
    "answer": "答复",
    "how": "送达方式",
    "served_on": "送达日期",
    "handed_to": "接收人",
    "held_on": "听证日期",
    "place": "听证地点",
    "kind": "种类",
    "filed_on": "提出日期",
    "result": "结果",
    "ended_on": "结果作出日期",
    "amount": "金额（元）",
    "paid_on": "缴款日期",
    "receipt": "票据号",
    "left": "尚欠（元）",
    "pay_by": "缴款截止",
    "court": "受理法院",
    "published_on": "公开日期",
    "where": "公开网址或者栏目",
    "removed_on": "撤下日期",
}
TEXTS = ("description", "facts_found", "reason", "opinion", "text", "conclusion", "summary", "plan")
CHOSEN = {
    "answer": Rpc("enforcement", "answer_notice"),
    "ground": Rpc("enforcement", "suspend_case"),
    "how": Rpc("enforcement", "serve_case"),
    "kind": Rpc("enforcement", "record_challenge"),
    "result": Rpc("enforcement", "end_challenge"),
}


def lines(case: Body) -> list[Body]:
    """The newest first: the entry with `facts`, pairs of a label and what it was, and `texts` as somebody wrote them."""
    clocks = {each["clock_id"]: say(each["text"]) for each in case["clocks"]}
    chosen = {name: words.choices(rpc, name) for name, rpc in CHOSEN.items()} | {"clock": clocks}
    return [
        entry | {"facts": list(_facts(entry["detail"], chosen)), "texts": _texts(entry["detail"])}
        for entry in reversed(case["timeline"])
    ]


def _facts(detail: Body, chosen: dict[str, dict[str, str]]) -> Iterable[tuple[str, str]]:
    if "agrees" in detail:
        yield say("审核结论"), say("同意") if detail["agrees"] else say("不同意，退回调查")
    for name, label in LABELS.items():
        value = detail.get(name)
        if value not in (None, "", []):
            yield say(label), _shown(chosen.get(name, {}).get(str(value), value))


def _texts(detail: Body) -> list[str]:
    return [detail[name] for name in TEXTS if detail.get(name)]


def _shown(value: Any) -> str:
    return "、".join(value) if isinstance(value, list) else str(value)
