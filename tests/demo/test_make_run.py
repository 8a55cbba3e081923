"""`make run`, as its users know it: in the foreground, addresses and logins, `ready`, Ctrl-C; again, and two at once."""

import json
import stat
import urllib.request
from pathlib import Path

import pytest

from chassis.localservers.ports import is_free
from tests.demo.conftest import BrokenOff, ids_of_agencies
from tests.demo.running import READY_SECONDS, Run, alive

pytestmark = pytest.mark.timeout(1500)
FREE = "stopped; the data are kept (make clean forgets them)"


def ports_of(run: Run) -> dict[str, int]:
    ports: dict[str, int] = json.loads((run.state / "ports.json").read_text())
    return ports


def cells(run: Run, title: str) -> list[list[str]]:
    """The rows of the printed table with this title."""
    lines = run.printed
    first = next(at for at, line in enumerate(lines) if line.startswith(title))
    end = next(at for at in range(first, len(lines)) if lines[at].startswith("└"))
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in lines[first:end] if line.startswith("│")]


def test_ctrl_c_while_the_province_is_loaded_leaves_no_process(broken_off: BrokenOff) -> None:
    assert broken_off.code == 0
    assert broken_off.left == []
    assert broken_off.printed[-1] == FREE
    assert not any(line.startswith("ready") for line in broken_off.printed)


def test_the_second_run_keeps_what_the_first_has_made(run: Run, broken_off: BrokenOff) -> None:
    assert len(broken_off.agencies) >= 14
    assert broken_off.agencies <= ids_of_agencies(run.address, run.operator_password)


def test_it_prints_addresses_that_answer_and_ready_last(run: Run) -> None:
    where = dict(cells(run, "addresses"))

    for name in ("API, to read and to try", "API, as OpenAPI 3.1"):
        with urllib.request.urlopen(where[name], timeout=10) as page:
            assert page.status == 200
    assert Path(where["ports of all processes"]) == run.state / "ports.json"
    assert Path(where["logs"]).is_dir()
    assert run.printed[-1] == f"ready {where['API'].removesuffix('/api/v1')}"


def test_it_prints_one_login_of_each_role_whole_and_has_all_in_a_file_of_the_owners(run: Run) -> None:
    file = run.state / "logins.json"
    logins = json.loads(file.read_text())

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert all(set(each) == {"role", "username", "password", "organisation", "division"} for each in logins)
    shown = cells(run, "logins")
    known = [[each[key] for key in ("role", "username", "password", "organisation", "division")] for each in logins]
    assert all(row in known for row in shown)
    assert len({row[0] for row in shown}) == len(shown) >= 20


def test_a_second_one_in_the_same_checkout_is_told_where_the_first_is(run: Run) -> None:
    second = Run(run.state.parent, "1-again", "--state", str(run.state))

    assert second.process.wait(30) == 1
    assert second.printed == [f"it runs already in this checkout: {run.address}"]


def test_two_checkouts_do_not_meet_and_ctrl_c_ends_what_was_started_and_nothing_else(run: Run, folder: Path) -> None:
    of_first = run.started()
    other = Run(folder, "2", "--without-demo")
    try:
        other.wait_for("ready ", READY_SECONDS)
        of_other, taken = other.started(), ports_of(other)
        assert not set(taken.values()) & set(ports_of(run).values())
        assert set(taken) == set(ports_of(run))

        assert other.press_ctrl_c() == 0

        assert alive(of_other) == []
        assert all(is_free(port) for port in taken.values())
        assert alive(of_first) == of_first
        assert ids_of_agencies(run.address, run.operator_password)
    finally:
        other.forget()
