"""Key people unlocked by their agency: the post is vacant, a successor is appointed; events come twice, late, or of others."""

from datetime import timedelta
from typing import Any

import pytest

from chassis.database import transaction
from chassis.envelope import Event
from chassis.errors import Conflict
from chassis.journal import first_broken
from filing.models import Project
from filing.vacancies import person_unlocked
from services.filing.tests import forms
from services.filing.tests.factories import CONTRACTOR, OWNER, Stage, id_of, officer
from services.filing.tests.steps import accepted, approved, decide, events

MANAGER = forms.id_of("project_manager", "1")


@pytest.fixture
def filed(stage: Stage) -> Project:
    reply = approved(stage, "safety_filing", forms.safety_filing(), OWNER)
    with transaction(stage.desk.sessions) as session:
        return session.query(Project).filter_by(application_id=reply["application_id"]).one()


def unlocked(stage: Stage, project: Project, **changes: Any) -> Event:
    told = {"person_id": MANAGER, "role": "project_manager", "project_id": project.id}
    return Event(
        type="person_unlocked",
        version=1,
        subject=told["person_id"],
        data={**told, "application_id": project.application_id, **changes},
        principal=officer().brief(),
        occurred_at=stage.desk.clock(),
    )


def posts(stage: Stage, project: Project) -> dict[str, str]:
    with transaction(stage.desk.sessions) as session:
        return {each["role"]: each["person_id"] for each in session.get_one(Project, project.id).key_people}


def successor(project: Project, number: str = "2") -> dict[str, Any]:
    """A change that fills the post, with nobody to replace."""
    form = forms.personnel_change(ground="ordered", person_id=forms.id_of("project_manager", number))
    for name in ("replaces", "handed_over_on"):
        del form["changes"][0][name]
    return form | {"project_id": project.id}


def test_an_unlocked_manager_leaves_his_post_and_another_is_appointed(stage: Stage, filed: Project) -> None:
    person_unlocked(stage.desk.sessions, unlocked(stage, filed))

    assert "project_manager" not in posts(stage, filed)
    told = events(stage, "project_changed")[-1]
    assert {each["role"] for each in told["key_people"]} == set(posts(stage, filed))
    approved(stage, "personnel_change", successor(filed), CONTRACTOR)
    assert posts(stage, filed)["project_manager"] == forms.id_of("project_manager", "2")
    with transaction(stage.desk.sessions) as session:
        assert first_broken(session) is None


def test_nobody_is_appointed_beside_a_manager_who_is_in_his_post(stage: Stage, filed: Project) -> None:
    with pytest.raises(Conflict, match="required"):
        accepted(stage, "personnel_change", successor(filed), CONTRACTOR)


def test_of_two_who_apply_for_a_vacant_post_one_gets_it(stage: Stage, filed: Project) -> None:
    person_unlocked(stage.desk.sessions, unlocked(stage, filed))
    first, second = (accepted(stage, "personnel_change", successor(filed, each), CONTRACTOR) for each in "23")

    decide(stage, "personnel_change", first)

    with pytest.raises(Conflict, match="post_taken"):
        decide(stage, "personnel_change", second)
    assert posts(stage, filed)["project_manager"] == forms.id_of("project_manager", "2")


def test_a_change_in_hand_when_the_old_one_is_unlocked_is_approved_all_the_same(stage: Stage, filed: Project) -> None:
    in_hand = accepted(stage, "personnel_change", forms.personnel_change() | {"project_id": filed.id}, CONTRACTOR)
    person_unlocked(stage.desk.sessions, unlocked(stage, filed))

    decide(stage, "personnel_change", in_hand)

    assert posts(stage, filed)["project_manager"] == forms.id_of("project_manager", "2")


def test_the_same_event_again_or_late_leaves_who_was_appointed_since_alone(stage: Stage, filed: Project) -> None:
    """Unlocked, another appointed, and then he himself again: his old unlocking comes once more, and is old."""
    first = unlocked(stage, filed)
    person_unlocked(stage.desk.sessions, first)
    approved(stage, "personnel_change", successor(filed), CONTRACTOR)
    back = forms.personnel_change(replaces=forms.id_of("project_manager", "2"), person_id=MANAGER)
    approved(stage, "personnel_change", back | {"project_id": filed.id}, CONTRACTOR)
    stage.desk.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]
    told = len(events(stage, "project_changed"))

    person_unlocked(stage.desk.sessions, first)
    person_unlocked(stage.desk.sessions, unlocked(stage, filed))

    assert posts(stage, filed)["project_manager"] == MANAGER
    assert len(events(stage, "project_changed")) == told


@pytest.mark.parametrize(
    "changes",
    [
        {"project_id": None},
        {"project_id": id_of("a project never heard of")},
        {"role": "driver"},
        {"person_id": id_of("somebody else")},
    ],
)
def test_what_is_not_about_a_post_of_the_project_changes_nothing(
    stage: Stage, filed: Project, changes: dict[str, Any]
) -> None:
    person_unlocked(stage.desk.sessions, unlocked(stage, filed, **changes))

    assert len(posts(stage, filed)) == 5
    assert events(stage, "project_changed") == []


def test_a_closed_project_keeps_on_record_who_held_its_posts(stage: Stage, filed: Project) -> None:
    with transaction(stage.desk.sessions) as session:
        session.get_one(Project, filed.id).stage = "closed"

    person_unlocked(stage.desk.sessions, unlocked(stage, filed))

    assert posts(stage, filed)["project_manager"] == MANAGER
