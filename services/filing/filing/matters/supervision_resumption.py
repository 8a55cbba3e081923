"""恢复施工安全监督 Resumption of a suspended project's supervision, at the owner's request (154号; domain.md §4.2).

Owner, supervising firm and contractor sign the report that the site is fit for work again (复工条件验收报告): here the
owner hands it in, the two others countersign.
"""

from sqlalchemy.orm import Session

from chassis.findings import Finding, error
from chassis.schemas import Day, Text
from filing import project_acts, projects
from filing.matters.base import AttachmentKind, CertificateRule, Facts, Matter, Occasion, Route
from filing.matters.named_project import project_words
from filing.matters.supervised_project import NamesFiledProject, check_filed
from filing.projects import SUSPENDED


class SupervisionResumptionForm(NamesFiledProject):
    on = Day("复工日期", required=True, section="复工")
    checked_on = Day("复工条件验收日期", required=True)
    findings = Text("复工条件验收情况", max=2000, required=True, help="人员到岗、设备设施、危大工程等检查情况")


def check(facts: Facts) -> list[Finding]:
    findings = check_filed(facts, "owner", (SUSPENDED,))
    form = facts.form
    findings += [error("in_the_future", f"form.{name}") for name in ("on", "checked_on") if form[name] > facts.today]
    if form["on"] < form["checked_on"]:
        findings.append(error("out_of_order", "form.on", after="checked_on"))
    since = facts.project.suspended_since if facts.project else None
    if since is not None and form["checked_on"] < since:
        findings.append(error("out_of_order", "form.checked_on", after="since"))
    return findings


def resume(session: Session, occasion: Occasion) -> None:
    told = {"on": occasion.facts.form["on"].isoformat()}
    row = projects.of_occasion(session, occasion)
    project_acts.carry_out(session, project_acts.RESUMPTION, row, told, occasion.principal, occasion.at)


MATTER = Matter(
    code="supervision_resumption",
    title="恢复施工安全监督",
    applicants=("owner",),
    form=SupervisionResumptionForm,
    attachments=(
        AttachmentKind("S4", "恢复施工安全监督申请书"),
        AttachmentKind("S5", "复工条件验收报告（建设、监理、施工单位签字盖章）"),
        AttachmentKind("S6", "其他资料", required=False),
    ),
    route=Route.PROJECT,
    countersigners=("contractor", "supervisor"),
    check=check,
    certificate=CertificateRule(
        kind="supervision_resumption",
        title="恢复施工安全监督告知书",
        shown=lambda facts: project_words(facts) | {"resumed_on": facts.form["on"].isoformat()},
    ),
    on_approval=resume,
)
