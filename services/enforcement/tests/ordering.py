"""Findings of a check on 长安广场, orders about them, and the firm's report, for the tests of what comes after an order."""

from datetime import date
from typing import Any

from sqlalchemy import select

from chassis.database import transaction
from chassis.media import JPEG, Kept
from chassis.principal import Principal
from chassis.workdays import Calendar
from enforcement import decisions, order_acts, order_lists, rectifications
from enforcement.models import Finding, Inspection, OrderAct
from services.enforcement.tests.factories import CHANGAN, CONTRACTOR, SITE, Field, an_id, officer

DUE = date(2026, 3, 9)  # a Monday, five working days after the order
INSPECTOR, HEAD = officer("张执法"), officer("王站长", "approver")
SHA = "ab" * 32
CALENDAR = Calendar()
NOTHING_MORE = {
    "kind": None, "stage": None, "open": False, "overdue": False, "escalated": False, "stopping": False, "project_id": None,
    "addressee_id": None, "area": None, "limit": 20, "after": None,
}  # fmt: skip


def look(sha256: str) -> Kept | None:
    return Kept(1000, JPEG) if sha256 == SHA else None


def findings(ground: Field, *names: str, area: str = CHANGAN, kind: str = "routine") -> list[str]:
    """Found in one completed check that begins now; returns their ids."""
    visit = an_id(f"check of {names}")
    ids = [an_id(f"finding {name}") for name in names]
    with transaction(ground.sessions) as session:
        session.add(_visit(ground, visit, area, kind, len(names)))
        session.flush()
        for place, (name, id_) in enumerate(zip(names, ids, strict=True)):
            session.add(
                Finding(
                    id=id_, inspection_id=visit, place_in=place, site_id=an_id(SITE), area=area, clause_key="3.1.3",
                    clause="临边防护应符合规范", severity="general", description=name, part="3号楼",
                    found_on=date(2026, 3, 2), order_id=None, closed_at=None,
                )
            )  # fmt: skip
    return ids


def recheck(ground: Field, name: str = "recheck") -> str:
    visit = an_id(name)
    with transaction(ground.sessions) as session:
        session.add(_visit(ground, visit, CHANGAN, "recheck", 0))
    return visit


def order(ground: Field, *names: str, kind: str = "rectify", who: Principal = INSPECTOR, **told: Any) -> str:
    wanted = {
        "finding_ids": findings(ground, *(names or ("临边无防护", "灭火器过期"))), "kind": kind, "due_on": DUE,
        "addressee_id": CONTRACTOR.organisation_id, "demands": "立即整改", "scope": "", "on_paper": False,
    }  # fmt: skip
    reply = order_acts.issue_order(ground.sessions, who, ground.clock, key=None, **(wanted | told))
    return str(reply["order_id"])


def answer(finding_id: str, done: str = "已加装防护栏", *purposes: str) -> dict[str, Any]:
    return {
        "finding_id": finding_id,
        "done": done,
        "photos": [
            {
                "evidence_id": an_id(f"{finding_id} {purpose}"), "name": f"{purpose}.jpg", "sha256": SHA,
                "purpose": purpose, "note": "", "taken_at": None, "taken_place": None,
            }
            for purpose in purposes
        ],
    }  # fmt: skip


def save(
    ground: Field, order_id: str, answers: list[dict[str, Any]], name: str = "report", who: Principal = CONTRACTOR
) -> str:
    reply = rectifications.save_rectification(
        ground.sessions, who, ground.clock, rectification_id=an_id(name), order_id=order_id, answers=answers
    )
    return str(reply["rectification_id"])


def submit(ground: Field, report: str, who: Principal = CONTRACTOR) -> dict[str, Any]:
    return rectifications.submit_rectification(ground.sessions, who, ground.clock, look, rectification_id=report)


def reported(ground: Field, order_id: str, name: str = "report") -> str:
    """The firm's whole report, submitted."""
    demanded = get(ground, order_id)["findings"]
    report = save(ground, order_id, [answer(each["finding_id"], "已整改", "after") for each in demanded], name)
    submit(ground, report)
    return report


def decide(ground: Field, report: str, accepted: list[str], who: Principal = INSPECTOR, **told: Any) -> dict[str, Any]:
    wanted = {
        "checked_by": "paper", "inspection_id": None, "opinion": "照片清楚", "lifts": False, "again": None,
    } | told  # fmt: skip
    return decisions.decide_rectification(
        ground.sessions, who, ground.clock, rectification_id=report, accepted=accepted, **wanted
    )


def get(ground: Field, order_id: str, who: Principal = INSPECTOR) -> dict[str, Any]:
    return order_lists.get_order(ground.sessions, who, ground.clock, CALENDAR, order_id=order_id)


def listed(ground: Field, who: Principal = INSPECTOR, **told: Any) -> list[dict[str, Any]]:
    reply = order_lists.list_orders(ground.sessions, who, ground.clock, CALENDAR, **(NOTHING_MORE | told))
    return list(reply["items"])


def timeline(ground: Field, order_id: str) -> list[str]:
    with transaction(ground.sessions) as session:
        rows = select(OrderAct.act).where(OrderAct.order_id == order_id).order_by(OrderAct.place_in)
        return list(session.scalars(rows))


def again(kind: str = "rectify", due_on: date = date(2026, 3, 20)) -> dict[str, Any]:
    return {"kind": kind, "due_on": due_on, "demands": "", "scope": ""}


def _visit(ground: Field, visit: str, area: str, kind: str, count: int) -> Inspection:
    return Inspection(
        id=visit, kind=kind, site_id=an_id(SITE), area=area, agency_id=an_id(f"agency {area}"), stage="completed",
        started_at=ground.clock(), officers=[], findings_count=count, signatures=[], marks=[],
    )  # fmt: skip
