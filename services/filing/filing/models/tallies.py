from datetime import date

from sqlalchemy import BigInteger, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base

FOLDED = text("folded")


class Tally(Base):
    """How many applications that arrived in a month stand where, for every territory that they belong to.

    Acts add rows of +1 and -1 and lock nothing; those not `folded` yet are added up by a job (filing.tallies).
    """

    __tablename__ = "tally"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    area: Mapped[str]
    month: Mapped[date]
    matter: Mapped[str]
    standing: Mapped[str]
    count: Mapped[int]
    folded: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        Index("ix_tally_area", "area", "month"),
        Index("uq_tally_folded", "area", "month", "matter", "standing", unique=True, postgresql_where=FOLDED),
        Index("ix_tally_fresh", "id", postgresql_where=text("not folded")),
    )


class DecisionTally(Base):
    """How many applications were decided in a month, with what they took: working days, rounds, within the limit or not."""

    __tablename__ = "decision_tally"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    area: Mapped[str]
    month: Mapped[date]
    matter: Mapped[str]
    outcome: Mapped[str]
    workdays: Mapped[int]
    rounds: Mapped[int]
    in_time: Mapped[bool]
    count: Mapped[int]
    folded: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        Index(
            "ix_decision_tally_area",
            *("area", "month"),
            postgresql_include=["matter", "outcome", "in_time", "workdays", "rounds", "count"],
        ),
        Index(
            "uq_decision_tally_folded",
            *("area", "month", "matter", "outcome", "workdays", "rounds", "in_time"),
            unique=True,
            postgresql_where=FOLDED,
        ),
        Index("ix_decision_tally_fresh", "id", postgresql_where=text("not folded")),
    )
