"""What runs: deploy/processes.toml, read."""

import shlex
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BROKER_DATA = ROOT / "deploy" / "broker"

NEEDS = frozenset({"database", "broker", "key", "blobs", "document keys"})


@dataclass(frozen=True)
class Process:
    """One running process: `name` is unique (filing-rpc; filing-rpc-2 for a second replica).

    `patient`: it gives way to others where processors are few.
    """

    name: str
    service: str
    command: tuple[str, ...]
    port_setting: str | None
    patient: bool = False


@dataclass(frozen=True)
class Service:
    name: str
    folder: Path
    needs: frozenset[str]
    processes: tuple[Process, ...]


def services(file: Path = ROOT / "deploy" / "processes.toml") -> list[Service]:
    """Every service with its processes, in the order of the file; raises `ValueError` for what it does not know."""
    return [_service(name, entry) for name, entry in tomllib.loads(file.read_text()).items()]


def _service(name: str, entry: dict[str, object]) -> Service:
    needs = frozenset(_texts(entry["needs"]))
    if not needs <= NEEDS:
        raise ValueError(f"{name} needs something unknown: {', '.join(sorted(needs - NEEDS))}")
    roles = entry["processes"]
    if not isinstance(roles, dict):
        raise ValueError(f"{name}.processes must be a table")
    processes = [each for role, given in roles.items() for each in _replicas(name, role, given)]
    return Service(name, ROOT / str(entry["folder"]), needs, tuple(processes))


def _replicas(service: str, role: str, given: dict[str, object]) -> list[Process]:
    command = tuple(shlex.split(str(given["command"])))
    port = given.get("port")
    return [
        Process(
            name=f"{service}-{role}" + (f"-{number}" if number > 1 else ""),
            service=service,
            command=command,
            port_setting=None if port is None else str(port),
            patient=bool(given.get("patient", False)),
        )
        for number in range(1, int(str(given["replicas"])) + 1)
    ]


def _texts(value: object) -> list[str]:
    if not isinstance(value, list):
        raise ValueError("expected a list")
    return [str(each) for each in value]
