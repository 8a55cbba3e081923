"""Lists, search, one machine, its history, who held it then, and the figures of the home page."""

from datetime import date, timedelta
from typing import Any

import pytest

from chassis.errors import Forbidden, Invalid, NotFound
from chassis.principal import Principal, service_principal
from chassis.schemas import read
from equipment import hearing, reading
from equipment.schemas import (
    HistoryReply,
    HolderReply,
    ListMachinesReply,
    ListMachinesRequest,
    MachineReply,
    SummariseReply,
)
from services.equipment.tests import factories as f
from services.equipment.tests.factories import CONTRACTOR, INSTALLER, Yard

MINUTE = timedelta(minutes=1)


def listed(yard: Yard, who: Principal, **filters: Any) -> list[str]:
    """The serial numbers of the first page, as they go over the wire."""
    reply = reading.list_machines(yard.sessions, who, read(ListMachinesRequest(), filters))
    return [each["serial_number"] for each in ListMachinesReply().dump(reply)["items"]]


def test_T34_an_agency_sees_machines_whose_owner_or_project_is_in_its_territory(yard: Yard) -> None:
    here = yard.filed("here", f.enterprise("长安租赁"))
    away = yard.filed("away", f.enterprise("唐山租赁", area=f"{f.TANGSHAN}.130202"))
    special = yard.filed("special", f.enterprise("定州租赁", area="13.130682"))
    yard.installed(away, "notice", f.project("长安工地"))

    assert listed(yard, f.agency("13")) == ["SN-special", "SN-away", "SN-here"]
    assert listed(yard, f.agency(f.SHIJIAZHUANG)) == ["SN-away", "SN-here"]
    assert listed(yard, f.agency(f.CHANGAN)) == ["SN-away", "SN-here"]
    assert listed(yard, f.agency(f.TANGSHAN)) == ["SN-away"]
    assert listed(yard, f.agency("13.130682")) == ["SN-special"]
    assert listed(yard, f.agency("13.1301.13010")) == []
    for machine_id, who in ((special, f.agency()), (here, f.agency(f.TANGSHAN))):
        with pytest.raises(NotFound):
            reading.get_machine(yard.sessions, who, machine_id)


def test_T34_an_agency_sees_a_machine_as_long_as_it_stands_there_and_follows_a_site_that_moves(yard: Yard) -> None:
    crane = yard.filed("crane", f.enterprise("唐山租赁", area=f"{f.TANGSHAN}.130202"))
    yard.noticed(crane)
    assert listed(yard, f.agency(f.CHANGAN)) == ["SN-crane"]

    hearing.project(yard.sessions, f.project_event("corrected", 7, area="13.1306.130602"), yard.clock)
    assert (listed(yard, f.agency(f.CHANGAN)), listed(yard, f.agency("13.1306"))) == ([], ["SN-crane"])

    yard.tell("rejected", "install_notice", "notice", 2, INSTALLER, machine={"machine_id": crane})
    assert listed(yard, f.agency("13.1306")) == []
    assert listed(yard, f.agency(f.TANGSHAN)) == ["SN-crane"]


def test_an_enterprise_sees_its_own_machines_those_on_its_projects_and_those_in_its_notices(yard: Yard) -> None:
    lessor, other = f.enterprise("甲租赁"), f.enterprise("乙租赁")
    crane, _ = yard.filed("ours", lessor), yard.filed("theirs", other)
    hearing.project(yard.sessions, f.project_event("registered", 1), yard.clock)
    on_site = [f.enterprise(name) for name in ("owner of 长安广场", "contractor of 长安广场", "supervisor of 长安广场")]

    assert (listed(yard, lessor), listed(yard, other)) == (["SN-ours"], ["SN-theirs"])
    assert [listed(yard, who) for who in (INSTALLER, *on_site)] == [[]] * 4
    yard.noticed(crane)
    assert [listed(yard, who) for who in (INSTALLER, *on_site)] == [["SN-ours"]] * 4
    yard.tell("rejected", "install_notice", "notice", 2, INSTALLER, machine={"machine_id": crane})
    assert [listed(yard, who) for who in (INSTALLER, *on_site)] == [[]] * 4


def test_who_applies_for_the_use_of_a_machine_sees_it(yard: Yard) -> None:
    crane = yard.filed()
    yard.installed(crane)
    parts = {"project": f.project(), "machine": {"machine_id": crane}, "evidence": f.evidence()}
    yard.reserve("use_registration", "use", CONTRACTOR, **parts)

    assert listed(yard, CONTRACTOR) == ["SN-crane"]


@pytest.mark.parametrize(("kinds", "found"), [(("installer",), True), (("contractor",), True), (("lessor",), False)])
def test_installers_and_contractors_find_any_filed_machine_by_its_exact_number(
    yard: Yard, kinds: tuple[str, ...], found: bool
) -> None:
    yard.filed("crane", f.enterprise("他人租赁"), number="冀AA-T00042")
    who = f.enterprise("查询单位", kinds=kinds)

    assert listed(yard, who, q="冀aa-t00042") == (["SN-crane"] if found else [])
    assert listed(yard, who, q="冀AA-T0004") == []
    assert listed(yard, who) == []


def test_nobody_in_particular_sees_nothing_and_a_service_everything(yard: Yard) -> None:
    yard.filed()

    with pytest.raises(Forbidden):
        listed(yard, Principal(user_id="u", roles=("registrant",)))
    assert listed(yard, service_principal("filing")) == ["SN-crane"]


def test_search_finds_parts_of_number_serial_model_and_owner(yard: Yard) -> None:
    yard.filed("one", f.enterprise("石家庄冀安租赁"), number="冀AA-T00001", model="QTZ80(TC5610)")
    yard.filed("two", f.enterprise("保定宏远租赁"), number="冀FA-S00002", model="SC200/200", kind="S", hoist_drive="SC")

    found = {q: listed(yard, f.agency("13"), q=q) for q in ("冀AA", "sn-two", "tc5610", "宏远", "租赁", "%", "没有")}

    assert found == {
        "冀AA": ["SN-one"],
        "sn-two": ["SN-two"],
        "tc5610": ["SN-one"],
        "宏远": ["SN-two"],
        "租赁": ["SN-two", "SN-one"],
        "%": [],
        "没有": [],
    }


def test_filters_narrow_the_list_together(yard: Yard) -> None:
    lessor = f.enterprise("甲租赁")
    yard.filed("hoist", lessor, kind="S", hoist_drive="SC")
    crane = yard.filed("crane", lessor)
    yard.filed("far", f.enterprise("唐山租赁", area=f.TANGSHAN))
    yard.installed(crane)
    province = f.agency("13")

    assert listed(yard, province, kind="S") == ["SN-hoist"]
    assert listed(yard, province, stage="installed") == ["SN-crane"]
    assert listed(yard, province, owner_id=lessor.organisation_id) == ["SN-crane", "SN-hoist"]
    assert listed(yard, province, project_id=f.project()["project_id"]) == ["SN-crane"]
    assert listed(yard, province, area=f.TANGSHAN) == ["SN-far"]
    assert listed(yard, province, area=f.SHIJIAZHUANG, kind="T", stage="filed") == []


def test_what_runs_out_is_listed_and_counted(yard: Yard) -> None:
    yard.filed("old", made_on="2011-04-01", rated_moment_knm=630)  # fifteen years on 2026-04-01
    inspected = yard.filed("inspected")
    yard.installed(inspected)
    yard.registered(inspected)  # inspected on 2026-02-20: valid to 2027-02-20
    yard.filed("young")
    province = f.agency("13")

    assert listed(yard, province, runs_out_before="2026-04-01") == []
    assert listed(yard, province, runs_out_before="2026-04-02") == ["SN-old"]
    assert listed(yard, province, runs_out_before="2027-02-21") == ["SN-inspected", "SN-old"]
    figures = SummariseReply().dump(reading.summarise(yard.sessions, province, yard.clock))
    assert (figures["by_stage"]["filed"], figures["by_stage"]["registered"]) == (2, 1)
    assert figures["runs_out_soon"]["count"] == 1
    assert figures["runs_out_soon"]["items"][0]["runs_out_on"] == "2026-04-01"
    elsewhere = reading.summarise(yard.sessions, f.agency(f.TANGSHAN), yard.clock)
    assert (sum(elsewhere["by_stage"].values()), elsewhere["runs_out_soon"]["count"]) == (0, 0)


def test_pages_follow_each_other_without_gap_or_repetition(yard: Yard) -> None:
    for number in range(7):
        yard.filed(f"{number}", number=f"冀AA-T{number:05d}")
        if number % 3:  # some were entered at the same moment
            yard.clock.advance(MINUTE)
    seen: list[str] = []
    after = None
    while True:
        request = read(ListMachinesRequest(), {"limit": 3, "after": after})
        page = reading.list_machines(yard.sessions, f.agency("13"), request)
        seen += [each["serial_number"] for each in page["items"]]
        after = page["next"]
        if after is None:
            break

    assert sorted(seen) == [f"SN-{number}" for number in range(7)]


def all_of(yard: Yard, who: Principal, **filters: Any) -> list[str]:
    """A list's serial numbers, page by page."""
    found: list[str] = []
    after = None
    while True:
        page = reading.list_machines(
            yard.sessions, who, read(ListMachinesRequest(), filters | {"limit": 2, "after": after})
        )
        found += [each["serial_number"] for each in page["items"]]
        after = page["next"]
        if after is None:
            return found


@pytest.mark.parametrize("who", [f.agency("13"), f.agency(f.CHANGAN), f.enterprise("长安租赁")])
def test_what_runs_out_first_stands_first_and_backwards_last(yard: Yard, who: Principal) -> None:
    """On the same day by their ids; one that is not in use any more, or has no day, is in neither."""
    for name, made_on in (("new", "2024-01-01"), ("old", "2019-01-01"), ("twin", "2024-01-01"), ("mid", "2021-01-01")):
        yard.filed(name, f.enterprise("长安租赁"), made_on=made_on)

    first = all_of(yard, who, sort="runs_out")

    assert first[:2] == ["SN-old", "SN-mid"] and set(first[2:]) == {"SN-new", "SN-twin"}
    assert all_of(yard, who, sort="runs_out", backwards=True) == first[::-1]
    assert all_of(yard, who, sort="runs_out", q="SN-") == first
    assert all_of(yard, who, backwards=True) == ["SN-new", "SN-old", "SN-twin", "SN-mid"]


@pytest.mark.parametrize("after", ["x", "e30", "W10", "bm9uc2Vuc2U", "WyIyMDI2LTAzLTAyIiwgIngiXQ"])
def test_a_made_up_cursor_is_refused(yard: Yard, after: str) -> None:
    with pytest.raises(Invalid) as refused:
        listed(yard, f.agency("13"), after=after)

    assert refused.value.fields == {"after": [{"rule": "not_a_cursor"}]}


@pytest.mark.parametrize(
    ("filters", "field"),
    [({"limit": 101}, "limit"), ({"kind": "Z"}, "kind"), ({"area": "13%"}, "area"), ({"colour": "red"}, "colour")],
)
def test_a_filter_that_makes_no_sense_is_named(filters: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(ListMachinesRequest(), filters)

    assert list(refused.value.fields) == [field]


def test_filings_that_came_to_nothing_are_not_listed(yard: Yard) -> None:
    lessor = f.enterprise()
    yard.reserve("machine_filing", "a", lessor, particulars=f.particulars())
    assert listed(yard, lessor) == ["0310A-118"]

    yard.tell("rejected", "machine_filing", "a", 2, lessor)

    assert listed(yard, lessor) == []


def test_the_page_of_a_machine_tells_where_it_is_since_when_and_what_comes_next(yard: Yard) -> None:
    crane = yard.filed()
    yard.installed(crane)
    since = yard.clock()
    yard.reserve("dismantling_notice", "down", INSTALLER, project=f.project(), machine={"machine_id": crane})

    page = MachineReply().dump(reading.get_machine(yard.sessions, f.enterprise(), crane))

    assert page["place"]["project_name"] == "长安广场"
    assert page["place"]["since"] == since.isoformat()
    assert page["next"] == "use_registration"
    assert [(each["matter"], each["organisation_name"]) for each in page["open"]] == [
        ("dismantling_notice", "安拆公司")
    ]


def test_the_history_tells_who_did_what_and_when_the_newest_first(yard: Yard) -> None:
    crane = yard.filed()
    yard.clock.advance(MINUTE)
    yard.installed(crane)

    first = reading.get_machine_history(yard.sessions, f.enterprise(), crane, 3, None)
    rest = reading.get_machine_history(yard.sessions, f.enterprise(), crane, 100, first["next"])

    told = [each["act"] for each in [*first["items"], *rest["items"]]]
    assert told == [
        "machine_installed",
        "machine_locked",
        "lock_granted",
        "machine_filed",
        "machine_filing_approved",
        "machine_filing_submitted",
    ]
    newest = HistoryReply().dump(first)["items"][0]
    assert newest["by"]["user_name"] == "审批人"
    assert newest["detail"]["project_name"] == "长安广场"
    assert rest["next"] is None


def test_who_held_it_then_and_what_did_we_know_then(yard: Yard) -> None:
    crane = yard.filed()
    yard.noticed(crane)
    granted = yard.clock()
    yard.clock.advance(10 * MINUTE)
    withdrawn = f.event(
        "withdrawn", "install_notice", "notice", 2, INSTALLER, yard.clock(), machine={"machine_id": crane}
    )
    happened = yard.clock()
    yard.clock.advance(10 * MINUTE)
    hearing.application(yard.sessions, withdrawn, yard.clock)
    heard = yard.clock()

    def holder(at: Any, known_at: Any) -> str | None:
        reply = reading.get_machine_holder(yard.sessions, f.agency(), crane, at, known_at, clock=yard.clock)
        found = HolderReply().dump(reply)["holder"]
        return found and found["project_name"]

    assert holder(granted - MINUTE, None) is None
    assert holder(granted, None) == "长安广场"
    assert holder(happened + MINUTE, happened + MINUTE) == "长安广场", "nobody could know yet"
    assert holder(happened + MINUTE, heard) is None
    assert holder(happened - MINUTE, heard) == "长安广场"
    with pytest.raises(NotFound):
        reading.get_machine_holder(yard.sessions, f.agency(f.TANGSHAN), crane, granted, None, clock=yard.clock)


def test_days_on_the_page_are_days(yard: Yard) -> None:
    crane = yard.filed(made_on="2020-02-29")

    page = reading.get_machine(yard.sessions, f.agency(), crane)

    assert page["service_ends_on"] == date(2035, 2, 28)


def test_a_form_that_names_a_machine_is_told_its_plate_and_not_where_it_is(yard: Yard) -> None:
    crane = yard.filed("ours", f.enterprise("甲租赁"))

    told = reading.name_machines(yard.sessions, INSTALLER, [crane, f.enterprise("x").organisation_id])["items"]

    assert [(each["machine_id"], each["serial_number"]) for each in told] == [(crane, "SN-ours")]
    assert set(told[0]) == {"machine_id", "kind", "model", "serial_number", "filing_number"}


def test_search_finds_pinyin_initials_and_the_registrations_number(yard: Yard) -> None:
    yard.filed("one", f.enterprise("石家庄冀安租赁"), number="冀AA-T00001")
    yard.filed("two", f.enterprise("保定宏远租赁"), number="冀FA-S00002")

    assert [listed(yard, f.agency("13"), q=q) for q in ("sjz", "hongyuan", "BD", "zulin")] == [
        ["SN-one"],
        ["SN-two"],
        ["SN-two"],
        ["SN-two", "SN-one"],
    ]


def test_rights_are_applied_before_counting(yard: Yard) -> None:
    yard.filed("here", f.enterprise("长安租赁"))
    yard.filed("away", f.enterprise("唐山租赁", area=f"{f.TANGSHAN}.130202"))

    def total(who: Principal, **filters: Any) -> tuple[int, bool]:
        page = reading.list_machines(yard.sessions, who, read(ListMachinesRequest(), filters))
        return page["total"], page["total_is_exact"]

    assert total(f.agency("13"), q="租赁") == (2, True)
    assert total(f.agency(f.TANGSHAN), q="租赁") == (1, True)
    assert total(f.enterprise("他人租赁"), q="租赁") == (0, True)


def test_machines_are_listed_by_the_place_of_the_site_they_stand_on(yard: Yard) -> None:
    crane = yard.filed("crane", f.enterprise("唐山租赁", area=f"{f.TANGSHAN}.130202"))
    yard.filed("free", f.enterprise("长安租赁"))
    yard.installed(crane, "notice", f.project("长安工地"))

    assert listed(yard, f.agency("13"), place=f.CHANGAN) == ["SN-crane"]
    assert listed(yard, f.agency("13"), place=f.TANGSHAN) == []
    assert listed(yard, f.agency("13"), area=f.TANGSHAN, frozen=False) == ["SN-crane"]
    assert listed(yard, f.agency("13"), frozen=True) == []
