"""The events that equipment publishes: their data, and examples that every reader's narrow view is tested against."""

from typing import Any

from chassis.contract import Told
from chassis.schemas import Choice, Free, Id, Integer, Moment, Schema, Text
from equipment.terms import KIND_NAMES
from equipment.words import CAUSES

VERSION = 1


class MachineTold(Schema):
    """`version` is the machine's. `since` is when the fact began. `by` names who acted (user, organisation).

    `project_id` and `application_id` are those of the lock that the fact is about; of a filing, its application.
    `cause` and `reason` say why a machine was unlocked ("dismantled", "unlocked" by the agency's own act, "rejected",
    "withdrawn", "choice_changed") or retired.
    """

    machine_id = Id(required=True)
    version = Integer(required=True)
    filing_number = Text(required=True)
    kind = Choice(choices=KIND_NAMES, required=True)
    owner_id = Id(required=True)
    project_id = Id(allow_none=True, required=True)
    application_id = Id(allow_none=True, required=True)
    since = Moment(required=True)
    cause = Choice(choices=CAUSES, allow_none=True, load_default=None)
    reason = Text(allow_none=True, required=True)
    by = Free(required=True)


_APPROVER = {
    "user_id": "0197a001-5d3c-7c11-8a52-6f0b6f0e9d01",
    "user_name": "审批人",
    "organisation_id": "0197a001-5d3c-7c11-8a52-6f0b6f0e9d02",
    "organisation_name": "长安区建筑工程安全监督站",
}
_INSTALLER = {
    "user_id": "0197a001-5d3c-7c11-8a52-6f0b6f0e9d03",
    "user_name": "经办人",
    "organisation_id": "0197a001-5d3c-7c11-8a52-6f0b6f0e9d04",
    "organisation_name": "冀安起重设备安装有限公司",
}


def _example(version: int, **changes: Any) -> dict[str, Any]:
    return {
        "machine_id": "5b2c1d7e-90f4-5a7e-9c55-0c7f1f2a3b01",
        "version": version,
        "filing_number": "冀AA-T00001",
        "kind": "T",
        "owner_id": "0197a001-5d3c-7c11-8a52-6f0b6f0e9d05",
        "project_id": "0197a001-5d3c-7c11-8a52-6f0b6f0e9d06",
        "application_id": "0197a001-5d3c-7c11-8a52-6f0b6f0e9d07",
        "since": "2026-03-02T01:00:00+00:00",
        "cause": None,
        "reason": None,
        "by": _APPROVER,
        **changes,
    }


EVENTS = (
    Told("machine_filed", VERSION, MachineTold, {"by_approval": _example(2, project_id=None)}),
    Told("machine_locked", VERSION, MachineTold, {"by_notice": _example(3, by=_INSTALLER)}),
    Told("machine_installed", VERSION, MachineTold, {"by_approval": _example(4)}),
    Told(
        "machine_unlocked",
        VERSION,
        MachineTold,
        {
            "dismantled": _example(6, cause="dismantled"),
            "by_the_agencys_act": _example(6, cause="unlocked", reason="工程停建，设备已退场"),
            "notice_rejected": _example(4, cause="rejected"),
        },
    ),
    Told(
        "machine_retired",
        VERSION,
        MachineTold,
        {"scrapped": _example(7, project_id=None, application_id=None, cause="retired", reason="设备报废解体")},
    ),
)
