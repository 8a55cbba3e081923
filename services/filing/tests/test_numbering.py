"""Numbers have no gaps, whatever fails and however many ask at once."""

import threading
from datetime import date

import pytest

from chassis.database import Sessions, transaction
from filing import matters
from filing.editions import edition
from filing.models import Organisation
from filing.numbering import ACCEPTANCE, next_number
from services.filing.tests.factories import COUNTY, OTHER_COUNTY, Stage, id_of

ON = date(2026, 3, 2)


class Broken(Exception):
    """What makes every third transaction of the test fail."""


def issue(sessions: Sessions, area: str, kind: str = ACCEPTANCE, fail: bool = False, on: date = ON) -> str:
    with transaction(sessions) as session:
        agency = session.get_one(Organisation, id_of("agency", area))
        number = next_number(session, kind, agency, on, {"machine_kind": "T"})
        if fail:
            raise Broken
    return number


def test_each_agency_kind_and_year_counts_from_one(stage: Stage) -> None:
    sessions = stage.desk.sessions

    assert [issue(sessions, COUNTY) for _ in range(2)] == ["受130102-2026-000001", "受130102-2026-000002"]
    assert issue(sessions, OTHER_COUNTY) == "受130104-2026-000001"
    assert issue(sessions, COUNTY, "use_registration") == "冀使130102-2026-00001"
    assert issue(sessions, COUNTY, on=date(2027, 1, 4)) == "受130102-2027-000001"


def test_a_machines_filing_number_counts_on_through_the_years(stage: Stage) -> None:
    first = issue(stage.desk.sessions, COUNTY, "machine_filing")
    second = issue(stage.desk.sessions, COUNTY, "machine_filing", on=date(2027, 1, 4))

    assert (first, second) == ("冀AB-T00001", "冀AB-T00002")


def test_sixteen_threads_with_failures_leave_no_gap(stage: Stage) -> None:
    issued: list[str] = []

    def run(thread: int) -> None:
        for turn in range(6):
            try:
                issued.append(issue(stage.desk.sessions, COUNTY, fail=(thread + turn) % 3 == 0))
            except Broken:
                continue

    threads = [threading.Thread(target=run, args=(number,)) for number in range(16)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert len(issued) == 64
    assert sorted(issued) == [f"受130102-2026-{serial:06d}" for serial in range(1, 65)]


@pytest.mark.parametrize("matter", [each for each in matters.ALL.values() if each.certificate], ids=lambda m: m.code)
def test_every_certificate_has_a_pattern_or_a_number_of_its_own(matter: matters.Matter) -> None:
    assert matter.certificate is not None
    given = matter.code == "machine_registration"
    assert given or "{serial" in edition("numbering", ON)["patterns"][matter.certificate.kind]
