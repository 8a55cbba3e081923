"""The events that enforcement publishes: their data, and examples that every reader's narrow view is tested against."""

from chassis.contract import Told
from chassis.schemas import Choice, Day, Id, Integer, Moment, Schema, Text
from enforcement.words import ORDER_KINDS, ORDER_STAGES

VERSION = 1
STEPS = {"officer": "执法人员", "agency": "监督机构", "city": "上级机构"}


class OrderTold(Schema):
    """`scope`: which part of the works is stopped, or "" for an order that stops none."""

    order_id = Id(required=True)
    kind = Choice(choices=ORDER_KINDS, required=True)
    number = Text(required=True)
    project_id = Id(required=True)
    area = Text(required=True)
    agency_id = Id(required=True)
    addressee_id = Id(required=True)
    scope = Text(required=True)
    due_on = Day(required=True)


class OrderIssued(OrderTold):
    """An order was issued, or the same findings were ordered again (`follows`)."""

    follows = Id(allow_none=True, required=True)
    findings = Integer(min=0, required=True)
    issued_at = Moment(required=True)


class OrderOverdue(OrderTold):
    """An order is past its day: told once for each step up."""

    step = Choice(choices=STEPS, required=True)
    at = Moment(required=True)


class OrderClosed(OrderTold):
    """An order is settled: carried out, ordered again by another one, or withdrawn."""

    stage = Choice(choices=ORDER_STAGES, required=True)
    closed_at = Moment(required=True)


class RectificationSubmitted(Schema):
    rectification_id = Id(required=True)
    order_id = Id(required=True)
    project_id = Id(required=True)
    round = Integer(min=1, required=True)
    submitted_at = Moment(required=True)


class WorkStopped(Schema):
    """The works of a site, or a part of them (`scope`), must stand still from now on. `whole`: all of them."""

    order_id = Id(required=True)
    number = Text(required=True)
    project_id = Id(required=True)
    whole = Choice(choices={"whole": "全部停工", "part": "局部停工"}, required=True)
    scope = Text(required=True)
    stopped_at = Moment(required=True)


class WorkResumed(Schema):
    """A stoppage was lifted. `still_stopped`: how many other orders still stop all works of the site."""

    order_id = Id(required=True)
    number = Text(required=True)
    project_id = Id(required=True)
    whole = Choice(choices={"whole": "全部停工", "part": "局部停工"}, required=True)
    still_stopped = Integer(min=0, required=True)
    resumed_at = Moment(required=True)


class PenaltyDecided(Schema):
    """A penalty was decided on; amounts in yuan. `number`: of its decision document."""

    case_id = Id(required=True)
    number = Text(required=True)
    area = Text(required=True)
    agency_id = Id(required=True)
    party_id = Id(allow_none=True, required=True)
    party_name = Text(required=True)
    project_id = Id(allow_none=True, required=True)
    fine = Integer(min=0, required=True)
    decided_at = Moment(required=True)


_SITE = "0197a003-5d3c-7c11-8a52-6f0b6f0e9d04"
_ORDER = {
    "order_id": "0197a003-5d3c-7c11-8a52-6f0b6f0e9d01",
    "kind": "rectify",
    "number": "冀建安改（130102）字〔2026〕第0001号",
    "project_id": _SITE,
    "area": "13.1301.130102",
    "agency_id": "0197a003-5d3c-7c11-8a52-6f0b6f0e9d02",
    "addressee_id": "0197a003-5d3c-7c11-8a52-6f0b6f0e9d03",
    "scope": "",
    "due_on": "2026-03-09",
}
_STOP = _ORDER | {"kind": "full_stop", "number": "冀建安停（130102）字〔2026〕第0001号", "scope": "全部施工作业"}
_ISSUED = {"follows": None, "findings": 3, "issued_at": "2026-03-02T02:00:00+00:00"}
_STOPPED = {name: _STOP[name] for name in ("order_id", "number", "project_id")} | {"whole": "whole"}
_RESUMED = {"still_stopped": 0, "resumed_at": "2026-03-08T02:00:00+00:00"}

EVENTS = (
    Told(
        "order_issued", VERSION, OrderIssued,
        {"rectify": _ORDER | _ISSUED, "stop": _STOP | _ISSUED, "again": _ORDER | _ISSUED | {"follows": _STOP["order_id"]}},
    ),
    Told("order_overdue", VERSION, OrderOverdue, {"first": _ORDER | {"step": "officer", "at": "2026-03-09T16:05:00+00:00"}}),
    Told("order_closed", VERSION, OrderClosed, {"closed": _ORDER | {"stage": "closed", "closed_at": "2026-03-08T02:00:00+00:00"}}),
    Told(
        "rectification_submitted", VERSION, RectificationSubmitted,
        {
            "first": {
                "rectification_id": "0197a003-5d3c-7c11-8a52-6f0b6f0e9d05",
                "order_id": _ORDER["order_id"],
                "project_id": _SITE,
                "round": 1,
                "submitted_at": "2026-03-07T02:00:00+00:00",
            }
        },
    ),
    Told(
        "work_stopped", VERSION, WorkStopped,
        {
            "whole": _STOPPED | {"scope": _STOP["scope"], "stopped_at": "2026-03-02T02:00:00+00:00"},
            "part": _STOPPED | {"whole": "part", "scope": "3号塔吊", "stopped_at": "2026-03-02T02:00:00+00:00"},
        },
    ),
    Told("work_resumed", VERSION, WorkResumed, {"whole": _STOPPED | _RESUMED}),
    Told(
        "penalty_decided", VERSION, PenaltyDecided,
        {
            "fine": {
                "case_id": "0197a003-5d3c-7c11-8a52-6f0b6f0e9d06",
                "number": "冀建罚（130102）字〔2026〕第0001号",
                "area": "13.1301.130102",
                "agency_id": _ORDER["agency_id"],
                "party_id": _ORDER["addressee_id"],
                "party_name": "河北某建筑公司",
                "project_id": _SITE,
                "fine": 50000,
                "decided_at": "2026-04-20T02:00:00+00:00",
            }
        },
    ),
)  # fmt: skip
