"""What the matters about a project as a whole share: the filed project that they name, by one of its parties."""

from chassis.findings import Finding, error
from chassis.schemas import Schema
from filing.fields import Reference
from filing.matters.base import Facts
from filing.projects import CLOSED, FILED, SUSPENDED

LIVE = (FILED, SUSPENDED)


class NamesFiledProject(Schema):
    project_id = Reference("工程", "projects", required=True, section="工程", help="选择已备案的工程")


def check_filed(facts: Facts, party: str, stages: tuple[str, ...] = (FILED,)) -> list[Finding]:
    """A project of the register of which the applicant is `party`, in a stage in which the matter makes sense."""
    project = facts.project
    if project is None:
        return [error("project_unknown", "form.project_id")]
    if project.party(party) != facts.applicant.organisation_id:
        return [error("not_party_of_project", "form.project_id", needed=party)]
    if project.stage in stages:
        return []
    if project.stage not in (*LIVE, CLOSED):
        return [error("project_not_filed", "form.project_id", stage=project.stage)]
    if project.stage == FILED:
        return [error("project_not_suspended", "form.project_id", project=project.name)]
    return [error(f"project_{project.stage}", "form.project_id", project=project.name)]
