"""中止, 恢复, 终止: the owner asks, the others sign where the rule wants it, the approval is the act on the project (R-F0)."""

from dataclasses import replace
from datetime import date

import pytest

from chassis.database import transaction
from chassis.errors import Conflict
from chassis.findings import refuse_on_errors
from filing import applications, matters, project_acts
from filing.desk import Command
from filing.models import Certificate, Project
from services.filing.tests import forms
from services.filing.tests.factories import (
    CONTRACTOR,
    FILED_PROJECT,
    OWNER,
    SUPERVISOR,
    Stage,
    clerk,
    enterprise_row,
    officer,
)
from services.filing.tests.forms import errors, facts, party
from services.filing.tests.steps import accepted, approved, decide, events, rejected

SUSPENSION, RESUMPTION, TERMINATION = "supervision_suspension", "supervision_resumption", "supervision_termination"
STOPPED = replace(forms.FILED_PROJECT, stage="suspended", suspended_since=date(2026, 2, 20))


def project(stage: Stage) -> Project:
    with transaction(stage.desk.sessions) as session:
        return session.get_one(Project, FILED_PROJECT)


def suspended(stage: Stage) -> None:
    approved(stage, SUSPENSION, forms.supervision_suspension(), OWNER)


def test_an_approved_suspension_stops_supervision_and_tells_since_when_and_why(stage: Stage) -> None:
    reply = approved(stage, SUSPENSION, forms.supervision_suspension(), OWNER)

    assert reply["certificate"]["number"] == "冀监中130102-2026-0001"
    assert project(stage).stage == "suspended"
    told = events(stage, "project_suspended")[0]
    assert told["suspended"] == {
        "since": "2026-02-20", "cause_by": "other", "owner_consents": True, "reason": "资金未到位"
    }  # fmt: skip


def test_a_resumption_is_signed_by_the_three_parties_and_ends_the_stoppage(stage: Stage) -> None:
    suspended(stage)

    circulating = stage.submit(stage.draft(OWNER, RESUMPTION, forms.supervision_resumption()), OWNER)
    assert circulating["stage"] == "countersigning"
    arrived = stage.sign(stage.sign(circulating, CONTRACTOR), SUPERVISOR)
    accepted_ = applications.accept(
        stage.desk, Command(officer()), application_id=arrived["application_id"], version=arrived["version"]
    )
    reply = decide(stage, RESUMPTION, accepted_)

    assert reply["certificate"]["number"] == "冀监复130102-2026-0001"
    row = project(stage)
    assert (row.stage, row.suspended) == ("filed", None)
    assert row.stoppages == [{"since": "2026-02-20", "until": "2026-03-02"}]
    told = events(stage, "project_resumed")[0]
    assert (told["stage"], told["stoppages"]) == ("filed", [{"since": "2026-02-20", "until": "2026-03-02"}])


def test_a_termination_is_signed_by_the_three_parties_and_closes_the_project(stage: Stage) -> None:
    reply = approved(stage, TERMINATION, forms.supervision_termination(), OWNER)

    assert reply["certificate"]["number"] == "冀监终130102-2026-0001"
    assert {each["role"] for each in stage.look(reply, OWNER)["countersignatures"]} == {"contractor", "supervisor"}
    row = project(stage)
    assert (row.stage, row.closed_on) == ("closed", date(2026, 3, 2))
    assert events(stage, "project_closed")[0]["project_id"] == FILED_PROJECT


def test_no_termination_while_a_machine_stands_on_the_site(stage: Stage) -> None:
    waiting = accepted(stage, TERMINATION, forms.supervision_termination(), OWNER)
    stage.registered()

    with pytest.raises(Conflict, match="machines_on_site"):
        decide(stage, TERMINATION, waiting)
    with pytest.raises(Conflict, match="machines_on_site"):
        with_machine = facts(TERMINATION, forms.supervision_termination(), "owner", issued={"use_registration"})
        refuse_on_errors(matters.ALL[TERMINATION].check(with_machine))


def test_a_suspended_project_can_be_terminated_and_its_stoppage_ends_with_it(stage: Stage) -> None:
    suspended(stage)

    approved(stage, TERMINATION, forms.supervision_termination(), OWNER)

    row = project(stage)
    assert (row.stage, row.suspended) == ("closed", None)
    assert row.stoppages == [{"since": "2026-02-20", "until": "2026-03-02"}]


def test_no_termination_while_something_else_is_still_to_be_decided(stage: Stage) -> None:
    waiting = accepted(stage, TERMINATION, forms.supervision_termination(), OWNER)
    other = stage.arrived()

    with pytest.raises(Conflict, match="applications_in_hand") as refused:
        decide(stage, TERMINATION, waiting)

    assert refused.value.detail["application_ids"] == [other["application_id"]]
    assert project(stage).stage == "filed"


def test_a_rejected_suspension_changes_nothing(stage: Stage) -> None:
    rejected(stage, accepted(stage, SUSPENSION, forms.supervision_suspension(), OWNER))

    assert project(stage).stage == "filed"
    assert events(stage, "project_suspended") == []
    with transaction(stage.desk.sessions) as session:
        assert session.query(Certificate).count() == 0


def test_a_project_has_one_suspension_under_way(stage: Stage) -> None:
    first = stage.submit(stage.draft(OWNER, SUSPENSION, forms.supervision_suspension()), OWNER)

    with pytest.raises(Conflict, match="application_exists") as refused:
        stage.submit(stage.draft(OWNER, SUSPENSION, forms.supervision_suspension()), OWNER)

    assert refused.value.detail["application_id"] == first["application_id"]


def test_what_the_agency_stopped_meanwhile_is_not_stopped_again(stage: Stage) -> None:
    waiting = accepted(stage, SUSPENSION, forms.supervision_suspension(), OWNER)
    project_acts.record_stoppage(
        stage.desk,
        Command(officer()),
        project_id=FILED_PROJECT,
        version=project(stage).version,
        since=date(2026, 3, 1),
        cause_by="contractor",
        owner_consents=False,
    )

    with pytest.raises(Conflict, match="project_suspended"):
        decide(stage, SUSPENSION, waiting)


def test_only_the_owner_of_the_project_asks(stage: Stage) -> None:
    with transaction(stage.desk.sessions) as session:
        session.add(enterprise_row("other_owner", ["owner"]))
    stranger = clerk("other_owner", ("owner",))

    with pytest.raises(Conflict, match="not_party_of_project"):
        stage.submit(stage.draft(stranger, SUSPENSION, forms.supervision_suspension()), stranger)


@pytest.mark.parametrize(
    ("matter", "form", "known", "wrong"),
    [
        (SUSPENSION, forms.supervision_suspension(), STOPPED, ("project_suspended", "form.project_id")),
        (SUSPENSION, forms.supervision_suspension(since="2026-03-03"), None, ("in_the_future", "form.since")),
        (
            SUSPENSION,
            forms.supervision_suspension(planned_resumption="2026-02-20"),
            None,
            ("ends_before_it_starts", "form.planned_resumption"),
        ),
        (RESUMPTION, forms.supervision_resumption(), None, ("project_not_suspended", "form.project_id")),
        (RESUMPTION, forms.supervision_resumption(on="2026-03-03"), STOPPED, ("in_the_future", "form.on")),
        (RESUMPTION, forms.supervision_resumption(on="2026-02-27"), STOPPED, ("out_of_order", "form.on")),
        (
            RESUMPTION,
            forms.supervision_resumption(checked_on="2026-02-19"),
            STOPPED,
            ("out_of_order", "form.checked_on"),
        ),
        (
            TERMINATION,
            forms.supervision_termination(finished_on="2026-03-03"),
            None,
            ("in_the_future", "form.finished_on"),
        ),
    ],
)
def test_each_refusal_has_its_reason(matter, form, known, wrong):
    assert errors(matter, form, "owner", **({"project": known} if known else {})) == [wrong]


@pytest.mark.parametrize("stage_", ["unfiled", "under_filing", "merged"])
@pytest.mark.parametrize("matter", [SUSPENSION, RESUMPTION, TERMINATION])
def test_what_is_not_filed_is_not_supervised(matter, stage_):
    form = getattr(forms, matter)()

    assert errors(matter, form, "owner", project=replace(forms.FILED_PROJECT, stage=stage_)) == [
        ("project_not_filed", "form.project_id")
    ]


def test_a_closed_project_is_over_and_an_unknown_one_is_named():
    closed = replace(forms.FILED_PROJECT, stage="closed")

    assert errors(TERMINATION, forms.supervision_termination(), "owner", project=closed) == [
        ("project_closed", "form.project_id")
    ]
    assert errors(TERMINATION, forms.supervision_termination(), "owner", project=None) == [
        ("project_unknown", "form.project_id")
    ]


def test_another_party_of_the_project_does_not_end_its_supervision():
    refused = errors(TERMINATION, forms.supervision_termination(), "contractor", more_parties=[party("contractor")])

    assert refused == [("not_party_of_project", "form.project_id")]
