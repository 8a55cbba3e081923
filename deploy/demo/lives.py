"""The lives of machines on sites: installation, use, dismantling, and where each of them stands now."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import cycle

from deploy.demo import filings, firms, machines, names, places, sites
from deploy.demo.chance import chance
from deploy.demo.firms import Firm
from deploy.demo.machines import Machine
from deploy.demo.sites import Site


@dataclass(frozen=True)
class Story:
    """How far the notice, the use registration and the dismantling notice get; "" where it has not begun.

    `signatures` is how many of the two countersigners have signed the notice that is being countersigned.
    """

    notice: str = ""
    use: str = ""
    dismantling: str = ""
    signatures: int = 0


IN_USE = Story("approved", "approved")
DISMANTLED = Story("approved", "approved", "approved")
# How many machines live which story; the machines that are left stand in their owners' yards.
STORIES = (
    (2, Story("draft")),
    (2, Story("countersigning")),
    (1, Story("countersigning", signatures=1)),
    (3, Story("submitted")),
    (2, Story("accepted")),
    (2, Story("returned")),
    (1, Story("rejected")),
    (1, Story("withdrawn")),
    (9, Story("approved")),
    (2, Story("approved", "draft")),
    (3, Story("approved", "submitted")),
    (2, Story("approved", "accepted")),
    (2, Story("approved", "reviewed")),
    (1, Story("approved", "returned")),
    (1, Story("approved", "rejected")),
    (19, IN_USE),
    (1, Story("approved", "approved", "countersigning")),
    (1, Story("approved", "approved", "countersigning", signatures=1)),
    (2, Story("approved", "approved", "submitted")),
    (1, Story("approved", "approved", "accepted")),
    (1, Story("approved", "approved", "returned")),
    (5, DISMANTLED),
)
# How far the report of a newer inspection gets, of some machines in use on filed sites, by the life's last digit.
REPORTS = {3: "approved", 8: "submitted"}
AGAIN = 2  # so many of the dismantled ones are put up anew on another site
UNFILED_EACH = 16  # one life in so many is on a project that nobody has filed
MOST_ON_A_SITE = 3
# The largest tower crane (kN·m) by the grade of the installer (建市[2014]159号).
LARGEST = {"一级": float("inf"), "二级": 3150.0, "三级": 800.0}


@dataclass(frozen=True)
class Unfiled:
    """A project without a safety filing (未备案项目), as a notice describes it."""

    name: str
    division: str
    address: str
    owner_name: str
    contractor: Firm
    supervisor: Firm
    reason: str = "施工许可与安全监督手续正在办理"


@dataclass(frozen=True)
class Life:
    """A machine on one site. `again`: it begins after the machine's first life there has ended."""

    key: str
    number: int
    machine: Machine
    place: Site | Unfiled
    installer: Firm
    story: Story
    again: bool = False

    @property
    def contractor(self) -> Firm:
        return self.place.contractor

    @property
    def report(self) -> str:
        """How far the report of a newer inspection gets; "" where there is none."""
        in_use = self.story == IN_USE and not isinstance(self.place, Unfiled)
        return REPORTS.get(self.number % 10, "") if in_use else ""

    @property
    def crew(self) -> tuple[tuple[str, str], ...]:
        """(role, person's key): three workers for a tower crane, two for anything else."""
        workers = 3 if self.machine.kind == "T" else 2
        people = [("install_lead", "lead"), ("install_safety_officer", "safety")]
        people += [("install_worker", f"worker-{number}") for number in range(1, workers + 1)]
        return tuple((role, f"{self.key}/{name}") for role, name in people)

    @property
    def operators(self) -> tuple[tuple[str, str], ...]:
        """(role, person's key); nobody before the use registration is begun."""
        if not self.story.use:
            return ()
        drivers = 2 if self.machine.kind == "S" or self.number % 2 else 1
        people = [("driver", f"driver-{number}") for number in range(1, drivers + 1)]
        people += [("signaller", "signaller")] if self.machine.kind == "T" else []
        return tuple((role, f"{self.key}/{name}") for role, name in people)


@cache
def all_lives(today: date) -> tuple[Life, ...]:
    """Every life, numbered from 1; a second one of the same machine comes last."""
    stories = [story for count, story in STORIES for _ in range(count)]
    chance("stories").shuffle(stories)
    able = [each for each in machines.all_machines(today) if each.is_filed]
    there: Counter[str] = Counter()
    first = [
        _life(number, machine, story, there, today)
        for number, (machine, story) in enumerate(zip(able, stories, strict=False), start=1)
    ]
    ended = [each for each in first if each.story == DISMANTLED][:AGAIN]
    start = len(first) + 1
    again = [
        _life(number, each.machine, Story("approved"), there, today, again=True)
        for number, each in enumerate(ended, start=start)
    ]
    return (*first, *again)


def may_install(firm: Firm, machine: Machine) -> bool:
    """Whether the installer's grade covers the machine."""
    grade = firm.qualification.grade if firm.qualification else ""
    return (machine.model.moment_knm or 0) <= LARGEST.get(grade, 0)


def _life(number: int, machine: Machine, story: Story, there: Counter[str], today: date, again: bool = False) -> Life:
    unfiled = number % UNFILED_EACH == 0 and not again
    place = _unfiled(number, today) if unfiled else _site(machine, there, today)
    return Life(f"life-{number:02d}", number, machine, place, _installer(number, machine, today), story, again)


def _site(machine: Machine, there: Counter[str], today: date) -> Site:
    """The least used site of the owner's city, or of the province; adds the machine to those `there`."""
    active = [each for each in sites.all_sites(today) if each.is_filed and not each.ending]
    near = [each for each in active if places.place(each.division).city == machine.owner.city]
    free = [each for each in near if there[each.key] < MOST_ON_A_SITE] or active
    chosen = min(free, key=lambda each: there[each.key])
    there[chosen.key] += 1
    return chosen


def _unfiled(number: int, today: date) -> Unfiled:
    draw = chance("unfiled", number)
    contractors, supervisors = firms.open_firms(today, "contractor"), firms.open_firms(today, "supervisor")
    contractor = contractors[number % len(contractors)]
    town = places.place(contractor.division).name
    return Unfiled(
        name=f"{town}{draw.choice(names.STREETS)}农贸市场改造工程",
        division=contractor.division,
        address=places.full_name(contractor.division) + names.street_address(draw),
        owner_name=f"{town}市场服务中心",
        contractor=contractor,
        supervisor=supervisors[number % len(supervisors)],
    )


def _installer(number: int, machine: Machine, today: date) -> Firm:
    """Installers take turns; those from outside only once their entry is filed."""
    able = [
        each
        for each in firms.open_firms(today, "installer")
        if filings.installer_filing(each, today) in ("", "approved")
    ]
    turns = cycle(able[number % len(able) :] + able[: number % len(able)])
    return next(each for each in turns if may_install(each, machine))
