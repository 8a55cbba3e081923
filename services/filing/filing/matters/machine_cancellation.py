"""建筑起重机械备案注销 Cancellation of a machine's filing by its owner: it was scrapped, or sold (76号 Art. 9, 10).

Only when no project has it. A sale is two acts: the old owner cancels here and names the new one, who files the machine
again in his own name and gets a new number; equipment refuses that filing until this cancellation is approved.
"""

from sqlalchemy.orm import Session

from chassis.findings import Finding, error
from chassis.schemas import Choice, CreditCode, Day, Text
from filing import certificates
from filing.matters.base import (
    AttachmentKind,
    CertificateRule,
    Claims,
    Facts,
    Form,
    MachineClaim,
    Matter,
    Occasion,
    Route,
)
from filing.matters.named_machine import NamesMachine, check_kind, machine_words

TRANSFERRED = "transferred"
GROUNDS = {
    "scrapped": "报废，已解体",
    "unfit": "不得使用（明令淘汰、超过规定年限、经检验不合格），已解体",
    TRANSFERRED: "产权变更",
}


class MachineCancellationForm(NamesMachine):
    ground = Choice("注销原因", choices=GROUNDS, required=True, section="注销", help="已安装的设备须先拆卸")
    destroyed_on = Day("解体日期", help="报废、不得使用的必填")
    new_owner_name = Text("新产权单位", max=100, help="产权变更的必填；新产权单位须另行办理设备备案")
    new_owner_credit_code = CreditCode("新产权单位统一社会信用代码", help="产权变更的必填")
    transferred_on = Day("产权变更日期", help="产权变更的必填")
    reason = Text("情况说明", max=500, required=True)


NEEDED = {True: ("new_owner_name", "new_owner_credit_code", "transferred_on"), False: ("destroyed_on",)}


def check(facts: Facts) -> list[Finding]:
    form, is_sale = facts.form, _is_sale(facts.form)
    findings = check_kind(facts)
    findings += [error("required", f"form.{name}") for name in NEEDED[is_sale] if not form.get(name)]
    findings += [error("other_ground", f"form.{name}") for name in NEEDED[not is_sale] if form.get(name)]
    findings += [
        error("in_the_future", f"form.{name}")
        for name in ("destroyed_on", "transferred_on")
        if form.get(name) and form[name] > facts.today
    ]
    if is_sale and form.get("new_owner_credit_code") == facts.applicant.credit_code:
        findings.append(error("new_owner_is_old", "form.new_owner_credit_code"))
    return findings


def claims(facts: Facts) -> Claims:
    form = facts.form
    retirement = {"ground": form["ground"], "new_owner": form.get("new_owner_name", "")}
    machine = MachineClaim(
        kind=form["machine_kind"], machine_id=form["machine_id"], evidence={"retirement": retirement}
    )
    return Claims(machine=machine)


def cancel_filing(session: Session, occasion: Occasion) -> None:
    """What says that the machine is filed, and to whom it belongs, is no longer true."""
    application = occasion.application
    assert application.machine_id is not None
    certificates.cancel_of_machine(
        session,
        application.machine_id,
        certificates.ON_FILE,
        occasion.principal,
        occasion.at,
        reason=f"machine_{occasion.facts.form['ground']}",
    )


def _is_sale(form: Form) -> bool:
    return form.get("ground") == TRANSFERRED


MATTER = Matter(
    code="machine_cancellation",
    title="建筑起重机械备案注销",
    applicants=("contractor", "lessor"),
    form=MachineCancellationForm,
    attachments=(
        AttachmentKind("X1", "建筑起重机械备案证明（交回）"),
        AttachmentKind("X2", "安全技术档案移交清单（双方盖章）", required=_is_sale, note="产权变更的上传"),
        AttachmentKind("X3", "产权变更合同、发票或相应有效凭证", required=_is_sale, note="产权变更的上传"),
        AttachmentKind(
            "X4",
            "设备解体证明及照片",
            required=lambda form: bool(form.get("ground")) and not _is_sale(form),
            note="报废、不得使用的上传",
        ),
        AttachmentKind("X5", "其他资料", required=False),
    ),
    route=Route.APPLICANT,
    check=check,
    claims=claims,
    certificate=CertificateRule(
        kind="machine_cancellation",
        title="建筑起重机械备案注销证明",
        shown=lambda facts: machine_words(facts) | {"ground": GROUNDS[facts.form["ground"]]},
    ),
    on_approval=cancel_filing,
)
