"""Ports are found free, never assumed: two checkouts on one machine do not meet."""

import json
import random
import socket
import threading
from pathlib import Path

LOOPBACK = "127.0.0.1"
# Below the range from which the kernel takes ports of outgoing connections: none of those can take ours meanwhile.
RANGE = range(20_000, 32_000)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port on which nobody listens now."""
    for _ in range(200):
        port = random.choice(RANGE)
        if is_free(port):
            return port
    raise OSError(f"no free port among {RANGE.start}–{RANGE.stop}")


class Ports:
    """The ports of one checkout by name, kept in a file: the same again next time, where they are still free."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.known: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
        self.given: dict[str, int] = {}
        self.lock = threading.Lock()

    def __call__(self, name: str) -> int:
        """The port for `name`; free at the time of the first asking in this run."""
        with self.lock:
            if name not in self.given:
                self.given[name] = self._choose(name)
                self.file.parent.mkdir(parents=True, exist_ok=True)
                self.file.write_text(json.dumps(self.given, indent=2) + "\n")
            return self.given[name]

    def _choose(self, name: str) -> int:
        port = self.known.get(name)
        while port is None or port in self.given.values() or not is_free(port):
            port = free_port()
        return port
