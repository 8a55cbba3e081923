"""The register of people: entry, change, release; masked everywhere; whose sight reaches where."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from chassis.blobs import BlobStore
from chassis.call import Call
from chassis.database import transaction
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.identifiers import new_id
from chassis.journal import JournalRow, first_broken
from chassis.principal import Principal, service_principal
from chassis.schemas import read
from personnel import acts, certificates, hearing, people, reading
from personnel.reserve import reserve
from personnel.schemas.certificates import CertificatePart
from personnel.schemas.people import AddPersonRequest, ChangePersonRequest, ListPeopleRequest
from services.personnel.tests import factories
from services.personnel.tests.factories import CHANGAN, FILING, QIAOXI, SHIJIAZHUANG, TANGSHAN, claim, named

VECTORS = ("11010519491231002X", "130102190001010014", "130203190002021120", "130606190003032236")

STORE = BlobStore("memory://personnel-tests")


def entry(number: str = VECTORS[1], **more) -> dict:
    values = {"identity_number": number, "name": "张建国", "phone": "13812345678", "posts": ["项目负责人"]}
    return read(AddPersonRequest(), values | more)


def by(principal: Principal, key: str | None = None) -> Call:
    return Call(principal=principal, key=key)


def command(person_id: str, version: int = 1, **more) -> dict:
    return {"person_id": person_id, "version": version} | more


@pytest.fixture
def clerk() -> Principal:
    return factories.clerk()


@pytest.fixture
def add(sessions, clock):
    def add_one(principal: Principal, **more) -> str:
        return people.add(sessions, STORE.look, by(principal), entry(**more), clock)["person_id"]

    return add_one


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (None, "file_missing"),
        (b"%PDF-1.7", "file_type_refused"),
        (b"\xff\xd8\xff".ljust(614_401), "attachment_too_large"),
    ],
)
def test_a_photo_is_a_picture_that_was_uploaded(sessions, clock, clerk, add, content, rule):
    photo = STORE.put(content) if content else "0" * 64
    person_id = add(clerk)

    with pytest.raises(Invalid) as refused:
        people.change(sessions, STORE.look, by(clerk), command(person_id, photo=photo), clock)
    assert [each["rule"] for each in refused.value.fields["photo"]] == [rule]

    good = STORE.put(b"\xff\xd8\xff\xe0 a face")
    people.change(sessions, STORE.look, by(clerk), command(person_id, photo=good), clock)
    assert reading.get_person(sessions, clerk, person_id)["photo"] == good
    asked = [good, "0" * 64]
    assert reading.find_used_files(sessions, service_principal("gateway"), asked) == {"used": [good]}
    with pytest.raises(Forbidden):
        reading.find_used_files(sessions, clerk, asked)


def page(sessions, principal, **filters):
    return reading.list_people(sessions, principal, read(ListPeopleRequest(), filters))


def names(sessions, principal, **filters) -> list[str]:
    return [each["person_id"] for each in page(sessions, principal, **filters)["items"]]


@pytest.mark.parametrize("principal", [factories.clerk(), factories.officer(CHANGAN)])
def test_backwards_the_first_entered_stands_first_on_every_page(sessions, clock, add, clerk, principal):
    entered = []
    for number in VECTORS[1:]:
        entered.append(add(clerk, number=number))
        clock.advance(timedelta(minutes=1))

    first = page(sessions, principal, backwards=True, limit=2)
    rest = page(sessions, principal, backwards=True, limit=2, after=first["next"])

    assert [each["person_id"] for each in first["items"] + rest["items"]] == entered
    assert names(sessions, principal) == entered[::-1]


@pytest.mark.parametrize("number", VECTORS)
def test_T33_true_identity_numbers_are_taken(number):
    assert entry(number)["identity_number"] == number


@pytest.mark.parametrize(
    "number",
    [
        "110105194912310021",  # wrong check digit
        "130102190001010015",
        "130102190002300010",  # no such day
        "130102290001010010",  # not born yet
        "130102000101001",  # fifteen places, obsolete since 2013
        "１３０１０２１９０００１０１００１４",
        "13010219000101001X",
        "",
    ],
)
def test_T33_wrong_identity_numbers_are_refused_with_their_field(number):
    with pytest.raises(Invalid) as refusal:
        entry(number)

    assert list(refusal.value.fields) == ["identity_number"]


@pytest.mark.parametrize("phone", ["12812345678", "1381234567", "138123456789", "+8613812345678"])
def test_T33_wrong_phones_are_refused_with_their_field(phone):
    with pytest.raises(Invalid) as refusal:
        entry(phone=phone)

    assert list(refusal.value.fields) == ["phone"]


@pytest.mark.parametrize("name", ["=cmd|'/c calc'!A1", "<b>张</b>", "张", "张三\x00"])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(Invalid):
        entry(name=name)


def test_T35_lists_pages_and_picks_show_masked_numbers_only(sessions, clock, clerk, add):
    person_id = add(clerk)
    wish = {"organisation_id": factories.CONTRACTOR, "role": "owner_lead", "machine_kind": None, "q": None}

    shown = [
        page(sessions, clerk)["items"][0],
        reading.get_person(sessions, clerk, person_id),
    ]
    picked = reading.find_people(sessions, clerk, wish | {"limit": 20, "after": None}, clock)["items"][0]

    assert {(each["identity_number"], each["phone"]) for each in shown} == {("130102********0014", "138****5678")}
    assert picked["identity_number"] == "130102********0014"
    assert VECTORS[1] not in str([*shown, picked])


def test_T35_a_form_that_names_people_is_told_their_names_and_nothing_else(sessions, clerk, add):
    person_id = add(clerk)

    told = reading.name_people(sessions, factories.clerk(new_id()), [person_id, new_id()])["items"]

    assert [set(each) for each in told] == [{"person_id", "name", "employer_name"}]
    assert told[0]["person_id"] == person_id


def test_T35_unmasking_is_in_the_journal_with_its_reason_and_without_the_number(sessions, clock, clerk, add):
    person_id = add(clerk)

    shown = reading.unmask_person(sessions, clerk, person_id, "核对社保缴纳信息", clock)

    assert (shown["identity_number"], shown["phone"]) == (VECTORS[1], "13812345678")
    with transaction(sessions) as session:
        last = session.scalars(select(JournalRow).order_by(JournalRow.number.desc())).first()
        assert (last.act, last.subject, last.detail) == ("unmask_person", person_id, {"reason": "核对社保缴纳信息"})
        assert last.principal["user_id"] == clerk.user_id
        assert VECTORS[1] not in str([each.detail for each in session.scalars(select(JournalRow))])
        assert first_broken(session) is None


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        (factories.officer(CHANGAN, "acceptor"), None),
        (factories.officer(SHIJIAZHUANG, "reviewer"), None),
        (factories.officer("13", "approver"), None),
        (factories.officer(CHANGAN, "editor"), Forbidden),
        (factories.officer(CHANGAN, "administrator"), Forbidden),
        (factories.officer(QIAOXI, "approver"), NotFound),
        (factories.clerk(roles=("administrator",)), Forbidden),
        (factories.clerk(new_id()), NotFound),
        (factories.FILING, Forbidden),
    ],
)
def test_T35_unmasking_is_for_whose_work_needs_it(sessions, clock, clerk, add, who, refusal):
    person_id = add(clerk)

    if refusal is None:
        assert reading.unmask_person(sessions, who, person_id, "办理业务核对", clock)["phone"] == "13812345678"
    else:
        with pytest.raises(refusal):
            reading.unmask_person(sessions, who, person_id, "办理业务核对", clock)


def test_T35_identity_number_is_found_whole_and_never_in_part(sessions, clerk, add):
    person_id = add(clerk)

    assert names(sessions, clerk, q=VECTORS[1]) == [person_id]
    assert names(sessions, clerk, q=VECTORS[1][:17]) == []
    assert names(sessions, clerk, q="130102") == []
    assert names(sessions, clerk, q="张建") == [person_id]
    assert names(sessions, clerk, q="%") == []


def test_T34_county_does_not_see_another_county_and_city_and_province_do(sessions, clerk, add):
    person_id = add(clerk)

    seeing = [
        area for area in (CHANGAN, QIAOXI, SHIJIAZHUANG, TANGSHAN, "13") if names(sessions, factories.officer(area))
    ]

    assert seeing == [CHANGAN, SHIJIAZHUANG, "13"]
    with pytest.raises(NotFound):
        reading.get_person(sessions, factories.officer(TANGSHAN), person_id)


def test_agency_of_the_project_sees_who_is_locked_there(sessions, clock):
    manager = factories.manager(sessions)
    reserve(sessions, FILING, claim(named(manager), project=factories.project(area=TANGSHAN)), clock)

    assert names(sessions, factories.officer(TANGSHAN)) == [manager]


def test_one_person_is_one_row_and_belongs_to_one_enterprise_at_a_time(sessions, clock, clerk, add):
    person_id, other = add(clerk), factories.clerk(new_id())

    with pytest.raises(Conflict, match="employed_elsewhere"):
        add(other)
    with pytest.raises(Conflict, match="person_exists"):
        add(clerk)
    people.release(sessions, by(clerk), command(person_id, reason="合同期满"), clock)

    assert add(other, name="张建国", phone="13900000000") == person_id
    worked = reading.get_person(sessions, other, person_id)["employments"]
    assert [each["employer_id"] for each in worked] == [other.organisation_id, clerk.organisation_id]
    assert worked[1]["reason"] == "合同期满"
    with pytest.raises(NotFound):
        reading.get_person(sessions, clerk, person_id)


def test_of_many_who_enter_one_person_at_once_one_does(sessions, clock):
    clerks = [factories.clerk(new_id()) for _ in range(12)]

    def one(principal: Principal) -> str:
        try:
            people.add(sessions, STORE.look, by(principal), entry(), clock)
        except Conflict as refusal:
            return refusal.code
        return "entered"

    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(one, clerks))

    assert sorted(set(outcomes)) == ["employed_elsewhere", "entered"]
    assert outcomes.count("entered") == 1


def test_release_is_refused_while_the_person_is_locked(sessions, clock, clerk):
    manager = factories.manager(sessions)
    reserve(sessions, FILING, claim(named(manager), project=factories.project("一号工程")), clock)

    with pytest.raises(Conflict) as refusal:
        people.release(sessions, by(clerk), command(manager, reason="离职"), clock)

    assert (refusal.value.code, refusal.value.detail["held_by"]) == ("person_locked", "一号工程")


def test_change_leaves_alone_what_is_not_given_and_wants_the_version_that_was_seen(sessions, clock, clerk, add):
    person_id = add(clerk)
    request = read(ChangePersonRequest(), command(person_id, phone="13900000001"))

    assert people.change(sessions, STORE.look, by(clerk), request, clock)["version"] == 2

    shown = reading.get_person(sessions, clerk, person_id)
    assert (shown["name"], shown["posts"], shown["phone"]) == ("张建国", ["项目负责人"], "139****0001")
    with pytest.raises(Conflict) as refusal:
        people.change(sessions, STORE.look, by(clerk), request, clock)
    assert refusal.value.detail == {"version": 2}


def test_the_same_key_gives_the_same_answer_and_does_nothing_twice(sessions, clock, clerk, add):
    person_id = add(clerk)
    request = read(ChangePersonRequest(), command(person_id, phone="13900000001"))

    replies = [people.change(sessions, STORE.look, by(clerk, "key-1"), request, clock) for _ in range(2)]

    assert replies[0] == replies[1] == {"person_id": person_id, "version": 2, "warnings": []}
    with pytest.raises(Conflict, match="idempotency_key_reused"):
        people.change(sessions, STORE.look, by(clerk, "key-1"), request | {"phone": "13900000002"}, clock)


def test_others_staff_is_not_to_be_changed(sessions, clock, clerk, add):
    person_id = add(clerk)
    request = read(ChangePersonRequest(), command(person_id, phone="13900000001"))

    with pytest.raises(NotFound):
        people.change(sessions, STORE.look, by(factories.clerk(new_id())), request, clock)
    with pytest.raises(Forbidden):
        people.change(sessions, STORE.look, by(factories.officer()), request, clock)


def special(number: str = "冀A052025000001", **more) -> dict:
    values = {"kind": "special_operation", "trade": "05", "number": number, "valid_to": "2027-02-28"}
    return read(CertificatePart(), values | more)


def test_certificates_are_entered_corrected_and_removed(sessions, clock, clerk, add):
    person_id = add(clerk)
    added = certificates.add(sessions, by(clerk), command(person_id, certificate=special()), clock)
    assert added["warnings"] == []

    renewed = command(person_id, 2, certificate_id=added["certificate_id"], certificate=special(valid_to="2029-02-28"))
    certificates.correct(sessions, by(clerk), renewed, clock)
    (shown,) = reading.get_person(sessions, clerk, person_id)["certificates"]
    assert shown["valid_to"] == date(2029, 2, 28)

    certificates.remove(sessions, by(clerk), command(person_id, 3, certificate_id=added["certificate_id"]), clock)
    assert reading.get_person(sessions, clerk, person_id)["certificates"] == []


def test_one_certificate_is_entered_once_and_under_two_names_it_is_told(sessions, clock, clerk, add):
    first, second = add(clerk), add(clerk, number=VECTORS[2])
    certificates.add(sessions, by(clerk), command(first, certificate=special()), clock)

    with pytest.raises(Conflict, match="certificate_exists"):
        certificates.add(sessions, by(clerk), command(first, 2, certificate=special()), clock)
    told = certificates.add(sessions, by(clerk), command(second, certificate=special()), clock)
    assert told["warnings"] == [{"path": "certificate.number", "rule": "number_of_another_person"}]


def test_somebody_elses_certificate_is_not_to_be_reached_through_ones_own_person(sessions, clock, clerk, add):
    mine, other = add(clerk), factories.clerk(new_id())
    theirs = add(other, number=VECTORS[2])
    added = certificates.add(sessions, by(other), command(theirs, certificate=special()), clock)

    with pytest.raises(NotFound):
        certificates.remove(sessions, by(clerk), command(mine, certificate_id=added["certificate_id"]), clock)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"trade": None}, "trade"),
        ({"kind": "B"}, "trade"),
        ({"kind": "builder", "trade": None}, "grade"),
        ({"grade": "1"}, "grade"),
        ({"trade": "99"}, "trade"),
        ({"issued_on": "2027-02-28"}, "valid_to"),
        ({"valid_to": "2027-02-30"}, "valid_to"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_what_does_not_hang_together_in_a_certificate_is_refused_with_its_field(changes, field):
    with pytest.raises(Invalid) as refusal:
        special(**changes)

    assert field in refusal.value.fields


def test_soon_to_expire_are_listed_unless_a_newer_one_is_there(sessions, clock, clerk):
    with transaction(sessions) as session:
        ending, renewed = factories.person(session), factories.person(session)
        for person in (ending, renewed):
            factories.certificate(session, person, "C3", valid_to=date(2026, 4, 1))
        factories.certificate(session, renewed, "C3", valid_to=date(2029, 4, 1))
        factories.certificate(session, ending, "special_operation:01", valid_to=date(2026, 2, 1))

    assert names(sessions, clerk, expires_before=date(2026, 6, 2)) == [ending.id]
    summary = reading.summarise(sessions, clerk, clock)
    assert (summary["people"], summary["locked"], summary["expired"]) == (2, 0, 1)
    assert [each["person_id"] for each in summary["expires_soon"]["items"]] == [ending.id]


def test_pages_follow_each_other_without_gap_or_repetition(sessions, clerk):
    ids = factories.people(sessions, *[()] * 7)
    seen, after = [], None
    while True:
        shown = page(sessions, clerk, limit=3, after=after)
        seen += [each["person_id"] for each in shown["items"]]
        after = shown["next"]
        if after is None:
            break

    assert sorted(seen) == sorted(ids) and len(seen) == len(set(seen)) == 7


def picks(sessions, principal, clock, q=None, role="driver") -> list[dict]:
    wish = {"organisation_id": factories.CONTRACTOR, "role": role, "machine_kind": "T", "q": q}
    return reading.find_people(sessions, principal, wish | {"limit": 20, "after": None}, clock)["items"]


def test_T35_another_firms_people_are_picked_by_name_and_told_no_more_than_picking_needs(sessions, clock):
    """Who knows whom he wants can name him; nobody reads through a firm's whole staff, or where it works."""
    stranger = factories.clerk(new_id())
    driver = factories.people(sessions, ("special_operation:05", "B"), name="王大力", posts=["司机"])[0]
    number = factories.people(sessions, ("special_operation:05",), name="李四海")
    reserve(sessions, FILING, claim(named(driver, "driver"), matter="dismantling_notice"), clock)

    for nothing in (None, "", "王"):
        with pytest.raises(Invalid) as refused:
            picks(sessions, stranger, clock, nothing)
        assert [each["rule"] for each in refused.value.fields["q"]] == ["name_needed"]
    (found,) = picks(sessions, stranger, clock, "王大")
    (his_own,) = picks(sessions, factories.clerk(), clock, "王大")

    assert (found["name"], found["posts"], found["is_locked"]) == ("王大力", ["司机"], True)
    assert (found["identity_number"], found["locks"]) == (None, [])
    assert [each["kind"] for each in found["certificates"]] == ["special_operation"]
    assert his_own["identity_number"] and his_own["locks"] and len(his_own["certificates"]) == 2
    with transaction(sessions) as session:
        whole = session.get_one(factories.Person, number[0]).identity_number
    assert picks(sessions, stranger, clock, whole) == []


def test_an_agency_picks_among_those_in_its_sight(sessions, clock):
    driver = factories.people(sessions, ("special_operation:05",))[0]

    assert [each["person_id"] for each in picks(sessions, factories.officer(), clock)] == [driver]
    assert picks(sessions, factories.officer(TANGSHAN), clock) == []


def test_pick_list_shows_who_has_the_certificate_and_whether_he_is_free(sessions, clock, clerk):
    free, busy, other, late = factories.people(
        sessions, ("special_operation:05",), ("special_operation:05",), ("special_operation:06",), ()
    )
    with transaction(sessions) as session:
        holder = session.get(factories.Person, late)
        factories.certificate(session, holder, "special_operation:05", valid_to=date(2026, 1, 1))
    reserve(sessions, FILING, claim(named(busy, "driver"), matter="dismantling_notice"), clock)
    wish = {"organisation_id": factories.CONTRACTOR, "role": "driver", "machine_kind": "T", "q": None}

    found = reading.find_people(sessions, clerk, wish | {"limit": 20, "after": None}, clock)["items"]

    shown = {each["person_id"]: (each["is_locked"], each["lacks"]) for each in found}
    assert shown == {free: (False, []), busy: (True, []), late: (False, ["certificate_expired"])}
    assert other not in shown


@pytest.fixture
def held(sessions, clock):
    """A manager whose lock is held, and its id."""
    manager = factories.manager(sessions)
    request = claim(named(manager))
    reserve(sessions, FILING, request, clock)
    hearing.application(sessions, factories.told(request, "approved", 3, clock()), clock)
    return manager, reading.get_person(sessions, factories.officer(), manager)["locks"][0]["lock_id"]


def test_agency_of_the_project_unlocks_with_a_reason_on_record(sessions, clock, held):
    manager, lock_id = held
    request = {"lock_id": lock_id, "reason": "合同已解除，人员已离岗"}

    acts.unlock(sessions, by(factories.officer()), request, clock)

    (past,) = reading.list_locks(sessions, factories.officer(), manager, 20, None)["items"]
    assert (past["cause"], past["reason"]) == ("unlocked", "合同已解除，人员已离岗")
    with pytest.raises(Conflict, match="lock_released"):
        acts.unlock(sessions, by(factories.officer()), request, clock)
    with transaction(sessions) as session:
        acts_on_record = session.scalars(select(JournalRow.act).where(JournalRow.subject == manager)).all()
        assert acts_on_record == ["unlock_person"]


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        (factories.officer(QIAOXI), NotFound),
        (factories.officer(SHIJIAZHUANG), Forbidden),
        (factories.officer("13"), Forbidden),
        (factories.officer(CHANGAN, "acceptor"), Forbidden),
        (factories.clerk(), Forbidden),
    ],
)
def test_nobody_else_unlocks(sessions, clock, held, who, refusal):
    with pytest.raises(refusal):
        acts.unlock(sessions, by(who), {"lock_id": held[1], "reason": "合同已解除"}, clock)


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (factories.officer(), True),
        (factories.officer(SHIJIAZHUANG), False),
        (factories.officer(CHANGAN, "acceptor"), False),
        (factories.clerk(), False),
    ],
)
def test_a_persons_page_offers_to_unlock_only_to_whom_it_will_be_granted(sessions, held, who, may):
    assert reading.get_person(sessions, who, held[0])["unlockable"] == ([held[1]] if may else [])


def test_what_an_undecided_application_has_reserved_is_not_unlocked(sessions, clock):
    manager = factories.manager(sessions)
    reserve(sessions, FILING, claim(named(manager)), clock)
    told = reading.get_person(sessions, factories.officer(), manager)
    lock_id = told["locks"][0]["lock_id"]
    assert told["unlockable"] == []

    with pytest.raises(Conflict, match="application_undecided"):
        acts.unlock(sessions, by(factories.officer()), {"lock_id": lock_id, "reason": "合同已解除"}, clock)


def test_a_name_is_found_by_its_parts_pinyin_and_initials(sessions, clock, clerk, add):
    person_id = add(clerk)
    add(clerk, number=VECTORS[0], name="李四")

    for q in ("建国", "张建", "zjg", "zj", "zhangjianguo", "jianguo", "zhang", "ZhangJ", "张"):
        found = names(sessions, clerk, q=q)
        assert found == ([] if q == "ZhangJ" else [person_id]), q
    request = read(ChangePersonRequest(), command(person_id, name="王建国"))
    people.change(sessions, STORE.look, by(clerk), request, clock)
    assert [names(sessions, clerk, q=q) for q in ("zjg", "wjg")] == [[], [person_id]]


@pytest.mark.parametrize(
    ("role", "q", "found"),
    [
        ("clerk", "5678", True),
        ("clerk", "12345678", True),
        ("clerk", "13812345678", True),
        ("clerk", "1381", False),  # not at the end
        ("clerk", "678", False),
        ("clerk", "95678", False),
        ("administrator", "5678", True),
        ("administrator", "45678", False),  # one hidden place after another could be guessed
        ("administrator", "13812345678", False),
    ],
)
def test_T35_by_more_than_the_last_four_of_a_phone_only_those_find_who_may_see_it_whole(
    sessions, clerk, add, role, q, found
):
    person_id = add(clerk)

    assert names(sessions, replace(clerk, roles=(role,)), q=q) == ([person_id] if found else [])


def test_T34_the_end_of_a_phone_finds_nobody_outside_ones_sight(sessions, clerk, add):
    add(clerk)

    assert page(sessions, factories.officer(TANGSHAN), q="5678")["total"] == 0
    assert page(sessions, factories.officer(CHANGAN), q="5678")["total"] == 1
    assert names(sessions, factories.clerk(new_id()), q="5678") == []


def test_people_are_listed_by_post_trade_and_county(sessions, clerk, add):
    manager = add(clerk)
    officer = add(clerk, number=VECTORS[0], posts=["安全员"])

    assert names(sessions, clerk, post="安全员") == [officer]
    assert names(sessions, clerk, post="项目负责人") == [manager]
    assert names(sessions, clerk, certificate_kind="special_operation", trade="driver") == []
    assert set(names(sessions, factories.officer(SHIJIAZHUANG), area=CHANGAN)) == {manager, officer}
    assert names(sessions, factories.officer(SHIJIAZHUANG), area=QIAOXI) == []
    assert names(sessions, factories.officer(CHANGAN), area=SHIJIAZHUANG) == []
