"""The later steps of a load: filings, the lives of machines on sites, what happens to projects, bulletins."""

from datetime import timedelta
from functools import partial
from time import monotonic, sleep

from deploy.demo import agencies, filings, firms, forms, lives, machines, notices, papers, site_forms, sites, staff
from deploy.demo.client import Client, Problem
from deploy.demo.crowd import Task
from deploy.demo.firms import Firm
from deploy.demo.lives import Life
from deploy.demo.loading import LOOK_SECONDS, TRAVELS_SECONDS, Loading, NotAsExpected
from deploy.demo.machines import Machine
from deploy.demo.notices import Bulletin, Download
from deploy.demo.sites import Site

# Sites whose owner chose the zone's office instead of the county's (R-F14).
AT_A_ZONE_OFFICE = {5: "130171", 12: "130274"}
# What the checks refuse, and with what: these stay drafts.
REFUSED = {"too_old": "machine_over_age", "banned": "machine_banned"}


# Not the contractor's fault and agreed to by the owner, so that the project manager may go elsewhere; and the opposite.
STOPPAGES = (
    {"cause_by": "contractor", "owner_consents": False, "reason": "施工企业资金周转困难，暂停施工"},
    {"cause_by": "other", "owner_consents": True, "reason": "规划调整，建设单位要求停工"},
)


def lessors(loading: Loading) -> list[Task]:
    """Lessors file themselves, before their machines."""
    today = loading.today
    return [
        Task(firm.name, partial(_file_lessor, loading, firm, stage))
        for firm in firms.all_firms(today)
        if (stage := filings.lessor_filing(firm, today))
    ]


def first_filings(loading: Loading) -> list[Task]:
    """Installers from outside file themselves, owners their projects, owners of machines these."""
    today = loading.today
    tasks = [Task(each.name, partial(_file_site, loading, each)) for each in sites.all_sites(today)]
    tasks += [Task(each.key, partial(_file_machine, loading, each)) for each in machines.all_machines(today)]
    for firm in firms.all_firms(today):
        if stage := filings.installer_filing(firm, today):
            tasks.append(Task(firm.name, partial(_file_installer, loading, firm, stage)))
    return tasks


def learn_names(loading: Loading) -> None:
    """Which ids the filed projects and machines got: the provincial office sees them all."""
    province = loading.users.known_as(agencies.agency_of("130000").officers[0].username)
    by_name = {each.name: each.key for each in sites.all_sites(loading.today)}
    for project in province.items("/projects", limit=100):
        if project["name"] in by_name:
            loading.ids.projects[by_name[project["name"]]] = project["project_id"]
    wanted = {each.serial_number: each.key for each in machines.all_machines(loading.today) if each.is_filed}
    deadline = monotonic() + TRAVELS_SECONDS
    while True:
        filed = [each for each in province.items("/machines", limit=100) if each["serial_number"] in wanted]
        loading.ids.machines = {wanted[each["serial_number"]]: each["machine_id"] for each in filed}
        if len(filed) == len(wanted):
            return
        if monotonic() > deadline:
            raise NotAsExpected(f"{len(wanted) - len(filed)} filed machines never came into the register")
        sleep(LOOK_SECONDS)


def first_lives(loading: Loading) -> list[Task]:
    return [_life_task(loading, each) for each in lives.all_lives(loading.today) if not each.again]


def second_lives(loading: Loading) -> list[Task]:
    """Machines that were dismantled are put up anew."""
    return [_life_task(loading, each) for each in lives.all_lives(loading.today) if each.again]


def changes(loading: Loading) -> list[Task]:
    """Key personnel are replaced, works stop, are accepted and end."""
    all_sites = sites.all_sites(loading.today)
    tasks = [Task(f"change at {each.name}", partial(_replace, loading, each)) for each in all_sites
             if each.number in staff.CHANGES]  # fmt: skip
    return tasks + [Task(f"end of {each.name}", partial(_end, loading, each)) for each in all_sites if each.ending]


def publications(loading: Loading) -> list[Task]:
    """Bulletins and downloads, of the province and of some cities."""
    tasks = [Task(each.title, partial(_announce, loading, each)) for each in notices.BULLETINS]
    return tasks + [Task(each.title, partial(_offer, loading, each)) for each in notices.DOWNLOADS]


def _file_site(loading: Loading, site: Site) -> None:
    filing = forms.safety_filing(site, loading.ids, loading.today)
    agency = AT_A_ZONE_OFFICE.get(site.number, "")
    loading.pursue(site.key, loading.firm(site.owner), filing, site.stage, agency=agency)


def _file_machine(loading: Loading, machine: Machine) -> None:
    filing, owner = forms.machine_filing(machine), loading.firm(machine.owner)
    if machine.stage not in REFUSED:
        loading.pursue(machine.key, owner, filing, machine.stage)
        return
    draft = loading.pursue(machine.key, owner, filing, "draft")
    _expect_refusal(owner, draft["application_id"], draft["version"], REFUSED[machine.stage])


def _expect_refusal(owner: Client, application_id: str, version: int, code: str) -> None:
    try:
        owner.post(f"/applications/{application_id}/submit", {"version": version})
    except Problem as problem:
        if problem.code == code:
            return
        raise
    raise NotAsExpected(f"an application that breaks {code} was taken")


def _file_lessor(loading: Loading, firm: Firm, stage: str) -> None:
    filing = forms.lessor_filing(firm, loading.today)
    loading.pursue(f"{firm.key}/lessor", loading.firm(firm), filing, stage)


def _file_installer(loading: Loading, firm: Firm, stage: str) -> None:
    loading.pursue(f"{firm.key}/installer", loading.firm(firm), forms.installer_filing(firm), stage)


def _life_task(loading: Loading, life: Life) -> Task:
    return Task(f"{life.key} of {life.machine.serial_number}", partial(_live, loading, life))


def _live(loading: Loading, life: Life) -> None:
    """Installation, use, another inspection and dismantling, as far as the story goes."""
    story, today = life.story, loading.today
    installer, signers = loading.firm(life.installer), (life.contractor, life.place.supervisor)
    signatures = story.signatures if story.notice == "countersigning" else len(signers)
    notice = site_forms.install_notice(life, loading.ids, today)
    loading.pursue(f"{life.key}/install", installer, notice, story.notice, signers=signers, signatures=signatures)
    if story.use:
        use = site_forms.use_registration(life, loading.ids, today)
        loading.pursue(f"{life.key}/use", loading.firm(life.contractor), use, story.use)
    if life.report:
        report = site_forms.inspection_report(life, loading.ids, today)
        loading.pursue(f"{life.key}/report", loading.firm(life.contractor), report, life.report)
    if story.dismantling:
        signatures = story.signatures if story.dismantling == "countersigning" else len(signers)
        notice = site_forms.dismantling_notice(life, loading.ids, today)
        name = f"{life.key}/dismantle"
        loading.pursue(name, installer, notice, story.dismantling, signers=signers, signatures=signatures)


def _replace(loading: Loading, site: Site) -> None:
    change = site_forms.personnel_change(site, loading.ids, loading.today)
    loading.pursue(f"{site.key}/change", loading.firm(site.contractor), change, staff.CHANGES[site.number])


def _end(loading: Loading, site: Site) -> None:
    """The agency puts down a stoppage, or the acceptance of the works and the end of supervision."""
    path = f"/projects/{loading.ids.projects[site.key]}"
    officer = loading.users.known_as(agencies.agency_of(site.division).who("approver").username)
    project = officer.get(path)
    if project["stage"] == site.ending:
        return
    version = project["version"]
    if site.ending == "suspended":
        told = STOPPAGES[site.number % 2] | {"since": (loading.today - timedelta(days=130)).isoformat()}
        officer.post(f"{path}/stoppage", {"version": version, **told})
        return
    if not project["works_accepted_on"]:
        accepted = {"version": version, "on": (loading.today - timedelta(days=6)).isoformat()}
        version = officer.post(f"{path}/works-acceptance", accepted)["version"]
    officer.post(f"{path}/close", {"version": version, "reason": "工程已竣工验收，终止施工安全监督"})


def _announce(loading: Loading, bulletin: Bulletin) -> None:
    editor = loading.users.known_as(agencies.agency_of(bulletin.division).who("editor").username)
    told = {"title": bulletin.title, "body": bulletin.body, "is_public": True, "attachments": []}
    editor.post("/bulletins", told, key=loading.kept.key("bulletin", bulletin.title))


def _offer(loading: Loading, download: Download) -> None:
    editor = loading.users.known_as(agencies.agency_of(download.division).who("editor").username)
    key, name = loading.kept.key("download", download.title), f"{download.title}.pdf"
    kept = editor.upload("/attachments", papers.pdf(download.title, *download.lines), key=f"{key}-file", name=name)
    file = {"file_name": kept["name"], **{word: kept[word] for word in ("sha256", "size", "media_type")}}
    told = {"title": download.title, "note": download.note, "is_public": True, "file": file}
    editor.post("/downloads", told, key=key)
