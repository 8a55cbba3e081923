"""Phones that send as fast as they are answered, or at a pace: the load of `make bench-positions`, in processes of its own."""

import json
import random
import socket
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

PROCESSES, THREADS = 2, 12
# A second's fraction by which phones differ, so that no two messages of one person tell of the same moment.
STEP_MS = 1_000


@dataclass(frozen=True)
class Batch:
    """`points` positions of one phone, from the moment `start` (ms since 1970) on, a second apart."""

    key: str
    start: int
    points: int
    place: tuple[float, float]

    def body(self) -> bytes:
        longitude, latitude = self.place
        rows = [[self.start + n * STEP_MS, longitude + n % 7 * 1e-6, latitude, 12.5, None] for n in range(self.points)]
        return json.dumps({"rows": rows}).encode()

    def request(self) -> bytes:
        body = self.body()
        head = f"POST /positions HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self.key}\r\n"
        return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def send(port: int, batches: Sequence[Batch], per_second: float | None = None) -> tuple[list[float], float]:
    """Send all, each until it is answered with 202: the seconds until each answer, and the moment of the first request."""
    context = get_context("spawn")
    parts = [batches[n::PROCESSES] for n in range(PROCESSES)]
    pace = per_second / PROCESSES if per_second else None
    with context.Pool(PROCESSES) as pool:
        told = pool.starmap(_send_part, [(port, part, pace) for part in parts])
    return [each for seconds, _ in told for each in seconds], min(began for _, began in told)


def _send_part(port: int, batches: Sequence[Batch], per_second: float | None) -> tuple[list[float], float]:
    prepared = [each.request() for each in batches]
    began = time.time()
    start = time.monotonic()
    due = [start + n / per_second if per_second else start for n in range(len(prepared))]
    with ThreadPoolExecutor(THREADS) as threads:
        lanes = [list(zip(prepared, due, strict=True))[n::THREADS] for n in range(THREADS)]
        return [each for told in threads.map(lambda lane: _send_lane(port, lane), lanes) for each in told], began


def _send_lane(port: int, lane: Iterable[tuple[bytes, float]]) -> list[float]:
    """One connection, kept open; the bytes of each request are ready, so that the load is the system's and not ours."""
    seconds = []
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for request, due in lane:
            time.sleep(max(0.0, due - time.monotonic()))
            sent = time.perf_counter()
            while not _is_accepted(connection, request):
                time.sleep(random.uniform(0.02, 0.1))
            seconds.append(time.perf_counter() - sent)
    return seconds


def _is_accepted(connection: socket.socket, request: bytes) -> bool:
    connection.sendall(request)
    answer = connection.recv(4096)
    while b"\r\n\r\n" not in answer or not answer.endswith(b"}"):
        answer += connection.recv(4096)
    return answer.startswith(b"HTTP/1.1 202")
