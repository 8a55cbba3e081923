"""Locks: what holds somebody, what held him, and the agency's unlocking."""

from chassis.schemas import Choice, Free, Id, Moment, Part, Rows, Schema, Text
from personnel.schemas.common import REASON_LENGTH, Page, PersonRequest
from personnel.terms import ROLE_NAMES
from personnel.words import CAUSES, HOLD_STAGES, MATTERS


class Lock(Schema):
    lock_id = Id(required=True)
    role = Choice(choices=ROLE_NAMES, required=True)
    project_id = Id(required=True)
    project_name = Text(required=True)
    project_area = Text(required=True)
    machine_id = Id(required=True, allow_none=True)
    application_id = Id(required=True)
    matter = Choice(choices=MATTERS, required=True)
    stage = Choice(choices=HOLD_STAGES, required=True)
    since = Moment(required=True)
    exemption = Free(required=True, allow_none=True)


class PastLock(Lock):
    granted_at = Moment(required=True)
    released_at = Moment(required=True, allow_none=True)
    cause = Choice(choices=CAUSES, required=True, allow_none=True)
    reason = Text(required=True, allow_none=True)
    released_by = Free(required=True, allow_none=True)


class ListLocksRequest(PersonRequest, Page):
    pass


class ListLocksReply(Schema):
    items = Rows(Part(PastLock), required=True)
    next = Text(required=True, allow_none=True)


class HolderRequest(PersonRequest):
    """What held him at `at`, by what was known at `known_at` (now, if none is given)?"""

    at = Moment("时刻", required=True)
    known_at = Moment("当时已知", load_default=None, allow_none=True)


class Holder(Schema):
    lock_id = Id(required=True)
    role = Choice(choices=ROLE_NAMES, required=True)
    application_id = Id(required=True)
    project_id = Id(required=True)
    project_name = Text(required=True)
    machine_id = Id(required=True, allow_none=True)
    stage = Choice(choices=HOLD_STAGES, required=True)
    since = Moment(required=True)
    recorded_at = Moment(required=True)


class HolderReply(Schema):
    holders = Rows(Part(Holder), required=True)


class UnlockPersonRequest(Schema):
    lock_id = Id("锁定", required=True)
    reason = Text("理由", min=REASON_LENGTH, max=500, required=True)


class UnlockPersonReply(Schema):
    lock_id = Id(required=True)
    person_id = Id(required=True)
