"""What runs is data: every process once, and everything it needs is given somewhere."""

import json
import re
from pathlib import Path

import pytest

from chassis import topology
from chassis.localservers import definitions
from deploy.local import plan
from deploy.local.plan import BROKER_DATA, ROOT

ENTRY = """
[attendance]
folder = "services/attendance"
needs = [{needs}]
[attendance.processes]
ingest = {{ command = "python -m attendance ingest", replicas = 3 }}
"""


def test_a_new_service_is_one_entry(tmp_path: Path) -> None:
    file = tmp_path / "processes.toml"
    file.write_text(ENTRY.format(needs='"database", "broker"'))

    [service] = plan.services(file)

    assert service.needs == {"database", "broker"}
    assert [each.name for each in service.processes] == [
        "attendance-ingest",
        "attendance-ingest-2",
        "attendance-ingest-3",
    ]
    assert service.processes[2].command == ("python", "-m", "attendance", "ingest")


def test_a_need_that_nobody_can_give_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "processes.toml"
    file.write_text(ENTRY.format(needs='"teleprinter"'))

    with pytest.raises(ValueError, match="teleprinter"):
        plan.services(file)


def test_every_service_stands_once_and_runs_its_own_package() -> None:
    for service in plan.services():
        assert (service.folder / service.name / "__main__.py").exists()
        for process in service.processes:
            python, m, module = process.command[:3]
            assert (python, m, module.partition(".")[0]) == ("python", "-m", service.name)


def test_every_service_on_the_broker_has_a_user_of_its_own() -> None:
    users = definitions.users(BROKER_DATA)

    assert {each.name for each in plan.services() if "broker" in each.needs} | {"operator"} == set(users)


def test_no_service_may_read_another_s_queues_or_speak_in_its_name() -> None:
    users = definitions.users(BROKER_DATA)
    topologies = [topology.read(file) for file in topology.find(ROOT)]

    for user, rights in users.items():
        for other in topologies:
            if user in ("operator", other.service):
                continue
            assert not [name for name in topology.queue_names(other) if re.search(rights["read"], name)]
            assert not re.search(rights["write"], topology.events_exchange(other.service))


def test_policies_name_what_exists() -> None:
    queues = [name for file in topology.find(ROOT) for name in topology.queue_names(topology.read(file))]

    for policy in json.loads((BROKER_DATA / "policies.json").read_text()):
        assert [name for name in queues if re.search(policy["pattern"], name)], policy["name"]
