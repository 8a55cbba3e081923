"""One install notice from draft to approval: what is on record at the end, and what was told."""

from sqlalchemy import select

from chassis.database import transaction
from chassis.journal import first_broken
from chassis.outbox import OutboxRow
from filing.models import Application, Certificate, Step, Submission
from services.filing.tests.factories import Stage


def test_a_notice_goes_from_draft_over_both_signatures_to_its_approval(stage: Stage) -> None:
    approved = stage.approve(stage.accepted())

    assert (approved["stage"], approved["outcome"]) == ("closed", "approved")
    with transaction(stage.desk.sessions) as session:
        steps = session.scalars(select(Step).order_by(Step.number)).all()
        assert [(each.act, each.stage_after) for each in steps] == [
            ("submit", "countersigning"),
            ("countersign", "countersigning"),
            ("countersign", "submitted"),
            ("accept", "accepted"),
            ("approve", "closed"),
            ("close", "closed"),
        ]
        assert [each.user_name for each in steps[:3]] == ["installer clerk", "contractor clerk", "supervisor clerk"]
        assert session.get_one(Application, approved["application_id"]).acceptance_number == "受130102-2026-000001"
        certificate = session.scalars(select(Certificate)).one()
        assert certificate.number == approved["certificate"]["number"] == "冀安告130102-2026-00001"
        assert len(session.scalars(select(Submission)).all()) == 1
        assert first_broken(session) is None


def test_its_events_tell_the_lock_owners_what_they_need(stage: Stage) -> None:
    approved = stage.approve(stage.accepted())

    with transaction(stage.desk.sessions) as session:
        events = session.scalars(select(OutboxRow).order_by(OutboxRow.position)).all()
        told = [(each.type, each.body["data"]["stage"], each.body["data"]["version"]) for each in events]
        last = events[-1].body["data"]
    assert told == [
        ("application_submitted", "countersigning", 3),
        ("application_submitted", "submitted", 5),
        ("application_approved", "closed", 7),
    ]
    assert last["machine"] == {"machine_id": stage.owners.asked[0].request["machine"]["machine_id"]}
    assert [each["role"] for each in last["people"]] == ["install_lead", "install_safety_officer", "install_worker"]
    assert last["project"]["name"] == "project 一期"
    assert last["certificate"]["number"] == approved["certificate"]["number"]
