"""Forms of every matter, complete and right on the test's day, Monday 2026-03-02; each test changes what it is about."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from chassis.identifiers import derived_id
from chassis.schemas import read
from chassis.workdays import Calendar
from filing import matters
from filing.matters.base import Facts, Party, ProjectFacts

TODAY = date(2026, 3, 2)
LICENCE = {"number": "（冀）JZ安许证字〔2023〕087974", "valid_to": "2028-01-01"}
SQUARE = [[114.51, 38.04], [114.513, 38.04], [114.513, 38.043], [114.51, 38.043], [114.51, 38.04]]
BOUNDARY = {"type": "Polygon", "coordinates": [SQUARE]}


def id_of(*words: str) -> str:
    return derived_id("test", *words)


def person(role: str, number: int = 1) -> dict[str, Any]:
    return {"role": role, "person_id": id_of(role, str(number)), "phone": f"1380000{number:04d}"}


def enterprise_registration(**changes: Any) -> dict[str, Any]:
    return {
        "name": "河北某某建设工程有限公司",
        "credit_code": "91130100MA00000A95",
        "kinds": ["contractor", "installer"],
        "outside_province": False,
        "division": "130102",
        "address": "石家庄市长安区某路1号",
        "legal_representative": "张三",
        "contact": "李四",
        "phone": "13800000001",
        "qualifications": [{"name": "起重设备安装工程专业承包", "grade": "二级", "number": "D313000001"}],
        "safety_licence": LICENCE,
        **changes,
    }


def safety_filing(**changes: Any) -> dict[str, Any]:
    roles = ("project_manager", "technical_lead", "owner_lead", "chief_supervisor", "safety_officer")
    return {
        "name": "某某花园一期",
        "division": "130102",
        "address": "长安区某路2号",
        "works_kind": "building",
        "works_code": "2108-130102-89-01-123456",
        "structure": "剪力墙",
        "floor_area": 9_999,
        "contract_price": 30_000_000,
        "starts_on": "2026-03-10",
        "finishes_on": "2027-12-31",
        "civilised_standard": "municipal",
        "contractor_id": id_of("contractor"),
        "supervisor_id": id_of("supervisor"),
        "survey": {"name": "某勘察院", "lead": "王五"},
        "design": {"name": "某设计院", "lead": "赵六"},
        "measures_fee": 900_000,
        "prepaid_percent": 50,
        "key_people": [person(role) for role in roles],
        "hazardous_works": [],
        "datum": "WGS-84",
        "boundary": BOUNDARY,
        **changes,
    }


def machine_filing(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "T",
        "name": "塔式起重机",
        "model": "QTZ80",
        "maker": "某机械厂",
        "maker_licence": "TS2413001-2026",
        "serial_number": "2020-001",
        "made_on": "2020-05-01",
        "bought_on": "2020-06-01",
        "rated_moment_knm": 800,
        "keeper": "孙七",
        "keeper_phone": "13800000002",
        **changes,
    }


def machine_registration(**changes: Any) -> dict[str, Any]:
    paper = {"filing_number": "冀AB-T00009", "filed_on": "2020-07-01", "filing_agency": "某站"}
    return machine_filing(**paper) | changes


def enterprise_papers(**changes: Any) -> dict[str, Any]:
    licence = {"number": "（冀）JZ安许证字〔2026〕000002", "issued_on": "2026-02-01", "valid_to": "2029-01-31"}
    return {"safety_licence": licence, **changes}


def lessor_filing(**changes: Any) -> dict[str, Any]:
    return {
        "office_address": "某路3号",
        "workshop_address": "某路4号",
        "workshop_area": 5000,
        "safety_lead": "周八",
        "safety_lead_phone": "13800000003",
        "technicians": 5,
        "repairers": 8,
        "machines": [{"kind": "T", "count": 12}],
        **changes,
    }


def installer_filing(**changes: Any) -> dict[str, Any]:
    return {
        "home_place": "江苏省南京市",
        "qualification_number": "D332000001",
        "grade": "3",
        "qualification_valid_to": "2028-06-30",
        "safety_licence": LICENCE,
        "local_address": "石家庄市某路5号",
        "local_lead": "吴九",
        "local_phone": "13800000004",
        "safety_officers": 3,
        "certified_installers": 12,
        **changes,
    }


ASSESSMENT = {"body": "某机构", "report_number": "P-1", "on": "2026-02-01", "valid_to": "2028-01-31", "passed": True}


def crew() -> list[dict[str, Any]]:
    roles = ("install_lead", "install_safety_officer", "install_worker")
    return [{"person_id": id_of("person", role), "role": role} for role in roles]


def install_notice(**changes: Any) -> dict[str, Any]:
    return {
        "machine_kind": "T",
        "machine_id": id_of("machine"),
        "project_id": id_of("project"),
        "position": "1 号楼西侧",
        "install_height_m": 45,
        "planned_start": "2026-03-09",
        "planned_finish": "2026-03-12",
        "crew": crew(),
        "lead_phone": "13800000001",
        **changes,
    }


def dismantling_notice(**changes: Any) -> dict[str, Any]:
    form = install_notice(**changes)
    return {name: value for name, value in form.items() if name not in ("position", "install_height_m")}


def use_registration(**changes: Any) -> dict[str, Any]:
    return {
        "machine_kind": "T",
        "machine_id": id_of("machine"),
        "project_id": id_of("project"),
        "installer_name": "某安装公司",
        "installed_on": "2026-02-20",
        "inspection": {
            "body": "某检测公司",
            "report_number": "J-1",
            "on": "2026-02-24",
            "valid_to": "2027-02-23",
            "passed": True,
        },
        "acceptance": {"on": "2026-02-26", "passed": True, "organiser": "某公司"},
        "operators": [
            {"person_id": id_of("driver"), "role": "driver"},
            {"person_id": id_of("signaller"), "role": "signaller"},
        ],
        "leased": True,
        "maintained_by_third_party": False,
        **changes,
    }


def inspection_report(**changes: Any) -> dict[str, Any]:
    used = use_registration()
    named = {name: used[name] for name in ("machine_kind", "machine_id", "project_id", "inspection")}
    return named | changes


def personnel_change(**changes: Any) -> dict[str, Any]:
    return {"project_id": id_of("project"), "changes": [change(**changes)]}


def change(**changes: Any) -> dict[str, Any]:
    return {
        "role": "project_manager",
        "replaces": id_of("project_manager", "1"),
        "person_id": id_of("project_manager", "2"),
        "phone": "13800000009",
        "ground": "owner_agrees",
        "reason": "工作调动",
        "handed_over_on": "2026-03-01",
        **changes,
    }


def supervision_suspension(**changes: Any) -> dict[str, Any]:
    return {
        "project_id": id_of("project"),
        "since": "2026-02-20",
        "cause_by": "other",
        "reason": "资金未到位",
        "owner_consents": True,
        "part_under_work": "主体施工至 6 层",
        "safety_measures": "塔机回转机构松开，洞口临边封闭，留守 2 人",
        **changes,
    }


def supervision_resumption(**changes: Any) -> dict[str, Any]:
    return {
        "project_id": id_of("project"),
        "on": "2026-03-02",
        "checked_on": "2026-03-01",
        "findings": "人员到岗，设备经检查合格",
        **changes,
    }


def supervision_termination(**changes: Any) -> dict[str, Any]:
    return {
        "project_id": id_of("project"),
        "finished_on": "2026-02-28",
        "summary": "按设计完成全部施工内容",
        **changes,
    }


def civilised_site(**changes: Any) -> dict[str, Any]:
    return {
        "project_id": id_of("project"),
        "standard": "municipal",
        "progress": "主体施工至 6 层",
        "measures": "围挡、硬化、喷淋齐全",
        "remote_monitoring": True,
        "contact": "赵六",
        "contact_phone": "13800000005",
        **changes,
    }


def machine_cancellation(**changes: Any) -> dict[str, Any]:
    return {
        "machine_kind": "T",
        "machine_id": id_of("machine"),
        "ground": "scrapped",
        "destroyed_on": "2026-02-27",
        "reason": "主要结构件锈蚀，已解体",
        **changes,
    }


def machine_sale(**changes: Any) -> dict[str, Any]:
    form = machine_cancellation(
        ground="transferred",
        new_owner_name="某某租赁有限公司",
        new_owner_credit_code="91130100MA00000A95",
        transferred_on="2026-02-27",
        reason="转让",
    )
    return {name: value for name, value in form.items() if name != "destroyed_on"} | changes


def machine_release(**changes: Any) -> dict[str, Any]:
    return {
        "project_id": id_of("project"),
        "machine_kind": "T",
        "machine_id": id_of("machine"),
        "left_on": "2026-02-20",
        "reason": "工程停建，设备已退场",
        **changes,
    }


def person_release(**changes: Any) -> dict[str, Any]:
    return {
        "project_id": id_of("project"),
        "people": [{"person_id": id_of("safety_officer", "1"), "role": "safety_officer"}],
        "reason": "已离职",
        **changes,
    }


def month_assessed(month: str, **changes: Any) -> dict[str, Any]:
    return {"month": month, "score": 85, "owner_opinion": "agrees", "supervisor_opinion": "agrees", **changes}


def comprehensive_assessment(**changes: Any) -> dict[str, Any]:
    return {
        "project_id": id_of("project"),
        "planned_acceptance_on": "2026-03-20",
        "months": [month_assessed("2026-01"), month_assessed("2026-02")],
        "summary": "每月自评，隐患均已整改",
        **changes,
    }


def unfiled_project(**changes: Any) -> dict[str, Any]:
    return {
        "name": "某某小区配套",
        "division": "130104",
        "address": "桥西区某路6号",
        "works_kind": "building",
        "owner_name": "某置业公司",
        "contractor_id": id_of("contractor"),
        "supervisor_id": id_of("supervisor"),
        "starts_on": "2026-03-01",
        "finishes_on": "2026-12-31",
        "reason": "备案手续办理中",
        **changes,
    }


def party(name: str, *kinds: str, **values: Any) -> Party:
    given = {
        "organisation_id": id_of(name),
        "name": name,
        "area": "13.1301.130102",
        "kinds": kinds or (name,),
        "credit_code": "",
        "stage": "open",
        "details": {
            "safety_licence": LICENCE,
            "qualifications": [{"name": "起重设备安装工程专业承包", "grade": "二级", "number": "D2"}],
        },
    }
    return Party(**(given | values))


PARTIES = tuple(party(name) for name in ("owner", "contractor", "supervisor", "installer", "lessor"))
FILED_PROJECT = ProjectFacts(
    project_id=id_of("project"),
    name="某某花园一期",
    area="13.1301.130102",
    stage="filed",
    agency_id=id_of("agency"),
    owner_id=id_of("owner"),
    contractor_id=id_of("contractor"),
    supervisor_id=id_of("supervisor"),
    key_people=(
        ("project_manager", id_of("project_manager", "1")),
        ("safety_officer", id_of("safety_officer", "1")),
        ("chief_supervisor", id_of("chief_supervisor", "1")),
    ),
    starts_on=date(2026, 1, 1),
    civilised_standard="municipal",
)
MACHINE = {
    "machine_id": id_of("machine"),
    "kind": "T",
    "rated_moment_knm": 800,
    "owner_id": id_of("lessor"),
    "filing_number": "冀AB-T00001",
}


def facts(matter: str, form: Mapping[str, Any], by: str, **changes: Any) -> Facts:
    """The facts of an application by one of the parties, its form loaded by its schema."""
    loaded = read(matters.ALL[matter].form(), form, under="form")
    parties = {each.organisation_id: each for each in (*PARTIES, *changes.pop("more_parties", ()))}
    brought = matters.ALL[matter].brings_project(id_of("application"), loaded)
    given = {
        "application_id": id_of("application"),
        "form": loaded,
        "applicant": parties[id_of(by)],
        "project": brought or (FILED_PROJECT if loaded.get("project_id") else None),
        "today": TODAY,
        "calendar": Calendar(),
        "parties": parties,
        "certificates": frozenset({"lessor_filing"} if by == "lessor" else ()),
    }
    return Facts(**(given | changes))


def found(matter: str, form: Mapping[str, Any], by: str, **changes: Any) -> list[tuple[str, str, str]]:
    """(severity, code, path) of every finding of the matter's check."""
    checked = matters.ALL[matter].check(facts(matter, form, by, **changes))
    return [(each.severity, each.code, each.path) for each in checked]


def errors(matter: str, form: Mapping[str, Any], by: str, **changes: Any) -> list[tuple[str, str]]:
    return [(code, path) for severity, code, path in found(matter, form, by, **changes) if severity == "error"]
