"""The narrow schemas of foreign events that filing reads."""

from chassis.schemas import Heard, Id


class MachineUnlocked(Heard):
    """equipment: a machine has gone free of its project, by a dismantling or by an agency's own act.

    `application_id` is the install notice that held it.
    """

    machine_id = Id(required=True)
    project_id = Id(allow_none=True, load_default=None)
    application_id = Id(allow_none=True, load_default=None)
