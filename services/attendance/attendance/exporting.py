"""The month's rows, to be exported to Excel as their list shows them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from attendance import month_days, standings
from attendance.models import Site
from attendance.permissions import PARTIES
from attendance.schemas.standings import DutyMonthFilter
from attendance.words import EXCUSES, ROLES, STANDINGS
from chassis.clock import day_of
from chassis.exports import Cell, Column, Exportable
from chassis.principal import Principal

LEFT_OUT = EXCUSES | {"corrected": "主管机关更正"}
COLUMNS = (
    Column("月份", 10),
    Column("工程", 44),
    Column("辖区编码", 18),
    Column("岗位", 18),
    Column("姓名", 12),
    Column("人员编号", 38),
    Column("责任单位", 36),
    Column("应到天数", 10),
    Column("有效天数", 10),
    Column("待定天数", 10),
    Column("不计入的天数及原因", 30),
    Column("到岗率（%）", 12),
    Column("最高到岗率（%）", 16),
    Column("应达到（%）", 12),
    Column("认定", 12),
    Column("统计至", 12),
    Column("封存时间", 18),
)


def _wanted(session: Session, principal: Principal, filters: dict[str, Any], now: datetime) -> Select[*tuple[Any, ...]]:
    return standings.listed(principal, filters, day_of(now))


def _cells(session: Session, batch: Sequence[Any], now: datetime) -> Iterable[Sequence[Cell]]:
    for row, site, person_id, name in batch:
        yield (
            month_days.written(row.month),
            site.name,
            site.area,
            ROLES.get(row.role, row.role),
            name,
            person_id,
            _firm(site, row.role),
            row.denominator,
            row.valid,
            row.undecided,
            _excluded(row.excluded),
            row.rate,
            row.highest_rate,
            row.required,
            STANDINGS.get(row.standing, row.standing),
            row.through,
            row.closed_at,
        )


def _firm(site: Site, role: str) -> str:
    """The one that has to staff the post."""
    party = PARTIES.get(role)
    return str(getattr(site, party.replace("_id", "_name"))) if party else ""


def _excluded(days: Mapping[str, int]) -> str:
    return "，".join(f"{LEFT_OUT.get(code, code)} {count} 天" for code, count in sorted(days.items()))


LISTS = {"duty_months": Exportable("到岗月报", COLUMNS, DutyMonthFilter, _wanted, _cells)}
