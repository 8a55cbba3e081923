"""A clock that stands still until the test moves it."""

from datetime import UTC, datetime, timedelta

# A Monday without a holiday near: nine in the morning in Shanghai.
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class FrozenClock:
    """A `chassis.clock.Clock`: call it for the moment it shows."""

    def __init__(self, moment: datetime = START) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, by: timedelta) -> None:
        self.moment += by

    def set(self, moment: datetime) -> None:
        """`moment` must be aware, as all times inside are."""
        if moment.tzinfo is None:
            raise ValueError("an aware moment is needed")
        self.moment = moment
