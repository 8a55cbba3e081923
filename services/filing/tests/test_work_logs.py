"""企业工序 (R-F6, S7): which days owe a log, who writes it, what is late, and that nothing is ever overwritten."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from chassis.database import transaction
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from filing import log_days, work_logs
from filing.desk import Command, Reply
from filing.log_days import Works
from filing.models import Project, WorkLog
from filing.queries.files import find_used_files
from filing.schemas import work_logs as shapes
from services.filing.tests.factories import (
    CITY,
    CONTRACTOR,
    FILED_PROJECT,
    INSTALLER,
    OTHER_COUNTY,
    OWNER,
    PAPER,
    STORE,
    SUPERVISOR,
    Stage,
    officer,
)
from services.filing.tests.test_replies import same

PHOTO = STORE.put(b"\xff\xd8\xff".ljust(2000))
TODAY = date(2026, 3, 2)  # a Monday
GENERAL = {"kind": "pit", "part": "基坑", "tier": 1, "planned_start": "2026-02-20", "planned_finish": "2026-03-05"}
MAJOR = {"kind": "pit", "part": "深坑", "tier": 2, "planned_start": "2026-02-27", "planned_finish": "2026-02-28"}
SMALL = {"kind": "pit", "part": "浅坑", "tier": 0, "planned_start": "2026-01-10", "planned_finish": "2026-06-01"}
FILED = Works((GENERAL, MAJOR, SMALL), filed_on=date(2026, 1, 5))


def day(number: int, month: int = 2) -> date:
    return date(2026, month, number)


def owed(works: Works) -> list[date]:
    return [each.day for each in log_days.owed(works, day(1), day(10, 3))]


# Which days


def test_a_day_owes_a_log_while_hazardous_works_are_planned_and_the_gravest_names_it() -> None:
    found = log_days.owed(FILED, day(1), day(31, 3))

    assert (found[0].day, found[-1].day, len(found)) == (day(20), day(5, 3), 14)
    assert {each.day: each.hazard for each in found if each.hazard == 2} == {day(27): 2, day(28): 2}
    assert next(each for each in found if each.day == day(27)).works == (1, 2)


def test_works_below_the_scale_owe_nothing() -> None:
    assert owed(Works((SMALL,), filed_on=date(2026, 1, 1))) == []


@pytest.mark.parametrize(
    ("works", "first", "last"),
    [
        (Works((GENERAL,), filed_on=day(25)), day(25), day(5, 3)),  # not before the filing
        (Works((GENERAL,), filed_on=day(1), closed_on=day(1, 3)), day(20), day(28)),  # not from the end on
        (Works((GENERAL,), filed_on=day(1), stoppages=((day(24), None),)), day(20), day(23)),  # not while stopped
    ],
)
def test_nothing_is_owed_before_the_filing_after_the_end_or_while_work_is_stopped(works, first, last) -> None:
    found = owed(works)

    assert (found[0], found[-1]) == (first, last)
    assert len(found) == (last - first).days + 1


def test_work_goes_on_on_the_day_of_resumption() -> None:
    stopped = Works((GENERAL,), filed_on=day(1), stoppages=((day(22), day(27)),))

    assert day(21) in owed(stopped) and day(27) in owed(stopped)
    assert not {day(22), day(26)} & set(owed(stopped))


def test_a_project_that_was_never_filed_owes_nothing() -> None:
    assert owed(Works((GENERAL,), filed_on=None)) == []


# Writing


@pytest.fixture(autouse=True)
def hazardous(request: pytest.FixtureRequest) -> None:
    if "stage" in request.fixturenames:
        change(request.getfixturevalue("stage"), hazardous_works=[GENERAL, MAJOR, SMALL])


def change(stage: Stage, **values: Any) -> None:
    with transaction(stage.desk.sessions) as session:
        row = session.get_one(Project, FILED_PROJECT)
        for name, value in values.items():
            setattr(row, name, value)


def write(
    stage: Stage, on: date = TODAY, version: int = 0, by: Any = CONTRACTOR, key: str | None = None, **said: Any
) -> Reply:
    given = {
        "weather": "晴，-2 至 8 ℃",
        "work_done": "基坑东侧土方开挖",
        "works": [{"number": 1, "progress": "挖至 -4 m"}],
        "measures": "临边防护齐全，监测正常",
        "photos": [{"sha256": PHOTO, "name": "东侧.jpg", "caption": "", "taken_at": None}],
    }
    command = Command(by, key)
    return work_logs.write_work_log(
        stage.desk, command, project_id=FILED_PROJECT, day=on, version=version, **(given | said)
    )


def read(stage: Stage, on: date = TODAY, by: Any = CONTRACTOR, version: int | None = None) -> Reply:
    told = work_logs.get_work_log(stage.desk, by, project_id=FILED_PROJECT, day=on, version=version)
    assert same(shapes.WorkLogRead, told)
    return told


def listed(stage: Stage, by: Any = CONTRACTOR, **period: Any) -> Reply:
    told = work_logs.list_owed_logs(stage.desk, by, project_id=FILED_PROJECT, **period)
    assert same(shapes.OwedLogs, told)
    return told


def test_a_log_of_today_is_in_time_and_one_of_an_earlier_day_late(stage: Stage) -> None:
    assert same(shapes.WrittenLog, write(stage))
    assert not read(stage)["is_late"]

    write(stage, day(28))

    assert read(stage, day(28))["is_late"]
    assert read(stage, day(28))["hazard"] == "2"


def test_its_photos_are_in_use_so_nobody_removes_them(stage: Stage) -> None:
    write(stage)

    with transaction(stage.desk.sessions) as session:
        assert find_used_files(session, [PHOTO, "0" * 64])["used"] == [PHOTO]


def test_what_was_written_is_read_by_every_party_and_the_agencies_in_words(stage: Stage) -> None:
    write(stage)

    for reader in (OWNER, SUPERVISOR, officer(), officer(CITY)):
        told = read(stage, by=reader)
        assert told["works"][0]["part"] == "基坑" and "基坑工程" in told["works"][0]["kind"]
        assert told["photos"][0] | {"caption": ""} == {
            "sha256": PHOTO, "name": "东侧.jpg", "caption": "", "taken_at": None, "size": 2000,
            "media_type": "image/jpeg",
        }  # fmt: skip
    for stranger in (INSTALLER, officer(OTHER_COUNTY)):
        with pytest.raises(NotFound):
            read(stage, by=stranger)
    with pytest.raises(NotFound, match="work_log_unknown"):
        read(stage, day(27))


def form_of(stage: Stage, on: date = TODAY, by: Any = CONTRACTOR) -> Reply:
    told = work_logs.get_log_form(stage.desk, by, project_id=FILED_PROJECT, day=on)
    assert same(shapes.FormOfLog, told)
    return told


def test_the_form_of_a_day_names_the_works_to_choose_from_and_those_that_are_planned_on_it(stage: Stage) -> None:
    told = form_of(stage)
    fields = {each["name"]: each for each in told["sections"][0]["fields"]}
    (number,) = (each for each in fields["works"]["item"]["fields"] if each["name"] == "number")

    assert list(fields) == ["weather", "work_done", "works", "measures"]
    assert [each["code"] for each in number["choices"]] == ["1", "2"] and "基坑" in number["choices"][0]["label"]
    assert (told["works"], told["hazard"], told["written"], told["may_write"]) == ([1], "1", None, True)
    assert not form_of(stage, by=OWNER)["may_write"] and not form_of(stage, by=officer())["may_write"]
    with pytest.raises(NotFound):
        form_of(stage, by=INSTALLER)


def test_the_form_of_a_day_that_has_a_log_holds_it_and_asks_why_it_is_corrected(stage: Stage) -> None:
    write(stage)

    told = form_of(stage)

    assert told["written"]["work_done"] == "基坑东侧土方开挖"
    (*_, last) = told["sections"][0]["fields"]
    assert (last["name"], last["required"]) == ("correction", True)
    assert read(stage)["may_write"] and not read(stage, by=SUPERVISOR)["may_write"]


def test_a_correction_is_a_new_version_with_its_reason_and_the_old_one_stays(stage: Stage) -> None:
    write(stage)
    with pytest.raises(Invalid) as refused:
        write(stage, version=1, work_done="基坑西侧土方开挖")
    assert refused.value.fields == {"correction": [{"rule": "required"}]}

    write(stage, version=1, work_done="基坑西侧土方开挖", correction="方位写错")

    assert (read(stage)["work_done"], read(stage, version=1)["work_done"]) == ("基坑西侧土方开挖", "基坑东侧土方开挖")
    assert [(each["version"], each["correction"]) for each in read(stage)["versions"]] == [(1, ""), (2, "方位写错")]


def test_a_correction_on_a_later_day_makes_a_log_that_came_in_time_not_late(stage: Stage, clock) -> None:
    write(stage)
    clock.advance(timedelta(days=1))

    assert not write(stage, version=1, correction="补充照片")["is_late"]


def test_nothing_in_the_table_can_be_changed_or_removed(stage: Stage) -> None:
    write(stage)

    for change_ in ("update work_log set work_done = ''", "delete from work_log"):
        with pytest.raises(ProgrammingError), transaction(stage.desk.sessions) as session:
            session.execute(text(change_))


def test_a_day_has_one_log_whoever_of_the_firm_writes_it(stage: Stage) -> None:
    first = write(stage, key="k")

    assert write(stage, key="k") == first
    with pytest.raises(Conflict, match="stale_version"):
        write(stage)
    with transaction(stage.desk.sessions) as session:
        assert len(session.scalars(select(WorkLog)).all()) == 1


@pytest.mark.parametrize(
    ("given", "field", "rule"),
    [
        ({"on": day(3, 3)}, "day", "day_to_come"),
        ({"on": date(2026, 1, 4)}, "day", "day_not_supervised"),
        ({"on": day(26)}, "day", "day_of_stoppage"),
        ({"works": [{"number": 4}]}, "works.0.number", "unknown_hazardous_work"),
        ({"photos": [{"sha256": PAPER, "name": "a.pdf"}]}, "photos.0.sha256", "file_type_refused"),
        ({"photos": [{"sha256": "ab" * 32, "name": "a.jpg"}]}, "photos.0.sha256", "file_missing"),
    ],
)
def test_each_refusal_names_its_field(stage: Stage, given, field, rule) -> None:
    change(stage, stoppages=[{"since": "2026-02-26", "until": "2026-02-27"}])

    with pytest.raises(Invalid) as refused:
        write(stage, **given)

    assert [each["rule"] for each in refused.value.fields[field]] == [rule]


def test_a_log_without_a_photo_is_no_log() -> None:
    schema = shapes.WriteWorkLog()
    bare = {
        "project_id": FILED_PROJECT,
        "day": "2026-03-02",
        "version": 0,
        "weather": "晴",
        "work_done": "a",
        "measures": "b",
    }

    assert set(schema.validate(bare | {"photos": []})) == {"photos"}
    assert schema.validate(bare | {"photos": [{"sha256": PHOTO, "name": "a.jpg"}]}) == {}


@pytest.mark.parametrize(
    ("by", "refusal"), [(OWNER, Forbidden), (SUPERVISOR, Forbidden), (officer(), Forbidden), (INSTALLER, NotFound)]
)
def test_only_the_contractor_writes(stage: Stage, by, refusal) -> None:
    with pytest.raises(refusal):
        write(stage, by=by)


# What is owed


def test_missing_days_stand_out_beside_late_ones_and_the_one_of_today(stage: Stage) -> None:
    write(stage, day(27))

    told = listed(stage)

    states = {each["day"]: each["state"] for each in told["days"]}
    assert states["2026-02-27"] == "late"
    assert states["2026-02-28"] == "missing"
    assert states["2026-03-02"] == "due"
    assert (told["first"], told["last"]) == ("2026-01-31", "2026-03-02")
    assert told["count"] == {"owed": 11, "written": 0, "late": 1, "missing": 9, "due": 1}
    assert told["may_write"] and not listed(stage, officer())["may_write"]


def test_a_log_that_was_not_owed_is_listed_without_a_state(stage: Stage) -> None:
    write(stage, day(10), works=[])

    assert listed(stage)["days"][0] == {
        "day": "2026-02-10", "hazard": "0", "works": [], "state": None, "version": 1
    }  # fmt: skip


def test_a_period_is_in_order_and_not_endless(stage: Stage) -> None:
    for period in ({"first": day(2, 3), "last": day(1, 3)}, {"first": date(2020, 1, 1)}):
        with pytest.raises(Invalid) as refused:
            listed(stage, **period)
        assert refused.value.fields["first"][0]["rule"] == "wrong_period"
    assert listed(stage, first=day(25), last=day(31, 12))["last"] == "2026-03-02"


def test_an_agency_sees_which_of_its_projects_keep_their_logs(stage: Stage) -> None:
    write(stage)

    def keeping(by: Any) -> list[dict[str, Any]]:
        told = work_logs.list_log_keeping(stage.desk, by, {"limit": 20, "after": None})
        assert same(shapes.LogKeepingPage, told)
        return list(told["items"])

    assert [(each["project_id"], each["count"]["missing"], each["last_day"]) for each in keeping(officer())] == [
        (FILED_PROJECT, 10, "2026-03-02")
    ]
    assert len(keeping(CONTRACTOR)) == 1
    assert keeping(officer(OTHER_COUNTY)) == [] == keeping(INSTALLER)
    change(stage, hazardous_works=[])
    assert keeping(officer()) == []
