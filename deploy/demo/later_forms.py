"""The forms of what comes later in the lives of projects, machines and people, filled in."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from deploy.demo.firms import Firm
from deploy.demo.forms import Filing, Form, Ids, day_text
from deploy.demo.lives import Life
from deploy.demo.machines import Machine
from deploy.demo.sites import Site
from deploy.demo.staff import all_people, key_people

STOPPED_FOR = timedelta(days=25)
GRADES: dict[bool, Form] = {
    True: {"grade": "qualified", "note": "施工期间每月自评，整改到位"},
    False: {"grade": "failed", "fail_grounds": ["responsible_accident"], "note": "施工期间发生责任事故"},
}


def _civilised_site(site: Site, ids: Ids, today: date) -> Filing:
    form: Form = {
        "standard": site.civilised_standard,
        "progress": f"主体施工至 {max(1, site.floors // 2)} 层",
        "measures": "围挡封闭，道路硬化，裸土覆盖，喷淋和车辆冲洗设施齐全",
        "remote_monitoring": True,
        "contact": site.contractor.contact,
        "contact_phone": site.contractor.phone,
    }
    return Filing("civilised_site", form | _of(site, ids), ("W1", "W2", "W3", "W4"))


def _comprehensive_assessment(site: Site, ids: Ids, today: date) -> Filing:
    """Every whole month of the works was assessed; one site in three has had an accident and fails."""
    passed = site.number % 3 != 2
    months = [
        {
            "month": each,
            "score": 78 + (site.number + number) % 15,
            "owner_opinion": "agrees",
            "supervisor_opinion": "agrees",
        }
        for number, each in enumerate(_months(site.starts_on, today))
    ]
    form: Form = {
        "planned_acceptance_on": day_text(today + timedelta(days=30)),
        "months": months,
        "summary": "每月按 JGJ 59 自评，发现的隐患均已整改",
    }
    if not passed:
        day = day_text(today - timedelta(days=15))
        form["accidents"] = [{"on": day, "content": "高处坠落，一人轻伤，已按规定报告和处理"}]
    filing = Filing("comprehensive_assessment", form | _of(site, ids), ("Z1", "Z2", *(() if passed else ("Z4",))))
    return replace(filing, decision=GRADES[passed])


def _supervision_suspension(site: Site, ids: Ids, today: date) -> Filing:
    form = {
        "since": day_text(today - STOPPED_FOR),
        "cause_by": "other",
        "reason": "冬季停止施工",
        "owner_consents": False,
        "part_under_work": f"主体施工至 {max(1, site.floors // 3)} 层",
        "safety_measures": "临边洞口封闭，塔机停用断电，安排专人值守",
        "planned_resumption": day_text(today + timedelta(days=90)),
    }
    return Filing("supervision_suspension", form | _of(site, ids), ("S1", "S2"))


def _supervision_resumption(site: Site, ids: Ids, today: date) -> Filing:
    form = {
        "on": day_text(today),
        "checked_on": day_text(today),
        "findings": "管理人员到岗，设备检查合格，危大工程防护完好",
    }
    return Filing("supervision_resumption", form | _of(site, ids), ("S4", "S5"))


def _supervision_termination(site: Site, ids: Ids, today: date) -> Filing:
    form = {"finished_on": day_text(today - timedelta(days=3)), "summary": "已按设计文件和合同约定完成全部施工内容"}
    return Filing("supervision_termination", form | _of(site, ids), ("E1", "E2", "E3"))


def _person_release(site: Site, ids: Ids, today: date) -> Filing:
    """The contractor's technical lead has left."""
    lead = next(key for role, key in key_people(site, today) if role == "technical_lead")
    form = {
        "people": [{"person_id": ids.people[lead], "role": "technical_lead"}],
        "reason": f"{all_people(today)[lead].name}已解除劳动合同，不再到岗",
    }
    return _released(Filing("person_release", form | _of(site, ids), ("D1",)), "经核实劳动合同已解除，同意解除锁定")


def enterprise_papers(firm: Firm, today: date) -> Filing:
    """Its licence, prolonged as of today under the same number."""
    assert firm.safety_licence is not None  # every installer has one
    licence = {
        "number": firm.safety_licence.number,
        "issued_on": day_text(today),
        "valid_to": day_text(today + timedelta(days=3 * 365)),
    }
    return Filing("enterprise_papers", {"safety_licence": licence}, ("E3",))


def machine_release(life: Life, ids: Ids, today: date) -> Filing:
    assert isinstance(life.place, Site)
    form = {
        "project_id": ids.projects[life.place.key],
        "machine_kind": life.machine.kind,
        "machine_id": ids.machines[life.machine.key],
        "left_on": day_text(today - timedelta(days=2)),
        "reason": "施工方案调整，设备未投入使用即退场",
    }
    return _released(Filing("machine_release", form, ("D1",)), "现场核实设备已退场，同意解除锁定")


def machine_cancellation(machine: Machine, ids: Ids, buyer: Firm | None, today: date) -> Filing:
    """Sold to a buyer, or scrapped."""
    form: dict[str, Any] = {"machine_kind": machine.kind, "machine_id": ids.machines[machine.key]}
    if buyer is None:
        form |= {"ground": "scrapped", "destroyed_on": day_text(today - timedelta(days=5))}
        return Filing("machine_cancellation", form | {"reason": "主要结构件锈蚀严重，已解体"}, ("X1", "X4"))
    form |= {
        "ground": "transferred",
        "new_owner_name": buyer.name,
        "new_owner_credit_code": buyer.credit_code,
        "transferred_on": day_text(today - timedelta(days=5)),
        "reason": "设备整体转让",
    }
    return Filing("machine_cancellation", form, ("X1", "X2", "X3"))


def of_site(matter: str, site: Site, ids: Ids, today: date) -> Filing:
    return OF_SITES[matter](site, ids, today)


OF_SITES = {
    "civilised_site": _civilised_site,
    "comprehensive_assessment": _comprehensive_assessment,
    "supervision_suspension": _supervision_suspension,
    "supervision_resumption": _supervision_resumption,
    "supervision_termination": _supervision_termination,
    "person_release": _person_release,
}


def work_log(site: Site, today: date) -> Form:
    """A day's log of a site: about every hazardous work that is planned on it."""
    under_way = [number for number, each in enumerate(site.hazardous, 1) if each.starts_on <= today <= each.finishes_on]
    return {
        "weather": "晴，北风 2 级，1 至 9 ℃",
        "work_done": "；".join(f"{site.hazardous[number - 1].description}施工" for number in under_way),
        "works": [{"number": number, "progress": "按专项施工方案进行"} for number in under_way],
        "measures": "班前交底 32 人，专职安全员旁站，临边防护和监测正常",
    }


def _of(site: Site, ids: Ids) -> Form:
    return {"project_id": ids.projects[site.key]}


def _released(filing: Filing, reason: str) -> Filing:
    return replace(filing, decision={"reason": reason})


def _months(first: date, today: date) -> list[str]:
    months, year, month = [], first.year, first.month
    while (year, month) <= (today.year, today.month):
        months.append(f"{year}-{month:02d}")
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return months
