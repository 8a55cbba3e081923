"""Events take a moment: wait for what they bring about, with an end."""

import time
from collections.abc import Callable

PATIENCE_SECONDS = 20.0
LOOK_SECONDS = 0.05


def eventually(is_so: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Return as soon as `is_so`; raises `AssertionError` naming `what` when it has not become so."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        time.sleep(LOOK_SECONDS)
