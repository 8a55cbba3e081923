"""What a verdict on a day follows from, in words: so that whoever it concerns can check it, and object (R-D5)."""

from typing import Any

from gateway.portal.locale import say

NOT_AT_ALL = "—"
VERDICTS = {
    "present": "在岗",
    "absent": "缺勤",
    "partial": "在岗不足",
    "leave": "请假",
    "unknown": "待定",
    "excluded": "不计入",
}
WORDS = {
    "no_positions": "当日没有收到任何定位",
    "not_over": "当日尚未结束，目前的时长还不足以认定",
    "before_start": "工程尚未开工（%(starts_on)s 开工）",
    "after_acceptance": "工程已验收（%(accepted_on)s）",
    "not_on_duty": "不在本岗位锁定期间",
    "stoppage": "工程中止监督期间，不计入应到天数",
    "rest": "主管机关公布的休息日，不计入应到天数，依据：%(document)s",
    "leave": "已批准请假",
    "corrected": "主管机关更正为“%(verdict)s”，依据：%(document)s；更正前认定为“%(instead_of)s”",
    "found_false": "当日定位经监督机构认定不实（%(decided_on)s）：%(opinion)s",
    "fixes": "确定在工地内的定位覆盖 %(found)s 分钟",
    "by_beacon_alone": "其中 %(minutes)s 分钟只凭蓝牙信标认定",
    "gap_outside": "%(start)s 至 %(end)s 确定在工地外",
    "gap_unseen": "%(start)s 至 %(end)s 没有定位，是否在场无法确定",
    "gap_doubtful": "%(start)s 至 %(end)s 定位精度不足，是否在场无法确定",
    "span_measured": "首末次确定在场的间隔至少 %(least)s、至多 %(most)s，要求不少于 %(required)s",
    "minutes_measured": "在场时长至少 %(least)s、至多 %(most)s，要求不少于 %(required)s",
}


def in_words(reason: dict[str, Any]) -> str:
    """One reason; a code that is new to us is told as it is."""
    words = WORDS.get(reason["code"])
    return say(words) % _figures(reason["told"]) if words else str(reason["code"])


def clock_time(minute: int | None) -> str:
    """08:05, of a minute of the day."""
    return NOT_AT_ALL if minute is None else f"{minute // 60:02d}:{minute % 60:02d}"


def duration(minutes: int) -> str:
    """4 小时 5 分."""
    hours, rest = divmod(minutes, 60)
    return say("%(hours)s 小时 %(minutes)s 分") % {"hours": hours, "minutes": rest}


def _figures(told: dict[str, Any]) -> dict[str, Any]:
    figures = dict(told)
    for name in ("start", "end"):
        if name in figures:
            figures[name] = clock_time(figures[name])
    for name in ("least", "most"):
        if name in figures:
            figures[name] = duration(figures[name])
    for name in ("verdict", "instead_of"):
        if name in figures:
            figures[name] = say(VERDICTS.get(figures[name], figures[name]))
    if isinstance(figures.get("required"), dict):
        figures["required"] = duration(figures["required"]["minutes"])
    return figures
