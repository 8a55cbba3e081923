"""Contracts hold: what is committed is what the code says, and every reader can read every example of every producer.

Readers and producers meet here as data only: a producer's examples are files, a reader's narrow schemas come from its own
`subscriptions.py`. The processes run apart, as one package must not be loaded beside another's tables.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chassis import topology
from tests.architecture.source import ROOT, SERVICES

# Reads every example it is given with the schema that this service hears it by; prints what it could not read.
READER = """
import json, sys
from chassis.nameko.subscribe import declared_by
from chassis.process import part
from chassis.envelope import load
from chassis.errors import Invalid
from chassis.schemas import read
import importlib
description = importlib.import_module(sys.argv[1] + ".__main__").SERVICE
heard = declared_by(part(description.subscriptions))
told = {}
for known, schema in heard.items():
    path = f"{sys.argv[2]}/{known.source}/contract/examples/{known.type}/v{known.version}"
    import pathlib
    examples = sorted(pathlib.Path(path).glob("*.json"))
    if not examples:
        told[f"{known.source} {known.type}.v{known.version}"] = "no example"
    for example in examples:
        try:
            read(schema(), load(json.loads(example.read_text())).data)
        except Invalid as refusal:
            told[str(example)] = refusal.fields
print(json.dumps({"unread": told, "heard": sorted([k.source, k.type, k.version] for k in heard)}))
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def told_by(service: str) -> dict[str, Any]:
    done = run("-c", READER, service, str(ROOT / "services"))
    assert done.returncode == 0, done.stderr[-2000:]
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


@pytest.mark.parametrize("service", SERVICES)
def test_the_committed_contract_is_what_the_code_says(service: str) -> None:
    done = run("-m", service, "contract", "--check")
    assert done.returncode == 0, f"run `make contract` and look at what it changes: {done.stdout}{done.stderr[-2000:]}"


@pytest.mark.parametrize("service", SERVICES)
def test_a_reader_reads_every_example_of_what_it_hears(service: str) -> None:
    assert told_by(service)["unread"] == {}


@pytest.mark.parametrize("service", SERVICES)
def test_the_topology_says_what_the_subscriptions_do(service: str) -> None:
    declared = topology.read(ROOT / f"services/{service}/{service}/topology.toml")
    heard = sorted([each.source, each.type, each.version] for each in declared.hears)
    assert told_by(service)["heard"] == heard


@pytest.mark.parametrize("service", SERVICES)
def test_whatever_is_published_has_a_schema_and_an_example(service: str) -> None:
    folder = ROOT / f"services/{service}/contract"
    published = set(topology.read(ROOT / f"services/{service}/{service}/topology.toml").publishes)
    assert {each.stem for each in (folder / "events").glob("*.json")} == published
    for key in published:
        type_, _, version = key.rpartition(".")
        assert list((folder / "examples" / type_ / version).glob("*.json")), key


@pytest.mark.parametrize("service", SERVICES)
def test_every_example_is_valid_by_its_schema(service: str) -> None:
    from jsonschema import Draft202012Validator

    folder = ROOT / f"services/{service}/contract"
    for example in sorted((folder / "examples").rglob("*.json")):
        schema = folder / "events" / f"{example.parts[-3]}.{example.parts[-2]}.json"
        errors = Draft202012Validator(json.loads(schema.read_text())).iter_errors(json.loads(example.read_text()))
        assert [error.message for error in errors] == [], example


def choices(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Where a contract offers a choice, and its words."""
    if isinstance(node, dict):
        if "x-words" in node:
            yield path, node["x-words"]
        for name, inner in node.items():
            yield from choices(inner, f"{path}/{name}")


@pytest.mark.parametrize("service", SERVICES)
def test_every_code_of_a_choice_has_the_word_that_people_read(service: str) -> None:
    """A page shows the words, so a code that stands for itself would be shown as it is."""
    told: dict[str, dict[str, str]] = {}
    for file in sorted((ROOT / f"services/{service}/contract").rglob("*.json")):
        for path, words in choices(json.loads(file.read_text())):
            wordless = {code: word for code, word in words.items() if not re.search("[\u4e00-\u9fff]", word)}
            if wordless:
                told[f"{file.name}{path}"] = wordless
    assert told == {}


def test_every_subscription_is_to_something_that_is_published() -> None:
    topologies = [topology.read(path) for path in topology.find(ROOT)]
    published = {(each.service, key) for each in topologies for key in each.publishes}
    heard = {(one.source, one.key) for each in topologies for one in each.hears}
    assert heard <= published


def test_every_process_that_a_queue_needs_stands_in_the_list() -> None:
    """Law: every process stands once in deploy/processes.toml, and every queue has its reader there."""
    from deploy.local import plan

    roles = {service.name: {each.command[-1] for each in service.processes} for service in plan.services()}
    for path in topology.find(ROOT):
        each = topology.read(path)
        needed = {"rpc"} if each.answers else set()
        needed |= {"subscriptions"} if each.hears else set()
        needed |= {"relay"} if each.publishes else set()
        assert needed <= roles[each.service], each.service


def test_no_migration_is_out_of_line() -> None:
    for folder in [*ROOT.glob("services/*/migrations"), ROOT / "gateway/migrations"]:
        names = sorted(each.name for each in Path(folder).glob("[0-9]*.py"))
        numbers = [int(name[:4]) for name in names]
        assert numbers == list(range(1, len(names) + 1)), folder
