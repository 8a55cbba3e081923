"""中止施工安全监督 Suspension of a project's supervision, at the owner's request (154号; domain.md §4.2).

Time, cause, the part under work, and what keeps the site safe meanwhile. While suspended the agency does not supervise.
"""

from sqlalchemy.orm import Session

from chassis.findings import Finding, error
from chassis.schemas import Choice, Day, Flag, Text
from filing import project_acts, projects
from filing.fields import STOPPAGE_CAUSES
from filing.matters.base import AttachmentKind, CertificateRule, Facts, Matter, Occasion, Route
from filing.matters.named_project import project_words
from filing.matters.supervised_project import NamesFiledProject, check_filed


class SupervisionSuspensionForm(NamesFiledProject):
    since = Day("停工日期", required=True, section="停工")
    cause_by = Choice("停工原因", choices=STOPPAGE_CAUSES, required=True)
    reason = Text("情况说明", max=500, required=True)
    owner_consents = Flag(
        "建设单位同意项目经理另行任职",
        required=True,
        help="非施工企业原因停工超过 120 天（含）的，项目经理可到其他工程任职（建市〔2008〕48号第九条）",
    )
    part_under_work = Text("停工时的施工部位及形象进度", max=500, required=True, section="现场")
    safety_measures = Text("停工期间的安全措施", max=2000, required=True)
    planned_resumption = Day("预计复工日期")


def check(facts: Facts) -> list[Finding]:
    findings = check_filed(facts, "owner")
    form = facts.form
    if form["since"] > facts.today:
        findings.append(error("in_the_future", "form.since"))
    if form.get("planned_resumption") and form["planned_resumption"] <= form["since"]:
        findings.append(error("ends_before_it_starts", "form.planned_resumption"))
    return findings


def suspend(session: Session, occasion: Occasion) -> None:
    form = occasion.facts.form
    row = projects.of_occasion(session, occasion)
    told = {"since": form["since"].isoformat()} | {
        name: form[name] for name in ("cause_by", "owner_consents", "reason")
    }
    project_acts.carry_out(session, project_acts.STOPPAGE, row, told, occasion.principal, occasion.at)


MATTER = Matter(
    code="supervision_suspension",
    title="中止施工安全监督",
    applicants=("owner",),
    form=SupervisionSuspensionForm,
    attachments=(
        AttachmentKind("S1", "中止施工安全监督申请书（建设、监理、施工单位盖章）"),
        AttachmentKind("S2", "停工时施工部位及停工期间安全措施材料"),
        AttachmentKind("S3", "其他资料", required=False),
    ),
    route=Route.PROJECT,
    check=check,
    certificate=CertificateRule(
        kind="supervision_suspension",
        title="中止施工安全监督告知书",
        shown=lambda facts: project_words(facts) | {"suspended_since": facts.form["since"].isoformat()},
    ),
    on_approval=suspend,
)
