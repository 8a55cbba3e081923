"""How many messages one phone may send: so that no single key fills the queue that all phones share."""

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter


class Pace:
    """Counted in this process: several doors let through as many times as much, which is still bounded."""

    def __init__(self, limit: str) -> None:
        """`limit` in words, like "1200 per minute"."""
        self.limit = parse(limit)
        self.counts = FixedWindowRateLimiter(MemoryStorage())

    def allows(self, device: int) -> bool:
        """Whether this phone may send another message now; counts it."""
        return self.counts.hit(self.limit, str(device))
