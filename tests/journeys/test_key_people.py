"""Who holds the posts of a project: changes of key personnel, and the exceptions for a project manager (T14)."""

from typing import Any

from tests.journeys import forms
from tests.journeys.site import Site, build_site, file_project, key_people
from tests.journeys.test_refusals import refusal_of
from tests.journeys.waiting import eventually
from tests.journeys.world import World


def holders(site: Site, role: str) -> list[str]:
    project = site.world.county.acceptor.get(f"/projects/{site.project_id}")
    return [each["person_id"] for each in project["key_people"] if each["role"] == role]


def second_project(site: Site, manager: str, **exemption: Any) -> dict[str, Any]:
    """A safety filing of another project of the same firms under this manager."""
    chief = site.supervisor.hire("总监", forms.certificate("supervising_engineer"))
    people = key_people(site.owner, site.contractor, manager, site.contractor.safety_officer(), chief)
    people[1] |= {"exemption": exemption} if exemption else {}
    return forms.safety_filing(site.contractor.organisation_id, site.supervisor.organisation_id, people)


def test_a_change_frees_the_old_manager_as_it_locks_the_new_one(world: World) -> None:
    site = build_site(world)
    new = site.contractor.manager()
    form = forms.personnel_change(
        site.project_id, {"role": "project_manager", "replaces": site.manager, "person_id": new}
    )
    application = world.submit(site.contractor.client, "personnel_change", form)
    eventually(lambda: site.active_locks(new) != [], "the new one is reserved")
    assert site.active_roles(site.manager) == [("project_manager", site.project_id)]  # until it is decided

    world.decide(application, world.county)

    eventually(lambda: site.active_roles(new) == [("project_manager", site.project_id)], "the new one is held")
    assert not site.active_locks(site.manager)
    assert holders(site, "project_manager") == [new]
    people = key_people(
        site.owner, site.contractor, site.manager, site.contractor.safety_officer(),
        site.supervisor.hire("总监", forms.certificate("supervising_engineer")),
    )  # fmt: skip
    elsewhere = file_project(world, site.owner, site.contractor, site.supervisor, people)
    eventually(lambda: site.active_roles(site.manager) == [("project_manager", elsewhere)], "he has a project again")


def test_a_manager_unlocked_by_the_agency_leaves_his_post_to_another(world: World) -> None:
    site = build_site(world)
    new = site.contractor.manager()
    vacant = forms.personnel_change(site.project_id, {"role": "project_manager", "person_id": new, "ground": "ordered"})
    problem, _ = refusal_of(site.contractor.client, world, "personnel_change", vacant)
    assert problem.code == "required"  # the post is not vacant yet

    eventually(lambda: site.active_roles(site.manager) != [], "the manager is held")
    (lock,) = site.active_locks(site.manager)
    unlocking = {"reason": "长期不在岗，责令更换"}
    world.county.approver.post(f"/person-locks/{lock['lock_id']}/unlock", unlocking)
    assert not site.active_locks(site.manager)
    eventually(lambda: holders(site, "project_manager") == [], "the post is vacant")

    application = world.submit(site.contractor.client, "personnel_change", vacant)
    world.decide(application, world.county)
    eventually(lambda: site.active_roles(new) == [("project_manager", site.project_id)], "the new one is held")
    assert holders(site, "project_manager") == [new]


def test_a_change_is_asked_for_by_whose_people_they_are(world: World, site: Site) -> None:
    new = site.supervisor.hire("总监", forms.certificate("supervising_engineer"))
    form = forms.personnel_change(
        site.project_id, {"role": "chief_supervisor", "replaces": site.chief, "person_id": new}
    )
    problem, _ = refusal_of(site.contractor.client, world, "personnel_change", form)
    assert problem.code == "not_yours_to_change"


def test_T14_after_120_days_of_stoppage_with_the_owners_consent_a_manager_may_take_a_second_project(
    world: World,
) -> None:
    site = build_site(world)
    without = second_project(site, site.manager)
    exempt = second_project(site, site.manager, kind="long_stoppage", project_id=site.project_id)
    eventually(lambda: site.active_roles(site.manager) != [], "the manager is held")
    problem, _ = refusal_of(site.owner.client, world, "safety_filing", without)
    assert problem.code == "person_locked"
    problem, _ = refusal_of(site.owner.client, world, "safety_filing", exempt)
    assert problem.code == "exemption_not_proved"

    site.act("stoppage", since=forms.days_ahead(-119), cause_by="other", owner_consents=True, reason="资金未到位")
    problem, _ = refusal_of(site.owner.client, world, "safety_filing", exempt)
    assert problem.code == "exemption_not_proved"  # a day too early
    site.act("resumption", on=forms.days_ahead(0))
    site.act("stoppage", since=forms.days_ahead(-120), cause_by="other", owner_consents=True, reason="资金未到位")
    drafted = world.draft(site.owner.client, "safety_filing", exempt)

    def is_allowed() -> bool:
        findings = site.owner.client.post(f"/applications/{drafted['application_id']}/check")["findings"]
        return not [each for each in findings if each["severity"] == "error"]

    eventually(is_allowed, "personnel has heard of the stoppage")
    application = world.submit(site.owner.client, "safety_filing", exempt)
    world.decide(application, world.county)
    second = site.owner.client.get(f"/applications/{application}")["project_id"]
    both = sorted([("project_manager", site.project_id), ("project_manager", second)])
    eventually(lambda: site.active_roles(site.manager) == both, "he holds both")


def test_during_a_stoppage_nothing_is_put_up_and_what_stands_may_be_taken_down(world: World) -> None:
    site = build_site(world)
    standing, free = site.file_machine(), site.file_machine()
    site.install(standing)
    site.act("stoppage", since=forms.days_ahead(0), cause_by="contractor", owner_consents=False, reason="整改")

    notice = forms.install_notice(free, site.project_id, site.installer.crew())
    problem, _ = refusal_of(site.installer.client, world, "install_notice", notice)
    assert problem.code == "project_suspended"
    world.decide(site.notify_dismantling(standing), world.county)
    site.wait_for_machine(standing, "filed")

    site.act("resumption", on=forms.days_ahead(0))
    site.install(free)
