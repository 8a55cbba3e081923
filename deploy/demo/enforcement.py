"""Law enforcement in the demo province: each city's officers, their inspections, orders in every state, and a few cases.

Cities inspect here: their agencies have two inspectors beside a reviewer and an approver, so that no case has one person twice.
"""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from shapely.geometry import shape

from chassis.identifiers import derived_id
from deploy.demo import agencies, papers, places, sites
from deploy.demo.agencies import Agency, Officer
from deploy.demo.chance import chance
from deploy.demo.client import Body, Client
from deploy.demo.crowd import Task
from deploy.demo.loading import Loading, patiently
from deploy.demo.sites import Site

SITES_A_CITY = 3
SHANGHAI = ZoneInfo("Asia/Shanghai")
CERTIFICATE_YEARS = 3
# What is found: clause of the check library, severity, what, where, points off its item.
FOUND = (
    ("B.13-04", "general", "三层临边防护栏杆缺失，长度约12米", "3号楼三层", 8),
    ("B.14-04", "serious", "二级配电箱无漏电保护器，箱门未上锁", "2号楼东侧", 12),
    ("B.1-04", "general", "上次检查所列隐患未见复查记录", "项目部资料室", 5),
    ("B.3-03", "serious", "外架连墙件间距超过方案要求", "1号楼北立面", 6),
    ("B.17-02", "serious", "塔式起重机幅度限位器失灵", "1号塔吊", 10),
)
CLEAN = ("B.2-01", "general", "围挡局部破损，已当场修复", "南侧围挡", 1)
CASE_OFFENCE, CASE_FACT = "166-30", "塔式起重机出现故障后仍继续使用"
# By the number of a city's site: what becomes of what was found there.
LIVES = ("ordered", "reported", "closed")
STOPPED_CITY, CASE_CITY = "130100", "130100"


def tasks(loading: Loading) -> list[Task]:
    """A task a city: its people first, then its sites one after the other."""
    by_city: dict[str, list[Site]] = {}
    for site in sites.all_sites(loading.today):
        if site.stage == "approved" and not site.ending:
            by_city.setdefault(places.place(site.division).city or site.division, []).append(site)
    return [
        Task(f"enforcement of {city}", partial(_enforce, loading, city, found[:SITES_A_CITY]))
        for city, found in by_city.items()
        if len(_inspectors(agencies.agency_of(city))) > 1
    ]


def _inspectors(agency: Agency) -> list[Officer]:
    return [each for each in agency.officers if "inspector" in each.roles]


def _enforce(loading: Loading, city: str, places_: list[Site]) -> None:
    agency = agencies.agency_of(city)
    client = loading.users.known_as(_inspectors(agency)[0].username)
    officers = _roster(loading, agency)
    for number, (site, life) in enumerate(zip(places_, LIVES, strict=False)):
        stops = city == STOPPED_CITY and number == 0
        orders = _inspect(loading, client, site, officers, number, "partial_stop" if stops else "rectify")
        if life != "ordered":
            _report(loading, site, orders[0])
        if life == "closed":
            _close(loading, client, orders[0])
    if city == CASE_CITY:
        _case(loading, client, places_[0], officers)
        _decided_case(loading, agency, places_[1], officers)
        _plan(loading, agency)


def _roster(loading: Loading, agency: Agency) -> list[str]:
    """Their ids, once enforcement has heard of the agency."""
    administrator = loading.users.known_as(agency.who("administrator").username)
    return [_entered(loading, administrator, each) for each in _inspectors(agency)]


def _entered(loading: Loading, administrator: Client, officer: Officer) -> str:
    account = loading.users.known_as(officer.username).me["account"]
    told = {
        "name": officer.name,
        "certificate_number": f"冀执{int(account['account_id'][-8:], 16) % 10**8:08d}",
        "certificate_valid_to": loading.today.replace(year=loading.today.year + CERTIFICATE_YEARS, day=1).isoformat(),
        "user_id": account["account_id"],
    }
    key = loading.kept.key("officer", officer.username)
    return str(patiently(lambda: administrator.post("/officers", told, key=key))["officer_id"])


def _inspect(loading: Loading, client: Client, site: Site, officers: list[str], number: int, kind: str) -> list[Body]:
    """Begun an hour ago, completed now; returns its orders."""
    now = datetime.now(SHANGHAI)
    begun = {
        "inspection_id": derived_id(loading.kept.key("inspection", site.key)),
        "project_id": loading.ids.projects[site.key],
        "kind": "routine",
        "officer_ids": officers,
        "started_at": (now - timedelta(minutes=50)).isoformat(),
        "place": _place(site),
    }
    key = loading.kept.key("start inspection", site.key)
    visit = str(patiently(lambda: client.post("/inspections", begun, key=key))["inspection_id"])
    found = (FOUND[number], FOUND[(number + 2) % len(FOUND)])
    findings = [_finding(loading, client, site, *each) for each in (*found, CLEAN)]
    told = {
        "ended_at": now.isoformat(),
        "ended_place": _place(site),
        "remark": "抽查在施楼栋和资料",
        "tables": [_table(*each) for each in (*found, CLEAN)],
        "findings": findings,
        "orders": [_order(loading.today, kind, [each["finding_id"] for each in findings[:2]])],
        "signatures": [{"officer_id": each, "signed_at": now.isoformat()} for each in officers],
        "site_signature": {
            "refused": False,
            "name": "项目负责人",
            "role": "项目经理",
            "signed_at": now.isoformat(),
        },
    }
    answer = client.post(f"/inspections/{visit}/complete", told, key=loading.kept.key("complete inspection", site.key))
    return list(answer["orders"])


def _finding(
    loading: Loading, client: Client, site: Site, clause: str, severity: str, text: str, part: str, _: int
) -> Body:
    kept = client.upload("/attachments", papers.png(60), name="现场照片.png", purpose="evidence")
    return {
        "finding_id": derived_id(loading.kept.key("finding", site.key, clause)),
        "clause_key": clause,
        "severity": severity,
        "description": text,
        "part": part,
        "photos": [
            {
                "evidence_id": derived_id(loading.kept.key("evidence", site.key, clause)),
                "name": "现场照片.png",
                "sha256": kept["sha256"],
                "taken_at": datetime.now(SHANGHAI).isoformat(),
                "taken_place": _place(site),
            }
        ],
    }


def _table(clause: str, _severity: str, _text: str, _part: str, points: int) -> Body:
    return {"table": clause.rsplit("-", 1)[0], "off": [{"item": clause, "points": points}]}


def _order(today: date, kind: str, findings: list[str]) -> Body:
    return {
        "kind": kind,
        "addressee": "contractor",
        "finding_ids": findings,
        "due_on": (today + timedelta(days=7)).isoformat(),
        "demands": "对所列问题逐条整改，并在期限内提交安全整改报告",
        "scope": "1号塔吊" if kind == "partial_stop" else "",
    }


def _report(loading: Loading, site: Site, order: Body) -> None:
    """The contractor answers each finding with a photo."""
    client = loading.firm(site.contractor)
    told = client.get(f"/orders/{order['order_id']}")
    kept = client.upload("/attachments", papers.png(120), name="整改后.png", purpose="evidence")
    answers = [
        {
            "finding_id": each["finding_id"],
            "done": "已按要求整改到位，并组织了自查",
            "photos": [
                {
                    "evidence_id": derived_id(loading.kept.key("answer", each["finding_id"])),
                    "name": "整改后.png",
                    "sha256": kept["sha256"],
                    "purpose": "after",
                }
            ],
        }
        for each in told["findings"]
    ]
    report = {
        "rectification_id": derived_id(loading.kept.key("report", site.key)),
        "order_id": order["order_id"],
        "answers": answers,
    }
    path = f"/rectifications/{report['rectification_id']}/submit"
    body = {name: value for name, value in report.items() if name != "rectification_id"}
    client.post(path, body, key=loading.kept.key("submit report", site.key))


def _close(loading: Loading, client: Client, order: Body) -> None:
    told = client.get(f"/orders/{order['order_id']}")
    decided: Body = {
        "accepted": [each["finding_id"] for each in told["findings"]],
        "checked_by": "paper",
        "opinion": "整改到位",
    }
    path = f"/rectifications/{told['report']['rectification_id']}/decide"
    client.post(path, decided, key=loading.kept.key("close order", order["order_id"]))


def _case(loading: Loading, client: Client, site: Site, officers: list[str]) -> str:
    """A case that waits for the head to file it; its id."""
    project = loading.ids.projects[site.key]
    told: dict[str, Any] = {
        "offence_keys": [CASE_OFFENCE],
        "project_id": project,
        "party_id": client.get(f"/projects/{project}")["contractor_id"],
        "description": CASE_FACT,
        "officer_ids": officers,
        "facts": {},
    }
    return str(client.post("/cases", told, key=loading.kept.key("case", site.key))["case_id"])


def _decided_case(loading: Loading, agency: Agency, site: Site, officers: list[str]) -> None:
    """From the clue to the decision that was handed over, each step by the one whose step it is."""
    first, reviewer, head = (
        loading.users.known_as(each)
        for each in (_inspectors(agency)[0].username, agency.who("reviewer").username, agency.who("approver").username)
    )
    case = _case(loading, first, site, officers)
    handed = {"how": "direct", "served_on": loading.today.isoformat(), "handed_to": "项目经理"}
    steps: tuple[tuple[Client, str, Body], ...] = (
        (head, "file", {"opinion": "同意立案"}),
        (first, "conclude", {"conclusion": "现场检查记录、照片和询问笔录相互印证，事实清楚"}),
        (reviewer, "review", {"agrees": True, "opinion": "事实清楚，适用法律正确，程序合法，裁量适当"}),
        (first, "notify", {"facts_found": CASE_FACT}),
        (first, "serve", handed),
        (loading.firm(site.contractor), "answer", {"answer": "waive"}),
        (head, "decide", {"outcome": "penalty", "facts_found": CASE_FACT}),
        (first, "serve", handed),
    )
    for number, (who, step, told) in enumerate(steps):
        who.post(f"/cases/{case}/{step}", told, key=loading.kept.key("step of case", site.key, str(number)))


def _plan(loading: Loading, agency: Agency) -> None:
    """A double-random plan, approved, and a draw of two of its sites whose seed is out."""
    first, head = (
        loading.users.known_as(each) for each in (_inspectors(agency)[0].username, agency.who("approver").username)
    )
    ends = loading.today.replace(month=12, day=31)  # a plan is of one year
    plan = {
        "kind": "double_random",
        "title": "冬季施工双随机抽查",
        "starts_on": loading.today.isoformat(),
        "ends_on": ends.isoformat(),
        "basis": "年度监督检查计划；冬季施工安全专项要求",
        "visits": 1,
        "cap": 6,
    }
    saved = first.post("/plans", plan, key=loading.kept.key("plan", agency.division))
    where, kept = f"/plans/{saved['plan_id']}", loading.kept.key("approve plan", agency.division)
    head.post(f"{where}/approve", {"version": saved["version"]}, key=kept)
    draw = {
        "sites_wanted": 2,
        "officers_a_site": 2,
        "seed_source": "中国福利彩票双色球当期开奖号码",
        "due_on": min(loading.today + timedelta(days=20), ends).isoformat(),
    }
    drawn = first.post(f"{where}/draws", draw, key=loading.kept.key("draw", agency.division))
    seed = {"seed": "03 08 14 19 27 31 06", "announced_at": datetime.now(SHANGHAI).isoformat()}
    first.post(f"/draws/{drawn['draw_id']}/reveal", seed, key=loading.kept.key("reveal draw", agency.division))


def _place(site: Site) -> Body:
    draw, point = chance("inspection", site.key), shape(site.boundary).representative_point()
    return {"longitude": point.x, "latitude": point.y, "accuracy": round(draw.uniform(6, 20), 1)}
