"""What filing tells of an application to print and of a certificate, for tests: every kind of field stands in the form."""

from typing import Any

from chassis.identifiers import derived_id

APPLICATION, CERTIFICATE = derived_id("test", "application"), derived_id("test", "certificate")
CODE = "ABCDEFGHJKMNPQRS"
PROJECT, PERSON, MACHINE, NEVER_TOLD = (derived_id("test", name) for name in ("project", "person", "machine", "?"))
SQUARE = [[114.51, 38.04], [114.514, 38.04], [114.514, 38.043], [114.51, 38.043], [114.51, 38.04]]


def field(name: str, label: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "label": label, "type": kind, "required": False, **more}


SECTIONS = [
    {
        "title": "工程概况",
        "fields": [
            field("name", "工程名称", "text"),
            field("division", "工程所在地", "text", reference="divisions"),
            field("kind", "设备类型", "choice", choices=[{"code": "T", "label": "塔式起重机"}]),
            field("price", "合同价款", "number", unit="元"),
            field("leased", "租赁设备", "flag"),
            field("on", "开工日期", "day"),
            field("project_id", "所属工程", "id", reference="projects"),
            field("machine_id", "设备", "id", reference="filed_machines"),
        ],
    },
    {
        "title": "参建单位",
        "fields": [
            field(
                "survey",
                "勘察单位",
                "part",
                fields=[field("name", "单位名称", "text"), field("lead", "负责人", "text")],
            ),
            field("conditions", "情形", "rows", item={"type": "choice", "choices": [{"code": "a", "label": "甲情形"}]}),
        ],
    },
    {
        "title": "履职人员",
        "fields": [
            field(
                "people",
                "人员表",
                "rows",
                item={
                    "type": "part",
                    "fields": [
                        field("person_id", "人员姓名", "id", reference="people"),
                        field("phone", "手机号", "phone"),
                        field("remarks", "人员备注", "text"),
                    ],
                },
            ),
        ],
    },
    {"title": "场地边界", "fields": [field("boundary", "边界图", "boundary")]},
]
FORM = {
    "name": "某某花园一期",
    "division": "130102",
    "kind": "T",
    "price": 12345678.5,
    "leased": True,
    "on": "2026-03-10",
    "project_id": PROJECT,
    "machine_id": MACHINE,
    "survey": {"name": "某勘察院", "lead": "王五"},
    "conditions": ["a"],
    "people": [{"person_id": PERSON, "phone": "13800000001"}, {"person_id": NEVER_TOLD, "phone": "13800000002"}],
    "boundary": {"type": "Polygon", "coordinates": [SQUARE]},
}
LABELS = {
    "130102": "河北省石家庄市长安区",
    PROJECT: "某某花园二期",
    PERSON: "张三（某公司）",
    MACHINE: "塔式起重机 QTZ80",
}


def step(number: int, act: str, words: str = "", **detail: Any) -> dict[str, Any]:
    return {
        "number": number,
        "round": 1,
        "act": act,
        "stage_before": "draft",
        "stage_after": "submitted",
        "at": "2026-03-02T01:00:00+00:00",
        "user_id": "u",
        "user_name": "李四",
        "organisation_id": "o",
        "organisation_name": "长安区监督站",
        "words": words,
        "detail": detail,
    }


def attachment(code: str, sha256: str, name: str, size: int = 1000) -> dict[str, Any]:
    return {"code": code, "sha256": sha256, "name": name, "size": size, "media_type": "application/pdf"}


def told(**changes: Any) -> dict[str, Any]:
    """As filing.print_application answers; `changes` are those of the application."""
    application = {
        "application_id": APPLICATION,
        "matter": "new_matter",
        "matter_title": "全新事项",
        "stage": "closed",
        "outcome": "approved",
        "version": 7,
        "applicant_name": "河北某某安装工程有限公司",
        "agency_name": "石家庄市长安区建筑工程安全监督站",
        "project_name": "某某花园一期",
        "acceptance_number": "受130102-2026-000017",
        "certificate_number": "冀安告130102-2026-00001",
        "round_shown": 2,
        "submissions": [{"round": 2, "at": "2026-03-05T02:11:00+00:00"}],
        "form": FORM,
        "attachments": [],
        "countersignatures": [
            {
                "organisation_name": "某监理公司",
                "agrees": True,
                "remarks": "同意安装",
                "signed_by": {"user_name": "赵六"},
                "signed_at": "2026-03-03T02:00:00+00:00",
            },
            {"organisation_name": "某总包公司", "agrees": None, "remarks": "", "signed_by": None, "signed_at": None},
        ],
        "steps": [
            step(1, "submit"),
            step(2, "return", "请补正", corrections=[{"path": "form.name", "text": "名称与许可证不一致"}]),
            step(3, "approve", "符合要求"),
        ],
        **changes,
    }
    matter = {
        "code": "new_matter",
        "title": "全新事项",
        "sections": SECTIONS,
        "attachments": [
            {"code": "N1", "title": "备案证明", "required": "yes", "note": ""},
            {"code": "N2", "title": "资质证书", "required": "yes", "note": ""},
            {"code": "N3", "title": "人员证书", "required": "no", "note": ""},
        ],
    }
    titles = {
        "acts": {"submit": "上报", "return": "退回补正", "approve": "审批通过"},
        "stages": {"closed": "已办结"},
        "outcomes": {"approved": "通过"},
    }
    return {"application": application, "matter": matter, "labels": LABELS, "titles": titles}


def certificate(**changes: Any) -> dict[str, Any]:
    """As filing.get_certificate answers."""
    return {
        "certificate_id": CERTIFICATE,
        "version": 1,
        "kind": "use_registration",
        "title": "建筑起重机械使用登记证",
        "number": "冀使130102-2026-00001",
        "verification_code": CODE,
        "holder_name": "河北某某建设工程有限公司",
        "agency_name": "石家庄市长安区建筑工程安全监督站",
        "issued_on": "2026-03-05",
        "valid_to": "2099-02-23",
        "stage": "valid",
        "shown": {"project": "某某花园一期", "kind": "T"},
        "lines": [
            {"name": "project", "label": "工程名称", "text": "某某花园一期"},
            {"name": "kind", "label": "设备类型", "text": "塔式起重机"},
        ],
        **changes,
    }


def verification(**changes: Any) -> dict[str, Any]:
    """As filing.verify_certificate answers about the same."""
    later = {"cancelled_on": None, "suspended_on": None, "replaced_by_number": None}
    whole = certificate(**(later | changes))
    names = (
        "kind",
        "title",
        "number",
        "holder_name",
        "agency_name",
        "issued_on",
        "valid_to",
        "stage",
        "shown",
        "lines",
    )
    return {name: whole[name] for name in (*names, *later)}
