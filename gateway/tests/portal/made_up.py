"""A made-up matter and its application, as filing would tell of them: for the tests of the pages that draw any matter."""

from typing import Any

from chassis.errors import Invalid
from gateway.tests.portal.replies import checked as fits

Body = dict[str, Any]
APPLICATION = "0190a0a0-0000-7000-8000-00000000000a"
PERSON = "0190a0a0-0000-7000-8000-00000000000b"
AGENCY = "0190a0a0-0000-7000-8000-00000000000c"
SHA256 = "ab" * 32
ROLES = [{"code": "lead", "label": "负责人"}, {"code": "worker", "label": "作业人员"}]


def field(name: str, label: str, kind: str = "text", **more: Any) -> Body:
    return {"name": name, "label": label, "type": kind, "required": False, **more}


def matter() -> Body:
    person = field(
        "person_id", "人员", "id", required=True, reference="people", given={"role": "role", "machine_kind": "kind"}
    )
    return {
        "code": "made_up",
        "title": "编造的事项",
        "applicants": [{"kind": "contractor", "title": "施工企业"}],
        "deadline": {"limit": 5, "unit": "workdays", "basis": "某办法第五条"},
        "route": "applicant",
        "route_title": "单位注册所在地的监督机构",
        "review_levels": 2,
        "countersigners": [],
        "certificate_title": None,
        "decision": [],
        "sections": [
            {
                "title": "基本情况",
                "fields": [
                    field("kind", "设备类型", "choice", required=True, choices=[{"code": "T", "label": "塔机"}]),
                    field("height", "安装高度", "number", unit="m", help="自基础顶面起"),
                    field("on", "日期", "day"),
                    field("leased", "租赁设备", "flag", required=True),
                    field("division", "所在地", reference="divisions"),
                    field("boundary", "边界", "boundary"),
                ],
            },
            {
                "title": "人员",
                "fields": [
                    field(
                        "crew",
                        "作业人员",
                        "rows",
                        max_items=9,
                        item={"type": "part", "fields": [field("role", "岗位", "choice", choices=ROLES), person]},
                    ),
                    field("more", "补充说明", "part", fields=[field("text", "内容", max_length=500)]),
                ],
            },
        ],
        "attachments": [
            {"code": "N1", "title": "证明", "required": "yes", "note": ""},
            {"code": "N2", "title": "合同", "required": "no", "note": ""},
        ],
    }


def application(form: Body | None = None, **told: Any) -> Body:
    return {
        "application_id": APPLICATION,
        "matter": "made_up",
        "matter_title": "编造的事项",
        "stage": "draft",
        "outcome": None,
        "version": 3,
        "round": 0,
        "applicant_id": AGENCY,
        "applicant_name": "河北某建筑公司",
        "agency_id": None,
        "agency_name": None,
        "project_id": None,
        "project_name": None,
        "machine_id": None,
        "machine_words": {"kind": None, "model": None, "serial_number": None, "filing_number": None},
        "acceptance_number": None,
        "certificate_number": None,
        "created_at": "2026-11-20T01:00:00+00:00",
        "changed_at": "2026-11-20T01:00:00+00:00",
        "submitted_at": None,
        "closed_at": None,
        "due_at": None,
        "due_provisional": False,
        "deadline_unit": None,
        "deadline_limit": None,
        "workdays_left": None,
        "hours_left": None,
        "overdue": False,
        "suspended": False,
        "next_to_act": [],
        "form": form or {},
        "attachments": [],
        "round_shown": None,
        "findings": [],
        "remarks": "",
        "corrections": [],
        "people": [],
        "machine": None,
        "deadline": None,
        "submissions": [],
        "countersignatures": [],
        "steps": [],
        "decision": None,
        "certificate": None,
        "acts": ["save_draft", "submit_application", "withdraw_application"],
        **told,
    }


def printed(form: Body | None = None, **told: Any) -> Body:
    return fits("print_application", {"application": application(form, **told), "matter": matter(), "labels": {}})


def checked(*findings: Body, **told: Any) -> Body:
    agency = {"organisation_id": AGENCY, "name": "长安区安监站", "level": "county", "area": "13.1301.130102"}
    reply = {
        "application_id": APPLICATION,
        "matter": "made_up",
        "matter_title": "编造的事项",
        "stage": "draft",
        "version": 4,
        "agency_id": None,
        "agencies": [agency],
        "findings": list(findings),
        **told,
    }
    return fits("check_application", reply)


def item(**told: Any) -> Body:
    """As a list has it."""
    whole = application(**told)
    beside = (
        "form",
        "attachments",
        "round_shown",
        "findings",
        "remarks",
        "corrections",
        "people",
        "machine",
        "deadline",
        "submissions",
        "countersignatures",
        "steps",
        "decision",
        "certificate",
        "acts",
    )
    return {name: value for name, value in whole.items() if name not in beside}


def signature(organisation_id: str, **told: Any) -> Body:
    return {
        "round": 1,
        "role": "contractor",
        "organisation_id": organisation_id,
        "organisation_name": "某施工公司",
        "asked_at": "2026-11-20T01:00:00+00:00",
        "due_at": "2026-11-24T09:00:00+00:00",
        "due_provisional": False,
        "overdue": False,
        "agrees": None,
        "remarks": "",
        "signed_at": None,
        "signed_by": None,
        **told,
    }


def saved(version: int = 4, stage: str = "draft") -> Body:
    return {
        "application_id": APPLICATION,
        "version": version,
        "stage": stage,
        "outcome": None,
        "round": 0,
        "agency_id": None,
        "acceptance_number": None,
        "due_at": None,
        "due_provisional": False,
    }


DIVISIONS = {
    "document": "GB/T 2260",
    "as_of": "2024",
    "items": [
        {"code": "130000", "name": "河北省", "level": "province", "area": "13"},
        {"code": "130100", "name": "石家庄市", "level": "city", "area": "13.1301"},
        {"code": "130102", "name": "长安区", "level": "county", "area": "13.1301.130102"},
    ],
}


def refused(path: str) -> Invalid:
    return Invalid.field(path, "required")
