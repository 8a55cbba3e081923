"""What the use cases answer is what the contract says, to the last field, after a whole story of an order."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema

from chassis.schemas import Schema
from enforcement import documents, order_lists, rectifications, transfers
from enforcement.schemas import documents as papers
from enforcement.schemas import orders as ordered
from services.enforcement.tests.factories import CONTRACTOR, OWNER, Field, an_id
from services.enforcement.tests.ordering import (
    CALENDAR,
    HEAD,
    INSPECTOR,
    NOTHING_MORE,
    again,
    decide,
    get,
    order,
    reported,
)

CONTRACT = Path(__file__).parents[1] / "contract/rpc"


def told(method: str, schema: Schema, reply: dict[str, Any]) -> dict[str, Any]:
    contract = json.loads((CONTRACT / f"{method}.json").read_text(encoding="utf-8"))
    assert reply.keys() == schema.fields.keys()  # dumping drops in silence what a schema does not name
    for each in reply.get("items", ()):
        assert each.keys() == schema.fields["items"].inner.schema.fields.keys()  # type: ignore[attr-defined]
    dumped: dict[str, Any] = json.loads(json.dumps(schema.dump(reply)))
    jsonschema.validate(dumped, contract["properties"]["reply"])
    return dumped


def test_a_whole_story_is_told_as_the_contract_says(ground: Field) -> None:
    first = order(ground, kind="full_stop")
    report = reported(ground, first)
    opinion = rectifications.give_opinion(
        ground.sessions, OWNER, ground.clock, rectification_id=report, agrees=True, remark=""
    )
    told("give_opinion", ordered.RectificationTold(), opinion)
    ground.clock.advance(timedelta(days=1))
    decided = decide(ground, report, [an_id("finding 临边无防护")], again=again("full_stop"), opinion="灭火器仍过期")
    told("decide_rectification", ordered.DecideReply(), decided)
    second = decided["next_order_id"]
    ground.organisation(HEAD, version=2)
    sent = transfers.transfer_order(
        ground.sessions, INSPECTOR, ground.clock, transfer_id=an_id("transfer"), order_id=second,
        to_agency_id=HEAD.organisation_id, facts="逾期未整改，涉嫌违反有关规定",
    )  # fmt: skip
    told("transfer_order", ordered.TransferItem(), sent)

    for who in (INSPECTOR, HEAD, CONTRACTOR, OWNER):
        for order_id in (first, second):
            shown = told("get_order", ordered.OrderReply(), get(ground, order_id, who))
            assert shown["findings"] and shown["timeline"] and shown["documents"]
        page = order_lists.list_orders(ground.sessions, who, ground.clock, CALENDAR, **NOTHING_MORE)
        assert len(told("list_orders", ordered.ListOrdersReply(), page)["items"]) == 2
    incoming = transfers.list_transfers(ground.sessions, HEAD, incoming=True, stage=None, limit=20, after=None)
    assert told("list_transfers", ordered.ListTransfersReply(), incoming)["items"][0]["from_agency_name"]


def test_a_document_is_served_by_being_opened_and_told_as_the_contract_says(ground: Field) -> None:
    document_id = get(ground, order(ground))["document_id"]
    for _ in range(2):
        documents.get_document(ground.sessions, CONTRACTOR, ground.clock, document_id=document_id, way="page")
    read = documents.get_document(ground.sessions, INSPECTOR, ground.clock, document_id=document_id, way="api")
    shown = told("get_document", papers.DocumentReply(), read)
    [item] = _listed_papers(ground)

    assert [each["way"] for each in shown["openings"]] == ["page"]
    assert (shown["may_serve"], shown["project_name"], shown["addressee_name"]) == (True, "长安广场", "建筑公司")
    assert (item["addressee_name"], item["first_opened_at"]) == ("建筑公司", ground.clock().isoformat())


def test_papers_that_reached_nobody_are_found_until_they_are_opened_or_handed_over(ground: Field) -> None:
    opened, handed = (get(ground, order(ground, name))["document_id"] for name in ("甲", "乙"))
    assert {each["document_id"] for each in _listed_papers(ground, unserved=True)} == {opened, handed}
    documents.get_document(ground.sessions, CONTRACTOR, ground.clock, document_id=opened, way="page")
    assert [each["document_id"] for each in _listed_papers(ground, unserved=True)] == [handed]
    served = {"handed_to": "项目经理", "served_at": ground.clock(), "how": "direct"}
    documents.serve_on_paper(ground.sessions, INSPECTOR, ground.clock, document_id=handed, **served)  # type: ignore[arg-type]
    assert _listed_papers(ground, unserved=True) == []


def test_open_orders_come_by_their_deadline_the_longest_overdue_first_page_by_page(ground: Field) -> None:
    names = ("甲", "乙", "丙")
    dues = (date(2026, 3, 20), date(2026, 3, 4), date(2026, 3, 11))
    made = {due: order(ground, name, due_on=due) for name, due in zip(names, dues, strict=True)}
    ground.clock.advance(timedelta(days=30))
    for narrowed in ({"open": True}, {"overdue": True}):
        seen, after = [], None
        while True:
            asked = NOTHING_MORE | narrowed | {"limit": 1, "after": after}
            page = order_lists.list_orders(ground.sessions, INSPECTOR, ground.clock, CALENDAR, **asked)
            seen += [each["order_id"] for each in page["items"]]
            if (after := page["next"]) is None:
                break
        assert seen == [made[due] for due in sorted(made)]
    newest = order_lists.list_orders(ground.sessions, INSPECTOR, ground.clock, CALENDAR, **NOTHING_MORE)["items"]
    assert [each["order_id"] for each in newest] == list(made.values())[::-1]


def _listed_papers(ground: Field, **more: Any) -> list[Any]:
    asked = {"kind": None, "project_id": None, "subject_id": None, "unserved": False, "limit": 20, "after": None} | more
    page = documents.list_documents(ground.sessions, INSPECTOR, **asked)
    return list(told("list_documents", papers.ListDocumentsReply(), page)["items"])
