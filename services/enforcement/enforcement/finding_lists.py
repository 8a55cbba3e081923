"""Findings (检查发现) as they are read: the list of what was found, and the same rows for Excel."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, false, select, true
from sqlalchemy.orm import Session

from chassis import paging
from chassis.database import Sessions, transaction
from chassis.principal import Principal
from enforcement.models import Finding, Order, Site
from enforcement.permissions import permit, sites_seen, within

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
    wanted = wanted.where(Finding.is_repeated) if asked["repeated"] else wanted
    wanted = wanted.where(within(Finding.area, asked["area"])) if asked["area"] else wanted
    wanted = wanted.where(Finding.found_on >= asked["first"]) if asked["first"] else wanted
    return wanted.where(Finding.found_on <= asked["last"]) if asked["last"] else wanted


def _items(session: Session, rows: Sequence[Finding]) -> list[Reply]:
    wanted = (
        select(Finding.id, Site.name, Order.number)
        .join(Site, Site.id == Finding.site_id)
        .outerjoin(Order, Order.id == Finding.order_id)
        .where(Finding.id.in_([each.id for each in rows]))
    )
    told = {finding_id: (site, order) for finding_id, site, order in session.execute(wanted)}
    return [
        item(each)
        | {"project_name": told[each.id][0], "order_number": told[each.id][1], "is_repeated": each.is_repeated}
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
