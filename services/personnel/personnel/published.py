"""The events that personnel publishes: their data, and examples that every reader's narrow view is tested against."""

from typing import Any

from chassis.contract import Told
from chassis.schemas import Choice, Free, Id, Moment, Schema, Text
from personnel.terms import ROLE_NAMES

VERSION = 1


class PersonTold(Schema):
    """`since` is when the fact began; `name` what the person was called then. `by` names who acted (user, organisation).
    `machine_id` is told of operators."""

    person_id = Id(required=True)
    name = Text(required=True)
    role = Choice(choices=ROLE_NAMES, required=True)
    project_id = Id(allow_none=True, required=True)
    machine_id = Id(allow_none=True, required=True)
    application_id = Id(allow_none=True, required=True)
    since = Moment(required=True)
    reason = Text(allow_none=True, required=True)
    by = Free(required=True)


class PersonReplaced(PersonTold):
    """`person_id` has taken the place of `replaced_person_id`, who is free since the same moment."""

    replaced_person_id = Id(required=True)


_APPROVER = {
    "user_id": "0197a002-5d3c-7c11-8a52-6f0b6f0e9d01",
    "user_name": "审批人",
    "organisation_id": "0197a002-5d3c-7c11-8a52-6f0b6f0e9d02",
    "organisation_name": "长安区建筑工程安全监督站",
}


def _example(**changes: Any) -> dict[str, Any]:
    return {
        "person_id": "0197a002-5d3c-7c11-8a52-6f0b6f0e9d03",
        "name": "王建国",
        "role": "project_manager",
        "project_id": "0197a002-5d3c-7c11-8a52-6f0b6f0e9d04",
        "machine_id": None,
        "application_id": "0197a002-5d3c-7c11-8a52-6f0b6f0e9d05",
        "since": "2026-03-02T01:00:00+00:00",
        "reason": None,
        "by": _APPROVER,
        **changes,
    }


_MACHINE = "0197a002-5d3c-7c11-8a52-6f0b6f0e9d06"

EVENTS = (
    Told(
        "person_locked",
        VERSION,
        PersonTold,
        {"manager": _example(), "driver": _example(role="driver", machine_id=_MACHINE)},
    ),
    Told(
        "person_unlocked",
        VERSION,
        PersonTold,
        {
            "project_closed": _example(reason="project_closed"),
            "dismantled": _example(role="driver", machine_id=_MACHINE, reason="dismantled"),
            "by_the_agencys_act": _example(reason="合同已解除，人员已离岗"),
        },
    ),
    Told(
        "person_replaced",
        VERSION,
        PersonReplaced,
        {"manager": _example(replaced_person_id="0197a002-5d3c-7c11-8a52-6f0b6f0e9d07")},
    ),
)
