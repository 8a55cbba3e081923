"""How an agency's numbers stand: of each kind in a year the last one, and why a document is not there for some of them."""

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.principal import Principal
from enforcement.models import Document, NumberBlock, NumberSeries, VoidSerial
from enforcement.numbering import unexplained
from enforcement.permissions import permit

MOST_VOID = 200
Reply = dict[str, Any]


def list_numbers(sessions: Sessions, principal: Principal, clock: Clock, *, year: int | None) -> Reply:
    """Of the agency's own documents, this year's where none is named: {"year", "series": [{"kind", "last", "documents",
    "blocks", "void", "unexplained"}]}. `unexplained` must be empty: what stands there is to be looked into."""
    permit("serve_on_paper", principal)
    year = year or day_of(clock()).year
    with transaction(sessions) as session:
        wanted = select(NumberSeries).where(
            NumberSeries.agency_id == principal.organisation_id, NumberSeries.year == year
        )
        found = session.scalars(wanted.order_by(NumberSeries.kind)).all()
        return {"year": year, "series": [_series(session, each) for each in found]}


def _series(session: Session, series: NumberSeries) -> Reply:
    of = (series.agency_id, series.kind, series.year)
    documents = select(func.count()).where(Document.agency_id == of[0], Document.kind == of[1], Document.year == of[2])
    blocks = select(NumberBlock).where(
        NumberBlock.agency_id == of[0],
        NumberBlock.kind == of[1],
        NumberBlock.year == of[2],
        NumberBlock.settled_at.is_(None),
    )
    void = select(VoidSerial).where(VoidSerial.agency_id == of[0], VoidSerial.kind == of[1], VoidSerial.year == of[2])
    return {
        "kind": series.kind,
        "last": series.last,
        "documents": session.scalar(documents),
        "blocks": [
            {
                "first": each.first,
                "last": each.last,
                "leased_to": each.leased_to.get("user_name", ""),
                "lapses_at": each.lapses_at,
            }
            for each in session.scalars(blocks.order_by(NumberBlock.first))
        ],
        "void": [_void(each) for each in session.scalars(void.order_by(VoidSerial.serial).limit(MOST_VOID))],
        "unexplained": unexplained(session, *of),
    }


def _void(each: VoidSerial) -> dict[str, str | int | date]:
    return {
        "serial": each.serial,
        "reason": each.reason,
        "on": each.voided_on,
        "by": each.voided_by.get("user_name", ""),
    }
