"""The forms of the filings, filled in: what enterprises tell of themselves, their projects and their machines."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from deploy.demo import machines, staff
from deploy.demo.firms import Firm
from deploy.demo.machines import Machine
from deploy.demo.sites import Site
from deploy.demo.staff import all_people

Form = dict[str, Any]
ENTRY_GRADES = {"一级": "1", "二级": "2", "三级": "3"}


@dataclass
class Ids:
    """What the system has named so far, by the keys of the generator."""

    firms: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    projects: dict[str, str] = field(default_factory=dict)
    machines: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Filing:
    """An application to be made: its matter, its form, and the codes of the documents that go with it.

    `decision` is what the agency has to decide at its approval beside an opinion, where the matter asks for that.
    """

    matter: str
    form: Form
    documents: tuple[str, ...]
    decision: Form = field(default_factory=dict)


def registration(firm: Firm) -> Filing:
    licensed = firm.safety_licence is not None
    form = {
        "name": firm.name,
        "credit_code": firm.credit_code,
        "kinds": list(firm.kinds),
        "outside_province": firm.province != "冀",
        "division": firm.division,
        "address": firm.address,
        "established_on": day_text(firm.established_on),
        "registered_capital": firm.capital,
        "legal_representative": firm.legal_representative,
        "contact": firm.contact,
        "phone": firm.phone,
        **_papers(firm),
    }
    documents = ("E1", *(("E2",) if firm.qualification else ()), *(("E3",) if licensed else ()))
    return Filing("enterprise_registration", form, documents)


def lessor_filing(firm: Firm, today: date) -> Filing:
    own = [each for each in machines.all_machines(today) if each.owner.key == firm.key]
    kinds = sorted({each.kind for each in own}) or ["T"]
    form = {
        "office_address": firm.address,
        "workshop_address": firm.address.rstrip("号") + "号院内",
        "workshop_area": 1200 + 80 * firm.serial,
        "safety_lead": firm.contact,
        "safety_lead_phone": firm.phone,
        "technicians": 3 + firm.serial % 5,
        "repairers": 4 + firm.serial % 7,
        "machines": [{"kind": kind, "count": sum(each.kind == kind for each in own) or 1} for kind in kinds],
    }
    return Filing("lessor_filing", form, ("L1", "L2", "L3", "L4", "L5"))


def installer_filing(firm: Firm) -> Filing:
    assert firm.qualification is not None and firm.safety_licence is not None  # every installer has both
    form = {
        "home_place": firm.address.partition("市")[0],
        "qualification_number": firm.qualification.number,
        "grade": ENTRY_GRADES[firm.qualification.grade],
        "qualification_valid_to": day_text(firm.qualification.valid_to),
        "safety_licence": _papers(firm)["safety_licence"],
        "local_address": "河北省石家庄市裕华区槐安东路88号",
        "local_lead": firm.contact,
        "local_phone": firm.phone,
        "safety_officers": 3 + firm.serial % 4,
        "certified_installers": 12 + firm.serial % 9,
    }
    return Filing("installer_filing", form, ("I1", "I2", "I3", "I4", "I5", "I6"))


def safety_filing(site: Site, ids: Ids, today: date) -> Filing:
    everybody = all_people(today)
    form = {
        "name": site.name,
        "division": site.division,
        "address": site.address,
        "works_kind": site.works_kind,
        "works_code": site.investment_code,
        "permit_number": site.permit_number,
        "structure": site.structure,
        "storeys_above": site.floors,
        "storeys_below": 1 + site.number % 2,
        "floor_area": site.floor_area,
        "contract_price": site.contract_price,
        "starts_on": day_text(site.starts_on),
        "finishes_on": day_text(site.finishes_on),
        "civilised_standard": site.civilised_standard,
        "contractor_id": ids.firms[site.contractor.key],
        "supervisor_id": ids.firms[site.supervisor.key],
        "survey": {"name": "河北冀勘岩土工程勘察有限公司", "lead": site.supervisor.contact},
        "design": {"name": "河北冀筑建筑设计有限公司", "lead": site.owner.contact},
        "measures_fee": round(site.contract_price * 0.022, -2),
        "prepaid_percent": 50,
        "key_people": [
            {"role": role, "person_id": ids.people[key], "phone": everybody[key].phone}
            for role, key in staff.key_people(site, today)
        ],
        "hazardous_works": [
            {
                "kind": each.code,
                "part": each.description,
                **each.quantities,
                "planned_start": day_text(each.starts_on),
                "planned_finish": day_text(each.finishes_on),
            }
            for each in site.hazardous
        ],
        "datum": "WGS-84",
        "boundary": site.boundary,
    }
    return Filing("safety_filing", form, ("P1", "P2", "P3", "P4", "P5", "P6", "P7", "P12"))


def machine_filing(machine: Machine) -> Filing:
    """Of a new filing, or of one made on paper that is entered now."""
    model = machine.model
    form: Form = {
        "kind": machine.kind,
        "name": model.name,
        "model": model.code,
        "maker": machine.maker,
        "maker_licence": machine.maker_licence,
        "serial_number": machine.serial_number,
        "made_on": day_text(machine.made_on),
        "bought_on": day_text(machine.bought_on),
        "service_life_years": machine.service_life_years,
        "supervision_inspection_no": machine.supervision_inspection_no,
        "rated_moment_knm": model.moment_knm,
        "max_load_t": model.load_t,
        "max_radius_m": model.radius_m,
        "max_height_m": model.height_m,
        "free_height_m": model.free_height_m,
        "hoist_drive": model.drive,
        "keeper": machine.owner.contact,
        "keeper_phone": machine.owner.phone,
    }
    if machine.assessment:
        form["assessment"] = {
            "body": "河北冀安建筑机械检测有限公司",
            "report_number": machine.assessment.report_number,
            "on": day_text(machine.assessment.on),
            "valid_to": day_text(machine.assessment.valid_to),
            "passed": True,
        }
    told = {name: value for name, value in form.items() if value is not None}
    if machine.filed_earlier:
        return _registered(machine, told)
    return Filing("machine_filing", told, ("F1", "F2", "F3", "F4", "F5", *(("F7",) if machine.assessment else ())))


def _registered(machine: Machine, told: Form) -> Filing:
    told |= {
        "filing_number": machine.paper_number,
        "filed_on": day_text(machine.bought_on),
        "filing_agency": "产权单位所在地建设行政主管部门",
    }
    return Filing("machine_registration", told, ("G1", *(("G7",) if machine.assessment else ())))


def _papers(firm: Firm) -> Form:
    papers: Form = {}
    if firm.qualification:
        held = firm.qualification
        papers["qualifications"] = [
            {"name": held.name, "grade": held.grade, "number": held.number, "valid_to": day_text(held.valid_to)}
        ]
    if firm.safety_licence:
        licence = firm.safety_licence
        papers["safety_licence"] = {
            "number": licence.number,
            "issued_on": day_text(licence.issued_on),
            "valid_to": day_text(licence.valid_to),
        }
    return papers


def day_text(day: date) -> str:
    return day.isoformat()
