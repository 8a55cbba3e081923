"""The safety assessment of a machine past its age (安全评估, JGJ/T 189): with a filing, or a newer one brought along later (T5)."""

from datetime import date

from chassis.findings import Finding, error
from filing.matters.base import AttachmentKind, Facts, Form


def report(code: str) -> AttachmentKind:
    """The document that goes with it."""
    return AttachmentKind(code, "安全评估报告", required=has_assessment, note="填写了安全评估的上传")


def has_assessment(form: Form) -> bool:
    return bool(form.get("assessment"))


def check_assessment(form: Form, made_on: date | None, today: date) -> list[Finding]:
    """Made after the machine and by now, to hold from then on. Whether it passed, and for how long, is equipment's to say."""
    assessment = form.get("assessment")
    if not assessment:
        return []
    if not (made_on or assessment["on"]) <= assessment["on"] <= today:
        return [error("assessed_out_of_order", "form.assessment.on")]
    if assessment["valid_to"] <= assessment["on"]:
        return [error("ends_before_it_starts", "form.assessment.valid_to")]
    return []


def check_newer_assessment(facts: Facts) -> list[Finding]:
    """Of a machine on file, whose factory day equipment tells."""
    machine = facts.machine
    made_on = date.fromisoformat(machine["made_on"]) if machine and machine.get("made_on") else None
    return check_assessment(facts.form, made_on, facts.today)
