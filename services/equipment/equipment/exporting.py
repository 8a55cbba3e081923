"""The register of machines, to be exported to Excel as its list shows it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from chassis.exports import Cell, Column, Exportable
from chassis.principal import Principal
from chassis.searching import matches
from equipment import queries
from equipment.models import Machine
from equipment.permissions import permit
from equipment.schemas import ListMachinesRequest
from equipment.terms import KIND_NAMES, STAGE_NAMES, MachineKind, MachineStage

COLUMNS = (
    Column("备案编号", 20),
    Column("设备类型", 14),
    Column("设备名称", 20),
    Column("规格型号", 18),
    Column("制造厂家", 32),
    Column("出厂编号", 18),
    Column("出厂日期", 12),
    Column("产权单位", 36),
    Column("状态", 12),
    Column("冻结", 8),
    Column("所在工程", 40),
    Column("自", 18),
    Column("使用登记编号", 22),
    Column("检测有效期至", 14),
    Column("使用年限至", 14),
)


def _wanted(session: Session, principal: Principal, filters: dict[str, Any], now: datetime) -> Select[*tuple[Any, ...]]:
    permit("read", principal)
    machines = queries.listed(principal, filters)
    rows = machines.rows.where(matches(Machine.search, filters["q"])) if filters["q"] else machines.rows
    return machines.sorted(rows)


def _cells(session: Session, batch: Sequence[Any], now: datetime) -> Iterable[Sequence[Cell]]:
    for machine, lock in batch:
        yield (
            machine.filing_number,
            KIND_NAMES[MachineKind(machine.kind)],
            machine.name,
            machine.model,
            machine.maker,
            machine.serial_number,
            machine.made_on,
            machine.owner_name,
            STAGE_NAMES[MachineStage(machine.stage)],
            machine.frozen_since is not None,
            lock.project.name if lock else None,
            lock.granted_at if lock else None,
            machine.registration_number,
            machine.inspection_valid_to,
            machine.service_ends_on,
        )


LISTS = {"machines": Exportable("机械设备", COLUMNS, ListMachinesRequest, _wanted, _cells)}
