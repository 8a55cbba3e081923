"""Who works where: each firm's people, and who holds which post of which site and machine."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from deploy.demo import firms, lives, people, sites
from deploy.demo.chance import chance
from deploy.demo.firms import Firm
from deploy.demo.lives import Life
from deploy.demo.people import Person
from deploy.demo.sites import Site

PROJECTS_A_CHIEF = 3  # GB/T 50319-2013
SPARE_TRADES = tuple(f"{number:02d}" for number in range(1, 12))
# Key personnel are replaced on these sites: number of the site, and how far the change gets.
CHANGES = {2: "approved", 10: "approved", 21: "submitted", 30: "accepted", 40: "returned", 50: "draft"}


@dataclass(frozen=True)
class Post:
    """Somebody to be found: his key, whose he is, and what he can do."""

    key: str
    firm: Firm
    job: str
    trade: str = ""


def key_people(site: Site, today: date) -> tuple[tuple[str, str], ...]:
    """(role, person's key) of the table of key personnel."""
    officers = [("safety_officer", f"{site.key}/safety_officer-{n}") for n in range(1, site.safety_officers + 1)]
    return (
        ("project_manager", f"{site.key}/project_manager"),
        ("technical_lead", f"{site.key}/technical_lead"),
        *officers,
        ("owner_lead", f"{site.key}/owner_lead"),
        ("chief_supervisor", _chief(site, today)),
        ("supervising_engineer", f"{site.key}/supervising_engineer"),
    )


def successor(site: Site) -> str:
    """The key of whoever takes over as the first safety officer of a site, where `CHANGES` says so."""
    return f"{site.key}/successor"


@cache
def all_people(today: date) -> dict[str, Person]:
    """Everybody by key. Most certificates are good; some expire soon, and of those to spare some have expired."""
    everybody: dict[str, Person] = {}
    for number, post in enumerate(_posts(today), start=1):
        draw = chance("state", post.key)
        bad = ("expired", "soon", "good", "good") if "/spare" in post.key else ("soon", *("good",) * 12)
        state = draw.choice(bad)
        everybody[post.key] = people.person(post.key, number, post.firm, post.job, today, post.trade, state)
    return everybody


def people_of(firm: Firm, today: date) -> list[Person]:
    return [each for each in all_people(today).values() if each.firm.key == firm.key]


def _posts(today: date) -> Iterator[Post]:
    for firm in firms.all_firms(today):
        if firm.is_open:
            yield from _of_firm(firm)
    known: set[str] = set()
    for site in sites.all_sites(today):
        for post in _of_site(site, today):
            if post.key not in known:
                known.add(post.key)
                yield post
    for life in lives.all_lives(today):
        yield from _of_life(life)


def _of_firm(firm: Firm) -> Iterator[Post]:
    """Its leader, and hands to spare."""
    if {"contractor", "installer"} & set(firm.kinds):
        yield Post(f"{firm.key}/leader", firm, "leader")
    if "contractor" in firm.kinds:
        yield Post(f"{firm.key}/spare-manager", firm, "project_manager")
        yield Post(f"{firm.key}/spare-officer", firm, "safety_officer")
    if {"contractor", "lessor", "installer"} & set(firm.kinds):
        trade = SPARE_TRADES[firm.serial % len(SPARE_TRADES)]
        yield Post(f"{firm.key}/spare-worker", firm, "worker", trade)


def _of_site(site: Site, today: date) -> Iterator[Post]:
    employer = {"owner_lead": site.owner, "chief_supervisor": site.supervisor, "supervising_engineer": site.supervisor}
    for role, key in key_people(site, today):
        yield Post(key, employer.get(role, site.contractor), role)
    if site.number in CHANGES:
        yield Post(successor(site), site.contractor, "safety_officer")


def _of_life(life: Life) -> Iterator[Post]:
    kind = life.machine.kind
    for role, key in life.crew:
        yield Post(key, life.installer, role, people.INSTALL_TRADES[kind] if role == "install_worker" else "")
    for role, key in life.operators:
        trade = people.SIGNALLER if role == "signaller" else people.DRIVER_TRADES[kind]
        yield Post(key, life.contractor, role, trade)


def _chief(site: Site, today: date) -> str:
    """Chiefs of a supervising firm take three of its projects each."""
    of_firm = [each.key for each in sites.all_sites(today) if each.supervisor.key == site.supervisor.key]
    return f"{site.supervisor.key}/chief-{of_firm.index(site.key) // PROJECTS_A_CHIEF + 1}"
