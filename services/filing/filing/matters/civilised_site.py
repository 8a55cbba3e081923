"""文明工地申报 Civilised site, by the contractor, only at the standard that the safety filing declared (R-F5, S6, T17).

The province's own criteria, quotas and publicity were not found; documents and fields follow another province's form
(domain.md §4.3). Two levels: the group that assesses the site, and who approves.
"""

from datetime import date

from chassis.findings import Finding, error
from chassis.schemas import Choice, Flag, Phone, Text
from filing import civilised_standards
from filing.matters.base import AttachmentKind, CertificateRule, Facts, Matter, Route
from filing.matters.named_project import project_words
from filing.matters.supervised_project import NamesFiledProject, check_filed

WORDS_OF = date(2018, 6, 1)
CERTIFICATE = "civilised_site"


class CivilisedSiteForm(NamesFiledProject):
    standard = Choice(
        "申报标准",
        choices=civilised_standards.claimable(WORDS_OF),
        required=True,
        help="只能按安全监督备案时确定的标准申报",
    )
    progress = Text("形象进度", max=300, required=True, section="现场情况", help="如：主体施工至 12 层")
    measures = Text("安全文明施工措施", max=2000, required=True)
    remote_monitoring = Flag("已安装远程视频监控", required=True)
    contact = Text("联系人", max=30, required=True, section="联系人")
    contact_phone = Phone("联系人手机号", required=True)


def check(facts: Facts) -> list[Finding]:
    findings = check_filed(facts, "contractor")
    if findings or facts.project is None:
        return findings
    declared = facts.project.civilised_standard
    if declared not in civilised_standards.claimable(facts.today):
        return [error("no_civilised_standard_declared", "form.standard")]
    if facts.form["standard"] != declared:
        title = civilised_standards.standards(facts.today)[declared]
        return [error("other_civilised_standard_declared", "form.standard", declared=title)]
    if CERTIFICATE in facts.issued:
        return [error("civilised_site_already", "form.project_id")]
    return []


MATTER = Matter(
    code="civilised_site",
    title="文明工地申报",
    applicants=("contractor",),
    form=CivilisedSiteForm,
    attachments=(
        AttachmentKind("W1", "安全文明工地申报表（建设、监理、施工单位盖章）"),
        AttachmentKind("W2", "施工现场照片"),
        AttachmentKind("W3", "项目安全生产标准化自评材料（JGJ 59）"),
        AttachmentKind(
            "W4",
            "远程视频监控安装证明",
            required=lambda form: bool(form.get("remote_monitoring")),
            note="已安装远程视频监控的上传",
        ),
        AttachmentKind("W5", "其他资料", required=False),
    ),
    route=Route.PROJECT,
    review_levels=2,
    check=check,
    certificate=CertificateRule(
        kind=CERTIFICATE,
        title="安全文明工地证书",
        shown=lambda facts: (
            project_words(facts) | {"standard": civilised_standards.standards(facts.today)[facts.form["standard"]]}
        ),
    ),
)
