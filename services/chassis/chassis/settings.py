"""Settings: frozen dataclasses filled once from the environment. The only reader of `os.environ`.

    @dataclass(frozen=True)
    class FilingSettings(Common):
        calendar_overrides: Path | None = None

    settings = load(FilingSettings)

A field's name in upper case is its variable's name. A field without a default must be given. Everything that is
missing or unreadable is told at once.
"""

import json
import os
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

SettingsT = TypeVar("SettingsT")


class SettingsError(Exception):
    """Names every setting that is missing or cannot be read."""


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false", "1", "0", "yes", "no"):
        raise ValueError("expected true or false")
    return text.lower() in ("true", "1", "yes")


def _string_map(text: str) -> dict[str, str]:
    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError("expected a JSON object")
    return {str(key): str(item) for key, item in value.items()}


READERS: dict[Any, Callable[[str], Any]] = {
    str: str,
    int: int,
    float: float,
    bool: _boolean,
    Path: Path,
    timedelta: lambda text: timedelta(seconds=float(text)),
    list[str]: lambda text: [part.strip() for part in text.split(",") if part.strip()],
    dict[str, str]: _string_map,
}


def secret() -> Any:
    """A field that never shows in a repr or a log."""
    return field(repr=False)


def load(cls: type[SettingsT], environment: Mapping[str, str] | None = None) -> SettingsT:
    """The settings `cls` read from the environment; raises `SettingsError` naming all that is wrong."""
    source = os.environ if environment is None else environment
    kinds = typing.get_type_hints(cls)
    values: dict[str, Any] = {}
    wrong: list[str] = []
    for each in fields(cls):  # type: ignore[arg-type]
        name = each.name.upper()
        text = source.get(name)
        if text is None:
            if _required(each):
                wrong.append(f"{name} is missing")
            continue
        try:
            values[each.name] = _reader(kinds[each.name])(text)
        except ValueError as error:
            wrong.append(f"{name} cannot be read: {error}")
    if wrong:
        raise SettingsError(f"settings of {cls.__name__}: " + "; ".join(wrong))
    return cls(**values)


def _required(each: "Field[Any]") -> bool:
    return each.default is MISSING and each.default_factory is MISSING


def _reader(kind: Any) -> Callable[[str], Any]:
    if isinstance(kind, types.UnionType):
        kind = next(part for part in typing.get_args(kind) if part is not type(None))
    return READERS[kind]


@dataclass(frozen=True, kw_only=True)
class Common:
    """What every process of a service is told.

    `principal_public_keys` maps an issuer's name to its public key (PEM); a process that calls others or speaks for
    its service also has its own `principal_private_key`. `blob_uri` is a folder or any address fsspec knows. `grace` is
    how long after SIGTERM the process is killed: five seconds earlier it gives up what it has not finished.
    """

    database_uri: str = secret()
    amqp_uri: str = secret()
    principal_public_keys: dict[str, str]
    blob_uri: str
    principal_private_key: str | None = field(default=None, repr=False)
    health_port: int = 0
    log_level: str = "info"
    grace: timedelta = timedelta(seconds=20)
    calendar_overrides: Path | None = None


@dataclass(frozen=True)
class DatabaseSettings:
    """All that a migration is told: the database as its owner."""

    database_uri: str = secret()
