"""The baseline that `make bench-positions` is read against: one Nameko event a position, written by the ORM, one commit each."""

import eventlet

eventlet.monkey_patch()

import sys  # noqa: E402
from datetime import UTC, datetime  # noqa: E402
from typing import Any  # noqa: E402

from nameko.containers import ServiceContainer  # noqa: E402
from nameko.events import event_handler  # noqa: E402
from sqlalchemy import create_engine  # noqa: E402
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column  # noqa: E402
from sqlalchemy.types import DateTime  # noqa: E402


class Base(DeclarativeBase):
    pass


class NaivePosition(Base):
    __tablename__ = "naive_position"
    person: Mapped[int] = mapped_column(primary_key=True)
    time: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    longitude: Mapped[float]
    latitude: Mapped[float]
    accuracy: Mapped[float]


class Naive:
    name = "naive"
    engine: Any = None

    @event_handler("phones", "position")
    def position(self, told: dict[str, Any]) -> None:
        with Session(Naive.engine) as session:
            session.merge(NaivePosition(**told | {"time": datetime.fromtimestamp(told["time"] / 1000, UTC)}))
            session.commit()


def main(amqp_uri: str, database_uri: str) -> None:
    Naive.engine = create_engine(database_uri.replace("postgresql://", "postgresql+psycopg://"), pool_size=10)
    Base.metadata.create_all(Naive.engine)
    container = ServiceContainer(Naive, config={"AMQP_URI": amqp_uri, "max_workers": 10})
    container.start()
    print("ready", flush=True)
    container.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
