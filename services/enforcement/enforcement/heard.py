"""The narrow views of foreign events that we read: what stands here is all that others must keep for us."""

from chassis.schemas import Day, Free, Heard, Id, Integer, Part, Rows, Text


class OrganisationHeard(Heard):
    """filing: organisation_opened, version 1."""

    organisation_id = Id(required=True)
    version = Integer(required=True)
    name = Text(required=True)
    credit_code = Text(allow_none=True, load_default=None)
    kind = Text(required=True)
    kinds = Rows(Text(), load_default=list)
    level = Text(load_default="")
    area = Text(required=True)


class Suspended(Heard):
    since = Day(required=True)


class ProjectHeard(Heard):
    """filing: project_registered, _changed, _suspended, _resumed, _closed, each version 1."""

    project_id = Id(required=True)
    version = Integer(required=True)
    name = Text(required=True)
    number = Text(allow_none=True, load_default=None)
    area = Text(required=True)
    agency_id = Id(allow_none=True, load_default=None)
    owner_id = Id(allow_none=True, load_default=None)
    contractor_id = Id(allow_none=True, load_default=None)
    supervisor_id = Id(allow_none=True, load_default=None)
    stage = Text(allow_none=True, load_default=None)
    starts_on = Day(allow_none=True, load_default=None)
    finishes_on = Day(allow_none=True, load_default=None)
    boundary = Free(allow_none=True, load_default=None)
    suspended = Part(Suspended, allow_none=True, load_default=None)
    merged_into = Id(allow_none=True, load_default=None)
