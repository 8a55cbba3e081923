"""A matter handed to the body that may fine, and its answer."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.principal import Principal
from enforcement import documents, transfers
from services.enforcement.tests.factories import CONTRACTOR, OTHER_CITY, Field, an_id, officer
from services.enforcement.tests.ordering import HEAD, INSPECTOR, get, order, reported

BUREAU = replace(HEAD, organisation_id=an_id("城管执法局"), organisation_name="城管执法局", user_id=an_id("城管"))


@pytest.fixture
def sent(ground: Field) -> dict[str, Any]:
    ground.organisation(BUREAU)
    order_id = order(ground)
    reported(ground, order_id)
    return send(ground, order_id)


def send(ground: Field, order_id: str, to: str = BUREAU.organisation_id, name: str = "transfer") -> dict[str, Any]:
    return transfers.transfer_order(
        ground.sessions, INSPECTOR, ground.clock, transfer_id=an_id(name), order_id=order_id, to_agency_id=to,
        facts="逾期未整改，涉嫌违反建设工程安全生产管理条例",
    )  # fmt: skip


def reply(
    ground: Field, who: Principal = BUREAU, takes: bool = True, reason: str = "", number: str | None = "石城立1号"
) -> Any:
    return transfers.answer_transfer(
        ground.sessions,
        who,
        ground.clock,
        transfer_id=an_id("transfer"),
        takes=takes,
        reason=reason,
        case_number=number,
    )


def test_a_transfer_takes_the_papers_and_photos_along_and_is_answered_once(ground: Field, sent: dict[str, Any]) -> None:
    assert [each["kind"] for each in sent["attachments"]] == ["document", "evidence", "evidence"]
    assert send(ground, sent["order_id"]) == sent
    replies = [reply(ground) for _ in range(2)]

    assert replies[0] == replies[1]
    assert (replies[0]["stage"], replies[0]["case_number"]) == ("taken", "石城立1号")
    with pytest.raises(Conflict, match="transfer_answered"):
        reply(ground, takes=False, reason="不属本机关管辖")
    with pytest.raises(Conflict, match="transfer_waits"):
        send(ground, sent["order_id"], name="another")


def test_a_refused_transfer_has_its_reason_and_may_be_sent_elsewhere(ground: Field, sent: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        reply(ground, takes=False)
    assert reply(ground, takes=False, reason="不属本机关管辖", number=None)["stage"] == "refused"

    again = send(ground, sent["order_id"], INSPECTOR.organisation_id, "another")
    assert [each["stage"] for each in get(ground, again["order_id"])["transfers"]] == ["refused", "sent"]


def test_only_an_agency_of_the_territory_receives_and_only_it_answers(ground: Field, sent: dict[str, Any]) -> None:
    foreign = officer("外市", area=OTHER_CITY)
    ground.organisation(foreign)
    with pytest.raises(Invalid):
        send(ground, order(ground, "基坑"), foreign.organisation_id, "foreign")
    with pytest.raises(Forbidden):
        reply(ground, INSPECTOR)
    with pytest.raises(NotFound):
        reply(ground, foreign)


def test_each_side_lists_its_own_and_the_firm_sees_nothing_of_it(ground: Field, sent: dict[str, Any]) -> None:
    def listed(who: Principal, incoming: bool) -> list[str]:
        page = transfers.list_transfers(ground.sessions, who, incoming=incoming, stage=None, limit=20, after=None)
        return [each["number"] for each in page["items"]]

    assert listed(BUREAU, True) == listed(INSPECTOR, False) == [sent["number"]]
    assert listed(BUREAU, False) == listed(CONTRACTOR, True) == []
    found = get(ground, sent["order_id"], CONTRACTOR)
    assert "transfer" not in [each["act"] for each in found["timeline"]]
    assert found["transfers"] == []
    assert "transfer" not in [each["kind"] for each in found["documents"]]
    with pytest.raises(NotFound):
        documents.get_document(ground.sessions, CONTRACTOR, ground.clock, document_id=sent["document_id"], way="page")
