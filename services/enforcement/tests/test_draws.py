"""Draws: committed to before the seed is known, opened once, public in a file that anybody verifies."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from chassis import journal
from chassis.database import transaction
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.journal import JournalRow
from chassis.schemas import read
from enforcement import draw, draw_lists, plans, roster
from enforcement.models import DrawReveal, Finding, PlannedVisit
from enforcement.schemas.plans import CommitDrawRequest
from services.enforcement.tests.factories import (
    CHANGAN,
    CONTRACTOR,
    OTHER_CITY,
    SITE,
    TEN,
    TODAY,
    Field,
    an_id,
    officer,
)
from services.enforcement.tests.planning import (
    HEAD,
    INSPECTOR,
    NEXT_DAY,
    approved,
    commit,
    drawn,
    got,
    inspect,
    reveal,
    save,
    sites,
)

ZHANG, LI = an_id("officer 张执法"), an_id("officer 李执法")


@pytest.fixture
def plan_id(ground: Field) -> str:
    """An approved random plan of four sites."""
    sites(ground, 3)
    return approved(ground, kind="double_random")


def visits(ground: Field) -> dict[str, list[str]]:
    with transaction(ground.sessions) as session:
        rows = session.execute(select(PlannedVisit.site_id, PlannedVisit.officer_ids))
        return {site_id: officers for site_id, officers in rows}  # noqa: C416


def test_the_drawn_sites_become_visits_of_their_officers(ground: Field, plan_id: str) -> None:
    draw_id = commit(ground, plan_id)["draw_id"]
    assert visits(ground) == {}

    told = reveal(ground, draw_id)

    shown = drawn(ground, draw_id)
    assert (told["sites"], told["without_officers"], shown["stage"]) == (2, 0, "revealed")
    assert visits(ground) == {each["project_id"]: sorted([ZHANG, LI]) for each in shown["result"]}
    done = inspect(ground, shown["result"][0]["project_id"], plan_id)
    assert drawn(ground, draw_id)["result"][0]["inspection_ids"] == [done]
    plan = got(ground, plan_id)
    assert (plan["planned"], plan["inspected"], plan["sites_left"]) == (2, 1, 1)


def test_the_published_file_is_verified_and_is_what_the_journal_remembers(
    ground: Field, plan_id: str, tmp_path: Path
) -> None:
    committed = commit(ground, plan_id)
    reveal(ground, committed["draw_id"])
    shown = drawn(ground, committed["draw_id"])
    path = tmp_path / "draw.json"
    path.write_text(json.dumps(shown["file"], ensure_ascii=False), encoding="utf-8")

    assert draw.verify(path, committed["commitment"])[0] == []
    with transaction(ground.sessions) as session:
        acts = select(JournalRow).where(JournalRow.act.in_(["commit_draw", "reveal_draw"])).order_by(JournalRow.number)
        before, after = session.scalars(acts).all()
        assert before.detail["commitment"] == committed["commitment"] == shown["file"]["commitment"]
        assert after.detail["digest"] == shown["file"]["digest"] == shown["digest"]
        assert "nonce" not in json.dumps(before.detail) and journal.first_broken(session) is None


def test_the_program_that_verifies_is_given_to_whoever_asks(ground: Field) -> None:
    told = draw_lists.get_verifier(CONTRACTOR)
    assert (told["name"], told["source"]) == ("draw.py", Path(draw.__file__).read_text(encoding="utf-8"))


def test_before_the_seed_nobody_is_told_more_than_the_commitment(ground: Field, plan_id: str) -> None:
    told = commit(ground, plan_id)

    for who in (INSPECTOR, HEAD, CONTRACTOR):
        shown = drawn(ground, told["draw_id"], who)
        assert (shown["commitment"], shown["result"], shown["file"]) == (told["commitment"], [], None)
        assert "工程1" not in json.dumps(shown, ensure_ascii=False)


def test_a_firm_sees_what_was_drawn_only_when_the_plan_is_finished(ground: Field, plan_id: str) -> None:
    draw_id = commit(ground, plan_id)["draw_id"]
    reveal(ground, draw_id)
    assert (drawn(ground, draw_id, CONTRACTOR)["result"], drawn(ground, draw_id, CONTRACTOR)["file"]) == ([], None)

    plans.finish_plan(ground.sessions, HEAD, ground.clock, plan_id=plan_id, summary="已全部完成检查")

    assert drawn(ground, draw_id, CONTRACTOR)["file"]["draw_id"] == draw_id


def test_two_who_reveal_at_once_get_one_result(ground: Field, plan_id: str) -> None:
    draw_id = commit(ground, plan_id)["draw_id"]

    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(lambda _: reveal(ground, draw_id), range(6)))

    assert all(each == told[0] for each in told)
    assert len(visits(ground)) == 2
    with pytest.raises(Conflict, match="draw_revealed"):
        reveal(ground, draw_id, "1 2 3 4 5 6 7")
    assert reveal(ground, draw_id, "3, 7, 12, 19, 22, 31, 5") == told[0]  # the same seed, written otherwise


def test_of_two_who_reveal_with_different_seeds_at_once_one_is_refused(ground: Field, plan_id: str) -> None:
    draw_id = commit(ground, plan_id)["draw_id"]

    def one(seed: str) -> bool:
        try:
            return bool(reveal(ground, draw_id, seed))
        except Conflict:
            return False

    with ThreadPoolExecutor(4) as pool:
        won = list(pool.map(one, ["111111", "222222", "333333", "444444"]))
    assert won.count(True) == 1 and len(visits(ground)) == 2


def test_neither_a_commitment_nor_a_result_can_be_changed_in_the_database(ground: Field, plan_id: str) -> None:
    draw_id = commit(ground, plan_id)["draw_id"]
    reveal(ground, draw_id)
    for change in ("update draw set nonce = ''", "update draw_reveal set seed = '1'", "delete from draw_reveal"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction(ground.sessions) as session:
            session.execute(text(change))


@pytest.mark.parametrize("announced_at", [TEN, TEN - timedelta(minutes=1), NEXT_DAY + timedelta(minutes=1)])
def test_a_seed_that_was_known_before_the_commitment_or_is_not_known_yet_opens_nothing(
    ground: Field, plan_id: str, announced_at: object
) -> None:
    draw_id = commit(ground, plan_id)["draw_id"]
    with pytest.raises(Invalid) as refused:
        reveal(ground, draw_id, announced_at=announced_at)
    assert refused.value.fields["announced_at"][0]["rule"] == "seed_not_after_commitment"
    with pytest.raises(Invalid, match="invalid_fields"):
        reveal(ground, draw_id, "7 7")


def test_nobody_holds_several_draws_in_hand_and_shows_the_one_that_pleases(ground: Field, plan_id: str) -> None:
    first = commit(ground, plan_id)["draw_id"]
    with pytest.raises(Conflict, match="draw_waits"):
        commit(ground, plan_id)
    with pytest.raises(Conflict, match="draw_waits"):
        plans.finish_plan(ground.sessions, HEAD, ground.clock, plan_id=plan_id, summary="不要这次抽取了")
    reveal(ground, first)

    second = commit(ground, plan_id)["draw_id"]
    reveal(ground, second)

    assert len(visits(ground)) == 4  # what the first took is not drawn again
    with pytest.raises(Conflict, match="no_sites_left"):
        commit(ground, plan_id)
    assert [each["draw_id"] for each in got(ground, plan_id)["draws"]] == [first, second]


def test_committing_twice_under_one_key_commits_once(ground: Field, plan_id: str) -> None:
    assert commit(ground, plan_id, key="k") == commit(ground, plan_id, key="k")
    listed = draw_lists.list_draws(ground.sessions, CONTRACTOR, plan_id=plan_id, limit=20, after=None)
    assert listed["total"] == 1


def test_officers_keep_away_from_firms_in_which_they_have_an_interest(ground: Field, plan_id: str) -> None:
    ground.officer(officer("孙执法"))
    who = {"since": TODAY, "until": None, "reason": "亲属任职", "firm": CONTRACTOR.organisation_name}
    roster.enter_interest(ground.sessions, INSPECTOR, ground.clock, key=None, officer_id=ZHANG, **who)
    past = who | {"since": date(2025, 1, 1), "until": TODAY - timedelta(days=1)}
    roster.enter_interest(ground.sessions, officer("李执法"), ground.clock, key=None, officer_id=LI, **past)

    draw_id = commit(ground, plan_id, sites_wanted=4)["draw_id"]
    reveal(ground, draw_id)

    assert visits(ground)[an_id(SITE)] == sorted([LI, an_id("officer 孙执法")])


def test_a_site_without_enough_officers_is_told_and_nobody_is_sent(ground: Field, plan_id: str) -> None:
    who = {"since": TODAY, "until": None, "reason": "亲属任职", "firm": CONTRACTOR.organisation_name}
    roster.enter_interest(ground.sessions, INSPECTOR, ground.clock, key=None, officer_id=ZHANG, **who)

    draw_id = commit(ground, plan_id, sites_wanted=4)["draw_id"]

    assert reveal(ground, draw_id)["without_officers"] == 1
    alone = next(each for each in drawn(ground, draw_id)["result"] if each["project_id"] == an_id(SITE))
    assert (alone["officers"], alone["without"]) == ([], "too_few_officers")
    assert an_id(SITE) not in visits(ground)


def test_an_officer_whose_certificate_runs_out_before_is_not_drawn(ground: Field, plan_id: str) -> None:
    ground.officer(officer("快到期"), valid_to=date(2026, 3, 30))
    ground.officer(officer("离任的"))
    administrator = officer("管理员", "administrator")
    roster.remove_officer(ground.sessions, administrator, ground.clock, officer_id=an_id("officer 离任的"))
    with pytest.raises(Conflict, match="too_few_officers"):
        commit(ground, plan_id, officers_a_site=3)


def test_weights_follow_what_enforcement_knows_with_the_reasons(ground: Field, plan_id: str) -> None:
    """The provisional points of data/risk_weights.toml: base 10, failed grade 20, major hazard 15, not inspected 15."""
    visited = inspect(ground, an_id(SITE), grade="failed")
    inspect(ground, an_id("工程1"), grade="excellent")
    inspect(ground, an_id("工程2"), started_at=ground.clock() - timedelta(days=400))
    with transaction(ground.sessions) as session:
        for place, severity in enumerate(("major", "general")):
            session.add(
                Finding(
                    id=an_id(severity), inspection_id=visited, place_in=place, site_id=an_id(SITE), area=CHANGAN,
                    clause_key="1", clause="", severity=severity, description="", part="", found_on=TODAY,
                )
            )  # fmt: skip
    draw_id = commit(ground, plan_id, sites_wanted=4)["draw_id"]
    reveal(ground, draw_id)

    shown = {each["project_id"]: each for each in drawn(ground, draw_id)["result"]}

    weights = {name: shown[an_id(name)]["weight"] for name in (SITE, "工程1", "工程2", "工程3")}
    assert weights == {SITE: 45, "工程1": 10, "工程2": 25, "工程3": 25}
    assert [(each["factor"], each["points"]) for each in shown[an_id(SITE)]["why"]] == [
        ("failed_grade", 20),
        ("major_finding", 15),
    ]


def test_a_draw_names_the_builders_whom_it_could_take_over_the_yearly_limit(ground: Field) -> None:
    sites(ground, 1)
    plan_id = approved(ground, kind="double_random", cap=1)
    inspect(ground, an_id("工程1"))

    told = commit(ground, plan_id)

    assert [(each["firm_name"], each["inspected"], each["planned"]) for each in told["over_cap"]] == [
        ("建筑公司1", 1, 1)
    ]


def test_only_an_approved_random_plan_is_drawn_from(ground: Field) -> None:
    with pytest.raises(Conflict, match="plan_not_random"):
        commit(ground, approved(ground))
    with pytest.raises(Conflict, match="plan_not_approved"):
        commit(ground, save(ground, kind="double_random")["plan_id"])


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"sites_wanted": 5}, "sites_wanted"), ({"due_on": date(2026, 7, 1)}, "due_on"), ({"due_on": date(2026, 3, 1)}, "due_on")],
)  # fmt: skip
def test_a_draw_that_cannot_be_is_refused_by_the_field(
    ground: Field, plan_id: str, changed: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        commit(ground, plan_id, **changed)
    assert set(refused.value.fields) == {field}


def test_t31_a_single_officer_is_never_drawn() -> None:
    told = {"plan_id": an_id("plan"), "sites_wanted": 1, "officers_a_site": 1, "seed_source": "双色球 2026024 期"}
    with pytest.raises(Invalid) as refused:
        read(CommitDrawRequest(), told | {"due_on": "2026-03-31"})
    assert set(refused.value.fields) == {"officers_a_site"}


def test_nobody_outside_the_agency_draws_or_sees(ground: Field, plan_id: str) -> None:
    stranger, firm = officer("外市", area=OTHER_CITY), CONTRACTOR
    draw_id = commit(ground, plan_id)["draw_id"]
    with pytest.raises(NotFound):
        commit(ground, plan_id, stranger)
    with pytest.raises(NotFound):
        drawn(ground, draw_id, stranger)
    with pytest.raises(Forbidden):
        commit(ground, plan_id, firm)
    with transaction(ground.sessions) as session:
        assert session.scalars(select(DrawReveal)).all() == []
