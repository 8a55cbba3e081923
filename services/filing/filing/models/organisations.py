from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base
from filing.models.columns import Instant, Object, Words


class Organisation(Base):
    """An enterprise (企业), an agency (监督机构) or the platform itself.

    `stage`: pending (registration under way), open, closed. `code`: the six places that an agency's numbers begin
    with. `details`: the rest of the registration form. `search`: see chassis.searching.
    """

    __tablename__ = "organisation"
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    credit_code: Mapped[str | None]
    kinds: Mapped[Words] = mapped_column(default=list)
    level: Mapped[str] = mapped_column(default="")
    code: Mapped[str | None] = mapped_column(unique=True)
    division: Mapped[str]
    area: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    details: Mapped[Object] = mapped_column(default=dict)
    stage: Mapped[str] = mapped_column(default="pending")
    version: Mapped[int] = mapped_column(default=1)
    application_id: Mapped[str | None]
    search: Mapped[Words] = mapped_column(default=list, deferred=True)
    created_at: Mapped[Instant]
    opened_at: Mapped[Instant | None]
    __table_args__ = (
        Index(
            "uq_organisation_credit_code",
            "credit_code",
            unique=True,
            postgresql_where=text("stage <> 'closed' and credit_code is not null"),
        ),
        Index("ix_organisation_created_at", text("created_at desc"), text("id desc")),
        Index("ix_organisation_area", "area", "id", postgresql_ops={"area": "text_pattern_ops"}),
        Index(
            "ix_organisation_agency",
            "area",
            postgresql_ops={"area": "text_pattern_ops"},
            postgresql_where=text("kind = 'agency'"),
        ),
        Index("ix_organisation_search", "search", postgresql_using="gin"),
    )
