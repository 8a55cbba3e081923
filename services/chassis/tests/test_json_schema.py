"""Schemas told as JSON Schema agree with what the schemas themselves let through."""

import jsonschema
import pytest

from chassis.errors import Invalid
from chassis.json_schema import json_schema
from chassis.schemas import Choice, Day, Flag, Free, Heard, Id, Integer, Moment, Number, Part, Rows, Schema, Text, read


class Crew(Schema):
    person_id = Id("人员", required=True)
    role = Choice("岗位", choices={"driver": "司机", "signaller": "信号工"}, required=True)


class Notice(Schema):
    serial_number = Text("出厂编号", min=1, max=10, pattern=r"[A-Z]\d+", required=True)
    made_on = Day("出厂日期", required=True)
    load = Number("起重量", min=0, max=100, unit="t", allow_none=True)
    floors = Integer("层数", min=1, load_default=1)
    urgent = Flag("加急")
    at = Moment("时间", allow_none=True)
    grade = Choice("等级", choices=["1", "2"], allow_none=True)
    form = Free("表单")
    crew = Rows(Part(Crew), "人员", min=1, max=3, required=True)


GOOD = {
    "serial_number": "A1",
    "made_on": "2020-02-29",
    "load": 6.5,
    "floors": 3,
    "urgent": True,
    "at": "2026-11-22T08:00:00+08:00",
    "grade": None,
    "form": {"anything": 1},
    "crew": [{"person_id": "0190b5f2-7b1e-7c3a-9d2e-1f2a3b4c5d6e", "role": "driver"}],
}
BAD = [
    {"serial_number": 7},
    {"serial_number": "1A"},
    {"serial_number": "xA1x"},
    {"load": 101},
    {"load": "6"},
    {"floors": 0},
    {"floors": 1.5},
    {"floors": None},
    {"urgent": "yes"},
    {"grade": "3"},
    {"form": []},
    {"crew": []},
    {"crew": [{}]},
    {"crew": [{**GOOD["crew"][0], "role": "cook"}]},  # type: ignore[dict-item, index]
    {"unknown": 1},
]


def test_what_the_schema_reads_its_json_schema_allows() -> None:
    read(Notice(), GOOD)

    jsonschema.validate(GOOD, json_schema(Notice))


@pytest.mark.parametrize("change", BAD, ids=str)
def test_what_the_schema_refuses_its_json_schema_forbids(change: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        read(Notice(), GOOD | change)

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(GOOD | change, json_schema(Notice))


def test_labels_help_units_and_words_go_along() -> None:
    told = json_schema(Notice)["properties"]

    assert told["load"] == {"type": ["number", "null"], "title": "起重量", "x-unit": "t", "minimum": 0, "maximum": 100}
    assert told["crew"]["items"]["properties"]["role"]["x-words"] == {"driver": "司机", "signaller": "信号工"}
    assert told["floors"]["default"] == 1
    assert told["at"]["format"] == "date-time"


def test_a_readers_narrow_schema_lets_other_fields_pass() -> None:
    class Narrow(Heard):
        machine_id = Id("机械", required=True)

    assert "additionalProperties" not in json_schema(Narrow)
