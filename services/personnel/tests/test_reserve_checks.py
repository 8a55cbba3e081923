"""What stands in the way of a claim, as filing is told: with real rows behind it."""

from datetime import date, timedelta

import pytest

from chassis.database import transaction
from chassis.errors import Conflict, Invalid
from chassis.identifiers import new_id
from chassis.schemas import read
from personnel import hearing
from personnel.models import PersonLock
from personnel.reserve import reserve
from personnel.schemas.claims import ReserveRequest, claim_of
from services.personnel.tests import factories
from services.personnel.tests.factories import FILING, claim, named
from services.personnel.tests.reading import active, locks_of

TOWER = {"machine_id": new_id(), "kind": "T"}


def findings(sessions, clock, request) -> list[tuple[str, str, str]]:
    reply = reserve(sessions, FILING, request | {"check_only": True}, clock)
    return [(each["code"], each["severity"], each["path"]) for each in reply["findings"]]


def test_request_as_filing_sends_it_is_read():
    request = {
        "application_id": new_id(),
        "matter": "use_registration",
        "check_only": False,
        "on": "2026-03-02",
        "applicant": {"organisation_id": new_id(), "name": "某公司", "area": "13.1301", "kinds": ["contractor"]},
        "agency_id": new_id(),
        "project": {
            "project_id": new_id(),
            "name": "某工程",
            "area": "13.1301.130102",
            "agency_id": None,
            "works_code": None,
            "starts_on": "2026-01-01",
            "finishes_on": "2027-01-01",
        },
        "machine": {"machine_id": new_id(), "kind": "T"},
        "people": [
            {
                "person_id": new_id(),
                "role": "driver",
                "path": "form.operators.0.person_id",
                "employer_id": new_id(),
                "replaces": None,
                "exemption": None,
            }
        ],
    }

    claimed = claim_of(read(ReserveRequest(), request))

    assert claimed.machine_kind == "T" and claimed.people[0].path == "form.operators.0.person_id"


def test_unknown_person_is_told_with_the_field(sessions, clock):
    assert findings(sessions, clock, claim(named(new_id()))) == [("person_unknown", "error", "form.project_manager")]


def test_person_must_be_employed_where_the_form_says(sessions, clock):
    manager = factories.manager(sessions)
    released = factories.manager(sessions, employer_id=None)

    assert findings(sessions, clock, claim(named(manager, employer_id=new_id())))[0][0] == "person_not_employed"
    assert findings(sessions, clock, claim(named(manager, employer_id=factories.CONTRACTOR))) == []
    assert findings(sessions, clock, claim(named(released)))[0][0] == "person_not_employed"


@pytest.mark.parametrize(("kind", "trade"), [("S", "06"), ("W", "07"), ("L", "06")])
def test_T11_a_hoist_is_not_put_to_use_without_a_driver(sessions, clock, kind, trade):
    """Nor with somebody else alone."""
    hoist = {"machine_id": new_id(), "kind": kind}
    driver, signaller = factories.people(sessions, (f"special_operation:{trade}",), ("special_operation:04",))
    alone = claim(named(signaller, "signaller"), matter="use_registration", machine=hoist)

    assert findings(sessions, clock, alone) == [("driver_missing", "error", "people")]
    both = alone | {"people": [*alone["people"], named(driver, "driver")]}
    assert findings(sessions, clock, both) == []


def test_T11_tower_crane_is_not_put_to_use_without_a_signaller(sessions, clock):
    driver, signaller = factories.people(sessions, ("special_operation:05",), ("special_operation:04",))
    alone = claim(named(driver, "driver"), matter="use_registration", machine=TOWER)

    assert findings(sessions, clock, alone) == [("signaller_missing", "error", "people")]
    both = alone | {"people": [*alone["people"], named(signaller, "signaller")]}
    assert findings(sessions, clock, both) == []


def test_T11_driver_of_another_machine_is_refused(sessions, clock):
    driver = factories.people(sessions, ("special_operation:06",))[0]
    request = claim(named(driver, "driver"), matter="dismantling_notice", machine=TOWER)

    with pytest.raises(Conflict) as refusal:
        reserve(sessions, FILING, request, clock)

    assert refusal.value.code == "trade_mismatch"
    assert (refusal.value.detail["needed"], refusal.value.detail["has"]) == (["05"], ["06"])


def test_T16_certificate_that_ends_within_the_project_is_a_warning_and_an_expired_one_an_error(sessions, clock):
    with transaction(sessions) as session:
        manager = factories.person(session, "builder")
        b = factories.certificate(session, manager, "B", valid_to=date(2027, 1, 1))
    request = claim(named(manager.id), project=factories.project(finishes_on=date(2027, 6, 1)))
    warning = ("certificate_expires_soon", "warning", "form.project_manager")

    assert findings(sessions, clock, request) == [warning]
    assert reserve(sessions, FILING, request, clock)["granted_until"] is not None
    with transaction(sessions) as session:
        session.merge(b).valid_to = date(2026, 3, 1)
    assert findings(sessions, clock, request)[0][:2] == ("certificate_expired", "error")


def test_people_without_a_project_are_refused(sessions, clock):
    with pytest.raises(Invalid):
        reserve(sessions, FILING, claim(named(factories.manager(sessions)), project=None), clock)


CODE = "2108-130102-89-01-123456"


@pytest.fixture
def busy(sessions, clock):
    """A manager held by a project, which filing then tells more of."""
    manager, project = factories.manager(sessions), factories.project("一期", works_code=CODE)
    first = claim(named(manager), project=project)
    reserve(sessions, FILING, first, clock)
    for version, type_ in enumerate(("submitted", "approved"), start=2):
        hearing.application(sessions, factories.told(first, type_, version, clock()), clock)

    def tell(**more) -> None:
        hearing.project(sessions, factories.project_told(project, 5, clock(), **more), clock)

    return manager, project, tell


def exempt(person_id: str, kind: str, project: dict):
    return named(person_id, exemption={"kind": kind, "project_id": project["project_id"]})


def stopped(clock, days: int, cause_by: str = "other", owner_consents: bool = True) -> dict:
    since = (clock() - timedelta(days=days)).date().isoformat()
    return {"stage": "suspended", "suspended": {"since": since, "cause_by": cause_by, "owner_consents": owner_consents}}


def test_T14_manager_of_a_live_project_is_refused_for_a_second(sessions, clock, busy):
    manager, _, tell = busy
    tell()

    assert findings(sessions, clock, claim(named(manager)))[0][0] == "person_locked"


def test_T14_adjacent_section_of_the_same_works_is_granted_and_the_exception_recorded(sessions, clock, busy):
    manager, project, tell = busy
    tell()
    second = factories.project("二期", works_code=CODE)

    reserve(sessions, FILING, claim(exempt(manager, "adjacent_section", project), project=second), clock)

    extra = locks_of(sessions, manager)[1]
    assert extra.exemption == {"kind": "adjacent_section", "project_id": project["project_id"]}
    assert extra.slot == 2


def test_T14_manager_of_accepted_works_is_granted(sessions, clock, busy):
    manager, project, tell = busy
    tell(works_accepted_on="2026-03-01")

    reserve(sessions, FILING, claim(exempt(manager, "works_accepted", project)), clock)

    assert len(active(sessions, manager)) == 2


def test_T14_long_stoppage_is_granted_only_if_proved(sessions, clock, busy):
    manager, project, tell = busy
    tell(**stopped(clock, 119))
    wish = claim(exempt(manager, "long_stoppage", project))
    assert findings(sessions, clock, wish)[0][0] == "exemption_not_proved"

    clock.advance(timedelta(days=1))
    reserve(sessions, FILING, wish | {"on": factories.TODAY + timedelta(days=1)}, clock)

    assert len(active(sessions, manager)) == 2


@pytest.mark.parametrize("how", [{"cause_by": "contractor"}, {"owner_consents": False}])
def test_T14_stoppage_of_the_contractors_making_or_without_consent_proves_nothing(sessions, clock, busy, how):
    manager, project, tell = busy
    tell(**stopped(clock, 200, **how))

    refused = findings(sessions, clock, claim(exempt(manager, "long_stoppage", project)))

    assert refused[0][0] == "exemption_not_proved"


def test_T14_an_exception_names_a_project_that_he_has(sessions, clock, busy):
    manager, _, tell = busy
    tell(works_accepted_on="2026-03-01")

    wish = claim(exempt(manager, "works_accepted", factories.project("别的工程")))

    assert findings(sessions, clock, wish)[0][0] == "exemption_not_proved"


def test_T14_exceptions_are_for_managers_only(sessions, clock):
    officer, project = factories.people(sessions, ("C3",))[0], factories.project(works_code=CODE)
    reserve(sessions, FILING, claim(named(officer, "safety_officer"), project=project), clock)
    wish = {"kind": "adjacent_section", "project_id": project["project_id"]}
    request = claim(named(officer, "safety_officer", exemption=wish), project=factories.project(works_code=CODE))

    assert findings(sessions, clock, request)[0][0] == "person_locked"


def test_T14_every_other_project_must_be_excused_not_only_the_one_named(sessions, clock, busy):
    manager, project, tell = busy
    tell(works_accepted_on="2026-03-01")
    second = factories.project("二标")
    reserve(sessions, FILING, claim(exempt(manager, "works_accepted", project), project=second), clock)

    third = claim(exempt(manager, "works_accepted", project))

    assert findings(sessions, clock, third)[0][0] == "person_locked"


def test_T14_when_the_first_project_ends_the_exempted_one_takes_the_ordinary_slot(sessions, clock, busy):
    manager, project, tell = busy
    tell(works_accepted_on="2026-03-01")
    reserve(sessions, FILING, claim(exempt(manager, "works_accepted", project)), clock)
    closed = factories.project_told(project, 6, clock(), "closed", stage="closed", works_accepted_on="2026-03-01")

    hearing.project(sessions, closed, clock)

    with transaction(sessions) as session:
        (lock,) = session.query(PersonLock).filter(PersonLock.released_at.is_(None))
        assert (lock.slot, lock.exemption["kind"]) == (1, "works_accepted")
    assert findings(sessions, clock, claim(named(manager)))[0][0] == "person_locked"
