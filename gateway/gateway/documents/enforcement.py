"""A document of law enforcement (执法文书) as a paper (pure): red head for the agency, what its content says, places to sign.

The content is what was sealed with the document's hash, the texts of the law among it; what stands here follows it line by line.
A kind that has more to say needs its label in `LINES`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import segno

from chassis.clock import SHANGHAI
from gateway.documents.certificates import PATH, grouped
from gateway.documents.money import yuan
from gateway.documents.stamps import SYSTEM, Stamp
from gateway.documents.values import day

LATE = "本文书使用预留文号，在号段到期之后补录。"
SHORT = 26  # half a line of a table; a Chinese character is as wide as two letters
CODE = 20  # hexadecimal digits of the hash: enough that nobody makes a second paper with the same
# What stands on the papers, in this order.
LINES = (
    ("project_name", "工程名称"),
    ("project_number", "监督编号"),
    ("parties", "参建单位"),
    ("party_name", "当事人"),
    ("party_number", "身份证号"),
    ("party_credit_code", "统一社会信用代码"),
    ("case_number", "案件编号"),
    ("decision_number", "处罚决定书"),
    ("order_number", "所依据的通知书"),
    ("source", "案件来源"),
    ("kind", "检查类别"),
    ("started_at", "检查开始"),
    ("ended_at", "检查结束"),
    ("score", "检查得分"),
    ("grade", "检查等级"),
    ("round", "第几次整改报告"),
    ("remark", "检查情况"),
    ("scope", "停工部位"),
    ("demands", "整改要求"),
    ("due_on", "整改期限"),
    ("settle_by", "处理期限"),
    ("conduct", "违法行为"),
    ("clause", "处罚依据"),
    ("facts", "事实和证据"),
    ("conclusion", "调查结论"),
    ("opinion", "意见"),
    ("reason", "理由"),
    ("proposed", "拟处罚款"),
    ("fine", "罚款"),
    ("measures", "并处"),
    ("outcome", "处理结果"),
    ("paid", "已缴"),
    ("surcharge", "加处罚款"),
    ("left", "尚欠"),
    ("pay_by", "缴款期限"),
    ("days_late", "超过办案期限（天）"),
    ("handed_to", "当场交付"),
    ("agrees", "法制审核同意"),
    ("hearing_right", "听证权利"),
    ("held_on", "听证日期"),
    ("place", "听证地点"),
    ("summary", "结论"),
    ("text", "内容"),
    ("basis", "法律依据"),
)
# Where the same thing is called otherwise on papers of a kind.
LABELS = {
    "lifting": {"scope": "准予复工部位", "reason": "复工理由"},
    "prior_notice": {"fine": "拟处罚款"},
    "hearing_notice": {"fine": "拟处罚款"},
    "no_penalty_decision": {"clause": "违反的规定"},
    "payment_reminder": {"text": "催告内容"},
    "case_closure": {"reason": "撤案理由"},
    "evidence_holding": {"facts": "登记保存的物品", "due_on": "作出处理决定的期限"},
    "evidence_release": {"text": "处理决定"},
    "collective_discussion": {"facts": "参加讨论", "conclusion": "讨论结论"},
}
UNSAID = {"hearing_notice": ("hearing_right",)}  # all of it is about that
WORDS = {
    "grade": {"excellent": "优良", "passed": "合格", "failed": "不合格"},
    "outcome": {"penalty": "给予处罚", "no_penalty": "不予处罚", "annulled": "决定被撤销", "dropped": "撤销案件"},
    "source": {
        "inspection": "监督检查", "complaint": "投诉举报", "transfer": "移送", "assigned": "上级交办", "other": "其他",
    },
    "kind": {
        "routine": "日常检查", "special": "专项检查", "campaign": "集中整治", "double_random": "双随机抽查", "recheck": "复查",
        "complaint": "投诉举报核查",
    },
}  # fmt: skip
PARTIES = {"contractor": "施工单位", "owner": "建设单位", "supervisor": "监理单位"}
MOMENTS, DAYS = {"started_at", "ended_at"}, {"due_on", "settle_by", "pay_by", "held_on"}
MONEY = {"proposed", "fine", "paid", "surcharge", "left"}
UNSAID_IF_NONE = {"fine", "paid", "surcharge", "days_late", "agrees", "hearing_right"}
HEARD = "本案符合听证条件，见行政处罚听证告知书"
FINDINGS = ("问题", "程度", "部位", "依据")
SEVERITIES = {"general": "一般", "serious": "较大", "major": "重大"}
WHY_ZERO = {"guarantee_item": "有保证项目得零分", "guarantee_subtotal": "保证项目小计不足40分"}
# Kept in the file, handed to nobody; and who besides those who handled it answers for each.
KEPT = {
    "case_filing": "批准人",
    "investigation_report": "报告人",
    "legal_review": "审核人",
    "collective_discussion": "记录人",
    "case_closure": "批准人",
}


def code_of(told: Mapping[str, Any]) -> str:
    """By which anybody checks a document: the beginning of its hash."""
    return str(told["hash"])[:CODE].upper()


def paper(told: Mapping[str, Any], base: str, stamp: Stamp) -> dict[str, Any]:
    """The data of the template; `told` is enforcement's `get_document`, `base` our public address."""
    content, code = told["content"], code_of(told)
    agency = content.get("agency_name") or told["issued_by"]["organisation_name"]
    return {
        "title": content["title"],
        "author": agency,
        "agency": agency,
        "number": told["number"],
        "addressee": "" if _is_kept(told) else told.get("addressee_name") or content.get("party_name") or "",
        "lines": _rows(lines(told)),
        "columns": [*FINDINGS, *(["复查"] if _is_recheck(content) else [])],
        "findings": [_finding(each, _is_recheck(content)) for each in content.get("findings") or []],
        "orders": content.get("orders") or [],
        "scores": _scores(content),
        "reasons": reasons(content),
        "notices": content.get("notices") or [],
        "attachments": [each["name"] for each in content.get("attachments") or []],
        "signed": _signed(told),
        "issued_on": _day_of(told.get("signed_at") or told["issued_at"]),
        "qr": segno.make_qr(f"{base}{PATH}{code}", error="m").svg_inline(border=1),
        "address": f"{base.partition('://')[2]}{PATH}{code}",
        "foot": [
            *([LATE] if content.get("number_came_late") else []),
            f"验证码 {grouped(code)}",
            f"{SYSTEM}　{stamp.words}",
        ],
    }


def lines(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(label, text) of all that a paper says, in its sequence; shown on the page of a document too."""
    content, labels = told["content"], LABELS.get(told["kind"], {})
    if content.get("party_kind") == "firm":
        labels = labels | {"party_number": "统一社会信用代码"}
    told_of = [(name, label) for name, label in LINES if name not in UNSAID.get(told["kind"], ())]
    return [
        (labels.get(name, label), written) for name, label in told_of if (written := _written(name, content.get(name)))
    ]


def _rows(pairs: Sequence[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Two short ones beside each other, so that most papers are one page."""
    rows: list[list[tuple[str, str]]] = []
    for pair in pairs:
        if rows and len(rows[-1]) == 1 and _width(rows[-1][0][1]) <= SHORT >= _width(pair[1]):
            rows[-1].append(pair)
        else:
            rows.append([pair])
    return rows


def _width(text: str) -> int:
    return sum(1 if each.isascii() else 2 for each in text)


def _is_kept(told: Mapping[str, Any]) -> bool:
    """A closure goes to the party only if the party had been told of its case."""
    return told["kind"] in KEPT and not told.get("addressee_id")


def _day_of(moment: Any) -> str:
    return day(datetime.fromisoformat(str(moment)).astimezone(SHANGHAI).date().isoformat())


def _moment(moment: Any) -> str:
    return f"{datetime.fromisoformat(str(moment)).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _written(name: str, value: Any) -> str:
    if value in (None, "", [], {}):
        return ""
    if name in UNSAID_IF_NONE and value in (0, "0", "0.00"):
        return "否" if name == "agrees" else ""
    if name in MONEY:
        return yuan(value)
    if name in MOMENTS:
        return _moment(value)
    if name in DAYS:
        return day(str(value))
    if name in WORDS:
        return WORDS[name].get(value, str(value))
    if name == "parties":
        return "；".join(f"{word}：{value[which]}" for which, word in PARTIES.items() if value.get(which))
    if isinstance(value, bool):
        return HEARD if name == "hearing_right" else "是"
    return "；".join(map(str, value)) if isinstance(value, list) else str(value)


def _is_recheck(content: Mapping[str, Any]) -> bool:
    return any("is_put_right" in each for each in content.get("findings") or [])


def _finding(each: Mapping[str, Any], recheck: bool) -> list[str]:
    row = [each["description"], SEVERITIES[each["severity"]], each.get("part") or "—", each["clause"]]
    return [*row, *([("已整改" if each["is_put_right"] else "未整改到位")] if recheck else [])]


def _scores(content: Mapping[str, Any]) -> dict[str, list[list[str]]]:
    """Rows of a check by JGJ 59: its tables with why one is 0, and the summary."""
    scored = content.get("scored") or {"tables": [], "groups": []}
    return {
        "tables": [
            [f"{each['key']} {each['name']}", f"{each['score']:g}", WHY_ZERO.get(each["why_zero"] or "", "—")]
            for each in scored["tables"]
        ],
        "groups": [[each["name"], f"{each['weight']:g}", f"{each['points']:g}"] for each in scored["groups"]],
    }


def reasons(content: Mapping[str, Any]) -> list[str]:
    """How an amount came about, line by line."""
    told = [
        content.get("weighing") or "",
        content.get("several") or "",
        *_deviation(content),
    ]
    return [line for text in told for line in str(text).splitlines() if line.strip()]


def _deviation(content: Mapping[str, Any]) -> list[str]:
    """Why the amount is not the one that was suggested, in the officer's words too."""
    told = content.get("deviation") or {}
    return [told.get("text", ""), *([f"理由：{told['reason']}"] if told.get("reason") else [])]


def _signed(told: Mapping[str, Any]) -> list[list[str]]:
    """[label, who]: officers with their certificates, then the site's side or that it refused; of what is kept in the file, who
    handled it and who answers for it."""
    content, issuer = told["content"], str(told["issued_by"]["user_name"])
    officers = content.get("officers") or content.get("investigators") or []
    at = {each["name"]: f" {_moment(each['signed_at'])} 签字" for each in content.get("signatures") or []}
    named = "、".join(f"{each['name']}（{each['certificate_number']}）{at.get(each['name'], '')}" for each in officers)
    if _is_kept(told):
        return [*([["承办人", named]] if named else []), [KEPT[told["kind"]], issuer]]
    site = content.get("site_signature")
    rows = [["执法人员", named or issuer]]
    if site and site.get("refused"):
        rows.append(["当事人", f"拒绝签字：{site['reason']}　见证人：{site.get('witnesses') or '—'}"])
    elif site:
        signed_at = f"　{_moment(site['signed_at'])} 签字" if site.get("signed_at") else ""
        rows.append(["当事人", f"{site['name']}　{site.get('role') or ''}{signed_at}"])
    else:
        rows.append(["签收人", "　　　　　　　　　　　　签收日期：　　　　年　　月　　日"])
    return rows
