"""Orders, findings, inspections and cases, to be exported to Excel as their lists show them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from chassis.clock import day_of
from chassis.exports import Cell, Column, Exportable
from chassis.principal import Principal
from enforcement import finding_lists, inspection_lists, order_lists
from enforcement.cases import lists
from enforcement.models import Case, Firm, Order
from enforcement.permissions import permit
from enforcement.schemas.case_files import ListCasesRequest
from enforcement.schemas.inspections import ListFindingsRequest, ListInspectionsRequest
from enforcement.schemas.orders import ListOrdersRequest
from enforcement.words import (
    CASE_KINDS,
    CASE_OUTCOMES,
    CASE_STAGES,
    GRADES,
    INSPECTION_KINDS,
    INSPECTION_STAGES,
    ORDER_KINDS,
    ORDER_STAGES,
    SEVERITIES,
)

Rows = Select[*tuple[Any, ...]]
ORDERS = (
    Column("文号", 38),
    Column("通知种类", 18),
    Column("工程", 44),
    Column("辖区编码", 18),
    Column("责任单位", 36),
    Column("签发机关", 30),
    Column("签发时间", 18),
    Column("整改期限", 12),
    Column("延期次数", 10),
    Column("状态", 12),
    Column("逾期", 8),
    Column("提交报告时间", 18),
    Column("办结时间", 18),
)
FINDINGS = (
    Column("发现日期", 12),
    Column("工程", 44),
    Column("辖区编码", 18),
    Column("严重程度", 14),
    Column("条款编号", 14),
    Column("依据条款", 60),
    Column("问题描述", 60),
    Column("部位", 20),
    Column("整改完成", 18),
)
INSPECTIONS = (
    Column("开始时间", 18),
    Column("结束时间", 18),
    Column("检查类别", 14),
    Column("工程", 44),
    Column("辖区编码", 18),
    Column("执法人员", 24),
    Column("发现问题", 10),
    Column("得分", 8),
    Column("等级", 10),
    Column("状态", 10),
    Column("拒绝签字", 10),
)


CASES = (
    Column("案号", 38),
    Column("程序", 22),
    Column("办案机关", 30),
    Column("辖区编码", 18),
    Column("当事人", 36),
    Column("违法行为", 60),
    Column("处罚依据", 44),
    Column("环节", 14),
    Column("登记时间", 18),
    Column("立案时间", 18),
    Column("决定时间", 18),
    Column("决定书文号", 38),
    Column("结果", 12),
    Column("罚款（元）", 14),
    Column("已缴（元）", 14),
    Column("结案时间", 18),
)


def _orders(session: Session, principal: Principal, filters: dict[str, Any], now: datetime) -> Rows:
    permit("read", principal)
    rows = order_lists.wanted(principal, day_of(now), filters)
    return rows.order_by(Order.issued_at.desc(), Order.id.desc())


def _order_cells(session: Session, batch: Sequence[Any], now: datetime) -> Iterable[Sequence[Cell]]:
    today = day_of(now)
    for order, site, firm, agency in batch:
        owes = order.closed_at is None and order.reported_at is None
        yield (
            order.number,
            ORDER_KINDS.get(order.kind, order.kind),
            site.name,
            order.area,
            firm.name if firm else None,
            agency,
            order.issued_at,
            order.due_on,
            order.extensions,
            ORDER_STAGES.get(order.stage, order.stage),
            owes and order.due_on < today,
            order.reported_at,
            order.closed_at,
        )


def _findings(session: Session, principal: Principal, filters: dict[str, Any], now: datetime) -> Rows:
    permit("read", principal)
    return finding_lists.findings_to_export(principal, **filters)


def _finding_cells(session: Session, batch: Sequence[Any], now: datetime) -> Iterable[Sequence[Cell]]:
    for finding, site_name in batch:
        yield (
            finding.found_on,
            site_name,
            finding.area,
            SEVERITIES.get(finding.severity, finding.severity),
            finding.clause_key,
            finding.clause,
            finding.description,
            finding.part,
            finding.closed_at,
        )


def _inspections(session: Session, principal: Principal, filters: dict[str, Any], now: datetime) -> Rows:
    permit("read", principal)
    return inspection_lists.inspections_to_export(principal, filters)


def _inspection_cells(session: Session, batch: Sequence[Any], now: datetime) -> Iterable[Sequence[Cell]]:
    for inspection, site_name in batch:
        yield (
            inspection.started_at,
            inspection.ended_at,
            INSPECTION_KINDS.get(inspection.kind, inspection.kind),
            site_name,
            inspection.area,
            "、".join(each["name"] for each in inspection.officers),
            inspection.findings_count,
            inspection.score,
            GRADES.get(inspection.grade, inspection.grade),
            INSPECTION_STAGES.get(inspection.stage, inspection.stage),
            bool((inspection.site_signature or {}).get("refused")),
        )


def _cases(session: Session, principal: Principal, filters: dict[str, Any], now: datetime) -> Rows:
    permit("read", principal)
    rows = select(Case, Firm.name).outerjoin(Firm, Firm.id == Case.agency_id)
    narrowed = lists.narrowed(principal, day_of(now), filters)
    return rows.where(*narrowed).order_by(Case.opened_at.desc(), Case.id.desc())


def _case_cells(session: Session, batch: Sequence[Any], now: datetime) -> Iterable[Sequence[Cell]]:
    for case, agency in batch:
        yield (
            case.number,
            CASE_KINDS.get(case.kind, case.kind),
            agency,
            case.area,
            case.party_name,
            lists.conduct(case),
            (case.weighing or {}).get("clause"),
            CASE_STAGES.get(case.stage, case.stage),
            case.opened_at,
            case.filed_at,
            case.decided_at,
            case.decision_number,
            CASE_OUTCOMES.get(case.outcome, case.outcome),
            case.fine,
            float(case.paid),
            case.closed_at,
        )


LISTS = {
    "orders": Exportable("责令通知", ORDERS, ListOrdersRequest, _orders, _order_cells),
    "cases": Exportable("处罚案件", CASES, ListCasesRequest, _cases, _case_cells),
    "findings": Exportable("检查发现", FINDINGS, ListFindingsRequest, _findings, _finding_cells),
    "inspections": Exportable("检查", INSPECTIONS, ListInspectionsRequest, _inspections, _inspection_cells),
}
