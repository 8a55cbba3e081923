"""What makes a day of positions doubtful, in words and figures that the person concerned can check (R-D5)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chassis.clock import SHANGHAI
from gateway.portal.locale import say

NOT_TOLD = "—"
# Title; what was found; how to check it, or what innocent reason there may be.
WORDS: dict[str, tuple[str, str, str]] = {
    "mock_flag": (
        "手机自报为模拟位置",
        "工地内的 %(of)s 个定位中，有 %(found)s 个被手机系统标为“模拟位置”。",
        "可检查手机“开发者选项”里的“选择模拟位置信息应用”；外接定位设备也会带来这一标记。",
    ),
    "impossible_speed": (
        "移动速度不可能",
        "定位在相距很远的地方之间跳跃：%(jumps)s。",
        "手机重启后沿用旧位置，也会出现一次这样的跳跃。",
    ),
    "datum_shift": (
        "坐标系偏移",
        "有 %(found)s 个工地外的定位，按 %(datum)s 坐标理解则落在工地内。",
        "可能是在地图上选取的位置，也可能是定位软件没有换算坐标。",
    ),
    "same_coordinates": (
        "坐标完全不变",
        "%(hours)s 小时内有 %(found)s 个定位坐标完全相同（经度 %(longitude)s，纬度 %(latitude)s）。",
        "卫星定位即使静止也会漂移几米；手机放在室内、只靠一个无线网络定位时会重复同一坐标。",
    ),
    "typed_coordinates": (
        "坐标是整数",
        "上述坐标最多四位小数，像是人工输入的。",
        "接收机给出的坐标有七位小数，恰好如此的机会不到百万分之一。",
    ),
    "constant_accuracy": (
        "定位精度不变",
        "工地内 %(of)s 个定位中，有 %(found)s 个的精度都是 %(metres)s 米。",
        "卫星定位的精度时好时坏；但有的手机型号只报整数。",
    ),
    "noise_without_memory": (
        "误差没有连续性",
        "%(of)s 段定位（每段 40 个）中有 %(found)s 段像掷骰子一样围绕一点散布，前后互不相关。",
        "卫星定位的误差会持续几分钟；室内无线网络定位有时也会这样散布。",
    ),
    "even_noise": (
        "误差分布过于均匀",
        "这些散布均匀得像程序产生的随机数（峰度 %(kurtosis)s，真实误差约为 3）。",
        "接收机偏差三米的机会总比不偏差的少。",
    ),
    "lay_all_day": (
        "手机没有随身移动",
        "手机在工地内 %(hours)s 小时，没有离开过 %(metres)s 米的范围。",
        "放在办公桌上的手机也是这样，单独不说明问题。",
    ),
    "lay_for_days": (
        "手机连日放在同一处",
        "手机连续 %(days)s 天放在同一处（%(metres)s 米之内）。",
        "可说明手机放在哪里、由谁保管。",
    ),
    "never_left": (
        "手机从早到晚不离工地",
        "手机连续 %(days)s 天从早到晚都在工地内，没有离开过。",
        "住在工地的人也是这样，可说明住宿情况。",
    ),
    "same_shape": (
        "与另一天的行走路线重合",
        "有 %(minutes)s 分钟的走动（占当天走动的 %(percent)s%%）与 %(whose)s %(day)s 的路线逐分钟重合，相差不超过 %(metres)s 米。",
        "同一个人走两次同样的路，每分钟也会相差十几米。",
    ),
    "same_fixes_again": (
        "与另一天的坐标相同",
        "抽取的 %(of)s 个坐标中，有 %(found)s 个与 %(day)s 的坐标完全相同。",
        "室内无线网络定位会重复给出同样的坐标；在室外走动时不会。",
    ),
    "same_fixes_as_other": (
        "与他人的定位完全相同",
        "有 %(found)s 个定位与 %(people)s 的时间、坐标完全相同，像是一部手机登记给了两个人。",
        "可核对两人各自使用的手机。",
    ),
    "moves_together": (
        "与他人的手机全天同行",
        "在双方都有定位的 %(minutes)s 分钟里（其中走动 %(moving_minutes)s 分钟），与 %(people)s 的手机始终在一起。",
        "同事结伴巡查时也会这样，可说明当天的工作安排。",
    ),
    "crowd": (
        "多部手机同行",
        "全天同行的其他手机有 %(count)s 部，像是放在同一个包里。",
        "可说明当天这几个人是否都在一起。",
    ),
    "together_before": (
        "此前也与同一手机全天同行",
        "此前有定位的 %(of)s 天中，有 %(days)s 天也与其中的手机全天同行（最早为 %(since)s）。",
        "长期结伴工作的，可说明工作安排。",
    ),
    "clock_changed": (
        "手机时钟被改动",
        "%(from)s 至 %(until)s 收到的定位，手机时钟%(way)s %(minutes)s 分钟，其他时候是准的。",
        "手机没电后手工校时也会这样。",
    ),
    "future_positions": (
        "定位时间在将来",
        "有 %(found)s 个定位在收到时属于将来的时间，已另行保存，不计入在岗。",
        "手机时钟快了也会这样。",
    ),
}
STORIES = {
    "phone_on_desk": "手机放在办公桌上，由室内无线网络定位，本人在旁边工作",
    "lives_on_site": "本人住在工地，随身带着手机",
    "receiver_on_desk": "手机接有外部定位设备，放在办公桌上",
    "receiver_on_site": "手机接有外部定位设备，本人住在工地",
    "colleagues": "与一两位同事全天结伴工作",
}


def title(code: str) -> str:
    """A code that is new to us is told as it is."""
    return say(WORDS[code][0]) if code in WORDS else code


def in_words(signal: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """One signal: {"title", "found", "check", "points"}; `names` of the people concerned, by id."""
    code = signal["code"]
    told = {"title": title(code), "found": "", "check": "", "points": signal["points"]}
    if code in WORDS:
        _, found, check = WORDS[code]
        told |= {"found": say(found) % _Told(_figures(signal["told"], names)), "check": say(check)}
    return told


def story(name: str) -> str:
    return say(STORIES[name]) if name in STORIES else name


def people_in(signals: list[dict[str, Any]]) -> set[str]:
    """Whose names the words need."""
    return {person for each in signals for person in each["told"].get("people", [])}


class _Told(dict[str, Any]):
    """A record of years ago may lack a figure that today's words have."""

    def __missing__(self, name: str) -> str:
        return NOT_TOLD


def _figures(told: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    people = [names.get(each) or say("另一人") for each in told.get("people", [])]
    figures = dict(told) | {"people": "、".join(people)}
    if "jumps" in told:
        figures["jumps"] = "；".join(_jump(each) for each in told["jumps"])
    if "is_own" in told:
        figures["whose"] = say("本人") if told["is_own"] else figures["people"]
    if "received_at" in told:
        figures |= {"from": _clock_time(told["received_at"]), "until": _clock_time(told["until"])}
        figures |= {"minutes": abs(told["minutes"]), "way": say("快") if told["minutes"] > 0 else say("慢")}
    return figures


def _jump(jump: Mapping[str, Any]) -> str:
    far = round(jump["metres"] / 1000, 1)
    return say("%(at)s 起 %(seconds)s 秒内移动 %(far)s 公里") % {
        "at": _clock_time(jump["at"]), "seconds": jump["seconds"], "far": far
    }  # fmt: skip


def _clock_time(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, SHANGHAI).strftime("%H:%M")
