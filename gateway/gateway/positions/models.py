"""Keys of phones, each for one device of one person's; `device` and `person` are attendance's numbers for them."""

from datetime import datetime

from sqlalchemy import DateTime
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base


class DeviceKeyRow(Base):
    __tablename__ = "device_key"
    secret_hash: Mapped[str] = mapped_column(primary_key=True)
    device_id: Mapped[str] = mapped_column(index=True)
    device: Mapped[int]
    person: Mapped[int] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
