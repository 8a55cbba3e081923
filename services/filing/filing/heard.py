"""The narrow schemas of foreign events that filing reads."""

from chassis.schemas import Heard, Id


class MachineUnlocked(Heard):
    """equipment: a machine has gone free of its project, by a dismantling or by an agency's own act."""

    machine_id = Id(required=True)
