"""终止施工安全监督 End of a project's supervision, at the owner's request (154号; domain.md §4.2).

Before the acceptance of the works: proof of the end of work signed by the three parties (two of them countersign here), and
the contractor's self-assessment. Its machines are down by then (decision 0021). Approval closes the project: the people go free.
"""

from sqlalchemy.orm import Session

from chassis.findings import Finding, error
from chassis.schemas import Day, Text
from filing import certificates, project_acts, projects
from filing.matters.base import AttachmentKind, CertificateRule, Facts, Matter, Occasion, Route
from filing.matters.named_project import project_words
from filing.matters.supervised_project import LIVE, NamesFiledProject, check_filed


class SupervisionTerminationForm(NamesFiledProject):
    finished_on = Day("完工日期", required=True, section="完工")
    summary = Text("完工情况", max=2000, required=True)


def check(facts: Facts) -> list[Finding]:
    findings = check_filed(facts, "owner", LIVE)
    form = facts.form
    if form["finished_on"] > facts.today:
        findings.append(error("in_the_future", "form.finished_on"))
    if facts.issued & set(certificates.ON_SITE):
        findings.append(error("machines_on_site", "form.project_id"))
    return findings


def close(session: Session, occasion: Occasion) -> None:
    """Refuses `Conflict` as an agency's own closing does: applications_in_hand, machines_on_site."""
    told = {"reason": f"{occasion.application.acceptance_number} 终止施工安全监督"}
    row = projects.of_occasion(session, occasion)
    project_acts.carry_out(session, project_acts.CLOSING, row, told, occasion.principal, occasion.at)


MATTER = Matter(
    code="supervision_termination",
    title="终止施工安全监督",
    applicants=("owner",),
    form=SupervisionTerminationForm,
    attachments=(
        AttachmentKind("E1", "终止施工安全监督申请书"),
        AttachmentKind("E2", "工程完工证明（建设、监理、施工单位签字盖章）"),
        AttachmentKind("E3", "施工单位项目安全生产标准化自评材料"),
        AttachmentKind("E4", "其他资料", required=False),
    ),
    route=Route.PROJECT,
    countersigners=("contractor", "supervisor"),
    check=check,
    certificate=CertificateRule(
        kind="supervision_termination",
        title="终止施工安全监督告知书",
        shown=lambda facts: project_words(facts),
    ),
    on_approval=close,
)
