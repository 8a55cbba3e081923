"""The forms of what happens on a site, filled in: installation, use, dismantling, change of key personnel."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from deploy.demo import staff
from deploy.demo.forms import Filing, Form, Ids, day_text
from deploy.demo.lives import Life, Unfiled
from deploy.demo.sites import Site
from deploy.demo.staff import all_people

# Far enough ahead for two working days (T7), whatever holidays lie between.
NOTICE_AHEAD = timedelta(days=15)


def install_notice(life: Life, ids: Ids, today: date) -> Filing:
    form = {
        **_machine(life, ids),
        **_place(life, ids, today),
        "site_number": f"{life.number % 4 + 1}#",
        "position": f"{life.number % 9 + 1}号楼{life.number % 12 + 1}—{life.number % 12 + 3}轴",
        "install_height_m": min(life.machine.model.height_m, 30 + life.number % 60),
        "contract_number": f"AZ{today.year}-{life.number:04d}",
        "planned_start": day_text(today + NOTICE_AHEAD),
        "planned_finish": day_text(today + NOTICE_AHEAD + timedelta(days=2)),
        "use_from": day_text(today + NOTICE_AHEAD + timedelta(days=6)),
        "use_to": day_text(today + NOTICE_AHEAD + timedelta(days=280)),
        "crew": _crew(life, ids),
        "lead_phone": all_people(today)[f"{life.key}/lead"].phone,
    }
    return Filing("install_notice", form, ("N1", "N2", "N3", "N4", "N5", "N6", "N7"))


def use_registration(life: Life, ids: Ids, today: date) -> Filing:
    """Installed, inspected and accepted today; one in nine some forty days ago, so that its registration is late."""
    day = today - timedelta(days=40 if life.number % 9 == 0 else 0)
    leased = life.machine.owner.key != life.contractor.key
    form = {
        **_machine(life, ids),
        **_place(life, ids, today),
        "site_number": f"{life.number % 4 + 1}#",
        "installer_name": life.installer.name,
        "installed_on": day_text(day),
        "inspection": {
            "body": "河北冀安建筑机械检测有限公司",
            "report_number": f"JC{day.year}-{7000 + life.number}",
            "on": day_text(day),
            "valid_to": day_text(day + timedelta(days=70 if life.number % 7 == 0 else 364)),
            "passed": True,
        },
        "acceptance": {"on": day_text(day), "passed": True, "organiser": life.contractor.name},
        "operators": [{"person_id": ids.people[key], "role": role} for role, key in life.operators],
        "leased": leased,
        "maintained_by_third_party": False,
    }
    if life.machine.kind == "S":
        calibrated = day - timedelta(days=30)
        form["anti_fall_device"] = {
            "number": f"SAJ40-{life.number:04d}",
            "calibrated_on": day_text(calibrated),
            "valid_to": day_text(calibrated + timedelta(days=364)),
        }
    return Filing("use_registration", form, ("U1", *(("U2",) if leased else ()), "U3", "U4", "U5", "U6"))


def inspection_report(life: Life, ids: Ids, today: date) -> Filing:
    """Inspected anew today."""
    inspection = {
        "body": "河北冀安建筑机械检测有限公司",
        "report_number": f"JC{today.year}-{8000 + life.number}",
        "on": day_text(today),
        "valid_to": day_text(today + timedelta(days=364)),
        "passed": True,
    }
    form = {**_machine(life, ids), **_place(life, ids, today), "inspection": inspection}
    return Filing("inspection_report", form, ("B1",))


def dismantling_notice(life: Life, ids: Ids, today: date) -> Filing:
    form = {
        **_machine(life, ids),
        **_place(life, ids, today),
        "contract_number": f"CX{today.year}-{life.number:04d}",
        "planned_start": day_text(today + NOTICE_AHEAD),
        "planned_finish": day_text(today + NOTICE_AHEAD + timedelta(days=2)),
        "crew": _crew(life, ids),
        "lead_phone": all_people(today)[f"{life.key}/lead"].phone,
    }
    return Filing("dismantling_notice", form, ("N1", "N2", "N3", "N4", "N5", "N6", "N7"))


def personnel_change(site: Site, ids: Ids, today: date) -> Filing:
    """The contractor replaces the first of its safety officers."""
    old = next(key for role, key in staff.key_people(site, today) if role == "safety_officer")
    new = staff.successor(site)
    change = {
        "role": "safety_officer",
        "replaces": ids.people[old],
        "person_id": ids.people[new],
        "phone": all_people(today)[new].phone,
        "ground": "left_employer",
        "reason": "原专职安全员离职，由新任人员接替",
        "handed_over_on": day_text(today),
    }
    return Filing("personnel_change", {"project_id": ids.projects[site.key], "changes": [change]}, ("C1", "C3", "C4"))


def _machine(life: Life, ids: Ids) -> Form:
    return {"machine_kind": life.machine.kind, "machine_id": ids.machines[life.machine.key]}


def _place(life: Life, ids: Ids, today: date) -> Mapping[str, Any]:
    """The project, by its id or as one that nobody has filed."""
    place = life.place
    if not isinstance(place, Unfiled):
        return {"project_id": ids.projects[place.key]}
    described = {
        "name": place.name,
        "division": place.division,
        "address": place.address,
        "works_kind": "building",
        "owner_name": place.owner_name,
        "contractor_id": ids.firms[place.contractor.key],
        "supervisor_id": ids.firms[place.supervisor.key],
        "starts_on": day_text(today - timedelta(days=40)),
        "finishes_on": day_text(today + timedelta(days=300)),
        "reason": place.reason,
    }
    return {"unfiled_project": described}


def _crew(life: Life, ids: Ids) -> list[Form]:
    return [{"person_id": ids.people[key], "role": role} for role, key in life.crew]
