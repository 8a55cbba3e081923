"""设备解除锁定申请 A machine is to go free of its project without a dismantling notice: the project's agency decides.

For the cases that the ordinary way does not reach (a site given up, a machine that left long ago). Equipment unlocks on
the approval as by an agency's own act (R-E4): the use registration ends, the operators go free.
"""

from chassis.findings import Finding, error
from chassis.schemas import Day, Text
from filing.matters.base import AttachmentKind, Claims, Facts, MachineClaim, Matter, Route
from filing.matters.named_machine import NamesInstalledMachine, check_kind
from filing.matters.release import NamesLockingProject, ReleaseDecision, check_known, is_party


class MachineReleaseForm(NamesInstalledMachine, NamesLockingProject):
    left_on = Day("设备离场日期", section="申请")
    reason = Text("申请解除锁定的原因", max=1000, required=True)


def check(facts: Facts) -> list[Finding]:
    findings = check_known(facts) + check_kind(facts)
    if facts.form.get("left_on") and facts.form["left_on"] > facts.today:
        findings.append(error("in_the_future", "form.left_on"))
    if facts.machine is not None and facts.project is not None and not _is_concerned(facts):
        findings.append(error("release_not_yours_to_ask", "form.project_id"))
    return findings


def _is_concerned(facts: Facts) -> bool:
    assert facts.machine is not None
    return is_party(facts) or facts.machine["owner_id"] == facts.applicant.organisation_id


def claims(facts: Facts) -> Claims:
    return Claims(machine=MachineClaim(kind=facts.form["machine_kind"], machine_id=facts.form["machine_id"]))


MATTER = Matter(
    code="machine_release",
    title="设备解除锁定申请",
    applicants=("owner", "contractor", "lessor", "supervisor"),
    form=MachineReleaseForm,
    attachments=(
        AttachmentKind("D1", "解除锁定的证明材料"),
        AttachmentKind("D2", "其他资料", required=False),
    ),
    route=Route.PROJECT,
    check=check,
    claims=claims,
    decision=ReleaseDecision,
)
