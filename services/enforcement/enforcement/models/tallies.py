"""Figures of months that are over, or nearly: counted by the scheduler for all who look (see `tallying`)."""

from datetime import date, datetime

from sqlalchemy import Double
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base
from enforcement.models.columns import Instant


class FigureMonth(Base):
    """When a month was counted last. A month that is not here was not counted yet."""

    __tablename__ = "figure_month"
    month: Mapped[date] = mapped_column(primary_key=True)
    counted_at: Mapped[datetime] = mapped_column(Instant)


class FigureTally(Base):
    """What happened in a month on the sites of one area. `planned`: visits due in it; `made`: those of them that were made,
    whenever. `repeated`: findings against a clause that the same site was found against in the half-year before.
    `refused`: inspections whose record the site refused to sign. `scored`, `score_sum`: of those with a score."""

    __tablename__ = "figure_tally"
    month: Mapped[date] = mapped_column(primary_key=True)
    area: Mapped[str] = mapped_column(primary_key=True)
    planned: Mapped[int]
    made: Mapped[int]
    inspections: Mapped[int]
    officer_visits: Mapped[int]
    refused: Mapped[int]
    scored: Mapped[int]
    score_sum: Mapped[float] = mapped_column(Double)
    general: Mapped[int]
    serious: Mapped[int]
    major: Mapped[int]
    repeated: Mapped[int]
    issued: Mapped[int]
    closed: Mapped[int]


class RectifiedTally(Base):
    """How many orders that were closed in a month had taken so many days from their issue."""

    __tablename__ = "rectified_tally"
    month: Mapped[date] = mapped_column(primary_key=True)
    area: Mapped[str] = mapped_column(primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True)
    orders: Mapped[int]
