"""Somebody who asks the API over HTTP, as a program would: in the test's own process."""

import uuid
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PREFIX = "/api/v1"


class Visit:
    """`token` goes along with every request once signed in; every POST has an Idempotency-Key of its own unless given."""

    def __init__(self, client: FlaskClient, token: str = "", address: str = "192.0.2.1") -> None:
        self.client = client
        self.token = token
        self.address = address

    def as_(self, token: str) -> "Visit":
        return Visit(self.client.application.test_client(use_cookies=False), token, self.address)

    def sign_in(self, username: str, password: str) -> "Visit":
        """The same gateway, as somebody; the sign-in must succeed."""
        reply = self.post("/sessions", {"username": username, "password": password})
        if reply.status_code != 201:
            raise AssertionError(reply.text)
        return self.as_(reply.json["token"])  # type: ignore[index]

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.send("GET", path, **options)

    def post(self, path: str, body: Any = None, key: str | None = None, **options: Any) -> TestResponse:
        headers = {"Idempotency-Key": key or str(uuid.uuid4())} | options.pop("headers", {})
        if body is not None:
            options["json"] = body
        return self.send("POST", path, headers=headers, **options)

    def put(self, path: str, body: Any, **options: Any) -> TestResponse:
        return self.send("PUT", path, json=body, **options)

    def patch(self, path: str, body: Any, **options: Any) -> TestResponse:
        return self.send("PATCH", path, json=body, **options)

    def delete(self, path: str, **options: Any) -> TestResponse:
        return self.send("DELETE", path, **options)

    def send(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = dict(options.pop("headers", {}))
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        options.setdefault("environ_base", {"REMOTE_ADDR": self.address})
        return self.client.open(PREFIX + path, method=method, headers=headers, **options)
