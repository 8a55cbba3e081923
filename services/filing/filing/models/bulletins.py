from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base
from filing.models.columns import Instant, Objects, files_index


class Bulletin(Base):
    """A bulletin (通知公告) of an agency for everybody in its area (`is_public`: for anybody); `stage`: published, withdrawn."""

    __tablename__ = "bulletin"
    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    body: Mapped[str]
    attachments: Mapped[Objects] = mapped_column(default=list)
    agency_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    agency_name: Mapped[str]
    area: Mapped[str]
    is_public: Mapped[bool]
    stage: Mapped[str] = mapped_column(default="published")
    version: Mapped[int] = mapped_column(default=1)
    published_at: Mapped[Instant]
    changed_at: Mapped[Instant]
    __table_args__ = (
        Index("ix_bulletin_published_at", text("published_at desc"), text("id desc")),
        files_index("ix_bulletin_attachments"),
    )


class Download(Base):
    """A file that an agency offers (下载管理); the bytes are in the blob store under `sha256`."""

    __tablename__ = "download"
    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    sha256: Mapped[str]
    file_name: Mapped[str]
    size: Mapped[int]
    media_type: Mapped[str]
    agency_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    agency_name: Mapped[str]
    area: Mapped[str]
    is_public: Mapped[bool]
    stage: Mapped[str] = mapped_column(default="published")
    version: Mapped[int] = mapped_column(default=1)
    published_at: Mapped[Instant]
    __table_args__ = (
        Index("ix_download_published_at", text("published_at desc"), text("id desc")),
        Index("ix_download_sha256", "sha256"),
    )
