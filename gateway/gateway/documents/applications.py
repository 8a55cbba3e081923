"""An application as papers: its form, and the whole of it bound with cover list and attachments (pure)."""

from collections.abc import Mapping
from typing import Any

from gateway.documents import forms
from gateway.documents.press import Job
from gateway.documents.stamps import SYSTEM, Stamp
from gateway.documents.values import moment

Told = Mapping[str, Any]  # as filing.print_application answers
FORM = "申请表"
WHOLE = "办件全卷"
KILOBYTE = 1024


def form_job(told: Told, stamp: Stamp) -> Job:
    """The form alone."""
    return Job(sheets=[{"template": "form", "data": _form(told, stamp)}])


def bundle_job(told: Told, stamp: Stamp) -> Job:
    """Cover list, form, every attachment in order."""
    application = told["application"]
    listed = forms.attachments(application, told["matter"])
    numbered = [_numbered(each, listed) for each in listed]
    sheets = [_form_sheet(told, stamp)]
    sheets += [_attachment(each, number, title, stamp) for number, (each, title) in enumerate(numbered, start=1)]
    cover = {
        "title": f"{application['matter_title']}{WHOLE}",
        "author": SYSTEM,
        "head": forms.paired(_head(told)),
        "foot": _foot(told, stamp),
    }
    return Job(
        sheets=sheets, cover=cover, blobs={_file(number): each["sha256"] for number, each in enumerate(listed, 1)}
    )


def name_of(told: Told, kind: str) -> str:
    """What the file is called: 安装告知-某公司-申请表.pdf"""
    application = told["application"]
    return f"{application['matter_title']}-{application['applicant_name']}-{kind}.pdf"


def _form_sheet(told: Told, stamp: Stamp) -> dict[str, Any]:
    return {"title": FORM, "name": "系统生成", "template": "form", "data": _form(told, stamp)}


def _form(told: Told, stamp: Stamp) -> dict[str, Any]:
    application, matter = told["application"], told["matter"]
    listed = forms.attachments(application, matter)
    return {
        "title": f"{application['matter_title']}{FORM}",
        "author": application["applicant_name"],
        "head": forms.paired(_head(told)),
        "sections": forms.sections(matter["sections"], application["form"], told["labels"]),
        "attachments": [[each["title"], each["name"], _size(each["size"])] for each in listed],
        "signatures": forms.signatures(application),
        "steps": forms.steps(application, told["titles"]["acts"]),
        "foot": _foot(told, stamp),
    }


def _head(told: Told) -> list[forms.Pair]:
    """Whose it is and where it stands; what is not there yet is left out."""
    application = told["application"]
    pairs = [
        ["申请单位", application["applicant_name"]],
        ["办理机构", application["agency_name"]],
        ["工程", application["project_name"]],
        ["受理号", application["acceptance_number"]],
        ["当前环节", _stage(told)],
        ["上报", _round(application)],
        ["证书编号", application["certificate_number"]],
    ]
    return [[label, words] for label, words in pairs if words]


def _stage(told: Told) -> str:
    application, titles = told["application"], told["titles"]
    stage = titles["stages"].get(application["stage"], application["stage"])
    outcome = application["outcome"]
    return f"{stage}（{titles['outcomes'].get(outcome, outcome)}）" if outcome else str(stage)


def _round(application: Told) -> str:
    """Which round's form this is; the working copy says that it has not been handed in."""
    shown = application["round_shown"]
    at = next((each["at"] for each in application["submissions"] if each["round"] == shown), None)
    return f"第 {shown} 次，{moment(at)}" if at else "草稿，尚未上报"


def _numbered(each: Told, listed: list[dict[str, Any]]) -> tuple[Told, str]:
    """With its title; several files of one document are numbered."""
    same = [other for other in listed if other["code"] == each["code"]]
    if len(same) == 1:
        return each, each["title"]
    return each, f"{each['title']}（{_place(each, same)}/{len(same)}）"


def _place(each: Told, same: list[dict[str, Any]]) -> int:
    return next(number for number, other in enumerate(same, start=1) if other is each)


def _attachment(each: Told, number: int, title: str, stamp: Stamp) -> dict[str, Any]:
    """`notice` is set in its place when it cannot be bound."""
    head = [["文件名", each["name"]], ["大小", _size(each["size"])], ["文件摘要", each["sha256"]]]
    notice = {"title": title, "author": SYSTEM, "head": forms.paired(head), "foot": [f"{SYSTEM}　{stamp.words}"]}
    return {"title": f"附件{number}　{title}", "name": each["name"], "file": _file(number), "notice": notice}


def _file(number: int) -> str:
    return f"attachment-{number}"


def _foot(told: Told, stamp: Stamp) -> list[str]:
    application = told["application"]
    return [f"办件编号 {application['application_id']}", f"{SYSTEM}　第 {application['version']} 版　{stamp.words}"]


def _size(count: int) -> str:
    return f"{max(1, round(count / KILOBYTE))} KB"
