"""/health/live, /health/ready and /metrics of a process, answered by a thread of its own.

Live means: do not kill me. Ready means: I can do my work now; each reason why not is named. Works alike in a process
that eventlet has patched (the thread is then a green one, and a blocked hub is rightly not live).
"""

import json
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from chassis import telemetry

Check = Callable[[], bool]


def always() -> bool:
    return True


def serve(port: int, ready: Mapping[str, Check], live: Check = always) -> ThreadingHTTPServer | None:
    """Answer on `port` from now on; 0 means that nobody asks. `ready` names what must be at hand: database, broker."""
    if not port:
        return None
    server = ThreadingHTTPServer(("0.0.0.0", port), _handler(dict(ready), live))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    return server


def _handler(ready: dict[str, Check], live: Check) -> type[BaseHTTPRequestHandler]:
    def state() -> tuple[int, dict[str, bool]]:
        found = {name: _holds(check) for name, check in ready.items()}
        return (200 if all(found.values()) else 503), found

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path == "/metrics":
                self._answer(200, telemetry.exposition(), "text/plain; version=0.0.4; charset=utf-8")
            elif path == "/health/live":
                self._json(200 if _holds(live) else 503, {})
            elif path == "/health/ready":
                self._json(*state())
            else:
                self._json(404, {})

        def _json(self, status: int, body: dict[str, bool]) -> None:
            self._answer(status, json.dumps(body).encode(), "application/json")

        def _answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Probes come every second: not worth a line."""

    return Handler


def _holds(check: Check) -> bool:
    try:
        return check()
    except Exception:  # whatever a check raises, what it checks is not at hand
        return False
