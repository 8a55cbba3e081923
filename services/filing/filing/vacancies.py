"""A key person went free by an agency's own act: his post is vacant, and a successor can be applied for.

Personnel tells of every release. What is not about a post is passed over, and so is the end of a project: who held its
posts last stays on record.
"""

from chassis import journal
from chassis.database import Sessions, transaction
from chassis.envelope import Event
from chassis.inbox import first_time
from filing import projects
from filing.hearing import who
from filing.models import Project
from filing.projects import FILED, SUSPENDED

READER = "filing.person_unlocked"


def person_unlocked(sessions: Sessions, event: Event) -> None:
    """Take the person out of the post that the named application put him into, unless he is out of it already."""
    heard = event.data
    with transaction(sessions) as session:
        if not first_time(session, event.id, READER):
            return
        row = session.get(Project, heard["project_id"], with_for_update=True) if heard["project_id"] else None
        if row is None or row.stage not in (FILED, SUSPENDED):
            return
        # By the application, so that a late or repeated event leaves alone who has been appointed again since.
        gone = (heard["role"], heard["person_id"], heard["application_id"])
        left = [
            each for each in row.key_people if (each["role"], each["person_id"], each.get("application_id")) != gone
        ]
        if len(left) == len(row.key_people):
            return
        row.key_people = left
        projects.touch(row, event.occurred_at)
        principal = who(event, "personnel")
        projects.tell(session, "project_changed", row, principal, event.occurred_at)
        detail = {"role": heard["role"], "person_id": heard["person_id"]}
        journal.write(session, principal, "post_vacated", row.id, detail)
