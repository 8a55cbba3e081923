"""Numbers of documents: per agency, kind and year from 1 on, none twice, every gap explained.

A serial is given out in the transaction of the document that bears it, or leased in a block to a phone that may be
without coverage. A leased serial is used once, by the officer who holds the block, also late: what was numbered and signed
offline stays valid. When a block lapses, what it has not used is void, with its reason; a void serial is never given out again.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis import journal
from chassis.clock import SHANGHAI, Clock, day_of
from chassis.commands import remember, repeated
from chassis.database import Sessions, transaction
from chassis.errors import Conflict
from chassis.identifiers import new_id
from chassis.principal import Principal
from enforcement.editions import edition
from enforcement.models import Document, NumberBlock, NumberSeries, VoidSerial
from enforcement.permissions import permit

LEASED_FOR = timedelta(days=7)
SKEW = timedelta(minutes=5)  # so far a phone's clock may be behind ours
OLDEST = timedelta(days=30)  # a paper signed so long after the lease was not signed without coverage
LAPSED = "block_lapsed"
Reply = dict[str, Any]


@dataclass(frozen=True)
class Given:
    """A serial and the number that it makes."""

    year: int
    serial: int
    number: str


def next_number(session: Session, kind: str, agency_id: str, area: str, now: datetime) -> Given:
    """The next number of an agency's documents of a kind.

    The counter's row stays locked until the transaction ends, and a roll-back gives the number back: so ask late, in the
    transaction of the document itself.
    """
    year = day_of(now).year
    return _given(kind, area, day_of(now), _raise(session, agency_id, kind, year, 1))


def leased_number(
    session: Session, principal: Principal, kind: str, area: str, serial: int, signed_at: datetime, now: datetime
) -> tuple[Given, bool]:
    """A number out of a block that this officer has leased, and whether it comes after the block has lapsed.

    Refuses `Conflict("number_not_leased")` for one that was not his when he signed, and `Conflict("number_used")` for one that
    a document bears already.
    """
    block = _block(session, principal, kind, serial, signed_at)
    if serial in _used(session, block):
        raise Conflict("number_used", kind=kind, serial=str(serial))
    late = block.settled_at is not None
    if late:
        same = (VoidSerial.agency_id == block.agency_id, VoidSerial.kind == kind, VoidSerial.year == block.year)
        session.execute(delete(VoidSerial).where(*same, VoidSerial.serial == serial))
    return _given(kind, area, day_of(block.leased_at), serial), late


def _block(session: Session, principal: Principal, kind: str, serial: int, signed_at: datetime) -> NumberBlock:
    """His block that holds the serial, of the year of the signature; of the year before where it was signed in the first days
    of a year by a phone that had not heard of its end: the paper bears that number all the same."""
    year = day_of(signed_at).year
    wanted = select(NumberBlock).where(
        NumberBlock.agency_id == principal.organisation_id,
        NumberBlock.kind == kind,
        NumberBlock.year.in_((year, year - 1)),
        NumberBlock.first <= serial,
        NumberBlock.last >= serial,
        NumberBlock.leased_at <= signed_at + SKEW,
        NumberBlock.leased_at >= signed_at - OLDEST,
    )
    found = session.scalars(wanted.order_by(NumberBlock.year.desc()).with_for_update()).all()
    block = next((each for each in found if each.leased_to["user_id"] == principal.user_id), None)
    if block is None:
        raise Conflict("number_not_leased", kind=kind, serial=str(serial))
    return block


def lease_numbers(
    sessions: Sessions, principal: Principal, clock: Clock, *, key: str | None, kind: str, count: int
) -> Reply:
    """A block of `count` serials for this officer's phone, good for a week and not beyond the year.

    {"block_id", "kind", "year", "first", "last", "numbers": [...], "lapses_at"}
    """
    permit("lease_numbers", principal)
    request, now = {"kind": kind, "count": count}, clock()
    year = day_of(now).year
    with transaction(sessions) as session:
        if (reply := repeated(session, key, "lease_numbers", request)) is not None:
            return reply
        last = _raise(session, principal.organisation_id, kind, year, count)
        block = NumberBlock(
            id=new_id(),
            agency_id=principal.organisation_id,
            kind=kind,
            year=year,
            first=last - count + 1,
            last=last,
            leased_to=principal.brief(),
            leased_at=now,
            lapses_at=min(now + LEASED_FOR, datetime(year + 1, 1, 1, tzinfo=SHANGHAI)),
        )
        session.add(block)
        reply = {
            "block_id": block.id,
            "kind": kind,
            "year": year,
            "first": block.first,
            "last": last,
            "numbers": [_given(kind, principal.area, day_of(now), n).number for n in range(block.first, last + 1)],
            "lapses_at": block.lapses_at.isoformat(),
        }
        remember(session, key, "lease_numbers", request, reply)
        journal.write(session, principal, "lease_numbers", block.id, request, clock=clock)
        return reply


def settle_blocks(sessions: Sessions, clock: Clock, at_once: int = 200) -> int:
    """Makes void what lapsed blocks have not used; returns how many blocks were settled."""
    now = clock()
    with transaction(sessions) as session:
        lapsed = select(NumberBlock).where(NumberBlock.settled_at.is_(None), NumberBlock.lapses_at <= now)
        lapsed = lapsed.order_by(NumberBlock.lapses_at).limit(at_once).with_for_update(skip_locked=True)
        blocks = session.scalars(lapsed).all()
        for block in blocks:
            _settle(session, block, now)
    return len(blocks)


def _settle(session: Session, block: NumberBlock, now: datetime) -> None:
    used = _used(session, block)
    for serial in range(block.first, block.last + 1):
        if serial not in used:
            session.add(
                VoidSerial(
                    agency_id=block.agency_id,
                    kind=block.kind,
                    year=block.year,
                    serial=serial,
                    reason=LAPSED,
                    voided_on=day_of(now),
                    voided_by=block.leased_to,
                )
            )
    block.settled_at = now


def unexplained(session: Session, agency_id: str, kind: str, year: int) -> list[int]:
    """Serials that no document bears, no open block holds and no reason makes void. There must be none."""
    series = session.get(NumberSeries, (agency_id, kind, year))
    last = series.last if series else 0
    known = {*_serials(session, Document, agency_id, kind, year), *_serials(session, VoidSerial, agency_id, kind, year)}
    known |= set(_leased(session, agency_id, kind, year))
    return [serial for serial in range(1, last + 1) if serial not in known]


def _raise(session: Session, agency_id: str, kind: str, year: int, by: int) -> int:
    """The last serial given out, these included."""
    first = insert(NumberSeries).values(agency_id=agency_id, kind=kind, year=year, last=by)
    raised = first.on_conflict_do_update(
        index_elements=["agency_id", "kind", "year"], set_={"last": NumberSeries.last + by}
    )
    return session.execute(raised.returning(NumberSeries.last)).scalar_one()


def _given(kind: str, area: str, day: date, serial: int) -> Given:
    pattern = str(edition("numbering", day)["patterns"][kind])
    place = area.rsplit(".", 1)[-1].ljust(6, "0")
    return Given(day.year, serial, pattern.format(place=place, year=day.year, serial=serial))


def _used(session: Session, block: NumberBlock) -> Collection[int]:
    wanted = select(Document.serial).where(
        Document.agency_id == block.agency_id, Document.kind == block.kind, Document.year == block.year
    )
    return set(session.scalars(wanted.where(Document.serial.between(block.first, block.last))))


def _serials(
    session: Session, table: type[Document] | type[VoidSerial], agency_id: str, kind: str, year: int
) -> Iterator[int]:
    wanted = select(table.serial).where(table.agency_id == agency_id, table.kind == kind, table.year == year)
    yield from session.scalars(wanted)


def _leased(session: Session, agency_id: str, kind: str, year: int) -> Iterator[int]:
    wanted = select(NumberBlock.first, NumberBlock.last).where(
        NumberBlock.agency_id == agency_id,
        NumberBlock.kind == kind,
        NumberBlock.year == year,
        NumberBlock.settled_at.is_(None),
    )
    for first, last in session.execute(wanted):
        yield from range(first, last + 1)
