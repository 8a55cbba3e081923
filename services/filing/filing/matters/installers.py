"""May this installer work here, and on this machine? (domain.md §1.8, §2.5-9)"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from chassis.findings import Finding, error
from filing.installer_grades import GRADES, largest_moment, may_install
from filing.matters.base import Facts

QUALIFICATION_NAME = "起重设备安装工程专业承包"


def check_installer(facts: Facts) -> list[Finding]:
    """Licence and qualification in force; from outside the province only with an approved entry filing."""
    details = facts.applicant.details
    entry = details.get("installer_filing")
    if details.get("outside_province") and "installer_filing" not in facts.certificates:
        return [error("installer_entry_not_filed")]
    papers = entry or details
    return _check_licence(papers, facts.today) + _check_grade(facts, papers)


def installer_grade(papers: Mapping[str, Any]) -> str | None:
    """1, 2 or 3 (as text) by an entry filing, or by the qualifications of the registration form; None without one."""
    if "grade" in papers:
        return str(papers["grade"])
    held = [each for each in papers.get("qualifications", ()) if QUALIFICATION_NAME in each["name"]]
    codes = [code for each in held for code, word in GRADES.items() if each["grade"] in (code, word)]
    return min(codes, default=None)


def _check_licence(papers: Mapping[str, Any], today: date) -> list[Finding]:
    licence = papers.get("safety_licence")
    if not licence:
        return [error("safety_licence_missing")]
    if licence["valid_to"] < today.isoformat():
        return [error("safety_licence_expired", number=licence["number"], valid_to=licence["valid_to"])]
    return []


def _check_grade(facts: Facts, papers: Mapping[str, Any]) -> list[Finding]:
    grade = installer_grade(papers)
    if grade is None:
        return [error("installer_qualification_missing", needed=QUALIFICATION_NAME)]
    machine = facts.machine
    if machine is None or may_install(grade, machine["kind"], machine.get("rated_moment_knm"), facts.today):
        return []
    return [
        error(
            "installer_grade_too_low",
            "form.machine_id",
            grade=GRADES[grade],
            rated_moment_knm=machine.get("rated_moment_knm"),
            limit_knm=largest_moment(grade, machine["kind"], facts.today),
        )
    ]
