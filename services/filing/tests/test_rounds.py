"""Late objections and what changed between rounds: the rules alone, then on a real application."""

from typing import Any

import pytest

from chassis.errors import NotFound
from filing import applications, rounds
from filing.rounds import Round
from services.filing.tests import forms
from services.filing.tests.factories import CONTRACTOR, INSTALLER, LESSOR, SUPERVISOR, Stage, officer

CRANE = {"maker": "某厂", "model": "QTZ80", "crew": [{"person_id": "a", "role": "driver"}, {"person_id": "b"}]}
PAPERS = [{"code": "F1", "name": "证.pdf", "sha256": "1"}, {"code": "F1", "name": "证2.pdf", "sha256": "2"}]


def handed_in(number: int, *objected: str, attachments: Any = PAPERS, seen: bool = True, **changed: Any) -> Round:
    return Round(number, CRANE | changed, attachments, frozenset(objected) if seen else None)


NOW = Round(3, CRANE, PAPERS)
OTHER_PAPERS = [{"code": "F1", "name": "新.pdf", "sha256": "3"}]
TURNED_ROUND = list(reversed(CRANE["crew"]))


@pytest.mark.parametrize(
    ("earlier", "path", "since"),
    [
        ([handed_in(1, "form.model"), handed_in(2, "form.model")], "form.maker", 1),
        ([handed_in(1, "form.model", maker="别厂"), handed_in(2, "form.model")], "form.maker", 2),
        ([handed_in(1, "form.model"), handed_in(2, "form.model", maker="别厂")], "form.maker", None),
        ([handed_in(1, "form.maker"), handed_in(2, "form.model")], "form.maker", None),  # said then, not mended
        ([handed_in(1, seen=False), handed_in(2, "form.model")], "form.maker", 2),
        ([handed_in(1, seen=False)], "form.maker", None),
        ([], "form.maker", None),
        ([handed_in(2, "form.model")], "form.owner_price", 2),  # it was missing then too
        ([handed_in(2, "form.model")], "attachments.F1", 2),
        ([handed_in(2, "form.model", attachments=OTHER_PAPERS)], "attachments.F1", None),
        ([handed_in(2, "form.model")], "attachments.F9", 2),
        ([handed_in(2, "form.model", crew=TURNED_ROUND)], "form.crew.0", 2),  # the row has only moved
        ([handed_in(2, "form.model", crew=TURNED_ROUND)], "form.crew.0.person_id", 2),
        ([handed_in(2, "form.model", crew=[{"person_id": "x", "role": "driver"}])], "form.crew.0.person_id", None),
        ([handed_in(2, "form.model", crew=[{"person_id": "x", "role": "driver"}])], "form.crew.0.role", 2),
        ([handed_in(2, "form.crew")], "form.crew.1.person_id", None),  # the whole table was objected to
        ([handed_in(2, "form.model")], "", None),
        ([handed_in(2, "form.model")], "form", None),
    ],
)
def test_an_objection_is_late_if_the_agency_let_the_same_content_pass_before(
    earlier: list[Round], path: str, since: int | None
) -> None:
    assert rounds.reviewed_before([*earlier, NOW], path) == since


def test_what_changed_is_told_field_by_field_and_row_by_row() -> None:
    before = {"maker": "某厂", "age": 3, "crew": [{"id": "a"}, {"id": "b"}], "place": {"line": [[1, 2], [3, 4]]}}
    now = {"maker": "别厂", "kind": "T", "crew": [{"id": "a"}, {"id": "c"}], "place": {"line": [[1, 2], [3, 5]]}}

    assert [
        (each["path"], each["kind"], each["before"], each["after"]) for each in rounds.field_changes(before, now)
    ] == [
        ("form.maker", "changed", "某厂", "别厂"),
        ("form.kind", "added", None, "T"),
        ("form.crew.1.id", "changed", "b", "c"),
        ("form.place.line", "changed", [[1, 2], [3, 4]], [[1, 2], [3, 5]]),
        ("form.age", "removed", 3, None),
    ]
    more = rounds.field_changes(before, before | {"crew": [{"id": "z"}, {"id": "a"}, {"id": "b"}]})
    assert [(each["path"], each["after"]) for each in more] == [("form.crew.0", {"id": "z"})]
    assert rounds.field_changes(before, before) == []


def test_files_are_compared_document_by_document() -> None:
    now = [PAPERS[1], PAPERS[0], {"code": "F2", "name": "新.pdf", "sha256": "3"}]

    told = [(each["code"], each["kind"], len(each["before"])) for each in rounds.file_changes(PAPERS, now)]

    assert told == [("F1", "changed", 2), ("F2", "added", 0)]
    assert [each["kind"] for each in rounds.file_changes(now, PAPERS)] == ["changed", "removed"]


def corrections(stage: Stage, at: dict[str, Any]) -> list[tuple[str, bool, int | None]]:
    page = stage.look(at, INSTALLER)
    told = [(each["path"], each["late"], each["reviewed_in_round"]) for each in page["corrections"]]
    step = next(each for each in reversed(page["steps"]) if each["act"] == "return")
    assert step["detail"]["corrections"] == page["corrections"]
    return told


def test_a_second_return_marks_what_could_have_been_said_the_first_time(stage: Stage) -> None:
    first = stage.give_back(stage.arrived(), ("form.position", "不清楚"))
    assert corrections(stage, first) == [("form.position", False, None)]
    changed = stage.save(first, form=forms.install_notice(position="2 号楼东侧"))
    arrived = stage.sign(stage.sign(stage.submit(changed), CONTRACTOR), SUPERVISOR)

    again = stage.give_back(
        arrived,
        ("form.position", "仍不清楚"),
        ("form.crew", "缺少信号工"),
        ("attachments.N4", "未盖章"),
        ("总体", "请核对"),
    )

    assert corrections(stage, again) == [
        ("form.position", False, None),
        ("form.crew", True, 1),
        ("attachments.N4", True, 1),
        ("总体", False, None),
    ]


def test_the_page_tells_what_changed_since_the_round_before_or_any_other(stage: Stage) -> None:
    def position(at: dict[str, Any], place: str) -> dict[str, Any]:
        changed = stage.save(at, LESSOR, form=forms.machine_filing(maker=place))
        return stage.submit(changed, LESSOR)

    at = stage.submit(stage.draft(LESSOR, "machine_filing", forms.machine_filing(maker="甲厂")), LESSOR)
    assert stage.look(at, officer())["changes"] is None
    for maker in ("乙厂", "丙厂"):
        at = position(stage.give_back(at, ("form.maker", "与证书不符")), maker)

    def told(**asked: Any) -> Any:
        page = applications.get(stage.desk, officer(), application_id=at["application_id"], **asked)["changes"]
        return page["against"], [(each["path"], each["before"], each["after"]) for each in page["form"]]

    assert told() == (2, [("form.maker", "乙厂", "丙厂")])
    assert told(against=1) == (1, [("form.maker", "甲厂", "丙厂")])
    assert told(round=2) == (1, [("form.maker", "甲厂", "乙厂")])
    with pytest.raises(NotFound):
        told(against=9)
