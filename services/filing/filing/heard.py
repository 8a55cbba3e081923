"""The narrow schemas of foreign events that filing reads."""

from chassis.schemas import Heard, Id, Text


class MachineUnlocked(Heard):
    """equipment: a machine has gone free of its project, by a dismantling or by an agency's own act.

    `application_id` is the install notice that held it.
    """

    machine_id = Id(required=True)
    project_id = Id(allow_none=True, load_default=None)
    application_id = Id(allow_none=True, load_default=None)


class MachineRetired(Heard):
    """equipment: a machine is no longer on file, for good."""

    machine_id = Id(required=True)


class PersonUnlocked(Heard):
    """personnel: somebody has gone free of a project. `application_id` is the application that had locked him."""

    person_id = Id(required=True)
    role = Text(required=True)
    project_id = Id(allow_none=True, load_default=None)
    application_id = Id(allow_none=True, load_default=None)


class WorksHeard(Heard):
    """enforcement: work_stopped, work_resumed, version 1. An order stops works once, and lets them go on once."""

    order_id = Id(required=True)
    number = Text(required=True)
    project_id = Id(required=True)
    whole = Text(required=True)
    scope = Text(load_default="")
