from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base
from filing.models.columns import Instant, Object, Objects


class WorkLog(Base):
    """A day's work-process log (企业工序) of a project, as one version of it says. Insert only: a correction is a new version.

    `works`: [{"number", "progress"}], numbered as the project lists its hazardous works. `is_late`: whether the first
    version came after its day.
    """

    __tablename__ = "work_log"
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    hazard: Mapped[int]
    is_late: Mapped[bool]
    weather: Mapped[str]
    work_done: Mapped[str]
    works: Mapped[Objects]
    measures: Mapped[str]
    photos: Mapped[Objects]
    correction: Mapped[str] = mapped_column(default="")
    at: Mapped[Instant]
    by: Mapped[Object]
    __table_args__ = (
        Index("ix_work_log_day", "day"),
        Index("ix_work_log_photos", "photos", postgresql_using="gin", postgresql_ops={"photos": "jsonb_path_ops"}),
    )
