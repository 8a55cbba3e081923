"""The staff sheet as Excel readers see it, and the list of logins."""

import json
import stat
from datetime import date
from io import BytesIO
from pathlib import Path

from python_calamine import load_workbook

from deploy.demo import firms, logins, sheets, staff
from deploy.demo.kept import keep

DAY = date(2026, 11, 23)


def test_a_staff_sheet_has_a_row_a_certificate_and_one_for_whoever_has_none() -> None:
    contractor = firms.open_firms(DAY, "contractor")[0]
    people = staff.people_of(contractor, DAY)

    rows = load_workbook(BytesIO(sheets.staff_sheet(people))).get_sheet_by_index(0).to_python()

    assert tuple(rows[0]) == sheets.TITLES
    assert len(rows) == 1 + sum(max(len(each.certificates), 1) for each in people)
    assert {row[1] for row in rows[1:]} == {each.identity_number for each in people}


def test_everybody_who_can_sign_in_is_in_the_list_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    kept = keep(tmp_path / "kept.json", DAY)
    everybody = list(logins.all_logins(kept, ("operator", "secret")))
    logins.write(tmp_path / "logins.json", everybody)

    written = json.loads((tmp_path / "logins.json").read_text())
    usernames = [each["username"] for each in written]
    assert len(usernames) == len(set(usernames)) == len(everybody) > 400
    assert all(set(each) == {"role", "username", "password", "organisation", "division"} for each in written)
    assert stat.S_IMODE((tmp_path / "logins.json").stat().st_mode) == 0o600
    roles = {each["role"] for each in written}
    assert roles >= {"operator", "owner", "contractor", "lessor", "installer", "supervisor", "contractor clerk"}
