"""安装告知 Installation notice: the installer tells the project's agency; the machine is locked from then on.

166号 Art. 12, 76号 Art. 11–13 (domain.md §2.1). A notice, not a permit: the agency answers within two working days.
"""

from chassis.findings import Finding, error
from chassis.schemas import Day, Number, Part, Phone, Rows, Text
from filing.fields import Assessment
from filing.matters.assessment import check_newer_assessment, has_assessment, report
from filing.matters.base import (
    AttachmentKind,
    CertificateRule,
    Claims,
    Facts,
    MachineClaim,
    Matter,
    Route,
)
from filing.matters.crew import CrewMember, check_crew, crew_claims
from filing.matters.installers import check_installer
from filing.matters.named_machine import NamesMachine, check_kind, machine_words
from filing.matters.named_project import (
    NamesProject,
    brings_unfiled,
    check_lead_time,
    check_project,
    named_parties,
    project_words,
)
from filing.projects import bring_along, let_go

LEAD_WORKDAYS = 2  # 76号 Art. 13 (C3)


class InstallNoticeForm(NamesMachine, NamesProject):
    site_number = Text("现场编号", max=20, help="工地对该设备的编号，如 1#")
    position = Text("安装位置（轴线）", max=100, required=True)
    install_height_m = Number("安装高度", unit="m", min=0, max=1000, required=True)
    contract_number = Text("安装合同编号", max=60)
    planned_start = Day(
        "计划安装开始日期", section="时间", required=True, help="不得早于告知（会签完成之日）次日起第二个工作日"
    )
    planned_finish = Day("计划安装结束日期", required=True)
    use_from = Day("计划使用开始日期")
    use_to = Day("计划使用结束日期")
    crew = Rows(Part(CrewMember), "安装作业人员", section="人员", min=1, max=60, required=True)
    lead_phone = Phone("安装负责人手机号", required=True)
    auxiliary_cranes = Text("辅助起重机械", max=500, help="型号、检验及操作人员证号")
    assessment = Part(
        Assessment, "安全评估", section="安全评估", help="设备备案后已超过规定年限、重新做过评估的填写（JGJ/T 189）"
    )


def check(facts: Facts) -> list[Finding]:
    form = facts.form
    findings = check_project(facts, closed_is_no_hindrance=False) + check_installer(facts) + check_kind(facts)
    findings += check_lead_time(facts, LEAD_WORKDAYS, "form.planned_start") + check_crew(facts)
    if form["planned_finish"] < form["planned_start"]:
        findings.append(error("ends_before_it_starts", "form.planned_finish"))
    if form.get("use_from") and form["use_from"] < form["planned_start"]:
        findings.append(error("use_before_installation", "form.use_from"))
    if form.get("use_from") and form.get("use_to") and form["use_to"] < form["use_from"]:
        findings.append(error("ends_before_it_starts", "form.use_to"))
    return findings + check_newer_assessment(facts)


def claims(facts: Facts) -> Claims:
    form = facts.form
    evidence = {"planned_start": form["planned_start"]}
    if has_assessment(form):
        evidence["assessment"] = dict(form["assessment"])
    machine = MachineClaim(kind=form["machine_kind"], machine_id=form["machine_id"], evidence=evidence)
    return Claims(machine=machine, people=crew_claims(facts))


MATTER = Matter(
    code="install_notice",
    title="安装告知",
    applicants=("installer",),
    form=InstallNoticeForm,
    attachments=(
        AttachmentKind("N1", "建筑起重机械备案证明"),
        AttachmentKind("N2", "安装单位资质证书、安全生产许可证副本"),
        AttachmentKind("N3", "安装单位特种作业人员证书"),
        AttachmentKind("N4", "安装工程专项施工方案"),
        AttachmentKind("N5", "安装合同及与施工总承包单位签订的安全协议书"),
        AttachmentKind("N6", "安装工程专职安全生产管理人员、专业技术人员名单"),
        AttachmentKind("N7", "生产安全事故应急救援预案"),
        AttachmentKind(
            "N8",
            "辅助起重机械资料及其特种作业人员证书",
            required=lambda form: bool(form.get("auxiliary_cranes")),
            note="使用辅助起重机械的上传",
        ),
        report("N10"),
        AttachmentKind("N9", "其他资料", required=False),
    ),
    route=Route.PROJECT,
    countersigners=("contractor", "supervisor"),
    brings_project=brings_unfiled,
    parties=named_parties,
    check=check,
    claims=claims,
    certificate=CertificateRule(
        kind="install_receipt",
        title="建筑起重机械安装告知回执",
        shown=lambda facts: project_words(facts) | machine_words(facts),
    ),
    on_submission=bring_along,
    on_refusal=let_go,
)
