"""综合评定 Comprehensive assessment of a project, by its owner, before completion (R-F2, S9).

建质〔2014〕111号 (domain.md §4.3): the project assesses itself every month by JGJ 59 and hands the pack in before the
acceptance of the works; the agency gives the grade within ten working days.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import validates_schema

from chassis.findings import Finding, error, warning
from chassis.schemas import Choice, Day, Number, Part, Rows, Schema, Text, ValidationError
from filing import assessment
from filing.matters.base import AttachmentKind, CertificateRule, Facts, Form, Matter, Route
from filing.matters.named_project import project_words
from filing.matters.supervised_project import LIVE, NamesFiledProject, check_filed

WORDS_OF = date(2018, 6, 1)
EVENTS = {
    "rectification": "限期整改",
    "stoppage": "停工整改",
    "criticism": "通报批评",
    "penalty": "行政处罚",
    "praise": "通报表扬",
    "award": "表彰奖励",
}
OPINIONS = {"agrees": "同意", "differs": "不同意"}


class MonthAssessed(Schema):
    """One month's self-assessment by JGJ 59, with what owner and supervising firm said to it."""

    month = Text("月份", max=7, pattern=r"20\d\d-(0[1-9]|1[0-2])", required=True, help="如 2026-03")
    score = Number("JGJ 59 得分", min=0, max=100, required=True)
    owner_opinion = Choice("建设单位意见", choices=OPINIONS, required=True)
    supervisor_opinion = Choice("监理单位意见", choices=OPINIONS, required=True)


class Happened(Schema):
    """A reward or penalty during the works."""

    kind = Choice("类别", choices=EVENTS, required=True)
    on = Day("日期", required=True)
    document = Text("文号", max=100)
    content = Text("内容", max=500, required=True)


class Accident(Schema):
    on = Day("日期", required=True)
    content = Text("事故经过和处理情况", max=1000, required=True)


class ComprehensiveAssessmentForm(NamesFiledProject):
    planned_acceptance_on = Day("拟竣工验收日期", required=True, help="综合评定须在竣工验收前申请")
    months = Rows(
        Part(MonthAssessed), "项目自评情况", min=1, max=120, required=True, section="自评", help="每月一次，JGJ 59"
    )
    summary = Text("自评总结", max=2000, required=True)
    happened = Rows(Part(Happened), "施工期间奖惩情况", max=200, section="奖惩与事故")
    accidents = Rows(Part(Accident), "生产安全事故情况", max=50, help="没有事故的不填")


class AssessmentDecision(Schema):
    """The agency's word: a grade, and on which grounds where it fails."""

    grade = Choice("评定等级", choices=assessment.grades(WORDS_OF), required=True)
    fail_grounds = Rows(
        Choice("不合格情形", choices=assessment.fail_grounds(WORDS_OF)), "不合格情形", max=10, help="评定为不合格的必填"
    )
    note = Text("说明", max=1000, help="其他情形必填")

    @validates_schema(skip_on_field_errors=True)
    def grounds_with_failing(self, data: Mapping[str, Any], **_: Any) -> None:
        """Failing needs a ground, a pass has none, and "other" says which."""
        grounds = data.get("fail_grounds") or []
        if bool(grounds) != (data.get("grade") == assessment.FAILED):
            raise ValidationError({"fail_grounds": ["only_when_failed" if grounds else "required"]})
        if assessment.OTHER in grounds and not data.get("note"):
            raise ValidationError({"note": ["required"]})


def check(facts: Facts) -> list[Finding]:
    findings = check_filed(facts, "owner", LIVE)
    if findings or facts.project is None:
        return findings
    form = facts.form
    if facts.project.works_accepted_on is not None:
        on = facts.project.works_accepted_on.isoformat()
        findings.append(error("works_accepted_already", "form.project_id", on=on))
    if form["planned_acceptance_on"] < (facts.submitted_on or facts.today):
        findings.append(error("after_completion", "form.planned_acceptance_on"))
    findings += _check_months(facts, form)
    for name in ("happened", "accidents"):
        findings += [
            error("in_the_future", f"form.{name}.{number}.on")
            for number, each in enumerate(form.get(name) or ())
            if each["on"] > facts.today
        ]
    return findings


def _check_months(facts: Facts, form: Form) -> list[Finding]:
    """Every month once. A month left out is for the agency to weigh: it is a ground of failing, not of refusing."""
    months = [each["month"] for each in form["months"]]
    findings = [
        error("month_named_twice", f"form.months.{number}.month")
        for number, month in enumerate(months)
        if month in months[:number]
    ]
    project = facts.project
    assert project is not None
    if project.starts_on is not None:
        missing = assessment.months_without(set(months), project.starts_on, facts.today)
        if missing:
            findings.append(warning("self_assessment_missing", "form.months", months=missing))
    return findings


def shown(facts: Facts) -> dict[str, Any]:
    grade = assessment.grades(facts.today)[facts.decision["grade"]]
    return project_words(facts) | {"assessment_grade": grade}


MATTER = Matter(
    code="comprehensive_assessment",
    title="综合评定",
    applicants=("owner",),
    form=ComprehensiveAssessmentForm,
    attachments=(
        AttachmentKind("Z1", "工程建设、监理、施工总承包等单位及项目负责人一览表"),
        AttachmentKind("Z2", "JGJ 59 自评结果及建设、监理单位意见"),
        AttachmentKind(
            "Z3",
            "施工期间奖惩情况证明材料（限期整改、停工整改、通报、处罚、表彰等）",
            required=lambda form: bool(form.get("happened")),
            note="有奖惩情况的上传",
        ),
        AttachmentKind(
            "Z4",
            "生产安全事故情况材料",
            required=lambda form: bool(form.get("accidents")),
            note="发生过事故的上传",
        ),
        AttachmentKind("Z5", "其他资料", required=False),
    ),
    route=Route.PROJECT,
    check=check,
    decision=AssessmentDecision,
    certificate=CertificateRule(
        kind="comprehensive_assessment",
        title="建筑施工项目安全生产标准化考评结果告知书",
        shown=shown,
    ),
)
