"""The life of a tower crane, from its filing to the day it is free again, with everybody who has a hand in it."""

from datetime import timedelta

from chassis.clock import now
from tests.journeys.site import Site
from tests.journeys.waiting import eventually


def held_for(site: Site, person_id: str) -> list[str | None]:
    """The machines that this person is firmly locked to."""
    return [each["machine_id"] for each in site.active_locks(person_id) if each["stage"] == "held"]


def test_a_crane_is_filed_installed_used_dismantled_and_free_again(site: Site) -> None:
    machine_id = site.file_machine()
    filed = site.machine(machine_id)
    assert filed["filing_number"].startswith("冀A")

    site.install(machine_id)
    operators = site.operators()
    site.register_use(machine_id, operators)
    for operator in operators:
        eventually(lambda who=operator: held_for(site, who["person_id"]) == [machine_id], "operator held")  # type: ignore[misc]

    application = site.notify_dismantling(machine_id)
    assert site.machine(machine_id)["stage"] == "registered"  # T13: a notice frees nothing
    assert site.active_locks(operators[0]["person_id"])

    site.world.decide(application, site.world.county)
    site.wait_for_machine(machine_id, "filed")
    for operator in operators:
        eventually(lambda who=operator: not site.active_locks(who["person_id"]), "operator free")  # type: ignore[misc]
    acts = [each["act"] for each in site.world.county.acceptor.get(f"/machines/{machine_id}/history")["items"]]
    assert acts.count("machine_unlocked") == 1


def test_T13_handling_a_dismantling_cancels_the_use_registration(site: Site) -> None:
    machine_id = site.file_machine()
    site.install(machine_id)
    registration = site.register_use(machine_id, site.operators())
    number = site.contractor.client.get(f"/applications/{registration}")["certificate"]["number"]
    site.world.decide(site.notify_dismantling(machine_id), site.world.county)
    certificates = site.contractor.client.items("/certificates")
    assert {each["number"]: each["stage"] for each in certificates}[number] == "cancelled"


def test_a_free_crane_can_go_to_the_next_site(site: Site) -> None:
    machine_id = site.file_machine()
    site.install(machine_id)
    site.world.decide(site.notify_dismantling(machine_id), site.world.county)
    site.wait_for_machine(machine_id, "filed")
    site.install(machine_id)


def test_who_held_it_then_and_what_we_knew_then(site: Site) -> None:
    machine_id = site.file_machine()
    before = now()
    site.install(machine_id)
    during = now()
    site.world.decide(site.notify_dismantling(machine_id), site.world.county)
    site.wait_for_machine(machine_id, "filed")
    after = now()

    def holder(at: object, known_at: object = None) -> str | None:
        asked = {"at": at.isoformat(), **({"known_at": known_at.isoformat()} if known_at else {})}  # type: ignore[attr-defined]
        told = site.world.county.acceptor.get(f"/machines/{machine_id}/holder", **asked)["holder"]
        return told["project_id"] if told else None

    assert holder(before) is None
    assert holder(during) == site.project_id
    assert holder(after + timedelta(seconds=1)) is None
    assert holder(during, known_at=before) is None  # that early nobody could have known


def test_anybody_can_check_a_certificate_and_learns_nothing_personal(site: Site) -> None:
    machine_id = site.file_machine()
    certificate = next(
        each
        for each in site.lessor.client.items("/certificates")
        if each.get("number") == site.machine(machine_id)["filing_number"]
    )
    told = site.world.door.get(f"/verify/{certificate['verification_code']}")
    assert (told["number"], told["stage"]) == (certificate["number"], "valid")
    assert "phone" not in str(told) and "identity" not in str(told)


def test_an_unfiled_project_holds_a_crane_and_hands_it_to_the_filed_one(site: Site) -> None:
    from tests.journeys import forms

    machine_id = site.file_machine()
    described = forms.unfiled_project(site.contractor.organisation_id, site.supervisor.organisation_id)
    form = forms.install_notice(machine_id, None, site.installer.crew(), unfiled_project=described)
    application = site.world.submit(site.installer.client, "install_notice", form)
    site.world.countersign(application, site.contractor, site.supervisor)
    site.world.decide(application, site.world.county)
    site.wait_for_machine(machine_id, "installed")
    unfiled = site.installer.client.get(f"/applications/{application}")["project_id"]
    assert unfiled != site.project_id

    version = site.world.county.approver.get(f"/projects/{unfiled}")["version"]
    site.world.county.approver.post(f"/projects/{unfiled}/merge", {"filed_id": site.project_id, "version": version})
    eventually(
        lambda: site.machine(machine_id)["place"]["project_id"] == site.project_id, "lock moved to the filed project"
    )
