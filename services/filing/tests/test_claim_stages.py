"""What the owners of locks are answered when they ask how applications stand."""

from chassis.database import transaction
from chassis.identifiers import new_id
from chassis.schemas import read
from filing import applications
from filing.desk import Command
from filing.queries.claims import get_claim_stages, list_living_claims
from filing.schemas.claims import ApplicationTold, ClaimStages, LivingClaims
from services.filing.tests import forms
from services.filing.tests.factories import INSTALLER, LESSOR, Stage, id_of, officer, seen


def test_each_is_told_as_its_events_tell_it_and_an_unknown_one_as_none(stage: Stage) -> None:
    drafted = stage.draft(INSTALLER)["application_id"]
    approved = stage.approve(stage.accepted())
    unknown = new_id()

    with transaction(stage.desk.sessions) as session:
        stages = get_claim_stages(session, [drafted, approved["application_id"], unknown])["stages"]

    assert stages[unknown] is None
    assert (stages[drafted]["stage"], stages[drafted]["machine_id"]) == ("draft", None)
    closed = stages[approved["application_id"]]
    assert (closed["stage"], closed["outcome"], closed["version"]) == ("closed", "approved", approved["version"])
    assert closed["machine_id"] == id_of("machine")
    assert closed["project"]["project_id"] == id_of("project")
    assert [each["role"] for each in closed["people"]] == ["install_lead", "install_safety_officer", "install_worker"]
    read(ClaimStages(), {"stages": stages})
    extra = {"machine_id", "project_id"}
    read(ApplicationTold(), {name: value for name, value in closed.items() if name not in extra})


def test_a_choice_typed_but_not_handed_in_is_nobodys_business(stage: Stage) -> None:
    returned = stage.give_back(stage.arrived(), ("form.machine_id", "换一台"))
    stage.save(returned, form=forms.install_notice(machine_id=id_of("another machine")))

    with transaction(stage.desk.sessions) as session:
        (told,) = get_claim_stages(session, [returned["application_id"]])["stages"].values()

    assert (told["stage"], told["machine_id"]) == ("returned", id_of("machine"))


def test_living_claims_are_listed_by_id_page_by_page(stage: Stage) -> None:
    stage.draft()
    notice = stage.submit(stage.draft())["application_id"]
    filing = stage.submit(stage.draft(LESSOR, "machine_filing", forms.machine_filing()), LESSOR)["application_id"]

    with transaction(stage.desk.sessions) as session:
        machines = list_living_claims(session, "machine", 1, None)
        rest = list_living_claims(session, "machine", 1, machines["next"])
        people = list_living_claims(session, "person", 500, None)

    assert {machines["items"][0]["application_id"], rest["items"][0]["application_id"]} == {notice, filing}
    assert rest["next"] is None
    assert [each["application_id"] for each in people["items"]] == [notice]
    read(LivingClaims(), people)


def test_what_is_closed_claims_nothing_under_way(stage: Stage) -> None:
    arrived = stage.arrived()
    applications.withdraw(stage.desk, Command(INSTALLER), **seen(arrived))
    stage.approve(stage.accepted(), officer())

    with transaction(stage.desk.sessions) as session:
        assert list_living_claims(session, "machine", 500, None)["items"] == []
