"""What the law wants on papers: each kind has it, and it is sealed with the paper."""

from datetime import date

import pytest

from chassis.database import transaction
from enforcement import documents
from enforcement.documents import About
from enforcement.editions import edition
from enforcement.terms import DocumentKind
from services.enforcement.tests.factories import CHANGAN, CONTRACTOR, TODAY, Field, an_id, officer

WANTED = {
    "rectification_order": ("第六十五条", "六十日", "六个月"),
    "partial_stop_order": ("第六十五条", "复查同意", "六十日", "六个月"),
    "full_stop_order": ("第六十五条", "复查同意", "六十日", "六个月"),
    "prior_notice": ("第四十四条", "陈述和申辩"),
    "hearing_notice": ("第六十三条", "五个工作日"),
    "penalty_decision": ("第五十九条", "十五日", "百分之三", "六十日", "六个月"),
    "summary_decision": ("第五十二条", "十五日", "应当先", "六十日"),
    "no_penalty_decision": ("第三十三条", "六十日", "六个月"),
    "payment_reminder": ("第五十四条", "十日", "陈述和申辩"),
    "evidence_holding": ("第五十六条", "七个工作日"),
}


def test_every_kind_of_document_has_its_texts() -> None:
    assert set(edition("paper_texts", TODAY)["texts"]) == set(DocumentKind)


@pytest.mark.parametrize("kind", WANTED)
def test_what_the_reader_has_to_be_told_stands_in_the_document_and_in_its_hash(ground: Field, kind: str) -> None:
    about = About(subject_kind="case", subject_id=an_id("case"), area=CHANGAN, addressee_id=CONTRACTOR.organisation_id)
    with transaction(ground.sessions) as session:
        made = documents.issue(session, officer(), ground.clock(), kind, about, {"facts": "事实"})
        text = str(made.content)
        whole = documents.hash_of({"number": made.number, "kind": kind, "content": made.content})
    for words in WANTED[kind]:
        assert words in text, words
    assert made.hash == whole


def test_no_paper_repeats_the_days_of_older_law() -> None:
    """Three days to defend oneself and three months to sue stand in templates of 2018 (domain facts 7.6)."""
    texts = str(edition("paper_texts", date(2026, 12, 1)))
    assert "三日" not in texts and "三个月" not in texts
