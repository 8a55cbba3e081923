"""The claim on real PostgreSQL: what stands against it, who gets the machine, what a repeat and a changed choice do."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from chassis.database import Sessions, engine, session_factory, transaction
from chassis.errors import Conflict, Forbidden, Invalid
from chassis.journal import JournalRow
from chassis.testing.clock import FrozenClock
from chassis.testing.databases import Database
from equipment import acts
from equipment.models import LedgerEntry, Machine, MachineLock
from equipment.reserve import reserve
from services.equipment.tests import factories as f
from services.equipment.tests.factories import CONTRACTOR, INSTALLER, Yard

MINUTE = timedelta(minutes=1)


def on_machine(machine_id: str, site: dict[str, Any] | None = None, **parts: Any) -> dict[str, Any]:
    return {"machine": {"machine_id": machine_id}, "project": site or f.project(), **parts}


def codes(refused: pytest.ExceptionInfo[Conflict]) -> list[str]:
    return [finding["code"] for finding in refused.value.detail["findings"]]


# Filing


def test_a_filing_enters_the_machine_under_review(yard: Yard) -> None:
    reply = yard.reserve("machine_filing", "a", f.enterprise(), particulars=f.particulars())

    assert reply["machine"]["stage"] == "under_review"
    assert reply["granted_until"] == yard.clock() + 5 * MINUTE
    assert reply["findings"] == []


@pytest.mark.parametrize(
    ("maker", "serial"),
    [
        ("中联重科股份有限公司", "0310A-118"),
        ("中联重科 股份有限公司", "0310ａ－118"),
        ("中联重科股份有限公司", " 0310A—118"),
    ],
)
def test_T2_the_same_maker_and_serial_number_cannot_be_filed_twice(yard: Yard, maker: str, serial: str) -> None:
    yard.reserve("machine_filing", "a", f.enterprise("甲租赁"), particulars=f.particulars())

    with pytest.raises(Conflict) as refused:
        twin = f.particulars(maker=maker, serial_number=serial)
        yard.reserve("machine_filing", "b", f.enterprise("乙租赁"), particulars=twin)

    assert refused.value.code == "machine_under_review"


def test_T2_a_filed_machine_is_told_with_its_number(yard: Yard) -> None:
    yard.filed("crane", number="冀AA-T00001")

    with pytest.raises(Conflict) as refused:
        yard.reserve("machine_filing", "b", f.enterprise("乙租赁"), particulars=f.particulars(serial_number="SN-crane"))

    assert (refused.value.code, refused.value.detail["filing_number"]) == ("machine_already_filed", "冀AA-T00001")


@pytest.mark.parametrize("ending", ["rejected", "withdrawn"])
def test_T2_a_filing_that_came_to_nothing_frees_maker_and_serial_number(yard: Yard, ending: str) -> None:
    first, second = f.enterprise("甲租赁"), f.enterprise("乙租赁")
    yard.reserve("machine_filing", "a", first, particulars=f.particulars())
    yard.tell("submitted", "machine_filing", "a", 1, first, particulars=f.particulars())
    yard.tell(ending, "machine_filing", "a", 2, first)

    reply = yard.reserve("machine_filing", "b", second, particulars=f.particulars())

    assert reply["machine"]["owner_name"] == "乙租赁"


def test_T2_two_filings_of_one_machine_at_once_leave_one(yard: Yard, database: Database) -> None:
    def file(number: int) -> str:
        try:
            yard.reserve(
                "machine_filing", f"filing {number}", f.enterprise(f"租赁{number}"), particulars=f.particulars()
            )
        except Conflict as refused:
            return refused.code
        return "granted"

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(file, range(16)))

    assert sorted(outcomes) == ["granted"] + ["machine_under_review"] * 15


def test_a_number_given_on_paper_cannot_be_entered_for_two_machines(yard: Yard) -> None:
    told = f.particulars(filing_number="冀AB-T00007", filed_on="2021-01-05", filing_agency="市站")
    yard.reserve("machine_registration", "a", f.enterprise(), particulars=told)

    with pytest.raises(Conflict) as refused:
        yard.reserve("machine_registration", "b", f.enterprise(), particulars=told | {"serial_number": "other"})

    assert refused.value.code == "machine_under_review"


def test_corrected_particulars_take_the_place_of_the_earlier_ones(yard: Yard) -> None:
    lessor = f.enterprise()
    yard.reserve("machine_filing", "a", lessor, particulars=f.particulars(serial_number="wrong"))

    reply = yard.reserve("machine_filing", "a", lessor, particulars=f.particulars(serial_number="right"))

    assert reply["machine"]["serial_number"] == "right"
    other = yard.reserve("machine_filing", "b", f.enterprise("乙"), particulars=f.particulars(serial_number="wrong"))
    assert other["machine"]["stage"] == "under_review"


def test_all_that_is_wrong_with_a_machine_is_told_at_once(yard: Yard) -> None:
    failed = {"passed": False, "on": "2026-01-01", "report_number": "P-1"}
    old = f.particulars(model="QTG25", made_on="2001-01-01", rated_moment_knm=None, assessment=failed)

    with pytest.raises(Conflict) as refused:
        yard.reserve("machine_filing", "a", f.enterprise(), particulars=old)

    assert codes(refused) == [
        "machine_kind_needs_rated_moment",
        "machine_banned",
        "machine_failed_inspection",
        "machine_over_age",
    ]


def test_a_banned_machine_is_refused_with_the_document(yard: Yard) -> None:
    with pytest.raises(Conflict) as refused:
        yard.reserve("machine_filing", "a", f.enterprise(), particulars=f.particulars(model="QTG20"))

    assert refused.value.code == "machine_banned"
    assert refused.value.detail["document"] == "建设部公告第659号"


def test_T3_filing_notice_and_registration_of_an_over_age_crane_are_refused(yard: Yard, clock: FrozenClock) -> None:
    crane = {"rated_moment_knm": 630, "made_on": "2011-03-02"}  # fifteen years old today
    free, installed = yard.filed("free", **crane), yard.filed("installed", **crane)
    yard.installed(installed, "earlier notice")

    today = f.request("machine_filing", "a", f.enterprise(), particulars=f.particulars(**crane))
    tomorrow = {"on": "2026-03-03"}
    assert reserve(yard.sessions, f.enterprise(), today, clock)["machine"]
    for matter, who, parts in [
        ("machine_filing", f.enterprise(), {"particulars": f.particulars(**crane, serial_number="x")}),
        ("install_notice", INSTALLER, on_machine(free)),
        ("use_registration", CONTRACTOR, on_machine(installed, evidence=f.evidence())),
    ]:
        with pytest.raises(Conflict) as refused:
            yard.reserve(matter, f"over age {matter}", who, **parts, **tomorrow)
        assert refused.value.code == "machine_over_age"
        assert refused.value.detail["limit_years"] == 15


def test_T5_a_newer_assessment_brought_along_lets_an_over_age_crane_be_installed(yard: Yard) -> None:
    crane = yard.filed(made_on="2011-03-02", rated_moment_knm=630)
    passed = {"passed": True, "on": "2026-02-01", "valid_to": "2027-02-01"}
    parts = on_machine(crane, evidence={"assessment": passed}, on="2026-03-03")

    yard.reserve("install_notice", "notice", INSTALLER, **parts)
    yard.tell("submitted", "install_notice", "notice", 1, INSTALLER, **on_machine(crane, evidence=parts["evidence"]))
    yard.tell("approved", "install_notice", "notice", 2, INSTALLER, **on_machine(crane, evidence=parts["evidence"]))

    assert yard.machine(crane).service_ends_on.isoformat() == "2027-02-01"


# Install notice


def test_T6_each_machine_that_cannot_be_had_has_a_reason_of_its_own(yard: Yard) -> None:
    lessor = f.enterprise()
    reviewed = yard.reserve("machine_filing", "review", lessor, particulars=f.particulars())["machine"]["machine_id"]
    rejected = yard.reserve("machine_filing", "bad", lessor, particulars=f.particulars(serial_number="2"))
    yard.tell("rejected", "machine_filing", "bad", 2, lessor)
    locked, frozen, retired = yard.filed("locked"), yard.filed("frozen"), yard.filed("retired")
    yard.noticed(locked, "theirs", f.project("他人工地"))
    for act, each in ((acts.freeze, frozen), (acts.retire, retired)):
        name = f"{act.__name__}_machine"
        act(
            yard.sessions,
            acts.Command(name, f.agency(), each, yard.machine(each).version, "安全隐患", None),
            yard.clock,
        )

    expected = {
        f.an_id("nowhere"): "machine_unknown",
        rejected["machine"]["machine_id"]: "machine_not_filed",
        reviewed: "machine_under_review",
        locked: "machine_locked",
        frozen: "machine_frozen",
        retired: "machine_cancelled",
    }
    for machine_id, code in expected.items():
        with pytest.raises(Conflict) as refused:
            yard.reserve("install_notice", "mine", INSTALLER, **on_machine(machine_id))
        assert refused.value.code == code


def test_second_project_is_told_who_holds_the_machine_and_since_when(yard: Yard) -> None:
    crane = yard.filed()
    yard.noticed(crane, "theirs", f.project("他人工地"))
    since = yard.clock()
    yard.clock.advance(MINUTE)

    with pytest.raises(Conflict) as refused:
        yard.reserve("install_notice", "mine", f.enterprise("另一安拆"), **on_machine(crane))

    detail = refused.value.detail
    assert (detail["held_by"], detail["held_by_organisation"]) == ("他人工地", "安拆公司")
    assert detail["since"] == since.isoformat()


def test_T9_of_64_notices_for_one_machine_at_once_exactly_one_wins(yard: Yard, database: Database) -> None:
    crane = yard.filed()
    bound = engine(database.uri, pool_size=64)
    sessions, start = session_factory(bound), Barrier(64)

    def notify(number: int) -> dict[str, Any]:
        who = f.enterprise(f"安拆{number}")
        site = f.project(f"工地{number}")
        asked = f.request("install_notice", f"notice {number}", who, **on_machine(crane, site))
        start.wait()
        try:
            reserve(sessions, who, asked, yard.clock)
        except Conflict as refused:
            return {"code": refused.code, **refused.detail}
        return {"code": "granted", "held_by": site["name"]}

    with ThreadPoolExecutor(64) as pool:
        outcomes = list(pool.map(notify, range(64)))
    bound.dispose()

    winners = [each for each in outcomes if each["code"] == "granted"]
    losers = [each for each in outcomes if each["code"] == "machine_locked"]
    assert (len(winners), len(losers)) == (1, 63)
    assert {each["held_by"] for each in losers} == {winners[0]["held_by"]}
    assert {each["since"] for each in losers} == {yard.clock().isoformat()}
    with transaction(yard.sessions) as session:
        assert session.scalar(select(func.count()).select_from(MachineLock)) == 1
        assert session.scalar(select(func.count()).select_from(LedgerEntry)) == 1


def test_T9_64_repeats_of_one_notice_at_once_are_one_lock(yard: Yard) -> None:
    crane = yard.filed()

    def notify(_: int) -> Any:
        return yard.reserve("install_notice", "notice", INSTALLER, **on_machine(crane))["granted_until"]

    with ThreadPoolExecutor(16) as pool:
        answers = set(pool.map(notify, range(64)))

    assert answers == {yard.clock() + 5 * MINUTE}
    with transaction(yard.sessions) as session:
        assert session.scalar(select(func.count()).select_from(LedgerEntry)) == 1


def test_a_repeat_finds_its_own_lock_and_gets_more_time(yard: Yard) -> None:
    crane = yard.filed()
    yard.reserve("install_notice", "notice", INSTALLER, **on_machine(crane))
    yard.clock.advance(4 * MINUTE)

    again = yard.reserve("install_notice", "notice", INSTALLER, **on_machine(crane))

    assert again["granted_until"] == yard.clock() + 5 * MINUTE


def test_a_repeat_after_submission_does_not_make_the_lock_provisional_again(yard: Yard) -> None:
    crane = yard.filed()
    yard.noticed(crane)

    again = yard.reserve("install_notice", "notice", INSTALLER, **on_machine(crane))

    assert again["granted_until"] is None
    assert yard.machine(crane).stage == "locked"


def test_a_changed_choice_frees_the_machine_chosen_before(yard: Yard) -> None:
    first, second = yard.filed("first"), yard.filed("second")
    yard.reserve("install_notice", "notice", INSTALLER, **on_machine(first))

    yard.reserve("install_notice", "notice", INSTALLER, **on_machine(second))

    assert yard.reserve("install_notice", "theirs", f.enterprise("另一安拆"), **on_machine(first))["granted_until"]


def test_a_submitted_machine_stays_locked_until_the_new_choice_is_submitted_too(yard: Yard) -> None:
    first, second = yard.filed("first"), yard.filed("second")
    yard.noticed(first)
    yard.tell("returned", "install_notice", "notice", 2, INSTALLER, **on_machine(first))

    yard.reserve("install_notice", "notice", INSTALLER, **on_machine(second))
    assert yard.machine(first).stage == "locked"
    yard.tell("submitted", "install_notice", "notice", 3, INSTALLER, **on_machine(second))

    assert (yard.machine(first).stage, yard.machine(second).stage) == ("filed", "locked")


def test_a_changed_project_keeps_the_lock_and_is_in_the_ledger(yard: Yard) -> None:
    crane = yard.filed()
    yard.reserve("install_notice", "notice", INSTALLER, **on_machine(crane))

    yard.reserve("install_notice", "notice", INSTALLER, **on_machine(crane, f.project("另一工地")))

    lock = yard.lock("notice", crane)
    assert lock is not None and lock.project.name == "另一工地"
    with transaction(yard.sessions) as session:
        assert session.scalars(select(LedgerEntry.act).order_by(LedgerEntry.number)).all() == [
            "granted",
            "project_changed",
        ]


def test_a_check_tells_everything_and_locks_nothing(yard: Yard) -> None:
    crane = yard.filed(made_on="2001-01-01", assessment={"passed": True, "on": "2025-12-01"})
    yard.noticed(crane, "theirs", f.project("他人工地"))

    reply = yard.reserve("install_notice", "mine", INSTALLER, check_only=True, on="2027-12-02", **on_machine(crane))

    assert [finding["code"] for finding in reply["findings"]] == ["machine_locked", "machine_over_age"]
    assert reply["granted_until"] is None
    assert yard.lock("mine", crane) is None


def test_a_refused_claim_leaves_nothing_behind(yard: Yard) -> None:
    crane = yard.filed(made_on="2012-01-01", rated_moment_knm=630)

    with pytest.raises(Conflict):
        yard.reserve("install_notice", "mine", INSTALLER, on="2027-12-02", **on_machine(crane))

    assert yard.lock("mine", crane) is None


def test_a_grant_is_on_record_with_who_asked(yard: Yard) -> None:
    crane = yard.filed()
    yard.reserve("install_notice", "notice", INSTALLER, **on_machine(crane))

    with transaction(yard.sessions) as session:
        entry = session.scalars(select(JournalRow).order_by(JournalRow.number.desc())).first()
    assert entry is not None
    assert (entry.act, entry.subject, entry.principal["organisation_name"]) == ("reserve_machine", crane, "安拆公司")


def test_who_is_not_the_applicant_may_look_but_not_claim(yard: Yard) -> None:
    crane = yard.filed()
    asked = f.request("install_notice", "notice", INSTALLER, **on_machine(crane))

    for stranger in (f.enterprise("外人"), f.agency()):
        with pytest.raises(Forbidden):
            reserve(yard.sessions, stranger, asked, yard.clock)
    assert reserve(yard.sessions, f.agency(), asked | {"check_only": True}, yard.clock)["findings"] == []


# Use registration


def test_T10_use_is_registered_only_after_installation_inspection_and_acceptance(yard: Yard) -> None:
    free, noticed, installed = yard.filed("free"), yard.filed("noticed"), yard.filed("installed")
    yard.noticed(noticed, "n1")
    yard.installed(installed, "n2")
    passed = {"inspection": f.evidence()["inspection"], "acceptance": f.evidence()["acceptance"]}

    expected = [
        (free, passed, "machine_not_on_project"),
        (noticed, passed, "install_not_accepted"),
        (installed, passed | {"inspection": None}, "inspection_missing"),
        (installed, passed | {"inspection": {"passed": False, "on": "2026-02-20"}}, "inspection_failed"),
        (installed, passed | {"inspection": {"passed": True, "on": "2025-03-01"}}, "inspection_expired"),
        (installed, passed | {"acceptance": None}, "acceptance_missing"),
        (installed, passed | {"acceptance": {"passed": False, "on": "2026-02-25"}}, "acceptance_failed"),
    ]
    for machine_id, evidence, code in expected:
        with pytest.raises(Conflict) as refused:
            yard.reserve("use_registration", "use", CONTRACTOR, **on_machine(machine_id, evidence=evidence))
        assert refused.value.code == code
    assert yard.reserve("use_registration", "use", CONTRACTOR, **on_machine(installed, evidence=passed))[
        "granted_until"
    ]


def test_a_machine_is_registered_once_and_for_its_own_project_only(yard: Yard) -> None:
    crane = yard.filed()
    yard.installed(crane)

    with pytest.raises(Conflict) as elsewhere:
        parts = on_machine(crane, f.project("别的工地"), evidence=f.evidence())
        yard.reserve("use_registration", "other", CONTRACTOR, **parts)
    yard.registered(crane)
    with pytest.raises(Conflict) as again:
        yard.reserve("use_registration", "again", CONTRACTOR, **on_machine(crane, evidence=f.evidence()))

    assert elsewhere.value.code == "machine_not_on_project"
    assert (again.value.code, again.value.detail["registration_number"]) == ("machine_already_registered", "使用-0001")


def test_a_second_open_application_of_a_matter_is_refused(yard: Yard) -> None:
    crane = yard.filed()
    yard.installed(crane)
    for matter, who in (("use_registration", CONTRACTOR), ("dismantling_notice", INSTALLER)):
        yard.reserve(matter, f"first {matter}", who, **on_machine(crane, evidence=f.evidence()))
        with pytest.raises(Conflict) as refused:
            yard.reserve(matter, f"second {matter}", who, **on_machine(crane, evidence=f.evidence()))
        assert (refused.value.code, refused.value.detail["matter"]) == ("machine_application_open", matter)


def test_dismantling_needs_the_machine_installed_on_this_project(yard: Yard) -> None:
    noticed, installed = yard.filed("noticed"), yard.filed("installed")
    yard.noticed(noticed, "n1")
    yard.installed(installed, "n2")

    with pytest.raises(Conflict) as not_yet:
        yard.reserve("dismantling_notice", "d1", INSTALLER, **on_machine(noticed))
    with pytest.raises(Conflict) as elsewhere:
        yard.reserve("dismantling_notice", "d2", INSTALLER, **on_machine(installed, f.project("别的工地")))

    assert (not_yet.value.code, elsewhere.value.code) == ("machine_not_installed", "machine_not_on_project")


# The request itself


@pytest.mark.parametrize(
    ("matter", "parts", "field"),
    [
        ("install_notice", {"project": f.project()}, "machine"),
        ("install_notice", {"machine": {"machine_id": f.an_id("m")}}, "project"),
        ("machine_filing", {}, "particulars"),
        ("machine_registration", {"particulars": f.particulars()}, "particulars.filing_number"),
        ("machine_filing", {"particulars": f.particulars(kind="Z")}, "particulars.kind"),
        ("machine_filing", {"particulars": f.particulars(made_on="2020-02-30")}, "particulars.made_on"),
        ("machine_filing", {"particulars": f.particulars(rated_moment_knm="800")}, "particulars.rated_moment_knm"),
        ("safety_filing", {}, "matter"),
    ],
)
def test_a_request_without_what_its_matter_needs_names_the_field(
    matter: str, parts: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        f.request(matter, "a", INSTALLER, **parts)

    assert list(refused.value.fields) == [field]


def test_the_ledger_and_the_history_are_closed_to_change(yard: Yard, sessions: Sessions) -> None:
    crane = yard.filed()
    yard.noticed(crane)

    for table in ("machine_ledger", "machine_event"):
        for change in (f"update {table} set act = 'x'", f"delete from {table}", f"truncate {table}"):
            with pytest.raises(Exception, match="permission denied"), transaction(sessions) as session:
                session.connection().exec_driver_sql(change)


def test_the_tables_are_what_the_models_say(database: Database) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        differences = [each for each in compare_metadata(context, Machine.metadata) if "pristine" not in str(each)]
    assert differences == []


# Inspection report


def test_an_inspection_report_is_of_a_machine_in_use_on_its_own_project(yard: Yard) -> None:
    installed, used = yard.filed("installed"), yard.filed("used")
    yard.installed(installed, "n1")
    yard.installed(used, "n2")
    yard.registered(used)
    brought = {"inspection": f.evidence()["inspection"]}

    for machine_id, site, code in (
        (installed, None, "machine_not_in_use"),
        (used, f.project("另一工地"), "machine_not_on_project"),
    ):
        with pytest.raises(Conflict) as refused:
            yard.reserve("inspection_report", "report", CONTRACTOR, **on_machine(machine_id, site, evidence=brought))
        assert refused.value.code == code
    assert yard.reserve("inspection_report", "report", CONTRACTOR, **on_machine(used, evidence=brought))[
        "granted_until"
    ]
    with pytest.raises(Conflict, match="machine_application_open"):
        yard.reserve("inspection_report", "another", CONTRACTOR, **on_machine(used, evidence=brought))


@pytest.mark.parametrize(
    ("brought", "code"),
    [
        ({"inspection": {"passed": False, "on": "2026-02-20"}}, "inspection_failed"),
        ({"inspection": {"passed": True, "on": "2025-02-20"}}, "inspection_expired"),
        ({"assessment": {"passed": False, "on": "2026-02-20"}}, "machine_failed_inspection"),
    ],
)
def test_a_report_that_does_not_hold_is_not_taken(yard: Yard, brought: dict[str, Any], code: str) -> None:
    crane = yard.filed()
    yard.installed(crane)
    yard.registered(crane)

    with pytest.raises(Conflict) as refused:
        yard.reserve("inspection_report", "report", CONTRACTOR, **on_machine(crane, evidence=brought))

    assert refused.value.code == code
