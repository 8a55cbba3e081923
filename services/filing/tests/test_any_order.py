"""Whoever tries whatever in whatever order: each act moves as the table says or is refused, and the record holds."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from chassis.database import transaction
from chassis.errors import Refusal
from chassis.identifiers import new_id
from chassis.journal import first_broken
from filing import applications
from filing.desk import Command
from filing.models import Application, Step
from filing.workflow import MOVES, Stage
from services.filing.tests import forms
from services.filing.tests.factories import (
    CONTRACTOR,
    INSTALLER,
    LESSOR,
    SUPERVISOR,
    documents,
    officer,
    seen,
)
from services.filing.tests.factories import (
    Stage as Province,
)

ACTORS = (INSTALLER, CONTRACTOR, SUPERVISOR, LESSOR, officer(), officer(name="reviewer", roles=("reviewer",)))
POSITIONS = ("1 号楼西侧", "2 号楼东侧")
Tried = Callable[[Province, Command, dict[str, Any]], Any]
ACTS: dict[str, Tried] = {
    "save": lambda p, c, at: applications.save_draft(
        p.desk, c, **at, form=notice(at["application_id"], POSITIONS[at["version"] % 2])
    ),
    "submit": lambda p, c, at: applications.submit(p.desk, p.owners, c, **at),
    "countersign": lambda p, c, at: applications.countersign(p.desk, c, **at, agrees=True),
    "refuse": lambda p, c, at: applications.countersign(p.desk, c, **at, agrees=False, remarks="不同意"),
    "accept": lambda p, c, at: applications.accept(p.desk, c, **at),
    "return": lambda p, c, at: applications.return_for_correction(p.desk, c, **at, remarks="请补正"),
    "review": lambda p, c, at: applications.review(p.desk, c, **at, opinion="齐全"),
    "approve": lambda p, c, at: applications.approve(p.desk, p.owners, c, **at),
    "reject": lambda p, c, at: applications.reject(p.desk, c, **at, reason="不符合"),
    "withdraw": lambda p, c, at: applications.withdraw(p.desk, c, **at),
}
# Whose turn it is; in most tries it is taken.
IN_TURN: dict[str, tuple[tuple[str, Any], ...]] = {
    "draft": (("submit", INSTALLER),),
    "countersigning": (("countersign", CONTRACTOR), ("countersign", SUPERVISOR)),
    "submitted": (("accept", officer()),),
    "accepted": (("approve", officer()), ("return", officer())),
    "returned": (("save", INSTALLER), ("submit", INSTALLER)),
    "closed": (("approve", officer()),),
}
anything = st.tuples(st.sampled_from(list(ACTS)), st.sampled_from(ACTORS))
tries = st.one_of(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3), anything)


def notice(application_id: str, position: str) -> dict[str, Any]:
    return forms.install_notice(machine_id=application_id, position=position)


def row_of(province: Province, application_id: str) -> Application:
    with transaction(province.desk.sessions) as session:
        return session.get_one(Application, application_id)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(tries, min_size=6, max_size=25))
def test_every_try_moves_or_is_refused_and_leaves_a_record_that_holds(
    stage: Province, order: list[int | tuple[str, Any]]
) -> None:
    application_id = new_id()
    at = applications.start(
        stage.desk,
        Command(INSTALLER),
        application_id=application_id,
        matter="install_notice",
        form=notice(application_id, POSITIONS[0]),
    )
    papers = documents("install_notice", notice(application_id, POSITIONS[0]))
    at = applications.save_draft(stage.desk, Command(INSTALLER), **seen(at), attachments=papers)
    for wanted in order:
        before = row_of(stage, application_id)
        turns = IN_TURN[before.stage]
        act, by = turns[wanted % len(turns)] if isinstance(wanted, int) else wanted
        try:
            at = ACTS[act](stage, Command(by), seen(at))
        except Refusal:
            after = row_of(stage, application_id)
            assert (after.stage, after.version, after.round) == (before.stage, before.version, before.round)
            continue
        assert at["version"] == before.version + 1
        assert (Stage(before.stage), Stage(at["stage"])) in {(move.stage, move.to) for move in MOVES}
    check_record(stage, application_id)


def check_record(stage: Province, application_id: str) -> None:
    """Steps follow each other without gap; what is closed has an outcome; the last event tells the last stage."""
    with transaction(stage.desk.sessions) as session:
        application = session.get_one(Application, application_id)
        steps = session.scalars(select(Step).where(Step.application_id == application_id).order_by(Step.number)).all()
        assert [each.number for each in steps] == list(range(1, len(steps) + 1))
        assert all(one.stage_after == following.stage_before for one, following in pairwise(steps))
        assert not steps or steps[-1].stage_after == application.stage
        assert (application.stage == Stage.CLOSED) == (application.outcome is not None)
        assert (
            (application.submitted_at is None)
            or application.due_at is not None
            or application.stage
            in (
                Stage.RETURNED,
                Stage.COUNTERSIGNING,
                Stage.CLOSED,
            )
        )
        assert first_broken(session) is None
    versions = [told["version"] for _, told in stage.events() if told["application_id"] == application_id]
    assert versions == sorted(set(versions))
