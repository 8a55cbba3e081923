"""The home page's figures (R-A4): what is under way, what waits for whom, what is late or soon will be (R-A2)."""

from datetime import date, datetime, timedelta

from chassis.clock import SHANGHAI
from chassis.principal import Principal
from filing import applications
from filing.desk import Command
from filing.summary import summarise
from services.filing.tests import forms
from services.filing.tests.factories import (
    CITY,
    CONTRACTOR,
    COUNTY,
    INSTALLER,
    LESSOR,
    LICENCE,
    OTHER_COUNTY,
    SUPERVISOR,
    Stage,
    officer,
    seen,
)
from services.filing.tests.steps import accepted, register, submitted


def waits(stage: Stage, principal: Principal) -> int:
    return summarise(stage.desk, principal)["waits_for_me"]


def test_what_waits_follows_the_application_from_hand_to_hand(stage: Stage):
    acceptor, approver = officer(COUNTY, "a", ("acceptor",)), officer(COUNTY, "p", ("approver",))
    everybody = (INSTALLER, CONTRACTOR, SUPERVISOR, acceptor, approver)

    def turns() -> list[int]:
        return [waits(stage, each) for each in everybody]

    draft = stage.draft()
    assert turns() == [1, 0, 0, 0, 0]
    circulating = stage.submit(draft)
    assert turns() == [0, 1, 1, 0, 0]
    signed = stage.sign(circulating, CONTRACTOR)
    assert turns() == [0, 0, 1, 0, 0]
    stage.sign(signed, SUPERVISOR)
    assert turns() == [0, 0, 0, 1, 0]
    stage.accepted(
        form=forms.install_notice(machine_id=forms.id_of("m2"), project_id=forms.install_notice()["project_id"])
    )
    assert turns() == [0, 0, 0, 1, 1]


def test_two_levels_wait_for_the_reviewer_first(stage: Stage):
    accepted(stage, "machine_filing", forms.machine_filing(), LESSOR)

    assert waits(stage, officer(COUNTY, "r", ("reviewer",))) == 1
    assert waits(stage, officer(COUNTY, "p", ("approver",))) == 0
    assert waits(stage, officer(OTHER_COUNTY, "r", ("reviewer",))) == 0


def test_figures_count_what_the_reader_sees(stage: Stage):
    submitted(stage, "machine_filing", forms.machine_filing(), LESSOR)
    stage.draft()
    stage.approve(stage.accepted())

    county = summarise(stage.desk, officer(COUNTY))
    assert county["under_way"] == {"machine_filing": 1}
    assert county["by_stage"] == {"submitted": 1}
    assert county["closed_lately"] == {"approved": 1}
    assert county["projects"] == {"filed": 1}
    assert summarise(stage.desk, officer(CITY))["under_way"] == {"machine_filing": 1}
    assert summarise(stage.desk, officer(OTHER_COUNTY))["under_way"] == {}
    installer = summarise(stage.desk, INSTALLER)
    assert (installer["under_way"], installer["closed_lately"]) == ({"install_notice": 1}, {"approved": 1})
    assert summarise(stage.desk, Principal(user_id=""))["under_way"] == {}


def test_what_was_closed_lately_is_what_the_list_shows_from_that_day(stage: Stage, clock):
    """Withdrawn after it was handed in counts, a draft thrown away does not; on the thirtieth day for the last time."""
    county = officer(COUNTY)
    stage.approve(stage.accepted())
    other = forms.install_notice(machine_id=forms.id_of("m2"))
    applications.withdraw(stage.desk, Command(INSTALLER), **seen(stage.arrived(form=other)))
    applications.withdraw(stage.desk, Command(INSTALLER), **seen(stage.draft()))

    def counted(reader: Principal) -> tuple[int, int]:
        told = summarise(stage.desk, reader)
        filters = {"open": False, "closed_from": date.fromisoformat(told["closed_lately_from"])}
        listed = applications.list_all(stage.desk, reader, filters)["items"]
        return sum(told["closed_lately"].values()), len(listed)

    assert (counted(county), counted(INSTALLER)) == ((2, 2), (2, 2))
    clock.advance(timedelta(days=29))
    assert counted(county) == (2, 2)
    clock.advance(timedelta(days=1))
    assert counted(county) == (0, 0)


def test_a_registration_near_or_past_its_24_hours_stands_out(stage: Stage, clock):
    handed_in = register(stage)
    acceptor = officer(COUNTY, "a", ("acceptor",))

    def figures() -> tuple[int, int]:
        told = summarise(stage.desk, acceptor)
        return told["due_soon"], told["overdue"]

    assert figures() == (0, 0)
    clock.advance(timedelta(hours=18))
    assert figures() == (1, 0)
    clock.advance(timedelta(hours=6, seconds=1))
    assert figures() == (0, 1)
    first = summarise(stage.desk, acceptor)["first"]
    assert [(each["application_id"], each["overdue"]) for each in first] == [(handed_in["application_id"], True)]


def test_what_is_due_on_monday_is_told_on_friday_and_the_list_shows_what_is_counted(stage: Stage, clock):
    """A notice has two working days: of Thursday's, Friday is the one before the last. A machine's filing has seven."""
    clock.set(datetime(2026, 11, 26, 9, tzinfo=SHANGHAI))
    notice = stage.arrived(form=forms.install_notice(planned_start="2026-12-01", planned_finish="2026-12-03"))
    submitted(stage, "machine_filing", forms.machine_filing(), LESSOR)
    county = officer(COUNTY)

    def soon(day: int, hour: int) -> list[str]:
        clock.set(datetime(2026, 11, day, hour, tzinfo=SHANGHAI))
        listed = applications.list_all(stage.desk, county, {"due_soon": True})["items"]
        assert summarise(stage.desk, county)["due_soon"] == len(listed)
        return [each["application_id"] for each in listed]

    assert soon(26, 23) == []
    assert soon(27, 8) == soon(29, 8) == soon(30, 23) == [notice["application_id"]]


def test_an_enterprise_is_told_which_of_its_papers_end_within_ninety_days(stage: Stage, clock):
    ends = date.fromisoformat(LICENCE["valid_to"])

    clock.advance(timedelta(days=(ends - stage.desk.today()).days - 90))
    assert summarise(stage.desk, INSTALLER)["papers"] == []
    clock.advance(timedelta(days=1))
    (paper,) = summarise(stage.desk, INSTALLER)["papers"]
    assert (paper["title"], paper["number"], paper["valid_to"]) == (
        "安全生产许可证",
        LICENCE["number"],
        LICENCE["valid_to"],
    )
    assert summarise(stage.desk, officer(COUNTY))["papers"] == []


def test_what_is_due_first_comes_first(stage: Stage):
    machine = submitted(stage, "machine_filing", forms.machine_filing(), LESSOR)
    enterprise = register(stage)

    first = summarise(stage.desk, officer(COUNTY, "a", ("acceptor",)))["first"]

    assert [each["application_id"] for each in first] == [enterprise["application_id"], machine["application_id"]]
