"""The lists of filing that can be exported to Excel: applications, projects and certificates, as their lists show them."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from chassis.exports import Cell, Column, Exportable
from chassis.principal import Principal
from chassis.workdays import Calendar
from filing import divisions
from filing.models import Application, Certificate
from filing.queries import certificates, projects
from filing.queries.application_filters import Now, narrowed, order_of
from filing.queries.applications import items, listed
from filing.schemas.applications import ListApplications
from filing.schemas.certificates import ListCertificates
from filing.schemas.common import CERTIFICATE_STAGES
from filing.schemas.projects import STAGES, ListProjects
from filing.staffing import WORKS_KINDS
from filing.workflow import OUTCOME_TITLES, STAGE_TITLES, Outcome, Stage

Batch = Sequence[Any]
APPLICATION_COLUMNS = (
    Column("受理号", 24),
    Column("事项", 20),
    Column("申请单位", 36),
    Column("工程", 40),
    Column("设备型号"),
    Column("出厂编号"),
    Column("设备备案编号", 20),
    Column("环节", 10),
    Column("结果", 10),
    Column("上报次数", 10),
    Column("办理机构", 30),
    Column("下一步", 30),
    Column("首次上报", 18),
    Column("办理期限", 18),
    Column("剩余工作日", 12),
    Column("超期", 8),
    Column("办结时间", 18),
    Column("证书编号", 24),
)
PROJECT_COLUMNS = (
    Column("监督备案号", 24),
    Column("工程名称", 44),
    Column("状态", 12),
    Column("所在地", 28),
    Column("工程地点", 36),
    Column("建设单位", 36),
    Column("施工单位", 36),
    Column("监理单位", 36),
    Column("工程类别", 14),
    Column("建筑面积（m²）", 14),
    Column("合同价款（元）", 18),
    Column("申报安全文明工地标准", 20),
    Column("开工日期", 12),
    Column("竣工日期", 12),
    Column("更新时间", 18),
)
CERTIFICATE_COLUMNS = (
    Column("证书", 36),
    Column("编号", 24),
    Column("持证单位", 36),
    Column("发证机构", 30),
    Column("工程", 40),
    Column("状态", 14),
    Column("发证日期", 12),
    Column("有效期至", 12),
    Column("注销时间", 18),
    Column("注销原因", 30),
)


def lists(calendar: Callable[[], Calendar]) -> dict[str, Exportable]:
    def applications(session: Session, batch: Batch, now: datetime) -> Iterable[Sequence[Cell]]:
        return _applications(session, [row for (row,) in batch], calendar(), now)

    def wanted_applications(
        session: Session, principal: Principal, filters: dict[str, Any], now: datetime
    ) -> Select[*tuple[Any, ...]]:
        wanted = narrowed(listed(session, principal, filters), principal, Now.of(now, calendar()), filters)
        return order_of(filters).of(wanted).sorted(wanted)

    return {
        "applications": Exportable("办件", APPLICATION_COLUMNS, ListApplications, wanted_applications, applications),
        "projects": Exportable("项目", PROJECT_COLUMNS, ListProjects, _wanted_projects, _projects),
        "certificates": Exportable("证书", CERTIFICATE_COLUMNS, ListCertificates, _wanted_certificates, _certificates),
    }


def _applications(
    session: Session, rows: Sequence[Application], calendar: Calendar, now: datetime
) -> Iterable[Sequence[Cell]]:
    for row, told in zip(rows, items(session, rows, calendar, now), strict=True):
        machine = told["machine_words"]
        yield (
            row.acceptance_number,
            told["matter_title"],
            row.applicant_name,
            row.project_name,
            machine["model"],
            machine["serial_number"],
            machine["filing_number"],
            STAGE_TITLES[Stage(row.stage)],
            OUTCOME_TITLES[Outcome(row.outcome)] if row.outcome else None,
            row.round,
            told["agency_name"],
            "、".join(each["organisation_name"] for each in told["next_to_act"]),
            row.submitted_at,
            row.due_at,
            told["workdays_left"],
            told["overdue"],
            row.closed_at,
            told["certificate_number"],
        )


def _wanted_projects(
    session: Session, principal: Principal, filters: dict[str, Any], now: datetime
) -> Select[*tuple[Any, ...]]:
    wanted = projects.listed(principal, filters)
    return wanted.sorted(wanted.rows)


def _projects(session: Session, batch: Batch, now: datetime) -> Iterable[Sequence[Cell]]:
    for (row,) in batch:
        yield (
            row.number,
            row.name,
            STAGES[row.stage],
            divisions.full_name(row.area),
            row.address,
            row.owner_name,
            row.contractor_name,
            row.supervisor_name,
            WORKS_KINDS.get(row.works_kind, row.works_kind),
            row.floor_area,
            row.contract_price,
            row.civilised_standard,
            row.starts_on,
            row.finishes_on,
            row.changed_at,
        )


def _wanted_certificates(
    session: Session, principal: Principal, filters: dict[str, Any], now: datetime
) -> Select[*tuple[Any, ...]]:
    wanted, words = certificates.listed(session, principal, filters)
    return wanted.sorted(wanted.rows.where(words.hits(words.search)) if words else wanted.rows)


def _certificates(session: Session, batch: Batch, now: datetime) -> Iterable[Sequence[Cell]]:
    rows: Iterable[tuple[Certificate]] = batch
    for (row,) in rows:
        yield (
            row.title,
            row.number,
            row.holder_name,
            row.agency_name,
            row.project_name,
            CERTIFICATE_STAGES[row.stage],
            row.issued_on,
            row.valid_to,
            row.cancelled_at,
            row.cancel_reason or None,
        )
