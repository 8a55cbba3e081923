"""Examples of the events that filing publishes: every reader's narrow schema must read all of them."""

from typing import Any

from chassis.identifiers import derived_id

AT = "2026-03-02T01:00:00+00:00"
COUNTY = "13.1301.130102"
Data = dict[str, Any]


def example_id(name: str) -> str:
    return derived_id("filing example", name)


def person(role: str, replaces: str | None = None) -> dict[str, Any]:
    return {"person_id": example_id(role), "role": role, "replaces": replaces and example_id(replaces)}


def project(**changes: Any) -> dict[str, Any]:
    """A filed project as `project_…` events tell it."""
    square = [[114.48, 38.03], [114.49, 38.03], [114.49, 38.04], [114.48, 38.04], [114.48, 38.03]]
    told = {
        "project_id": example_id("project"),
        "version": 2,
        "name": "长安花园一期",
        "area": COUNTY,
        "agency_id": example_id("agency"),
        "number": "13010220260001",
        "works_code": "2601-130102-89-01-123456",
        "starts_on": "2026-03-01",
        "finishes_on": "2027-12-31",
        "owner_id": example_id("owner"),
        "owner_name": "长安置业有限公司",
        "contractor_id": example_id("contractor"),
        "contractor_name": "石家庄一建集团",
        "supervisor_id": example_id("supervisor"),
        "supervisor_name": "河北监理有限公司",
        "stage": "filed",
        "boundary": {"type": "Polygon", "coordinates": [square]},
        "key_people": [
            {"person_id": example_id(role), "role": role}
            for role in ("project_manager", "technical_lead", "safety_officer", "chief_supervisor")
        ],
        "merged_into": None,
        "suspended": None,
        "stoppages": [],
        "works_accepted_on": None,
        "at": AT,
    }
    return told | changes


UNFILED: Data = {
    "project_id": example_id("unfiled project"),
    "name": "路口加层",
    "number": None,
    "boundary": None,
    "key_people": [],
}
STOPPED: Data = {"since": "2026-02-20", "cause_by": "other", "owner_consents": True, "reason": "资金"}
PARTICULARS: Data = {
    "kind": "T",
    "name": "塔式起重机",
    "model": "QTZ80",
    "maker": "某建筑机械厂",
    "maker_licence": "TS2410000-2026",
    "serial_number": "2020-118",
    "made_on": "2020-05-06",
    "bought_on": "2020-06-01",
    "rated_moment_knm": 800.0,
    "max_load_t": 6.0,
    "max_radius_m": 56.0,
    "max_height_m": 180.0,
    "free_height_m": 40.0,
    "service_life_years": 15,
    "hoist_drive": None,
    "supervision_inspection_no": "",
    "assessment": None,
}
EVIDENCE_OF_USE: Data = {
    "inspection": {
        "body": "省检测中心",
        "report_number": "J2026-001",
        "on": "2026-02-20",
        "valid_to": "2027-02-19",
        "passed": True,
    },
    "acceptance": {"on": "2026-02-25", "passed": True},
}


def application(matter: str, stage: str, outcome: str | None = None, **changes: Any) -> dict[str, Any]:
    """An application on the filed project as its events tell it."""
    place = project()
    names = ("project_id", "name", "area", "agency_id", "works_code", "starts_on", "finishes_on")
    told = {
        "application_id": example_id(matter),
        "matter": matter,
        "version": 3,
        "stage": stage,
        "outcome": outcome,
        "applicant_id": example_id("installer"),
        "applicant_name": "冀安起重设备安装有限公司",
        "agency_id": example_id("agency"),
        "area": COUNTY,
        "at": AT,
        "project": {name: place[name] for name in names},
        "machine": {"machine_id": example_id("machine")},
        "people": [],
        "particulars": None,
        "evidence": None,
        "certificate": None,
        "resubmitted": False,
    }
    return told | changes


def certificate(kind: str, number: str, valid_to: str | None = None) -> dict[str, Any]:
    return {"number": number, "kind": kind, "issued_on": "2026-03-02", "valid_to": valid_to}


INSTALL: Data = {
    "people": [person("install_lead"), person("install_safety_officer"), person("install_worker")],
    "evidence": {"planned_start": "2026-03-09"},
}
MACHINE: Data = {
    "project": None,
    "particulars": PARTICULARS,
    "applicant_id": example_id("lessor"),
    "applicant_name": "甲租赁公司",
}
USE: Data = {"people": [person("driver"), person("signaller")], "evidence": EVIDENCE_OF_USE}
FILING: Data = {"machine": None, "people": [person(role["role"]) for role in project()["key_people"]]}
PAPER: Data = {"filing_number": "冀AB-T00007", "filed_on": "2020-07-01", "filing_agency": "长安区住建局"}

SUBMITTED = {
    "install_notice": application("install_notice", "countersigning", **INSTALL),
    "install_notice_again": application("install_notice", "submitted", version=9, resubmitted=True, **INSTALL),
    "machine_filing": application("machine_filing", "submitted", **MACHINE),
    "machine_registration": application(
        "machine_registration", "submitted", **(MACHINE | {"particulars": PARTICULARS | PAPER})
    ),
    "use_registration": application("use_registration", "submitted", **USE),
    "dismantling_notice": application("dismantling_notice", "submitted", **INSTALL),
    "safety_filing": application("safety_filing", "submitted", **FILING),
    "personnel_change": application(
        "personnel_change", "submitted", machine=None, people=[person("safety_officer", "former safety_officer")]
    ),
    "lessor_filing": application("lessor_filing", "submitted", project=None, machine=None),
}
APPROVED = {
    "install_notice": application(
        "install_notice",
        "closed",
        "approved",
        version=7,
        certificate=certificate("install_receipt", "冀安告130102-2026-00001"),
        **INSTALL,
    ),
    "machine_filing": application(
        "machine_filing", "closed", "approved", certificate=certificate("machine_filing", "冀AB-T00008"), **MACHINE
    ),
    "machine_registration": application(
        "machine_registration",
        "closed",
        "approved",
        certificate=certificate("machine_registration", "冀AB-T00007"),
        **(MACHINE | {"particulars": PARTICULARS | PAPER}),
    ),
    "use_registration": application(
        "use_registration",
        "closed",
        "approved",
        certificate=certificate("use_registration", "冀使130102-2026-00001"),
        **USE,
    ),
    "dismantling_notice": application(
        "dismantling_notice",
        "closed",
        "approved",
        certificate=certificate("dismantling_receipt", "冀拆告130102-2026-00001"),
        **INSTALL,
    ),
    "safety_filing": application(
        "safety_filing", "closed", "approved", certificate=certificate("safety_filing", "13010220260001"), **FILING
    ),
}
DRAFT_DISCARDED: Data = {"version": 2, "agency_id": None, "area": "", "project": None, "machine": None}
APPLICATIONS: dict[str, Data] = {
    "submitted": SUBMITTED,
    "returned": {"install_notice": application("install_notice", "returned", **INSTALL)},
    "withdrawn": {
        "install_notice": application("install_notice", "closed", "withdrawn", **INSTALL),
        "draft": application("install_notice", "closed", "withdrawn", **DRAFT_DISCARDED),
    },
    "rejected": {
        "use_registration": application("use_registration", "closed", "rejected", **USE),
        "machine_filing": application("machine_filing", "closed", "rejected", **MACHINE),
    },
    "approved": APPROVED,
}
PROJECTS: dict[str, Data] = {
    "registered": {"filed": project()},
    "changed": {
        "key_people": project(version=3),
        "merged": project(**UNFILED, stage="merged", merged_into=example_id("project"), version=4),
        "works_accepted": project(version=5, works_accepted_on="2027-12-01"),
    },
    "suspended": {"stoppage": project(stage="suspended", suspended=STOPPED)},
    "resumed": {"resumption": project(version=6, stoppages=[{"since": "2026-02-20", "until": "2026-03-02"}])},
    "closed": {"end": project(stage="closed", version=7)},
}
ORGANISATIONS: Data = {
    "enterprise": {
        "organisation_id": example_id("lessor"),
        "version": 2,
        "name": "甲租赁公司",
        "credit_code": "91130100MA00000A95",
        "kind": "enterprise",
        "kinds": ["lessor"],
        "level": "",
        "area": COUNTY,
        "division": "130102",
        "at": AT,
    },
    "agency": {
        "organisation_id": example_id("agency"),
        "version": 1,
        "name": "长安区建设工程安全监督站",
        "credit_code": None,
        "kind": "agency",
        "kinds": [],
        "level": "county",
        "area": COUNTY,
        "division": "130102",
        "at": AT,
    },
}
CANCELLED: Data = {
    "dismantled": {
        "certificate_id": example_id("certificate"),
        "version": 2,
        "number": "冀使130102-2026-00001",
        "kind": "use_registration",
        "application_id": example_id("use_registration"),
        "machine_id": example_id("machine"),
        "project_id": example_id("project"),
        "at": AT,
        "reason": "dismantled",
    }
}
