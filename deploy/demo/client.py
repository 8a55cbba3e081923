"""A small client of the API v1, used by the demo's loader and by the tests that come in through the front door.

    client = Client("http://127.0.0.1:8000")
    client.sign_in("contractor037", "…")
    client.post(f"/applications/{id}/submit", {"version": 3})      # Problem("machine_locked", …) if refused
    for each in client.items("/machines", stage="filed"): ...

Every change carries an Idempotency-Key, one's own or a new one, and keeps it when it is sent again: what could not be
answered just now (503, 429, a broken connection) is asked again while `patience` lasts. With patience 0 the first
answer counts. Clients made by `another` share the connections; they may work in threads of their own.
"""

import time
import uuid
from collections.abc import Iterator
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx

PREFIX = "/api/v1"
TIMEOUT = httpx.Timeout(30.0, connect=5.0)
CONNECTIONS = httpx.Limits(max_connections=100, max_keepalive_connections=100)
LONGEST_PAUSE = 5.0
Body = dict[str, Any]


class Problem(Exception):
    """A refusal (application/problem+json). `fields` has an entry a broken rule: {"path", "rule", "message", …}."""

    def __init__(self, status: int, body: Body, retry_after: float | None = None) -> None:
        self.status = status
        self.code: str = body.get("code") or str(status)
        self.detail: str = body.get("detail") or ""
        self.fields: list[Body] = body.get("fields") or []
        self.data: Body = body.get("data") or {}
        self.trace: str = body.get("trace") or ""
        self.retry_after = retry_after
        super().__init__(f"{status} {self.code}: {self.detail} {self._rules()} trace {self.trace}")

    def rules(self, path: str) -> list[str]:
        """The rules that the field at `path` breaks."""
        return [each["rule"] for each in self.fields if each["path"] == path]

    @property
    def is_passing(self) -> bool:
        """Whether the same request may well be answered in a while."""
        return self.status in (429, 503) or self.code == "request_in_progress"

    def _rules(self) -> str:
        return " ".join(f"{each.get('path')}={each.get('rule')}" for each in self.fields)


class Client:
    """One user's view of the API. `http` lets several users share connections."""

    def __init__(self, base_url: str, *, patience: float = 30.0, http: httpx.Client | None = None) -> None:
        # A session's cookie kept by the connection pool would speak for everybody who shares it.
        nothing_kept = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        self.base_url, self.patience = base_url.rstrip("/"), patience
        self.http = http or httpx.Client(timeout=TIMEOUT, limits=CONNECTIONS, cookies=nothing_kept, trust_env=False)
        self.token: str | None = None
        self.me: Body = {}

    def another(self) -> "Client":
        """Somebody else, not signed in yet, over the same connections."""
        return Client(self.base_url, patience=self.patience, http=self.http)

    def sign_in(self, username: str, password: str) -> "Client":
        """Act as this user from now on; `me` tells who that is."""
        self.token = None
        self.me = self._ask("POST", "/sessions", body={"username": username, "password": password})
        self.token = self.me["token"]
        return self

    def get(self, path: str, **query: Any) -> Body:
        """`query` without what is None."""
        return self._ask("GET", path, query={name: value for name, value in query.items() if value is not None})

    def post(self, path: str, body: Body | None = None, *, key: str | None = None) -> Body:
        return self._ask("POST", path, body=body or {}, key=key or new_key())

    def put(self, path: str, body: Body | None = None, *, key: str | None = None) -> Body:
        return self._ask("PUT", path, body=body or {}, key=key or new_key())

    def patch(self, path: str, body: Body | None = None, *, key: str | None = None) -> Body:
        return self._ask("PATCH", path, body=body or {}, key=key or new_key())

    def delete(self, path: str, *, key: str | None = None) -> Body:
        return self._ask("DELETE", path, key=key or new_key())

    def upload(self, path: str, content: bytes, *, key: str | None = None, **query: Any) -> Body:
        """Send a file as it is; the server knows its type by its content."""
        return self._ask("POST", path, query=query, content=content, key=key or new_key())

    def items(self, path: str, **query: Any) -> Iterator[Body]:
        """All entries of a list, page after page."""
        after: str | None = None
        while True:
            page = self.get(path, **query, **({"after": after} if after else {}))
            yield from page["items"]
            after = page["next"]
            if after is None:
                return

    def _ask(self, method: str, path: str, *, key: str | None = None, **sent: Any) -> Body:
        """The answer, asked for again while it is refused for a passing reason; raises `Problem`, or httpx's own."""
        deadline = time.monotonic() + self.patience
        while True:
            try:
                return self._send(method, path, key, **sent)
            except Problem as problem:
                pause = min(problem.retry_after or 1.0, LONGEST_PAUSE)
                if not problem.is_passing or time.monotonic() + pause > deadline:
                    raise
            except httpx.TransportError:
                pause = 0.5
                if time.monotonic() + pause > deadline:
                    raise
            time.sleep(pause)

    def _send(
        self, method: str, path: str, key: str | None, query: Body | None = None, body: Body | None = None,
        content: bytes | None = None,
    ) -> Body:  # fmt: skip
        headers = {"Idempotency-Key": key} if key else {}
        headers |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        answer = self.http.request(
            method, self.base_url + PREFIX + path, params=query, json=body, content=content, headers=headers
        )
        told: Body = answer.json() if "json" in answer.headers.get("Content-Type", "") else {}
        if answer.is_success:
            return told
        wait = answer.headers.get("Retry-After", "")
        raise Problem(answer.status_code, told, float(wait) if wait.isdigit() else None)


def new_key() -> str:
    return uuid.uuid4().hex
