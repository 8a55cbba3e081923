"""What an evidence bundle is made from: all about its subject, nothing that the agency may not see, and it is on record."""

import json
from typing import Any

import pytest

from chassis.database import transaction
from chassis.errors import Conflict, Forbidden, NotFound
from chassis.journal import JournalRow
from chassis.media import Kept
from enforcement import gathering
from enforcement.cases import holding
from enforcement.documents import hash_of
from enforcement.schemas.bundles import CollectEvidenceReply, ListEvidenceReply
from services.enforcement.tests import casework, ordering
from services.enforcement.tests.factories import CONTRACTOR, Field, an_id, officer
from services.enforcement.tests.visiting import FIRST, complete, start


def collect(ground: Field, kind: str, subject_id: str, who: Any = FIRST) -> Any:
    told = gathering.collect_evidence(ground.sessions, who, ground.clock, subject_kind=kind, subject_id=subject_id)
    reply = CollectEvidenceReply().dump(told)
    assert json.loads(json.dumps(reply)) == reply  # as it goes over the bus
    return reply


@pytest.fixture
def order_id(ground: Field) -> str:
    """Inspected, ordered, reported, accepted."""
    start(ground)
    made = complete(ground)["orders"][0]["order_id"]
    report = ordering.reported(ground, made)
    ordering.decide(ground, report, [each["finding_id"] for each in ordering.get(ground, made)["findings"]])
    return str(made)


def test_an_order_brings_its_inspection_findings_answers_papers_files_and_acts(ground: Field, order_id: str) -> None:
    told = collect(ground, "order", order_id)
    record = told["record"]

    assert [each["id"] for each in record["inspections"]] == [an_id("visit")]
    assert {each["kind"] for each in record["documents"]} >= {
        "inspection_record",
        "rectification_order",
        "recheck_record",
    }
    assert [each["stage"] for each in record["rectifications"]] == ["accepted"]
    assert {each["purpose"] for each in record["evidence"]} >= {"finding", "after", "signature"}
    assert {each["sha256"] for each in told["originals"]} == {each["sha256"] for each in record["evidence"]}
    acts = [each["act"] for each in told["journal"]]
    assert acts[:4] == ["start_inspection", "issue_document", "issue_document", "complete_inspection"]
    assert acts[-1] == "export_bundle"


def test_seals_and_hashes_can_be_made_again_from_the_record(ground: Field, order_id: str) -> None:
    record = collect(ground, "inspection", an_id("visit"))["record"]
    (visit,) = record["inspections"]
    assert hash_of(visit["sealed"]) == visit["seal"]
    for each in record["documents"]:
        assert hash_of({name: each[name] for name in ("number", "kind", "content")}) == each["hash"]
    assert order_id in [each["id"] for each in record["orders"]]


def test_a_case_brings_its_clocks_acts_and_papers(ground: Field) -> None:
    desk = casework.Desk(ground)
    desk.open()
    desk.until_served()
    told = collect(ground, "case", desk.case_id)

    assert {each["clock_id"] for each in told["record"]["case_clocks"]} >= {"C15", "C16"}
    assert "penalty_decision" in {each["kind"] for each in told["record"]["documents"]}
    assert "decide_case" in [each["act"] for each in told["journal"]]


def test_firms_and_other_counties_get_none_and_each_export_is_in_the_journal(ground: Field, order_id: str) -> None:
    for who, refusal in ((CONTRACTOR, Forbidden), (officer(area="13.1302"), NotFound)):
        with pytest.raises(refusal):
            collect(ground, "order", order_id, who)
    collect(ground, "order", order_id)
    with transaction(ground.sessions) as session:
        exported = [each for each in session.query(JournalRow) if each.act == "export_bundle"]
    assert [each.subject for each in exported] == [order_id]


def test_an_investigator_adds_evidence_to_a_case_until_it_is_decided_and_what_is_odd_is_marked(ground: Field) -> None:
    desk = casework.Desk(ground)
    desk.open()
    file = {
        "evidence_id": an_id("film"), "name": "塔机.mp4", "sha256": "9" * 64, "purpose": "case", "note": "限位器失灵",
        "taken_at": None, "taken_place": None,
    }  # fmt: skip

    def attach(who: Any, key: str | None = None) -> Any:
        return holding.attach_evidence(
            ground.sessions, who, ground.clock, casework.CALENDAR, lambda _: Kept(11 << 20, None), key=key,
            case_id=desk.case_id, files=[file],
        )  # fmt: skip

    with pytest.raises(Forbidden):
        attach(casework.HEAD)
    assert attach(FIRST, "k") == attach(FIRST, "k")
    told = ListEvidenceReply().dump(
        gathering.list_evidence(ground.sessions, FIRST, subject_kind="case", subject_id=desk.case_id)
    )
    (item,) = told["items"]
    assert {each["mark"] for each in item["marks"]} == {"type_unusual", "too_large", "place_missing"}
    assert told["may_attach"] and collect(ground, "case", desk.case_id)["originals"][0]["sha256"] == "9" * 64
    desk.until_served()
    with pytest.raises(Conflict, match="case_stage"):
        attach(FIRST)
