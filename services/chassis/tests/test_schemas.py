"""Broken rules are codes with a path; check digits are those of the national standards (T33)."""

from datetime import UTC, date, datetime

import pytest

from chassis.errors import Invalid
from chassis.schemas import (
    Choice,
    CreditCode,
    Day,
    Flag,
    Free,
    Id,
    IdentityNumber,
    Integer,
    Moment,
    Number,
    Part,
    Phone,
    Rows,
    Schema,
    Text,
    read,
)


class Person(Schema):
    name = Text("姓名", max=5, required=True)
    identity_number = IdentityNumber()
    phone = Phone()


class Firm(Schema):
    credit_code = CreditCode()
    kind = Choice("类型", choices={"owner": "建设单位"})
    staff = Rows(Part(Person), "人员", max=2)
    founded_on = Day("成立日期")
    seen_at = Moment("时间")
    size = Integer("人数", min=1)
    area = Number("面积", min=0)
    listed = Flag("上市")
    id = Id("编号")


def rules(data: dict[str, object]) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as refused:
        read(Firm(), data)
    return {path: [each["rule"] for each in broken] for path, broken in refused.value.fields.items()}


@pytest.mark.parametrize(
    "code",
    ["91350100M000100Y43", "91130100MA00000A95", "91130200MA00000B75", "91130600MA00000C5L", "12130000000000019Q"],
)
def test_T33_a_credit_code_with_the_right_check_digit_is_taken(code: str) -> None:
    assert read(Firm(), {"credit_code": code})["credit_code"] == code


def test_T33_a_credit_code_with_one_digit_changed_is_refused() -> None:
    assert rules({"credit_code": "91350100M000100Y44"}) == {"credit_code": ["wrong_credit_code"]}


@pytest.mark.parametrize(
    "number", ["11010519491231002X", "130102190001010014", "130203190002021120", "130606190003032236"]
)
def test_T33_an_identity_number_with_the_right_check_digit_is_taken(number: str) -> None:
    loaded = read(Firm(), {"staff": [{"name": "张三", "identity_number": number.lower()}]})
    assert loaded["staff"][0]["identity_number"] == number


@pytest.mark.parametrize(
    "number",
    ["130102190001010015", "130102190002310019", "13010219000101001", "130102209901010019", "１30102190001010014"],
)
def test_T33_an_identity_number_with_a_wrong_digit_or_an_impossible_date_is_refused(number: str) -> None:
    assert rules({"staff": [{"name": "张三", "identity_number": number}]}) == {
        "staff.0.identity_number": ["wrong_identity_number"]
    }


@pytest.mark.parametrize("phone", ["1380000000", "23800000000", "138000000000", "+8613800000000"])
def test_T33_a_phone_that_is_none_is_refused(phone: str) -> None:
    assert "staff.0.phone" in rules({"staff": [{"name": "张三", "phone": phone}]})


def test_every_broken_rule_is_told_at_once_with_its_path() -> None:
    data = {
        "kind": "x",
        "staff": [{"name": ""}, 3],
        "founded_on": "2026-02-30",
        "seen_at": "2026-01-01T08:00:00",
        "size": "7",
        "area": float("inf"),
        "listed": "true",
        "id": "7",
        "surprise": 1,
    }
    assert rules(data) == {
        "kind": ["not_a_choice"],
        "staff.0.name": ["required"],
        "staff.1": ["not_object"],
        "founded_on": ["not_a_day"],
        "seen_at": ["moment_without_offset"],
        "size": ["not_integer"],
        "area": ["not_number"],
        "listed": ["not_boolean"],
        "id": ["not_an_id"],
        "surprise": ["unknown_field"],
    }


def test_a_list_that_is_too_long_is_refused_before_its_entries_are_read() -> None:
    assert rules({"staff": [{}] * 3}) == {"staff": ["wrong_count"]}


@pytest.mark.parametrize("text", ["\x00", "a\x07b", "\ud800"])
def test_control_characters_and_half_characters_are_refused(text: str) -> None:
    assert rules({"staff": [{"name": text}]}) == {"staff.0.name": ["not_text"]}


def test_a_whole_body_of_the_wrong_kind_is_refused() -> None:
    for body in ([], "text", 7, None):
        with pytest.raises(Invalid):
            read(Firm(), body)


def test_lists_and_parts_carry_what_a_form_shows_beside_the_label() -> None:
    crew = Rows(Text(), "人员", help="按作业证填写", section="作业人员", required=True)
    person = Part(Person, "负责人", section="单位", reference="my_people")

    assert crew.metadata["help"] == "按作业证填写"
    assert crew.metadata["section"] == "作业人员"
    assert person.metadata == {"label": "负责人", "section": "单位", "reference": "my_people"}


def test_days_and_moments_that_are_text_already_are_dumped_as_they_stand() -> None:
    class Kept(Schema):
        on = Day()
        at = Moment()

    told = {"on": "2026-03-02", "at": "2026-03-02T01:00:00+00:00"}

    assert Kept().dump(told) == told
    assert Kept().dump({"on": date(2026, 3, 2), "at": datetime(2026, 3, 2, 1, 0, tzinfo=UTC)}) == told


class Kept(Schema):
    form = Free()


def test_free_objects_hold_any_json_that_can_be_kept() -> None:
    form = {"名称": "甲", "crew": [{"n": 1.5, "ok": None}, True], "": ""}

    assert read(Kept(), {"form": form}) == {"form": form}


@pytest.mark.parametrize(
    ("inner", "rule"),
    [
        ("\ud800", "not_text"),
        ("nul \x00", "not_text"),
        ({"\udfff": 1}, "not_text"),
        ([float("nan")], "not_number"),
        (float("-inf"), "not_number"),
    ],
)
def test_what_no_database_keeps_is_refused_wherever_it_stands(inner: object, rule: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(Kept(), {"form": {"a": [{"b": inner}]}})
    assert refused.value.fields == {"form": [{"rule": rule}]}


def test_what_is_nested_too_deep_to_walk_is_refused() -> None:
    deep: dict[str, object] = {}
    for _ in range(900):
        deep = {"in": deep}

    with pytest.raises(Invalid) as refused:
        read(Kept(), {"form": deep})
    assert refused.value.fields == {"form": [{"rule": "nested_too_deep", "max": 32}]}


def test_a_made_up_name_comes_back_as_something_that_can_be_sent() -> None:
    with pytest.raises(Invalid) as refused:
        read(Kept(), {"\ud800" + "x" * 5000: 1})

    (name,) = refused.value.fields
    assert len(name.encode()) <= 110
