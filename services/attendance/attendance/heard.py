"""The narrow views of foreign events that we read: what stands here is all that others must keep for us."""

from chassis.schemas import Day, Free, Heard, Id, Integer, Moment, Part, Rows, Text


class Suspended(Heard):
    since = Day(required=True)


class Stopped(Heard):
    since = Day(required=True)
    until = Day(required=True)


class ProjectHeard(Heard):
    """filing: project_registered, _changed, _suspended, _resumed, _closed, each version 1. `stoppages` are those that are
    over, on `until` work goes on; events of before 2026-12 tell neither them nor the firms' names."""

    project_id = Id(required=True)
    version = Integer(required=True)
    name = Text(required=True)
    area = Text(required=True)
    agency_id = Id(allow_none=True, load_default=None)
    owner_id = Id(allow_none=True, load_default=None)
    contractor_id = Id(allow_none=True, load_default=None)
    supervisor_id = Id(allow_none=True, load_default=None)
    owner_name = Text(load_default="")
    contractor_name = Text(load_default="")
    supervisor_name = Text(load_default="")
    stage = Text(allow_none=True, load_default=None)
    starts_on = Day(allow_none=True, load_default=None)
    boundary = Free(allow_none=True, load_default=None)
    suspended = Part(Suspended, allow_none=True, load_default=None)
    stoppages = Rows(Part(Stopped), allow_none=True, load_default=None)
    works_accepted_on = Day(allow_none=True, load_default=None)
    merged_into = Id(allow_none=True, load_default=None)


class PersonHeard(Heard):
    """personnel: person_locked, person_unlocked, version 1. Those of before 2026-12 tell no name."""

    person_id = Id(required=True)
    name = Text(allow_none=True, load_default=None)
    role = Text(required=True)
    project_id = Id(required=True)
    application_id = Id(required=True)
    since = Moment(required=True)


class ReplacedHeard(PersonHeard):
    """personnel: person_replaced, version 1."""

    replaced_person_id = Id(required=True)


class WorksHeard(Heard):
    """enforcement: work_stopped, work_resumed, version 1. An order stops works once, and lets them go on once."""

    order_id = Id(required=True)
    number = Text(required=True)
    project_id = Id(required=True)
    whole = Text(required=True)
