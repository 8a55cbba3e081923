"""The register of people, to be exported to Excel as its list shows it: masked."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from chassis.exports import Cell, Column, Exportable
from chassis.identifiers import mask_identity, mask_phone
from chassis.principal import Principal
from chassis.searching import matches
from personnel import queries
from personnel.models import Certificate, Person, PersonLock
from personnel.permissions import permit
from personnel.schemas.common import KINDS, TRADES
from personnel.schemas.people import ListPeopleRequest
from personnel.terms import ROLE_NAMES, Role

COLUMNS = (
    Column("姓名", 12),
    Column("公民身份号码", 22),
    Column("手机号", 14),
    Column("岗位", 24),
    Column("单位", 36),
    Column("证书", 60),
    Column("锁定", 60),
    Column("录入时间", 18),
)


def _wanted(session: Session, principal: Principal, filters: dict[str, Any], now: datetime) -> Select[*tuple[Any, ...]]:
    permit("read", principal)
    people, q = queries.listed(principal, filters), filters["q"]
    rows = people.rows.where(matches(Person.search, q)) if q and queries.is_words(q) else people.rows
    return people.sorted(rows).options(queries.WITH_CERTIFICATES)


def _cells(session: Session, batch: Sequence[Any], now: datetime) -> Iterable[Sequence[Cell]]:
    locks = queries.active_locks(session, [person.id for (person,) in batch])
    for (person,) in batch:
        yield (
            person.name,
            mask_identity(person.identity_number),
            mask_phone(person.phone),
            "、".join(person.posts),
            person.employer_name,
            "；".join(_certificate(each) for each in person.certificates),
            "；".join(_lock(each) for each in locks.get(person.id, [])),
            person.entered_at,
        )


def _certificate(row: Certificate) -> str:
    kind = KINDS.get(row.kind, row.kind)
    trade = f"（{TRADES.get(row.trade, row.trade)}）" if row.trade else ""
    return f"{kind}{trade} {row.number} 至 {row.valid_to:%Y-%m-%d}"


def _lock(row: PersonLock) -> str:
    return f"{ROLE_NAMES[Role(row.role)]}：{row.project.name}"


LISTS = {"people": Exportable("人员", COLUMNS, ListPeopleRequest, _wanted, _cells)}
