"""Forms as clerks would fill them in, right in every field; a test changes what it is about."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from chassis.clock import day_of, now
from chassis.workdays import Calendar
from deploy.demo import numbers_of

Form = dict[str, Any]
serial = count(int(now().timestamp()) % 8_000)
# A building site of two hectares in 长安区, 石家庄 (WGS-84).
SQUARE = [[114.530, 38.050], [114.532, 38.050], [114.532, 38.0515], [114.530, 38.0515], [114.530, 38.050]]


def today() -> date:
    return day_of(now())


def workdays_ahead(count_: int) -> str:
    return Calendar().add_workdays(today(), count_).day.isoformat()


def days_ahead(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()


def registration(name: str, kinds: list[str], division: str) -> Form:
    number = next(serial)
    return {
        "name": name,
        "credit_code": numbers_of.credit_code(division, number % 10_000),
        "kinds": kinds,
        "outside_province": False,
        "division": division,
        "address": "建设大街1号",
        "established_on": "2012-05-18",
        "registered_capital": 50_000_000,
        "legal_representative": "赵守正",
        "contact": "钱可行",
        "phone": numbers_of.phone(number),
        "qualifications": [
            {"name": "起重设备安装工程专业承包", "grade": "一级", "number": "D213900001", "valid_to": days_ahead(900)}
        ],
        "safety_licence": {"number": "（冀）JZ安许证字[2024]900001", "valid_to": days_ahead(600)},
    }


def safety_filing(contractor_id: str, supervisor_id: str, key_people: list[Form], **changed: Any) -> Form:
    return {
        "name": f"河畔花园{next(serial)}号楼",
        "division": "130102",
        "address": "和平东路99号",
        "works_kind": "building",
        "works_code": numbers_of.investment_project("130102", 2026, 8, next(serial)),
        "permit_number": numbers_of.construction_permit("130102", today(), next(serial)),
        "structure": "剪力墙",
        "storeys_above": 18,
        "storeys_below": 1,
        "floor_area": 9_999,
        "contract_price": 40_000_000,
        "starts_on": days_ahead(-30),
        "finishes_on": days_ahead(300),
        "civilised_standard": "municipal",
        "contractor_id": contractor_id,
        "supervisor_id": supervisor_id,
        "survey": {"name": "冀勘岩土工程公司", "lead": "孙明"},
        "design": {"name": "冀筑建筑设计公司", "lead": "李图"},
        "measures_fee": 880_000,
        "prepaid_percent": 50,
        "key_people": key_people,
        "hazardous_works": [],
        "datum": "WGS-84",
        "boundary": {"type": "Polygon", "coordinates": [SQUARE]},
        **changed,
    }


def machine_filing(**changed: Any) -> Form:
    return {
        "kind": "T",
        "name": "塔式起重机",
        "model": "QTZ80(TC5610)",
        "maker": "冀工重工有限公司",
        "maker_licence": "TS2413001-2028",
        "serial_number": f"JG{today().year}{next(serial):06d}",
        "made_on": days_ahead(-1000),
        "bought_on": days_ahead(-900),
        "service_life_years": 15,
        "supervision_inspection_no": "ZJ20240001",
        "rated_moment_knm": 800,
        "max_load_t": 6,
        "max_radius_m": 56,
        "max_height_m": 150,
        "free_height_m": 40,
        "keeper": "周机",
        "keeper_phone": numbers_of.phone(next(serial)),
        **changed,
    }


def hoist_filing(**changed: Any) -> Form:
    """A rack hoist (SC) instead of a crane."""
    form = machine_filing(
        kind="S", name="施工升降机", model="SC200/200", hoist_drive="SC", service_life_years=8, **changed
    )
    return {name: value for name, value in form.items() if name not in ("rated_moment_knm", "max_radius_m")}


def machine_registration(filing_number: str, **changed: Any) -> Form:
    """A crane that was filed on paper some years ago."""
    paper = {"filing_number": filing_number, "filed_on": days_ahead(-800), "filing_agency": "长安区建设局"}
    return machine_filing() | paper | changed


def lessor_filing(**changed: Any) -> Form:
    return {
        "office_address": "建设大街1号",
        "workshop_address": "建设大街1号院内",
        "workshop_area": 1_500,
        "safety_lead": "吴安",
        "safety_lead_phone": numbers_of.phone(next(serial)),
        "technicians": 3,
        "repairers": 4,
        "machines": [{"kind": "T", "count": 12}],
        **changed,
    }


def installer_filing(**changed: Any) -> Form:
    return {
        "home_place": "河南省郑州市",
        "qualification_number": "D341900001",
        "grade": "1",
        "qualification_valid_to": days_ahead(700),
        "safety_licence": {"number": "（豫）JZ安许证字[2024]900001", "valid_to": days_ahead(600)},
        "local_address": "槐安东路88号",
        "local_lead": "郑在冀",
        "local_phone": numbers_of.phone(next(serial)),
        "safety_officers": 3,
        "certified_installers": 12,
        **changed,
    }


def personnel_change(project_id: str, *changes: Form) -> Form:
    common = {"ground": "owner_agrees", "reason": "原人员另有任用", "handed_over_on": days_ahead(0)}
    named = [{**common, "phone": numbers_of.phone(next(serial)), **each} for each in changes]
    return {"project_id": project_id, "changes": named}


def install_notice(machine_id: str, project_id: str | None, crew: list[Form], **changed: Any) -> Form:
    return {
        "machine_kind": "T",
        "machine_id": machine_id,
        **({"project_id": project_id} if project_id else {}),
        "site_number": "1#",
        "position": "1号楼东侧",
        "install_height_m": 60,
        "contract_number": "AZ-001",
        "planned_start": workdays_ahead(2),
        "planned_finish": workdays_ahead(4),
        "use_from": workdays_ahead(8),
        "use_to": days_ahead(280),
        "crew": crew,
        "lead_phone": numbers_of.phone(next(serial)),
        **changed,
    }


def use_registration(machine_id: str, project_id: str, operators: list[Form], **changed: Any) -> Form:
    return {
        "machine_kind": "T",
        "machine_id": machine_id,
        "project_id": project_id,
        "installer_name": "河北安拆设备公司",
        "installed_on": days_ahead(0),
        "inspection": {
            "body": "冀安建筑机械检测有限公司",
            "report_number": "JC-1",
            "on": days_ahead(0),
            "valid_to": days_ahead(364),
            "passed": True,
        },
        "acceptance": {"on": days_ahead(0), "passed": True, "organiser": "总承包单位"},
        "operators": operators,
        "leased": True,
        "maintained_by_third_party": False,
        **changed,
    }


def dismantling_notice(machine_id: str, project_id: str, crew: list[Form], **changed: Any) -> Form:
    return {
        "machine_kind": "T",
        "machine_id": machine_id,
        "project_id": project_id,
        "contract_number": "CX-001",
        "planned_start": workdays_ahead(2),
        "planned_finish": workdays_ahead(4),
        "crew": crew,
        "lead_phone": numbers_of.phone(next(serial)),
        **changed,
    }


def unfiled_project(contractor_id: str, supervisor_id: str, **changed: Any) -> Form:
    return {
        "name": f"东街市场{next(serial)}改造",
        "division": "130102",
        "address": "东街3号",
        "works_kind": "building",
        "owner_name": "东街市场服务中心",
        "contractor_id": contractor_id,
        "supervisor_id": supervisor_id,
        "starts_on": days_ahead(-40),
        "finishes_on": days_ahead(300),
        "reason": "手续正在办理",
        **changed,
    }


def certificate(kind: str, trade: str | None = None, **changed: Any) -> Form:
    number = next(serial)
    numbers = {
        "builder": numbers_of.builder(1, 2020, 2024, number),
        "supervising_engineer": numbers_of.supervising_engineer(number),
        "special_operation": numbers_of.special_operation("冀A", trade or "05", 2025, number),
    }
    made = {
        "kind": kind,
        "number": numbers.get(kind) or numbers_of.safety_certificate(kind, 2025, number),
        "issued_on": days_ahead(-200),
        "valid_to": days_ahead(500),
        "issuer": "河北省住房和城乡建设厅",
        **({"trade": trade} if trade else {}),
        **({"grade": "1"} if kind == "builder" else {}),
    }
    return {**made, **changed}


def person(name: str, certificates: list[Form], **changed: Any) -> Form:
    number = next(serial)
    born = date(1975, 1, 1) + timedelta(days=number % 7_000)
    place = f"1301{number % 20 + 2:02d}"
    return {
        "identity_number": numbers_of.identity_number(place, born, f"99{number // 7_000 + 6}"),
        "name": name,
        "phone": numbers_of.phone(number),
        "posts": [],
        "certificates": certificates,
        **changed,
    }
