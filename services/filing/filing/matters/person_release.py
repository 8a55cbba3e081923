"""人员解除锁定申请 People are to go free of their project without anybody in their place: the project's agency decides.

For the cases of domain.md §3.5 that the ordinary ways do not reach: somebody has left, or died, or his work is done.
Personnel unlocks on the approval as by an agency's own act (R-P5).
"""

from chassis.findings import Finding, error
from chassis.schemas import Choice, Part, Rows, Schema, Text
from filing.fields import ROLES, Reference
from filing.matters.base import AttachmentKind, Claims, Facts, Matter, PersonClaim, Route
from filing.matters.release import NamesLockingProject, ReleaseDecision, check_known, is_party


class ToBeReleased(Schema):
    role = Choice("岗位", choices=ROLES, required=True)
    person_id = Reference("人员", "project_people", given={"project_id": "project_id", "role": "role"}, required=True)


class PersonReleaseForm(NamesLockingProject):
    people = Rows(Part(ToBeReleased), "申请解除锁定的人员", min=1, max=50, required=True, section="申请")
    reason = Text("申请解除锁定的原因", max=1000, required=True)


def check(facts: Facts) -> list[Finding]:
    named = [(each["person_id"], each["role"]) for each in facts.form["people"]]
    return check_known(facts) + [
        error("person_named_twice", f"form.people.{number}.person_id")
        for number, each in enumerate(named)
        if each in named[:number]
    ]


def claims(facts: Facts) -> Claims:
    """Whoever is no party of the project asks for its own people only; personnel sees whose they are."""
    if facts.project is None:  # the check names it; there is nobody to ask about
        return Claims()
    employer_id = None if is_party(facts) else facts.applicant.organisation_id
    return Claims(
        people=tuple(
            PersonClaim(
                person_id=each["person_id"],
                role=each["role"],
                path=f"form.people.{number}.person_id",
                employer_id=employer_id,
            )
            for number, each in enumerate(facts.form["people"])
        )
    )


MATTER = Matter(
    code="person_release",
    title="人员解除锁定申请",
    applicants=("owner", "contractor", "supervisor", "lessor", "installer"),
    form=PersonReleaseForm,
    attachments=(
        AttachmentKind("D1", "解除锁定的证明材料（解除合同、离职、停工等）"),
        AttachmentKind("D2", "其他资料", required=False),
    ),
    route=Route.PROJECT,
    check=check,
    claims=claims,
    decision=ReleaseDecision,
)
