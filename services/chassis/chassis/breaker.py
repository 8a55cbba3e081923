"""A breaker: who has failed several times in a row is left alone for a while, so that nobody waits for him in vain."""

import threading
import time
from collections.abc import Callable

FAILURES_TO_OPEN = 5
OPEN_SECONDS = 2.0


class Breaker:
    """Closed, it lets all calls pass. After some failures in a row it opens: then one call every two seconds passes, as
    a probe, and the first success closes it again. Safe for threads; `clock` counts seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.lock = threading.Lock()
        self.failures = 0
        self.next_probe = 0.0

    @property
    def is_open(self) -> bool:
        return self.failures >= FAILURES_TO_OPEN

    def allows(self) -> bool:
        """Whether a call may be made now; if the breaker is open, a True is the one probe of the next two seconds."""
        with self.lock:
            if not self.is_open:
                return True
            if self.clock() < self.next_probe:
                return False
            self.next_probe = self.clock() + OPEN_SECONDS
            return True

    def succeeded(self) -> None:
        with self.lock:
            self.failures = 0

    def failed(self) -> None:
        with self.lock:
            self.failures += 1
            if self.failures == FAILURES_TO_OPEN:
                self.next_probe = self.clock() + OPEN_SECONDS
