import pytest

from chassis.errors import Conflict, Invalid
from chassis.findings import dump_all, error, from_refusal, refuse_on_errors, warning


def test_the_first_error_refuses_and_all_findings_go_along() -> None:
    findings = [warning("late", since="2026-03-02"), error("machine_locked", "form.machine_id", held_by="甲项目")]

    with pytest.raises(Conflict) as refused:
        refuse_on_errors(findings)

    assert refused.value.code == "machine_locked"
    assert refused.value.detail == {"held_by": "甲项目", "findings": dump_all(findings)}


def test_warnings_alone_refuse_nothing() -> None:
    refuse_on_errors([warning("late")])


def test_broken_rules_of_fields_become_errors_with_their_path() -> None:
    refusal = Invalid({"form.height": [{"rule": "out_of_range", "min": 1, "max": 9}]})

    assert [each.dump() for each in from_refusal(refusal)] == [
        {"code": "out_of_range", "severity": "error", "path": "form.height", "detail": {"min": 1, "max": 9}}
    ]
