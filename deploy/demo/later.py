"""What comes later: the matters that stand at the end of the plan, certificates suspended and cancelled, site logs.

A project is filed on the day of the load, and no day before its filing owes a log: so on that day some logs are written
and the others due, and those are missing from the next day on.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from deploy.demo import firms, later_forms, lives, machines, papers, sites
from deploy.demo.client import Body
from deploy.demo.crowd import Task
from deploy.demo.firms import Firm
from deploy.demo.forms import Filing, Ids
from deploy.demo.loading import Loading
from deploy.demo.sites import Site

# How far each matter gets: number of the site → stage. Supervision that is suspended may go on again, ended only where no
# machine stands.
OF_SITES: dict[str, dict[int, str]] = {
    "civilised_site": {
        4: "approved", 6: "approved", 15: "approved", 7: "submitted", 9: "accepted", 12: "reviewed", 16: "returned",
        23: "rejected", 28: "draft",
    },
    "comprehensive_assessment": {
        14: "approved", 29: "approved", 27: "submitted", 36: "accepted", 37: "returned", 39: "draft",
    },
    "supervision_suspension": {
        32: "approved", 33: "approved", 34: "approved", 24: "submitted", 43: "accepted", 48: "returned",
    },
    "supervision_resumption": {32: "approved", 33: "submitted", 20: "countersigning", 3: "draft"},
    "supervision_termination": {25: "approved", 53: "submitted", 59: "countersigning"},
    "person_release": {44: "approved", 47: "submitted", 51: "returned", 56: "rejected"},
}  # fmt: skip
BY_CONTRACTOR = ("civilised_site", "person_release")
COUNTERSIGNED = ("supervision_resumption", "supervision_termination")
# By the number of the life; of a machine that was installed and never registered for use.
MACHINE_RELEASES = {7: "approved", 8: "submitted", 9: "accepted", 27: "returned", 31: "rejected", 41: "draft"}
# By the place among the machines that stand in their owners' yards; every other one was sold.
CANCELLATIONS = ("approved", "approved", "submitted", "accepted", "returned", "rejected", "draft")
# Installers of the province whose licence was renewed; those from outside file their entry anew.
RENEWALS = ("approved", "approved", "submitted", "returned")
# What becomes of a certificate: by matter and site.
CERTIFICATES = {
    ("civilised_site", 15): ("suspension", "核查申报材料真实性"),
    ("civilised_site", 6): ("cancellation", "现场复查不符合安全文明工地标准"),
    ("comprehensive_assessment", 14): ("reissue", "告知书原件遗失，补发"),
}
NO_LOG_EVERY = 3  # one site in so many has not written today's log


@dataclass(frozen=True)
class Later:
    """One application: by whom, who signs it, and how far it gets."""

    name: str
    filing: Filing
    applicant: Firm
    stage: str
    signers: tuple[Firm, ...] = ()

    @property
    def key(self) -> str:
        """Of the site, the life or the machine that it is about."""
        return self.name.partition("/")[0]


def all_later(ids: Ids, today: date) -> Iterator[Later]:
    by_number = {each.number: each for each in sites.all_sites(today)}
    for matter, stages in OF_SITES.items():
        for number, stage in stages.items():
            yield _of_site(matter, by_number[number], stage, ids, today)
    for life in lives.all_lives(today):
        if life.number in MACHINE_RELEASES:
            filing = later_forms.machine_release(life, ids, today)
            yield Later(f"{life.key}/release", filing, life.contractor, MACHINE_RELEASES[life.number])
    for place, (machine, stage) in enumerate(zip(in_yards(today), CANCELLATIONS, strict=False)):
        buyer = firms.open_firms(today, "lessor")[0] if place % 2 else None
        filing = later_forms.machine_cancellation(machine, ids, buyer, today)
        yield Later(f"{machine.key}/cancel", filing, machine.owner, stage)
    at_home = (each for each in firms.open_firms(today, "installer") if each.province == "冀")
    for firm, stage in zip(at_home, RENEWALS, strict=False):
        yield Later(f"{firm.key}/papers", later_forms.enterprise_papers(firm, today), firm, stage)


def in_yards(today: date) -> list[machines.Machine]:
    """Filed machines that have never been on a site; none of the firm's that buys."""
    buyer = firms.open_firms(today, "lessor")[0]
    used = {each.machine.key for each in lives.all_lives(today)}
    filed = (each for each in machines.all_machines(today) if each.is_filed and each.key not in used)
    return [each for each in filed if each.owner.key != buyer.key]


def writes_logs(site: Site, today: date) -> bool:
    """Whether it is filed, at work, has a hazardous work under way, and its contractor has written today's log."""
    stopped = site.ending or OF_SITES["supervision_suspension"].get(site.number) == "approved"
    ended = OF_SITES["supervision_termination"].get(site.number) == "approved"
    owes = any(each.starts_on <= today <= each.finishes_on for each in site.hazardous)
    return bool(site.is_filed and not stopped and not ended and owes and site.number % NO_LOG_EVERY)


def tasks(loading: Loading) -> list[Task]:
    """What is done to one site follows in order; sites go side by side. Nothing has its id yet when this is asked."""
    keys = dict.fromkeys(each.key for each in all_later(nameless(), loading.today))
    made = [Task(f"later at {key}", partial(_in_order, loading, key)) for key in keys]
    writing = [each for each in sites.all_sites(loading.today) if writes_logs(each, loading.today)]
    return made + [Task(f"log of {each.name}", partial(_write_log, loading, each)) for each in writing]


def nameless() -> Ids:
    """For whoever asks only what there will be."""
    return Ids(*(defaultdict(str) for _ in range(4)))


def _of_site(matter: str, site: Site, stage: str, ids: Ids, today: date) -> Later:
    signers = (site.contractor, site.supervisor) if matter in COUNTERSIGNED else ()
    applicant = site.contractor if matter in BY_CONTRACTOR else site.owner
    filing = later_forms.of_site(matter, site, ids, today)
    return Later(f"{site.key}/{matter}", filing, applicant, stage, signers)


def _in_order(loading: Loading, key: str) -> None:
    for each in all_later(loading.ids, loading.today):
        if each.key != key:
            continue
        signatures = 1 if each.stage == "countersigning" else len(each.signers)
        applicant = loading.firm(each.applicant)
        standing = loading.pursue(
            each.name, applicant, each.filing, each.stage, signers=each.signers, signatures=signatures
        )
        _change_certificate(loading, each, standing)


def _change_certificate(loading: Loading, later: Later, standing: Body) -> None:
    changed = {f"site-{number:02d}/{matter}": told for (matter, number), told in CERTIFICATES.items()}
    if later.name not in changed:
        return
    act, reason = changed[later.name]
    officer = loading.users.known_as(loading.agencies[standing["agency_id"]].who("approver").username)
    issued = officer.get(f"/applications/{standing['application_id']}")["certificate"]
    path = f"/certificates/{issued['certificate_id']}"
    certificate = officer.get(path)
    if certificate["stage"] == "valid":
        officer.post(f"{path}/{act}", {"version": certificate["version"], "reason": reason})


def _write_log(loading: Loading, site: Site) -> None:
    contractor, key = loading.firm(site.contractor), loading.kept.key("log", site.key)
    photo = contractor.upload(
        "/attachments", papers.png(200 + site.number % 6 * 8), key=f"{key}-photo", name="现场照片.png"
    )
    told = later_forms.work_log(site, loading.today)
    told |= {"version": 0, "photos": [{"sha256": photo["sha256"], "name": photo["name"], "caption": "作业面"}]}
    day = f"/projects/{loading.ids.projects[site.key]}/work-logs/{loading.today.isoformat()}"
    contractor.put(day, told, key=key)
