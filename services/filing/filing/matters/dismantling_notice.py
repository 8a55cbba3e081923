"""拆卸告知 Dismantling notice: it frees nothing; its handling by the agency frees machine and operators (S3, T13).

166号 Art. 12, 76号 Art. 11–13, 18. A stopped or closed project is no hindrance: its machines have to come down.
"""

from sqlalchemy.orm import Session

from chassis.findings import Finding, error
from chassis.schemas import Day, Part, Phone, Rows, Text
from filing import certificates
from filing.matters.base import (
    AttachmentKind,
    CertificateRule,
    Claims,
    Facts,
    MachineClaim,
    Matter,
    Occasion,
    Route,
)
from filing.matters.crew import CrewMember, check_crew, crew_claims
from filing.matters.install_notice import LEAD_WORKDAYS
from filing.matters.installers import check_installer
from filing.matters.named_machine import NamesInstalledMachine, check_kind, machine_words
from filing.matters.named_project import (
    NamesProject,
    brings_unfiled,
    check_lead_time,
    check_project,
    named_parties,
    project_words,
)
from filing.projects import bring_along, let_go


class DismantlingNoticeForm(NamesInstalledMachine, NamesProject):
    site_number = Text("现场编号", max=20)
    contract_number = Text("拆卸合同编号", max=60)
    planned_start = Day(
        "计划拆卸开始日期", section="时间", required=True, help="不得早于告知（会签完成之日）次日起第二个工作日"
    )
    planned_finish = Day("计划拆卸结束日期", required=True)
    crew = Rows(Part(CrewMember), "拆卸作业人员", min=1, max=60, required=True, help="须为本单位人员")
    lead_phone = Phone("拆卸负责人手机号", required=True)
    auxiliary_cranes = Text("辅助起重机械", max=500, help="型号、检验及操作人员证号")


def check(facts: Facts) -> list[Finding]:
    form = facts.form
    findings = check_project(facts, closed_is_no_hindrance=True) + check_installer(facts) + check_kind(facts)
    findings += check_lead_time(facts, LEAD_WORKDAYS, "form.planned_start") + check_crew(facts)
    if form["planned_finish"] < form["planned_start"]:
        findings.append(error("ends_before_it_starts", "form.planned_finish"))
    return findings


def claims(facts: Facts) -> Claims:
    machine = MachineClaim(
        kind=facts.form["machine_kind"],
        machine_id=facts.form["machine_id"],
        evidence={"planned_start": facts.form["planned_start"]},
    )
    return Claims(machine=machine, people=crew_claims(facts))


def take_down(session: Session, occasion: Occasion) -> None:
    """76号 Art. 18: the handling cancels the use registration, and what the installation was acknowledged with."""
    application = occasion.application
    assert application.machine_id is not None
    certificates.cancel_of_machine(
        session,
        application.machine_id,
        certificates.ON_SITE,
        occasion.principal,
        occasion.at,
        reason="dismantled",
        project_id=application.project_id,
    )


MATTER = Matter(
    code="dismantling_notice",
    title="拆卸告知",
    applicants=("installer",),
    form=DismantlingNoticeForm,
    attachments=(
        AttachmentKind("N1", "建筑起重机械备案证明"),
        AttachmentKind("N2", "拆卸单位资质证书、安全生产许可证副本"),
        AttachmentKind("N3", "拆卸单位特种作业人员证书"),
        AttachmentKind("N4", "拆卸工程专项施工方案"),
        AttachmentKind("N5", "拆卸合同及与施工总承包单位签订的安全协议书"),
        AttachmentKind("N6", "拆卸工程专职安全生产管理人员、专业技术人员名单"),
        AttachmentKind("N7", "生产安全事故应急救援预案"),
        AttachmentKind(
            "N8",
            "辅助起重机械资料及其特种作业人员证书",
            required=lambda form: bool(form.get("auxiliary_cranes")),
            note="使用辅助起重机械的上传",
        ),
        AttachmentKind("N9", "其他资料", required=False),
    ),
    route=Route.PROJECT,
    countersigners=("contractor", "supervisor"),
    brings_project=brings_unfiled,
    parties=named_parties,
    check=check,
    claims=claims,
    certificate=CertificateRule(
        kind="dismantling_receipt",
        title="建筑起重机械拆卸告知回执",
        shown=lambda facts: project_words(facts) | machine_words(facts),
    ),
    on_submission=bring_along,
    on_refusal=let_go,
    on_approval=take_down,
)
