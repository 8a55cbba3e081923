"""T9 in earnest: many firms want one crane in the same moment."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from deploy.demo.client import Client, Problem
from deploy.local.system import System
from tests.journeys import forms
from tests.journeys.site import Site

FIRMS, NOTICES = 8, 8  # of each firm; every notice has a crew of its own
CLIENTS = FIRMS * NOTICES


def notices(site: Site, machine_id: str) -> list[tuple[Client, dict[str, Any]]]:
    """Drafts for this crane, each with a client of its own to hand it in."""
    firms = [site.world.open_firm("installer") for _ in range(FIRMS)]
    documents = [site.world.documents(firm.client, "install_notice") for firm in firms]

    def draft(number: int) -> tuple[Client, dict[str, Any]]:
        firm = firms[number % FIRMS]
        form = forms.install_notice(machine_id, site.project_id, firm.crew())
        drafted = site.world.draft(firm.client, "install_notice", form, documents=documents[number % FIRMS])
        client = Client(site.world.door.base_url, patience=300)
        client.token = firm.client.token
        return client, drafted

    with ThreadPoolExecutor(8) as threads:
        return list(threads.map(draft, range(CLIENTS)))


@pytest.mark.timeout(600)  # of a busy machine; a quiet one takes a tenth
def test_T9_64_clients_want_one_crane_at_once_and_exactly_one_gets_it(site: Site, system: System) -> None:
    machine_id = site.file_machine()

    def hand_in(notice: tuple[Client, dict[str, Any]]) -> Problem | str:
        client, draft = notice
        try:
            client.post(f"/applications/{draft['application_id']}/submit", {"version": draft["version"]})
        except Problem as problem:
            return problem
        return str(draft["application_id"])

    drafts = notices(site, machine_id)
    with ThreadPoolExecutor(CLIENTS) as threads:
        outcomes = list(threads.map(hand_in, drafts))

    (winner,) = [each for each in outcomes if isinstance(each, str)]
    refused = [each for each in outcomes if isinstance(each, Problem)]
    assert {(each.status, each.code) for each in refused} == {(409, "machine_locked")}
    (told,) = {(each.data["held_by"], each.data["since"]) for each in refused}
    assert all(told)
    with psycopg.connect(system.environments.databases["equipment"].owner_uri) as equipment:
        granted = "select application_id from machine_ledger where machine_id = %s and act = 'granted'"
        active = "select application_id from machine_lock where machine_id = %s and released_at is null"
        assert equipment.execute(granted, [machine_id]).fetchall() == [(winner,)]
        assert equipment.execute(active, [machine_id]).fetchall() == [(winner,)]
