"""A case from step to step, for its tests: who does what, with the least that each step asks."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from chassis import journal
from chassis.clock import SHANGHAI
from chassis.database import transaction
from chassis.identifiers import new_id
from chassis.workdays import Calendar
from enforcement import orders
from enforcement.cases import deciding, holding, lists, money, opening, steps
from enforcement.models import Case, Finding, Inspection, Order, Rectification, Site, Transfer
from enforcement.orders import Demanded
from enforcement.terms import OrderKind
from services.enforcement.tests.factories import CONTRACTOR, SITE, Field, an_id, officer

CALENDAR = Calendar()
FIRST, SECOND = officer("张执法"), officer("李执法")
REVIEWER, HEAD = officer("王审核", "reviewer"), officer("赵局长", "approver")
TWO = [an_id("officer 张执法"), an_id("officer 李执法")]
DIRECT, RECTIFY_FIRST, SMALL = "166-28", "393-65-2", "safety-law-99"
LARGE = "393-60"


@dataclass
class Desk:
    """Does the steps of one case after the other, each by the one whose step it is."""

    ground: Field
    case_id: str = ""

    def open(self, key: str | None = None, **told: Any) -> dict[str, Any]:
        reply = opening.open_case(self.ground.sessions, FIRST, self.ground.clock, CALENDAR, key=key, **begun(told))
        self.case_id = self.case_id or reply["case_id"]
        return reply

    def spot(self, key: str | None = None, who: Any = FIRST, **told: Any) -> dict[str, Any]:
        asked = begun(
            {"offence_keys": [SMALL], "amount": 3000, "reason": "立即停止并改正", "handed_to": "现场负责人"} | told
        )
        asked.pop("transfer_id")
        reply = opening.decide_on_the_spot(self.ground.sessions, who, self.ground.clock, CALENDAR, key=key, **asked)
        self.case_id = reply["case_id"]
        return reply

    def do(self, act: str, who: Any, key: str | None = None, **told: Any) -> dict[str, Any]:
        module = next(each for each in (steps, deciding, money, holding) if hasattr(each, act))
        asked = DEFAULTS.get(act, {}) | told | {"case_id": self.case_id}
        reply: dict[str, Any] = getattr(module, act)(
            self.ground.sessions, who, self.ground.clock, CALENDAR, key=key, **asked
        )
        return reply

    def until_reviewed(self, **concluded: Any) -> None:
        self.do("file_case", HEAD)
        self.do("conclude_investigation", FIRST, **concluded)
        self.do("review_case", REVIEWER)

    def until_notified(self, **concluded: Any) -> None:
        self.until_reviewed(**concluded)
        self.do("notify_party", FIRST)

    def until_served(self, **concluded: Any) -> None:
        self.until_notified(**concluded)
        self.do("answer_notice", CONTRACTOR, answer="waive")
        self.do("decide_case", HEAD)
        self.do("serve_case", FIRST, how="direct", served_on=self.today(), handed_to="项目经理")

    def told(self, who: Any = HEAD) -> dict[str, Any]:
        return lists.get_case(self.ground.sessions, who, self.ground.clock, CALENDAR, case_id=self.case_id)

    def row(self) -> Case:
        with transaction(self.ground.sessions) as session:
            return session.get_one(Case, self.case_id)

    def clocks(self) -> dict[str, dict[str, Any]]:
        return {each["clock_id"]: each for each in self.told()["clocks"]}

    def today(self) -> date:
        return self.ground.clock().astimezone(SHANGHAI).date()

    def on(self, day: date) -> None:
        """It is ten o'clock in the morning of that day."""
        self.ground.clock.set(datetime.combine(day, time(2, 0), UTC))

    def later(self, days: int) -> None:
        self.ground.clock.set(self.ground.clock() + timedelta(days=days))


DEFAULTS: dict[str, dict[str, Any]] = {
    "file_case": {"opinion": "同意立案"},
    "drop_case": {"reason": "违法事实不能成立"},
    "hold_evidence": {"items": "塔机限位器一只，存于项目部库房", "reason": "可能被更换"},
    "settle_evidence": {"text": "送检后退还"},
    "record_discussion": {"participants": "赵局长、钱副局长", "conclusion": "同意拟处罚意见"},
    "suspend_case": {"ground": "testing", "reason": "限位器送检"},
    "resume_case": {"text": "检测报告：不合格"},
    "extend_case": {"reason": "案情复杂，须补充检测", "collectively": False},
    "conclude_investigation": {
        "conclusion": "事实清楚，证据确凿", "facts": None, "amount": None, "grave": False, "reason": "",
    },
    "review_case": {"agrees": True, "opinion": "同意"},
    "notify_party": {"facts_found": "未办理备案即投入使用", "handed_to": "项目经理"},
    "serve_case": {"how": "portal", "served_on": None, "handed_to": ""},
    "answer_notice": {"answer": "statement", "text": ""},
    "set_hearing": {"place": "三楼会议室"},
    "record_hearing": {"summary": "当事人到场陈述，未提出新的证据"},
    "return_case": {"reason": "须补充检测报告"},
    "decide_case": {"outcome": "penalty", "amount": None, "reason": "", "facts_found": "未办理备案即投入使用"},
    "grant_time": {"plan": "资金困难，分三期缴纳"},
    "remind_party": {"text": "请在十日内履行处罚决定", "handed_to": "项目经理"},
    "apply_to_court": {"court": "长安区人民法院"},
    "end_challenge": {"amount": None},
    "publish_case": {"where": "河北省住房和城乡建设厅网站"},
    "unpublish_case": {"reason": "决定被撤销，撤下公开信息"},
    "close_case": {"summary": "已经履行完毕", "execution_ended": False},
}  # fmt: skip


def begun(told: dict[str, Any]) -> dict[str, Any]:
    return {
        "order_id": None, "project_id": an_id(SITE), "party_id": CONTRACTOR.organisation_id, "party_firm": "", "party_name": "",
        "party_number": "", "offence_keys": [DIRECT], "finding_ids": [], "facts": {}, "officer_ids": TWO,
        "description": "塔式起重机未备案", "transfer_id": None, "source": "inspection", **told,
    }  # fmt: skip


def an_order(ground: Field, due_on: date, findings: int = 1) -> tuple[str, list[str]]:
    """An order that a visit led to; its id and those of its findings."""
    now = ground.clock()
    with transaction(ground.sessions) as session:
        visit = _visit(ground, "routine", None, findings)
        session.add(visit)
        session.flush()
        site = session.get_one(Site, an_id(SITE))
        found = [
            Finding(
                id=new_id(), inspection_id=visit.id, place_in=n, site_id=site.id, area=site.area, clause_key="3.13.3",
                clause="安全装置", severity="serious", description="力矩限制器失效", part="3号塔吊", found_on=now.date(),
            )
            for n in range(1, findings + 1)
        ]  # fmt: skip
        session.add_all(found)
        session.flush()
        demanded = Demanded(
            kind=OrderKind.RECTIFY, addressee_id=CONTRACTOR.organisation_id, due_on=due_on, demands="立即修复"
        )
        order = orders.issue(session, FIRST, now, site, demanded, found, visit.id)
        journal.write(session, FIRST, "issue_order", order.id, clock=ground.clock)
        return order.id, [each.id for each in found]


def a_recheck(ground: Field, order_id: str, findings: int) -> None:
    """A visit for the order, completed now, that found so much."""
    with transaction(ground.sessions) as session:
        session.add(_visit(ground, "recheck", order_id, findings))


def a_report(ground: Field, order_id: str, accepted: bool, outcome: dict[str, Any] | None = None) -> None:
    """The firm's report on an order, answered now."""
    now = ground.clock()
    with transaction(ground.sessions) as session:
        session.add(
            Rectification(
                id=new_id(), order_id=session.get_one(Order, order_id).id, round=1, answers=[], saved_at=now,
                stage="accepted" if accepted else "returned", submitted_at=now, decided_at=now, checked_by="paper",
                outcome=outcome,
            )
        )  # fmt: skip


def _visit(ground: Field, kind: str, rechecks: str | None, findings: int) -> Inspection:
    now = ground.clock()
    return Inspection(
        id=new_id(), kind=kind, rechecks=rechecks, site_id=an_id(SITE), area=FIRST.area, agency_id=FIRST.organisation_id,
        stage="completed", started_at=now, ended_at=now, officers=[{"officer_id": TWO[0]}, {"officer_id": TWO[1]}],
        findings_count=findings, signatures=[], marks=[],
    )  # fmt: skip


def a_transfer(ground: Field, order_id: str, to: str, stage: str = "taken") -> str:
    """An order that another body handed over to be fined; its id."""
    now = ground.clock()
    with transaction(ground.sessions) as session:
        order = session.get_one(Order, order_id)
        sent = Transfer(
            id=new_id(), order_id=order_id, site_id=order.site_id, area=order.area, from_agency_id=an_id("supervision"),
            to_agency_id=to, document_id=order.document_id, number="移1", party_id=order.addressee_id, party_name="建筑公司",
            facts="逾期未整改", attachments=[], stage=stage, sent_at=now, sent_by=dict(FIRST.brief()),
        )  # fmt: skip
        session.add(sent)
        return sent.id
