"""Two inspectors of the county on its roster, and an inspection of theirs as a phone sends it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from chassis.clock import day_of, now
from deploy.demo.client import Client, Problem
from tests.journeys import forms
from tests.journeys.site import Site
from tests.journeys.waiting import eventually
from tests.journeys.world import World

Body = dict[str, Any]


@dataclass
class Inspectors:
    first: Client
    second: Client
    ids: tuple[str, str]

    @classmethod
    def of(cls, site: Site) -> "Inspectors":
        """Once enforcement has heard of the county's agency and of the site."""
        (first, one), (second, two) = _inspector(site.world), _inspector(site.world)
        eventually(lambda: _begins(first, site, [one, two]), "enforcement knows the site")
        return cls(first, second, (one, two))

    @property
    def names(self) -> tuple[str, str]:
        return str(self.first.me["account"]["name"]), str(self.second.me["account"]["name"])

    def begin(self, site: Site) -> str:
        """An inspection of the site, begun now; returns its id."""
        return str(_begun(self.first, site, list(self.ids))["inspection_id"])

    def completed(self) -> Body:
        """One finding, one order, signed by both and by the site."""
        at, finding = now().isoformat(), str(uuid4())
        return {
            "ended_at": at,
            "findings": [
                {"finding_id": finding, "clause_key": "B.13-04", "severity": "serious", "description": "临边无防护栏杆"}
            ],
            "orders": [
                {
                    "kind": "partial_stop", "addressee": "contractor", "finding_ids": [finding], "scope": "3号楼三层",
                    "due_on": (day_of(now()) + timedelta(days=7)).isoformat(), "demands": "按规范设置防护栏杆",
                }
            ],
            "signatures": [{"officer_id": each, "signed_at": at} for each in self.ids],
            "site_signature": {"refused": False, "name": "王建国", "signed_at": at},
        }  # fmt: skip


def _inspector(world: World) -> tuple[Client, str]:
    client = world._account(world.county.administrator, f"inspector{next(forms.serial)}", ["inspector"])
    account = client.me["account"]
    told = {
        "name": account["name"], "certificate_number": f"冀A{next(forms.serial):06d}", "user_id": account["account_id"],
        "certificate_valid_to": (day_of(now()) + timedelta(days=700)).isoformat(),
    }  # fmt: skip
    entered: list[Body] = []

    def is_entered() -> bool:
        entered.append(world.county.administrator.post("/officers", told))
        return True

    eventually(is_entered, "enforcement knows the agency")
    return client, str(entered[0]["officer_id"])


def _begins(client: Client, site: Site, officers: list[str]) -> bool:
    try:
        visit = _begun(client, site, officers)
    except Problem as problem:
        if problem.code != "project_unknown":
            raise
        return False
    client.post(f"/inspections/{visit['inspection_id']}/abandon", {"reason": "试运行"})
    return True


def _begun(client: Client, site: Site, officers: list[str]) -> Body:
    told = {
        "inspection_id": str(uuid4()), "project_id": site.project_id, "kind": "routine", "officer_ids": officers,
        "started_at": now().isoformat(),
    }  # fmt: skip
    return client.post("/inspections", told)
