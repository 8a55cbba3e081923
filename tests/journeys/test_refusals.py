"""Each refusal that a clerk can meet, told with its reason; and nothing typed is lost."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from deploy.demo.client import Client, Problem
from tests.journeys import forms
from tests.journeys.site import Site, build_site, key_people
from tests.journeys.world import World


def refusal_of(client: Client, world: World, matter: str, form: dict[str, Any], **options: Any) -> tuple[Problem, str]:
    """Draft it, hand it in, be refused: why, and the id of the draft."""
    drafted = world.draft(client, matter, form, **options)
    with pytest.raises(Problem) as refused:
        world.act(client, drafted["application_id"], "submit")
    return refused.value, drafted["application_id"]


def test_T9_the_second_firm_reads_who_holds_the_crane_and_since_when(site: Site) -> None:
    machine_id = site.file_machine()
    site.notify(machine_id)
    other = site.world.open_firm("installer")
    form = forms.install_notice(machine_id, site.project_id, other.crew())
    problem, draft = refusal_of(other.client, site.world, "install_notice", form)
    assert (problem.status, problem.code) == (409, "machine_locked")
    assert problem.data["held_by"] and problem.data["since"]
    assert problem.data["held_by"] in problem.detail
    kept = other.client.get(f"/applications/{draft}")
    assert (kept["stage"], kept["form"]["site_number"]) == ("draft", "1#")


def test_T2_a_crane_cannot_be_filed_twice(site: Site) -> None:
    machine_id = site.file_machine()
    serial = site.machine(machine_id)["serial_number"]
    other = site.world.open_lessor()
    problem, _ = refusal_of(other.client, site.world, "machine_filing", forms.machine_filing(serial_number=serial))
    assert problem.code == "machine_already_filed"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"rated_moment_knm": 629, "made_on": forms.days_ahead(-3660)}, "machine_over_age"),
        ({"model": "QTG20"}, "machine_banned"),
    ],
)
def test_T4_a_crane_too_old_or_banned_is_not_filed_and_the_reason_is_named(
    site: Site, changed: dict[str, Any], code: str
) -> None:
    problem, _ = refusal_of(site.lessor.client, site.world, "machine_filing", forms.machine_filing(**changed))
    assert problem.code == code


def test_T6_a_crane_whose_filing_is_still_under_review_cannot_be_installed(site: Site) -> None:
    application = site.world.submit(site.lessor.client, "machine_filing", forms.machine_filing())
    machine_id = site.lessor.client.get(f"/applications/{application}")["machine_id"]
    form = forms.install_notice(machine_id, site.project_id, site.installer.crew())
    problem, _ = refusal_of(site.installer.client, site.world, "install_notice", form)
    assert problem.code == "machine_under_review"


def test_T7_an_installation_cannot_start_sooner_than_the_second_working_day(site: Site) -> None:
    machine_id = site.file_machine()
    form = forms.install_notice(
        machine_id, site.project_id, site.installer.crew(), planned_start=forms.workdays_ahead(1)
    )
    problem, _ = refusal_of(site.installer.client, site.world, "install_notice", form)
    assert (problem.status, problem.code) == (409, "start_too_early")
    assert problem.data["earliest"] == forms.workdays_ahead(2)


def test_T8_the_agency_does_not_see_a_notice_before_both_have_signed(site: Site) -> None:
    application = site.notify(site.file_machine())
    acceptor = site.world.county.acceptor
    for firm in (site.contractor, site.supervisor):
        with pytest.raises(Problem) as unseen:
            acceptor.get(f"/applications/{application}")
        assert unseen.value.status == 404
        site.world.countersign(application, firm)
    assert acceptor.get(f"/applications/{application}")["stage"] == "submitted"


def test_T8_a_refused_signature_gives_the_notice_back_with_its_reason(site: Site) -> None:
    application = site.notify(site.file_machine())
    site.world.act(site.supervisor.client, application, "countersign", agrees=False, remarks="专项方案未签字")
    seen = site.installer.client.get(f"/applications/{application}")
    assert seen["stage"] == "returned"
    assert "专项方案未签字" in str(seen)


def test_T10_use_cannot_be_registered_before_the_installation_is_accepted(site: Site) -> None:
    machine_id = site.file_machine()
    form = forms.use_registration(machine_id, site.project_id, site.operators())
    problem, _ = refusal_of(site.contractor.client, site.world, "use_registration", form)
    assert problem.code == "machine_not_on_project"
    site.notify(machine_id)
    problem, _ = refusal_of(site.contractor.client, site.world, "use_registration", form)
    assert problem.code == "install_not_accepted"


def test_T11_a_hoist_drivers_certificate_does_not_drive_a_tower_crane(site: Site) -> None:
    machine_id = site.file_machine()
    site.install(machine_id)
    operators = [
        {"person_id": site.contractor.driver("06"), "role": "driver"},
        {"person_id": site.contractor.signaller(), "role": "signaller"},
    ]
    form = forms.use_registration(machine_id, site.project_id, operators)
    problem, _ = refusal_of(site.contractor.client, site.world, "use_registration", form)
    assert problem.code == "trade_mismatch"


def test_T12_an_operator_locked_to_one_crane_cannot_be_named_for_another_until_the_agency_releases(site: Site) -> None:
    first, second = site.file_machine(), site.file_machine()
    site.install(first)
    site.install(second)
    operators = site.operators()
    site.register_use(first, operators)
    form = forms.use_registration(second, site.project_id, operators)
    problem, draft = refusal_of(site.contractor.client, site.world, "use_registration", form)
    assert problem.code == "person_locked"

    for operator in operators:
        [lock] = site.active_locks(operator["person_id"])
        site.world.county.approver.post(f"/person-locks/{lock['lock_id']}/unlock", {"reason": "调离本工程，已交接"})
    site.world.act(site.contractor.client, draft, "submit")


def test_T14_a_manager_is_not_on_two_projects(world: World, site: Site) -> None:
    people = key_people(site.owner, site.contractor, site.manager, site.contractor.safety_officer(), site.chief)
    form = forms.safety_filing(site.contractor.organisation_id, site.supervisor.organisation_id, people)
    problem, _ = refusal_of(site.owner.client, world, "safety_filing", form)
    assert problem.code == "person_locked"
    assert problem.data["held_by"] and problem.data["since"]


@pytest.mark.parametrize(("area", "officers"), [(9_999, 1), (10_000, 2), (49_999, 2), (50_000, 3)])
def test_T15_a_project_needs_its_number_of_safety_officers(world: World, site: Site, area: int, officers: int) -> None:
    owner, contractor, supervisor = site.owner, site.contractor, site.supervisor
    chief = supervisor.hire("总监", forms.certificate("supervising_engineer"))

    def form(count: int) -> dict[str, Any]:
        people = key_people(owner, contractor, contractor.manager(), contractor.safety_officer(), chief)
        more = [{**people[3], "person_id": contractor.safety_officer()} for _ in range(count - 1)]
        named = [each for each in people if count or each["role"] != "safety_officer"] + more
        return forms.safety_filing(contractor.organisation_id, supervisor.organisation_id, named, floor_area=area)

    if officers > 1:
        problem, _ = refusal_of(owner.client, world, "safety_filing", form(officers - 1))
        assert (problem.code, problem.data["needed"]) == ("too_few_safety_officers", officers)
    application = world.submit(owner.client, "safety_filing", form(officers))
    world.act(owner.client, application, "withdraw", reason="演练")


def test_T3_and_all_that_is_missing_is_told_at_once(site: Site) -> None:
    form = forms.machine_filing()
    del form["maker"], form["made_on"]
    problem, _ = refusal_of(site.lessor.client, site.world, "machine_filing", form, without=("F1", "F3"))
    assert problem.status == 422
    paths = {each["path"] for each in problem.fields}
    assert {"form.maker", "form.made_on"} <= paths
    assert any(each.startswith("attachments") for each in paths)


def test_two_officers_decide_at_once_and_one_of_them_is_told(world: World, site: Site) -> None:
    application = world.submit(site.lessor.client, "machine_filing", forms.machine_filing())
    world.act(world.county.acceptor, application, "accept")
    world.act(world.county.reviewer, application, "review", opinion="齐全")
    version = world.county.approver.get(f"/applications/{application}")["version"]

    def decide(act: str) -> str:
        words = {"opinion": "同意"} if act == "approve" else {"reason": "机械与材料不符"}
        try:
            world.county.approver.post(f"/applications/{application}/{act}", {"version": version, **words})
        except Problem as problem:
            return problem.code
        return "done"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(decide, ["approve", "reject"])) == ["done", "stale_version"]


def test_a_returned_filing_comes_back_corrected_with_its_history(world: World, site: Site) -> None:
    application = world.submit(site.lessor.client, "machine_filing", forms.machine_filing(model="QTZ63"))
    corrections = [
        {"path": "form.model", "text": "型号与合格证不符"},
        {"path": "attachments.F3", "text": "合格证不清晰"},
    ]
    world.act(world.county.acceptor, application, "return", remarks="请补正", corrections=corrections)
    seen = site.lessor.client.get(f"/applications/{application}")
    assert [each["text"] for each in seen["corrections"]] == ["型号与合格证不符", "合格证不清晰"]
    world.correct(site.lessor.client, application, model="QTZ80(TC5610)")
    world.decide(application, world.county)
    closed = site.lessor.client.get(f"/applications/{application}")
    assert (closed["stage"], closed["outcome"], closed["round"]) == ("closed", "approved", 2)
    assert [each["act"] for each in closed["steps"]] == [
        "submit", "return", "submit", "accept", "review", "approve", "close"
    ]  # fmt: skip


def test_who_reviewed_does_not_also_approve(world: World, site: Site) -> None:
    both = world._account(world.county.administrator, "both130102", ["reviewer", "approver"])
    application = world.submit(site.lessor.client, "machine_filing", forms.machine_filing())
    world.act(world.county.acceptor, application, "accept")
    world.act(both, application, "review", opinion="齐全")
    with pytest.raises(Problem) as refused:
        world.act(both, application, "approve", opinion="同意")
    assert refused.value.status in (403, 409)


def test_unlocking_is_the_agencys_act_and_needs_a_reason(world: World, site: Site) -> None:
    machine_id = site.file_machine()
    site.notify(machine_id)
    version = site.machine(machine_id)["version"]
    with pytest.raises(Problem) as refused:
        site.installer.client.post(f"/machines/{machine_id}/unlock", {"version": version, "reason": "想换一台设备"})
    assert refused.value.status == 403
    with pytest.raises(Problem) as refused:
        world.county.approver.post(f"/machines/{machine_id}/unlock", {"version": version, "reason": ""})
    assert refused.value.status == 422


def test_T16_a_manager_whose_certificate_has_expired_is_not_assigned(world: World) -> None:
    owner, contractor, supervisor = (world.open_firm(kind) for kind in ("owner", "contractor", "supervisor"))
    expired = contractor.hire(
        "过期", forms.certificate("B", valid_to=forms.days_ahead(-1)), forms.certificate("builder")
    )
    chief = supervisor.hire("总监", forms.certificate("supervising_engineer"))
    people = key_people(owner, contractor, expired, contractor.safety_officer(), chief)
    form = forms.safety_filing(contractor.organisation_id, supervisor.organisation_id, people)
    problem, _ = refusal_of(owner.client, world, "safety_filing", form)
    assert problem.code == "certificate_expired"


def test_S1_the_contractor_enters_its_people_first(world: World) -> None:
    owner, contractor, supervisor = (world.open_firm(kind) for kind in ("owner", "contractor", "supervisor"))
    stranger = owner.hire("项经理", forms.certificate("B"), forms.certificate("builder"))
    chief = supervisor.hire("总监", forms.certificate("supervising_engineer"))
    people = key_people(owner, contractor, stranger, contractor.safety_officer(), chief)
    form = forms.safety_filing(contractor.organisation_id, supervisor.organisation_id, people)
    problem, _ = refusal_of(owner.client, world, "safety_filing", form)
    assert problem.code == "person_not_employed"


def test_project_end_releases_its_people(world: World) -> None:
    from tests.journeys.waiting import eventually

    site = build_site(world)
    assert site.active_locks(site.manager)
    project = world.county.approver.get(f"/projects/{site.project_id}")
    world.county.approver.post(
        f"/projects/{site.project_id}/close", {"version": project["version"], "reason": "工程竣工验收合格，终止监督"}
    )
    for person in (site.manager, site.safety_officer, site.chief):
        eventually(lambda who=person: not site.active_locks(who), "free after the project's end")  # type: ignore[misc]
