"""The contract is generated from the schemas, and a difference between the two is found."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from chassis import contract, envelope
from chassis.process import ServiceDescription
from chassis.schemas import read


@pytest.fixture
def service(echo_importable: None) -> ServiceDescription:
    from echo.__main__ import SERVICE

    described: ServiceDescription = SERVICE
    return described


@pytest.fixture
def files(service: ServiceDescription) -> dict[str, str]:
    return contract.build(service)


def test_every_method_event_and_example_has_a_file(files: dict[str, str]) -> None:
    assert set(files) == {
        *(f"rpc/{name}.json" for name in ("echo", "ask_again", "behave", "moments", "sleep_in_database")),
        "events/echo_heard.v1.json",
        "examples/echo_heard/v1/short.json",
        "examples/echo_heard/v1/whole.json",
        "asyncapi.yaml",
    }


def test_a_method_tells_request_and_reply_with_labels_and_limits(files: dict[str, str]) -> None:
    described = json.loads(files["rpc/echo.json"])

    request = described["properties"]["request"]
    assert request["required"] == ["text"] and request["additionalProperties"] is False
    assert request["properties"]["text"] == {"type": "string", "maxLength": 100, "minLength": 0, "title": "文字"}
    assert described["properties"]["reply"]["properties"]["key"]["type"] == ["string", "null"]


def test_every_schema_is_one_and_every_example_keeps_to_it(files: dict[str, str]) -> None:
    for path, content in files.items():
        if path.startswith(("rpc/", "events/")):
            jsonschema.Draft202012Validator.check_schema(json.loads(content))
    schema = json.loads(files["events/echo_heard.v1.json"])
    for name in ("short", "whole"):
        jsonschema.validate(json.loads(files[f"examples/echo_heard/v1/{name}.json"]), schema)
    with pytest.raises(jsonschema.ValidationError):
        wrong = json.loads(files["examples/echo_heard/v1/whole.json"])
        jsonschema.validate(wrong | {"data": {"text": "好", "inner": {"width": "wide"}}}, schema)


def test_a_reader_can_load_an_example_as_it_loads_an_event(files: dict[str, str], echo_importable: None) -> None:
    from echo.schemas import ThingHeard

    event = envelope.load(json.loads(files["examples/echo_heard/v1/whole.json"]))

    assert read(ThingHeard(), event.data)["text"] == "好"


def test_the_description_names_every_channel(files: dict[str, str]) -> None:
    described = yaml.safe_load(files["asyncapi.yaml"])

    assert described["asyncapi"] == "3.0.0"
    assert described["operations"]["tell echo_heard.v1"]["action"] == "send"
    assert described["channels"]["echo.request"]["address"] == "echo.echo"
    references = [line.split()[-1] for line in files["asyncapi.yaml"].splitlines() if "$ref: ./" in line]
    assert {reference.removeprefix("./").partition("#")[0] for reference in references} <= set(files)


def test_it_is_the_same_every_time(service: ServiceDescription, files: dict[str, str]) -> None:
    assert contract.build(service) == files


def test_what_differs_is_named_and_mended(files: dict[str, str], tmp_path: Path) -> None:
    contract.write(tmp_path, files)
    assert contract.differences(tmp_path, files) == []

    (tmp_path / "rpc" / "echo.json").write_text("{}")
    (tmp_path / "rpc" / "behave.json").unlink()
    (tmp_path / "rpc" / "former.json").write_text("{}")

    assert contract.differences(tmp_path, files) == ["rpc/behave.json", "rpc/echo.json", "rpc/former.json"]
    contract.write(tmp_path, files)
    assert contract.differences(tmp_path, files) == []
