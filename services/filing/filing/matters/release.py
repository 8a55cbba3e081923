"""What the two requests to release have in common: the agency's approval is its act of unlocking, for a reason of its own."""

from chassis.findings import Finding, error
from chassis.schemas import Schema, Text
from filing.fields import Reference
from filing.matters.base import Facts

SHORTEST_REASON = 5  # as of every unlocking (R-E4)


class NamesLockingProject(Schema):
    project_id = Reference("工程", "projects", required=True, section="工程", help="被锁定在哪个工程")


class ReleaseDecision(Schema):
    reason = Text("解除锁定的理由", min=SHORTEST_REASON, max=500, required=True)


def check_known(facts: Facts) -> list[Finding]:
    return [error("project_unknown", "form.project_id")] if facts.project is None else []


def is_party(facts: Facts) -> bool:
    """Whether the applicant is one of the project's parties."""
    mine = facts.applicant.organisation_id
    roles = ("owner", "contractor", "supervisor")
    return facts.project is not None and mine in [facts.project.party(role) for role in roles]
