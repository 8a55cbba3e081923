"""What a paper tells the party of its rights and periods: without it a notice or a decision is void (行政处罚法 44, 59)."""

from datetime import date

import pytest

from chassis.database import transaction
from enforcement import case_rights
from enforcement.models import Document
from enforcement.terms import DocumentKind
from services.enforcement.tests.casework import LARGE, Desk
from services.enforcement.tests.factories import Field

TODAY = date(2026, 3, 2)


def rights(desk: Desk, kind: DocumentKind) -> str:
    with transaction(desk.ground.sessions) as session:
        [paper] = session.query(Document).filter(Document.subject_id == desk.case_id, Document.kind == kind)
        return "".join(paper.content["rights"])


def test_notice_and_decision_tell_defence_hearing_payment_review_and_suit(ground: Field) -> None:
    desk = Desk(ground)
    desk.open(offence_keys=[LARGE])
    desk.until_served()
    for kind in (DocumentKind.PRIOR_NOTICE, DocumentKind.HEARING_NOTICE):
        assert "陈述和申辩" in rights(desk, kind) and "5个工作日内要求听证" in rights(desk, kind)
    decided = rights(desk, DocumentKind.PENALTY_DECISION)
    for words in ("15日内", "每日按罚款数额的3%加处罚款", "60日内申请行政复议", "6个月内向人民法院提起行政诉讼"):
        assert words in decided


def test_against_a_decision_on_the_spot_review_comes_first(ground: Field) -> None:
    desk = Desk(ground)
    desk.spot()
    decided = rights(desk, DocumentKind.SUMMARY_DECISION)
    assert "应当先自收到本决定书之日起60日内申请行政复议" in decided and "6个月" not in decided


@pytest.mark.parametrize("right", [False, True])
def test_a_hearing_is_offered_only_where_there_is_a_right_to_it(right: bool) -> None:
    told = case_rights.told(DocumentKind.PRIOR_NOTICE, {"hearing_right": right}, "ordinary", TODAY)
    assert any("听证" in each for each in told) is right


def test_papers_that_stay_in_the_file_tell_nothing_and_no_fine_is_to_be_paid_where_none_is() -> None:
    assert case_rights.told(DocumentKind.CASE_FILING, {"fine": 1}, "ordinary", TODAY) == []
    told = case_rights.told(DocumentKind.NO_PENALTY_DECISION, {"fine": 0}, "ordinary", TODAY)
    assert "缴纳" not in "".join(told) and "行政复议" in "".join(told)
