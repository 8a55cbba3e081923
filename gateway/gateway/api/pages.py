"""The API's own description, and a page to read it and try it; nothing on it comes from another host."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from flask import Flask, Response

from gateway.api import openapi
from gateway.api.contracts import Contracts
from gateway.api.routes import Route
from gateway.api.view import JSON_TYPE, dump

FOLDER = Path(__file__).parent / "docs"
FILES = {
    "docs": ("index.html", "text/html; charset=utf-8"),
    "docs/docs.css": ("docs.css", "text/css; charset=utf-8"),
    "docs/docs.js": ("docs.js", "text/javascript; charset=utf-8"),
}


def install(app: Flask, prefix: str, routes: Sequence[Route], contracts: Contracts) -> None:
    @cache
    def described() -> str:
        return dump(openapi.document(routes, contracts, prefix))

    app.add_url_rule(f"{prefix}/openapi.json", "openapi", lambda: Response(described(), content_type=JSON_TYPE))
    for address, (name, media_type) in FILES.items():
        content = (FOLDER / name).read_bytes()
        app.add_url_rule(f"{prefix}/{address}", f"page:{name}", _page(content, media_type))


def _page(content: bytes, media_type: str) -> Callable[[], Response]:
    return lambda: Response(content, content_type=media_type)
