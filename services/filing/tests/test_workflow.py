"""The table of moves: whatever is tried in whatever order, an act moves or is refused, and closed is the end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filing.workflow import (
    EDITABLE,
    MOVES,
    OUTCOMES,
    Act,
    NoSuchMove,
    Situation,
    Stage,
    next_roles,
    next_stage,
    possible_acts,
)

situations = st.builds(
    Situation, review_levels=st.sampled_from([1, 2]), signatures_missing=st.booleans(), overtaken=st.booleans()
)
stages, acts = st.sampled_from(Stage), st.sampled_from(Act)


def tried(stage: Stage, act: Act, situation: Situation) -> Stage | None:
    try:
        return next_stage(stage, act, situation)
    except NoSuchMove:
        return None


@given(stages, acts, situations)
def test_an_act_leads_to_one_stage_or_none(stage: Stage, act: Act, situation: Situation) -> None:
    fitting = [move for move in MOVES if (move.stage, move.act) == (stage, act) and move.when(situation)]

    assert len(fitting) <= 1
    assert tried(stage, act, situation) == (fitting[0].to if fitting else None)


@given(acts, situations)
def test_closed_is_final(act: Act, situation: Situation) -> None:
    with pytest.raises(NoSuchMove):
        next_stage(Stage.CLOSED, act, situation)


@given(st.lists(st.tuples(acts, st.booleans()), max_size=60), st.sampled_from([1, 2]))
def test_no_way_leads_to_the_agency_without_all_signatures(tries: list[tuple[Act, bool]], levels: int) -> None:
    """T8, by the table alone: whoever stands before the agency came by an act that left no signature missing."""
    stage, complete = Stage.DRAFT, False
    for act, missing in tries:
        stage_after = tried(stage, act, Situation(levels, missing))
        if stage_after is None:
            continue
        if act in (Act.SUBMIT, Act.COUNTERSIGN):
            complete = not missing
        stage = stage_after
        assert complete or stage not in (Stage.SUBMITTED, Stage.ACCEPTED, Stage.REVIEWED)


@given(st.lists(acts, max_size=60))
def test_two_levels_are_never_approved_without_a_review(tries: list[Act]) -> None:
    stage, reviewed = Stage.DRAFT, False
    for act in tries:
        stage_after = tried(stage, act, Situation(review_levels=2))
        if stage_after is None:
            continue
        assert act not in (Act.APPROVE, Act.REJECT) or reviewed
        reviewed = act is Act.REVIEW
        stage = stage_after


@given(st.sampled_from([1, 2]))
def test_a_last_signature_that_time_has_overtaken_leads_back_to_the_applicant(levels: int) -> None:
    overtaken = Situation(levels, overtaken=True)

    assert next_stage(Stage.COUNTERSIGNING, Act.COUNTERSIGN, overtaken) is Stage.RETURNED
    assert next_stage(Stage.COUNTERSIGNING, Act.COUNTERSIGN, Situation(levels)) is Stage.SUBMITTED


def test_exactly_the_deciding_acts_close() -> None:
    assert {move.act for move in MOVES if move.to is Stage.CLOSED} == set(OUTCOMES)


def test_what_the_agency_has_accepted_cannot_be_withdrawn() -> None:
    possible = {stage for stage in Stage if Act.WITHDRAW in possible_acts(stage, 1)}

    assert possible == {Stage.DRAFT, Stage.COUNTERSIGNING, Stage.SUBMITTED, Stage.RETURNED}


def test_forms_are_typed_in_only_while_it_is_the_applicants_turn() -> None:
    assert {stage for stage in Stage if Act.SAVE in possible_acts(stage, 2)} == EDITABLE


@pytest.mark.parametrize(
    ("stage", "levels", "roles"),
    [
        (Stage.DRAFT, 1, ()),
        (Stage.COUNTERSIGNING, 1, ()),
        (Stage.SUBMITTED, 1, ("acceptor",)),
        (Stage.ACCEPTED, 1, ("approver",)),
        (Stage.ACCEPTED, 2, ("reviewer",)),
        (Stage.REVIEWED, 2, ("approver",)),
        (Stage.CLOSED, 2, ()),
    ],
)
def test_who_acts_next_in_the_agency(stage: Stage, levels: int, roles: tuple[str, ...]) -> None:
    assert next_roles(stage, levels) == roles
