"""The client against a server that answers as the gateway does: refusals told, passing ones asked again with the same key."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from deploy.demo.client import Client, Problem

Answer = tuple[int, dict[str, Any], dict[str, str]]


class Server(ThreadingHTTPServer):
    """Answers with what was put into `answers`, in order; keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[Answer] = []
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append((self.command, self.path, dict(self.headers), body))
        status, told, headers = self.server.answers.pop(0)
        content = json.dumps(told).encode()
        self.send_response(status)
        sent = {"Content-Type": "application/json", "Content-Length": str(len(content)), **headers}
        for name, value in sent.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(server: Server) -> Client:
    return Client(f"http://127.0.0.1:{server.server_port}")


def test_a_signed_in_user_sends_his_token_and_keeps_no_cookie(server: Server, client: Client) -> None:
    server.answers = [(201, {"token": "t-1"}, {"Set-Cookie": "anjian_session=t-1; Path=/"}), (200, {"items": []}, {})]

    client.sign_in("aj130102", "…")
    client.get("/machines", stage="filed", q=None)

    _, path, headers, _ = server.asked[1]
    assert (path, headers["Authorization"]) == ("/api/v1/machines?stage=filed", "Bearer t-1")
    assert "Cookie" not in headers


def test_what_cannot_be_answered_now_is_asked_again_under_the_same_key(server: Server, client: Client) -> None:
    server.answers = [(503, {"code": "unavailable"}, {"Retry-After": "0"}), (201, {"person_id": "1"}, {})]

    assert client.post("/people", {"name": "张三"}) == {"person_id": "1"}

    keys = [headers["Idempotency-Key"] for _, _, headers, _ in server.asked]
    assert len(keys) == 2 and len(set(keys)) == 1


def test_a_client_without_patience_takes_the_first_answer(server: Server, client: Client) -> None:
    server.answers = [(503, {"code": "unavailable", "detail": "稍后再试"}, {"Retry-After": "3"})]
    client.patience = 0

    with pytest.raises(Problem) as told:
        client.get("/home")

    assert (told.value.status, told.value.code, told.value.retry_after) == (503, "unavailable", 3.0)


def test_a_refusal_tells_its_code_fields_and_data(server: Server, client: Client) -> None:
    fields = [{"path": "form.made_on", "rule": "required", "message": "必填"}]
    server.answers = [(422, {"code": "invalid_fields", "fields": fields, "data": {"version": 3}}, {})]

    with pytest.raises(Problem) as told:
        client.put("/applications/1/draft", {"version": 2})

    assert told.value.code == "invalid_fields" and told.value.data == {"version": 3}
    assert told.value.rules("form.made_on") == ["required"] and told.value.rules("form.kind") == []


def test_a_list_is_read_page_after_page(server: Server, client: Client) -> None:
    server.answers = [(200, {"items": [{"n": 1}], "next": "c"}, {}), (200, {"items": [{"n": 2}], "next": None}, {})]

    assert [each["n"] for each in client.items("/machines", limit=1)] == [1, 2]
    assert server.asked[1][1] == "/api/v1/machines?limit=1&after=c"


def test_a_connection_that_is_refused_is_told_when_patience_is_over(server: Server) -> None:
    port = server.server_port
    server.shutdown()
    server.server_close()

    with pytest.raises(httpx.TransportError):
        Client(f"http://127.0.0.1:{port}", patience=0).get("/home")
