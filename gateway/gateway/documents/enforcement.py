"""A document of law enforcement (执法文书) as a paper (pure): red head for the agency, what its content says, places to sign.

The content is what was sealed with the document's hash; what stands here follows it line by line. A kind that has more to say
needs its label in `LINES`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import segno

from chassis.clock import SHANGHAI
from gateway.documents.certificates import PATH, grouped
from gateway.documents.stamps import SYSTEM, Stamp
from gateway.documents.values import day

LATE = "本文书使用预留文号，在号段到期之后补录。"
CODE = 20  # hexadecimal digits of the hash: enough that nobody makes a second paper with the same
# What stands on the papers, in this order; amounts in yuan.
LINES = (
    ("project_name", "工程名称"),
    ("project_number", "监督编号"),
    ("party_name", "当事人"),
    ("party_number", "身份证号"),
    ("party_credit_code", "统一社会信用代码"),
    ("case_number", "案件编号"),
    ("order_number", "所依据的通知书"),
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
    ("clause", "依据"),
    ("facts_found", "认定的事实和证据"),
    ("facts", "事实"),
    ("conclusion", "调查结论"),
    ("opinion", "意见"),
    ("reason", "理由"),
    ("proposed", "拟处罚款（元）"),
    ("fine", "罚款（元）"),
    ("measures", "并处"),
    ("outcome", "处理结果"),
    ("paid", "已缴（元）"),
    ("surcharge", "加处罚款（元）"),
    ("left", "尚欠（元）"),
    ("pay_by", "缴款期限"),
    ("duty", "履行方式和期限"),
    ("days_late", "超过办案期限（天）"),
    ("handed_to", "当场交付"),
    ("agrees", "法制审核同意"),
    ("hearing_right", "听证权利"),
    ("hearing_number", "听证告知书"),
    ("held_on", "听证日期"),
    ("place", "听证地点"),
    ("rights", "当事人的权利"),
    ("review", "救济途径"),
    ("summary", "结论"),
    ("text", "内容"),
)
WORDS = {
    "grade": {"excellent": "优良", "passed": "合格", "failed": "不合格"},
    "outcome": {"penalty": "给予处罚", "no_penalty": "不予处罚", "annulled": "决定被撤销"},
}
MOMENTS, DAYS = {"started_at", "ended_at"}, {"due_on", "settle_by", "pay_by", "held_on"}
FINDINGS = ("问题", "程度", "部位", "依据")
SEVERITIES = {"general": "一般", "serious": "较大", "major": "重大"}
TO_NOBODY = {
    "case_filing",
    "investigation_report",
    "legal_review",
    "collective_discussion",
    "case_closure",
}  # kept in the file


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
        "addressee": "" if told["kind"] in TO_NOBODY else told.get("addressee_name") or content.get("party_name") or "",
        "lines": [list(each) for each in lines(content)],
        "columns": [*FINDINGS, *(["复查"] if _is_recheck(content) else [])],
        "findings": [_finding(each, _is_recheck(content)) for each in content.get("findings") or []],
        "orders": content.get("orders") or [],
        "reasons": reasons(content),
        "attachments": [each["name"] for each in content.get("attachments") or []],
        "signed": _signed(content, str(told["issued_by"]["user_name"])),
        "issued_on": day(datetime.fromisoformat(str(told["issued_at"])).astimezone(SHANGHAI).date().isoformat()),
        "qr": segno.make_qr(f"{base}{PATH}{code}", error="m").svg_inline(border=1),
        "address": f"{base.partition('://')[2]}{PATH}{code}",
        "foot": [
            *([LATE] if content.get("number_came_late") else []),
            f"验证码 {grouped(code)}",
            f"{SYSTEM}　{stamp.words}",
        ],
    }


def lines(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a document says, line by line: a label and what stands there. The page says the same as the paper."""
    return [(label, written) for name, label in LINES if (written := _written(name, content.get(name)))]


def _written(name: str, value: Any) -> str:
    if value in (None, "", [], {}):
        return ""
    if name in MOMENTS:
        return f"{datetime.fromisoformat(str(value)).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    if name in DAYS:
        return day(str(value))
    if isinstance(value, list):
        return "；".join(map(str, value))
    if isinstance(value, bool):
        return "是" if value else "否"
    if name in WORDS:
        return WORDS[name].get(value, str(value))
    return f"{value:,}" if isinstance(value, int) else str(value)


def _is_recheck(content: Mapping[str, Any]) -> bool:
    return any("is_put_right" in each for each in content.get("findings") or [])


def _finding(each: Mapping[str, Any], recheck: bool) -> list[str]:
    row = [each["description"], SEVERITIES[each["severity"]], each.get("part") or "—", each["clause"]]
    return [*row, *([("已整改" if each["is_put_right"] else "未整改到位")] if recheck else [])]


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


def _signed(content: Mapping[str, Any], issuer: str) -> list[list[str]]:
    """[label, who]: officers with their certificates, then the site's side or that it refused."""
    officers = content.get("officers") or content.get("investigators") or []
    named = "、".join(f"{each['name']}（{each['certificate_number']}）" for each in officers)
    site = content.get("site_signature")
    rows = [["执法人员", named or issuer]]
    if site and site.get("refused"):
        rows.append(["当事人", f"拒绝签字：{site['reason']}　见证人：{site.get('witnesses') or '—'}"])
    elif site:
        rows.append(["当事人", f"{site['name']}　{site.get('role') or ''}"])
    else:
        rows.append(["签收人", "　　　　　　　　　　　　签收日期：　　　　年　　月　　日"])
    return rows
