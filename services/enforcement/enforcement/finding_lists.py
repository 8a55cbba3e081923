"""Findings (检查发现) as they are read: the list of what was found, and the same rows for Excel."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, select, true
from sqlalchemy.orm import Session, aliased

from chassis import paging
from chassis.database import Sessions, transaction
from chassis.principal import Principal
from enforcement.models import Finding, Order, Site
from enforcement.permissions import permit, sites_seen, within
from enforcement.tallying import REPEATED_WITHIN

Reply = dict[str, Any]
NAMES = (
    "inspection_id",
    "clause_key",
    "clause",
    "severity",
    "description",
    "part",
    "found_on",
    "order_id",
    "closed_at",
)


def list_findings(sessions: Sessions, principal: Principal, *, limit: int, after: str | None, **asked: Any) -> Reply:
    """Those in his sight, the latest first, each with its site, its order, and whether it came back within half a year."""
    permit("read", principal)
    wanted = _narrowed(principal, asked)
    with transaction(sessions) as session:
        paging.plan_by_values(session)
        page, counted = paging.first(session, paging.Listed(wanted, Finding.found_on, Finding.id), limit, after)
        rows, following = paging.page(session.scalars(page).all(), limit, "found_on")
        return {"items": _items(session, rows), "next": following, **counted}


def findings_to_export(
    principal: Principal, *, limit: int = 0, after: str | None = None, **asked: Any
) -> Select[Finding, str]:
    """All rows of the list, with the name of each site; a page's place is no filter."""
    wanted = _narrowed(principal, asked).add_columns(Site.name).join(Site, Site.id == Finding.site_id)
    return wanted.order_by(Finding.found_on.desc(), Finding.id.desc())


def item(finding: Finding) -> Reply:
    told = {name: getattr(finding, name) for name in NAMES}
    return told | {"finding_id": finding.id, "project_id": finding.site_id}


def _narrowed(principal: Principal, asked: dict[str, Any]) -> Select[Finding]:
    wanted = select(Finding).where(_seen(principal))
    same = {Finding.site_id: "project_id", Finding.severity: "severity", Finding.clause_key: "clause_key"}
    wanted = wanted.where(*(column == asked[name] for column, name in same.items() if asked[name]))
    wanted = wanted.where(Finding.closed_at.is_(None)) if asked["open"] else wanted
    wanted = wanted.where(Finding.closed_at.is_not(None)) if asked["closed"] else wanted
    wanted = wanted.where(_is_repeated()) if asked["repeated"] else wanted
    wanted = wanted.where(within(Finding.area, asked["area"])) if asked["area"] else wanted
    wanted = wanted.where(Finding.found_on >= asked["first"]) if asked["first"] else wanted
    return wanted.where(Finding.found_on <= asked["last"]) if asked["last"] else wanted


def _is_repeated() -> ColumnElement[bool]:
    """The same site against the same clause before, as the figures count it."""
    before = aliased(Finding)
    same = (before.site_id == Finding.site_id, before.clause_key == Finding.clause_key)
    days = (before.found_on < Finding.found_on, before.found_on >= Finding.found_on - REPEATED_WITHIN)
    return exists().where(*same, *days)


def _items(session: Session, rows: Sequence[Finding]) -> list[Reply]:
    wanted = (
        select(Finding.id, Site.name, Order.number, _is_repeated())
        .join(Site, Site.id == Finding.site_id)
        .outerjoin(Order, Order.id == Finding.order_id)
        .where(Finding.id.in_([each.id for each in rows]))
    )
    told = {row[0]: row for row in session.execute(wanted)}
    return [
        item(each)
        | {
            "project_name": told[each.id][1],
            "order_number": told[each.id][2],
            "is_repeated": told[each.id][3],
        }
        for each in rows
    ]


def _seen(principal: Principal) -> ColumnElement[bool]:
    if principal.is_service:
        return true()
    if principal.is_agency and principal.area:
        return within(Finding.area, principal.area)
    if principal.is_enterprise:
        return Finding.site_id.in_(select(Site.id).where(sites_seen(principal)))
    return false()
