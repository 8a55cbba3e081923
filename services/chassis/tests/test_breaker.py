"""Who fails several times in a row is left alone for a while."""

from chassis.breaker import FAILURES_TO_OPEN, OPEN_SECONDS, Breaker


class Seconds:
    def __init__(self) -> None:
        self.value = 100.0

    def __call__(self) -> float:
        return self.value


def opened(clock: Seconds) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(FAILURES_TO_OPEN):
        assert breaker.allows()
        breaker.failed()
    return breaker


def test_it_opens_after_failures_in_a_row_only() -> None:
    breaker = Breaker(Seconds())
    for _ in range(3):
        for _ in range(FAILURES_TO_OPEN - 1):
            breaker.failed()
        breaker.succeeded()
    assert breaker.allows() and not breaker.is_open

    assert not opened(Seconds()).allows()


def test_open_it_lets_one_probe_through_every_two_seconds() -> None:
    clock = Seconds()
    breaker = opened(clock)

    clock.value += OPEN_SECONDS
    assert breaker.allows() and not breaker.allows()
    breaker.failed()
    assert not breaker.allows()

    clock.value += OPEN_SECONDS
    assert breaker.allows()


def test_the_first_success_closes_it() -> None:
    clock = Seconds()
    breaker = opened(clock)
    clock.value += OPEN_SECONDS
    assert breaker.allows()

    breaker.succeeded()

    assert all(breaker.allows() for _ in range(10))
