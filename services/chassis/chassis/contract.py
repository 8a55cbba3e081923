"""The contract of a service, generated from its schemas: JSON Schemas, examples, AsyncAPI.

    contract/rpc/<method>.json               request and reply of each method under `@answers`
    contract/events/<type>.v1.json           each event, envelope and data
    contract/examples/<type>/v1/<name>.json  whole events; a reader's narrow schema must read every one of them
    contract/asyncapi.yaml                   all of it in one description (AsyncAPI 3.0)

The files are committed. `python -m <service> contract` writes them anew, with `--check` it tells what differs.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from marshmallow import Schema

from chassis import envelope, topology
from chassis.envelope import Event
from chassis.identifiers import derived_id
from chassis.json_schema import json_schema
from chassis.process import ServiceDescription, part

DIALECT = "https://json-schema.org/draft/2020-12/schema"
EXAMPLE_MOMENT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
Json = dict[str, Any]
SchemaClass = type[Schema]


@dataclass(frozen=True)
class Told:
    """An event that a service publishes. `examples` maps a name to the `data` of an example; at least one is needed."""

    type: str
    version: int
    data: SchemaClass
    examples: Mapping[str, Json] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return topology.event_key(self.type, self.version)


def build(service: ServiceDescription) -> dict[str, str]:
    """The text of every file of `contract/` by its path in there."""
    methods = _methods(service)
    events: list[Told] = list(part(service.events)) if service.events else []
    files = {f"rpc/{name}.json": _text(schema) for name, schema in methods.items()}
    files |= {f"events/{each.key}.json": _text(_event(each)) for each in events}
    for each in events:
        for name, data in each.examples.items():
            files[f"examples/{each.type}/v{each.version}/{name}.json"] = _text(_example(each, name, data))
    return files | {"asyncapi.yaml": _asyncapi(service, methods, events)}


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Make `folder` hold these files and no other contract file."""
    for path in differences(folder, files):
        if path in files:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(files[path])
        else:
            (folder / path).unlink()


def differences(folder: Path, files: Mapping[str, str]) -> list[str]:
    """The paths of files that are missing, too many, or not what they should be."""
    found = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.suffix in (".json", ".yaml")}
    wrong = [path for path, text in files.items() if path not in found or found[path].read_text() != text]
    return sorted([*wrong, *(found.keys() - files.keys())])


def _methods(service: ServiceDescription) -> dict[str, Json]:
    if not service.rpc:
        return {}
    from chassis.nameko.answers import declared_by

    described = declared_by(part(service.rpc))
    return {name: _method(name, *schemas) for name, schemas in described.items()}


def _method(name: str, request: type[Schema], reply: type[Schema]) -> Json:
    properties = {"request": json_schema(request), "reply": json_schema(reply)}
    return {"$schema": DIALECT, "title": name, "type": "object", "properties": properties}


def _event(told: Told) -> Json:
    text = {"type": "string"}
    properties = {
        "id": {"type": "string", "format": "uuid"},
        "type": {"const": told.type},
        "version": {"const": told.version},
        "occurred_at": {"type": "string", "format": "date-time"},
        "subject": text,
        "data": json_schema(told.data),
        "principal": {"type": "object"},
        "trace": text,
    }
    required = [name for name in properties if name not in ("principal", "trace")]
    return {"$schema": DIALECT, "title": told.key, "type": "object", "properties": properties, "required": required}


def _example(told: Told, name: str, data: Json) -> Json:
    # A machine_locked tells of a machine: its id stands in the data.
    subject = data.get(f"{told.type.partition('_')[0]}_id") or derived_id("subject", told.type, name)
    return envelope.dump(
        Event(
            id=derived_id("example", told.type, str(told.version), name),
            type=told.type,
            version=told.version,
            occurred_at=EXAMPLE_MOMENT,
            subject=subject,
            data=data,
            principal={"user_id": derived_id("user"), "organisation_id": derived_id("organisation")},
            trace=derived_id("trace"),
        )
    )


def _asyncapi(service: ServiceDescription, methods: Mapping[str, Json], events: list[Told]) -> str:
    import yaml  # type: ignore[import-untyped]

    channels: Json = {}
    operations: Json = {}
    for each in events:
        message = {"contentType": "application/json", "payload": {"$ref": f"./events/{each.key}.json"}}
        channels[each.key] = {
            "address": each.key,
            "messages": {each.key: message},
            "bindings": {"amqp": _routed_by(topology.events_exchange(service.name))},
        }
        operations[f"tell {each.key}"] = {"action": "send", "channel": {"$ref": f"#/channels/{each.key}"}}
    for name in methods:
        channels |= {f"{name}.{side}": _rpc_channel(service.name, name, side) for side in ("request", "reply")}
        operations[f"answer {name}"] = {
            "action": "receive",
            "channel": {"$ref": f"#/channels/{name}.request"},
            "reply": {"channel": {"$ref": f"#/channels/{name}.reply"}},
        }
    info = {"title": service.name, "version": "1.0.0"}
    document = {"asyncapi": "3.0.0", "info": info, "channels": channels, "operations": operations}
    return str(yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120))


def _rpc_channel(service: str, method: str, side: str) -> Json:
    payload = {"$ref": f"./rpc/{method}.json#/properties/{side}"}
    return {
        "address": f"{service}.{method}" if side == "request" else None,
        "messages": {side: {"contentType": "application/json", "payload": payload}},
        "bindings": {"amqp": _routed_by(topology.RPC_EXCHANGE)},
    }


def _routed_by(exchange: str) -> Json:
    return {"is": "routingKey", "exchange": {"name": exchange, "type": "topic", "durable": True}}


def _text(content: Json) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=False) + "\n"
