"""What else the enterprises have filed: lessors themselves, installers from outside their entry."""

from datetime import date

from deploy.demo import firms
from deploy.demo.firms import Firm

# The last lessors and the last installers from outside have not got through yet, or not at all; the others have.
LESSORS_UNDER_WAY = ("submitted", "accepted", "returned", "rejected", "draft")
INSTALLERS_UNDER_WAY = ("submitted", "reviewed", "returned")


def lessor_filing(firm: Firm, today: date) -> str:
    """How far the lessor's filing gets; "" for whoever is no lessor or not open."""
    lessors = [each for each in firms.open_firms(today, "lessor") if each.kinds == ("lessor",)]
    return _stage(firm, lessors, LESSORS_UNDER_WAY, approved="lessor" in firm.kinds and firm.is_open)


def may_have_machines(firm: Firm, today: date) -> bool:
    """Machines are a contractor's own or a registered lessor's (domain.md §2.5-5)."""
    return "contractor" in firm.kinds or lessor_filing(firm, today) == "approved"


def installer_filing(firm: Firm, today: date) -> str:
    """How far the entry filing of an installer from outside gets; "" for all others."""
    outside = [each for each in firms.open_firms(today, "installer") if each.province != "冀"]
    return _stage(firm, outside, INSTALLERS_UNDER_WAY, approved=firm in outside)


def _stage(firm: Firm, all_of_them: list[Firm], under_way: tuple[str, ...], *, approved: bool) -> str:
    last = [each.key for each in all_of_them[-len(under_way) :]]
    if firm.key in last:
        return under_way[last.index(firm.key)]
    return "approved" if approved else ""
