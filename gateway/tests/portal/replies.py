"""Replies of filing for the officer's pages, of the shape that its contract says."""

import json
from pathlib import Path
from typing import Any

import jsonschema

from chassis.identifiers import derived_id

Body = dict[str, Any]
SERVICES = Path(__file__).parents[3] / "services"
AT = "2026-11-20T02:00:00+00:00"
DUE = "2026-11-25T09:00:00+00:00"
SHA = "a" * 64
PROJECT, PERSON = derived_id("project", "1"), derived_id("person", "1")


def id_of(name: str) -> str:
    return derived_id("test", name)


def checked(method: str, reply: Body, service: str = "filing") -> Body:
    """The reply, if the contract of the service allows it."""
    contract = json.loads((SERVICES / service / "contract/rpc" / f"{method}.json").read_text(encoding="utf-8"))
    jsonschema.validate(reply, contract["properties"]["reply"])
    return reply


def item(name: str, **told: Any) -> Body:
    """An application as lists have it."""
    return {
        "application_id": id_of(name),
        "matter": "install_notice",
        "matter_title": "安装告知",
        "stage": "submitted",
        "outcome": None,
        "version": 2,
        "round": 1,
        "applicant_id": id_of("installer"),
        "applicant_name": "某安装公司",
        "agency_id": id_of("agency"),
        "agency_name": "桥西区安监站",
        "project_id": PROJECT,
        "project_name": "某小区一期",
        "machine_id": id_of("machine"),
        "machine_words": {"kind": "T", "model": "QTZ80", "serial_number": "SN-1", "filing_number": "冀AB-T00001"},
        "acceptance_number": None,
        "certificate_number": None,
        "created_at": AT,
        "changed_at": AT,
        "submitted_at": AT,
        "closed_at": None,
        "due_at": DUE,
        "due_provisional": False,
        "deadline_unit": "workdays",
        "deadline_limit": 3,
        "workdays_left": 2,
        "hours_left": None,
        "overdue": False,
        "suspended": False,
        "next_to_act": [{"organisation_id": id_of("agency"), "organisation_name": "桥西区安监站", "role": "acceptor"}],
        **told,
    }


def page(*items: Body, **told: Any) -> Body:
    reply = {"items": list(items), "next": None, "total": len(items), "total_is_exact": True, **told}
    return checked("list_applications", reply)


def step(number: int, act: str, **told: Any) -> Body:
    return {
        "number": number,
        "round": 1,
        "act": act,
        "stage_before": "submitted",
        "stage_after": "accepted",
        "at": AT,
        "user_id": id_of("officer"),
        "user_name": "张三",
        "organisation_id": id_of("agency"),
        "organisation_name": "桥西区安监站",
        "words": "",
        "detail": {},
        **told,
    }


FORM = {
    "project_id": PROJECT,
    "installs_on": "2026-11-30",
    "crew": [{"person_id": PERSON, "role": "install_lead"}, {"person_id": id_of("other"), "role": "install_worker"}],
}
SECTIONS = [
    {
        "title": "工程",
        "fields": [
            {"name": "project_id", "label": "工程", "required": False, "type": "id", "reference": "projects"},
            {"name": "installs_on", "label": "计划安装日期", "required": True, "type": "day"},
            {
                "name": "crew",
                "label": "安装人员",
                "required": True,
                "type": "rows",
                "item": {
                    "type": "part",
                    "fields": [
                        {
                            "name": "person_id",
                            "label": "人员",
                            "required": True,
                            "type": "id",
                            "reference": "people",
                        },
                        {
                            "name": "role",
                            "label": "岗位",
                            "required": True,
                            "type": "choice",
                            "choices": [
                                {"code": "install_lead", "label": "安拆负责人"},
                                {"code": "install_worker", "label": "安装拆卸工"},
                            ],
                        },
                    ],
                },
            },
        ],
    }
]


MATTER = {
    "code": "install_notice",
    "title": "安装告知",
    "applicants": [{"kind": "installer", "title": "安拆企业"}],
    "deadline": {"limit": 3, "unit": "workdays", "basis": "建质〔2008〕76号第十二条"},
    "route": "project",
    "route_title": "项目所在地的监督机构",
    "review_levels": 1,
    "countersigners": [],
    "sections": SECTIONS,
    "attachments": [
        {"code": "N1", "title": "备案证明", "required": "yes", "note": ""},
        {"code": "N2", "title": "安装合同", "required": "yes", "note": ""},
    ],
    "decision": [],
    "certificate_title": None,
}


def detail(name: str, acts: list[str], **told: Any) -> Body:
    """An application with all that is on record."""
    return item(name) | {
        "form": FORM,
        "attachments": [
            {"code": "N1", "sha256": SHA, "name": "备案证明.pdf", "size": 20480, "media_type": "application/pdf"}
        ],
        "round_shown": 1,
        "findings": [],
        "remarks": "",
        "corrections": [],
        "people": [],
        "machine": None,
        "deadline": {"limit": 3, "unit": "workdays", "basis": "建质〔2008〕76号第十二条"},
        "submissions": [],
        "countersignatures": [],
        "steps": [step(1, "submit")],
        "decision": None,
        "certificate": None,
        "acts": acts,
        "changes": None,
        **told,
    }


def printed(application: Body, **told: Any) -> Body:
    """As filing.print_application answers."""
    reply = {
        "application": application,
        "matter": MATTER,
        "labels": {PROJECT: "某小区一期", PERSON: "李四（某安装公司）"},
        **told,
    }
    return checked("print_application", reply)


def decided(name: str, stage: str, **told: Any) -> Body:
    """What a command on an application answers."""
    return {
        "application_id": id_of(name),
        "version": 3,
        "stage": stage,
        "outcome": None,
        "round": 1,
        "agency_id": id_of("agency"),
        "acceptance_number": "受〔2026〕1号",
        "due_at": DUE,
        "due_provisional": False,
        **told,
    }
