"""Somebody at a browser: cookies are kept, forms are posted with what the page gave them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gateway.testing.visits import Visit

PASSWORD = "Sitework-2026"


class Browser:
    """Sends forms as a page does: with the CSRF token and key that stand in the last page."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page = ""

    def get(self, path: str, **options: Any) -> TestResponse:
        reply = self.client.get(path, **options)
        if reply.mimetype == "text/html":
            self.page = reply.text
        return reply

    def post(self, path: str, form: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        given = {name: self.hidden(name) for name in ("_csrf", "_key")}
        return self.client.post(path, data=given | (form or {}), **options)

    def hidden(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        return found.group(1) if found else ""

    def sign_in(self, username: str, password: str = PASSWORD) -> "Browser":
        self.get("/login")
        reply = self.post("/login", {"username": username, "password": password})
        assert reply.status_code == 303, reply.text
        self.get(reply.headers["Location"])
        return self


@pytest.fixture
def browser(visit: Callable[..., Visit]) -> Callable[[], Browser]:
    """A fresh browser."""
    return lambda: Browser(visit().client.application.test_client())
