"""What surrounds every request: its trace, who sends it, and the headers that keep a browser from harm."""

import re
import time

from flask import Flask, Response, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from chassis import telemetry
from gateway import bus
from gateway.parts import parts
from gateway.settings import GatewaySettings
from gateway.visitors import Visitor, recognise

log = telemetry.logger()

TRACE_HEADER = "X-Trace-Id"
TRACE_PATTERN = re.compile(r"[0-9a-zA-Z-]{8,64}")
# A longer body is not read to its end: the server then hangs up.
UNREAD_LIMIT = 16 * 1024 * 1024
PART = 64 * 1024
API = "/api/"
TILES = re.compile(r"(https?://(?:\{s\}\.)?[A-Za-z0-9.-]+(?::[0-9]+)?)/\S*\{z\}\S*", re.ASCII)
# A page's form with all its files; what the API takes is limited route by route.
LONGEST_PAGE_FORM = 32 * 1024 * 1024
POLICY = "Content-Security-Policy"
HEADERS = {
    # Scripts, styles and pictures from here alone; no frame, no form to elsewhere.
    POLICY: "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self)",
    "Cache-Control": "no-store",
    "Server": "anjian",  # what the server would name here, with its version, is nobody's business
}
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


def install(app: Flask, settings: GatewaySettings) -> None:
    if settings.trusted_proxies:
        behind = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=behind, x_proto=behind, x_host=behind)  # type: ignore[method-assign]
    app.before_request(_begin)
    headers = HEADERS | {POLICY: _policy(settings.map_tiles)} | (HTTPS_ONLY if settings.secure_cookies else {})
    app.after_request(lambda response: _finish(response, headers))
    app.teardown_request(lambda _: bus.end_request())


def _policy(map_tiles: str) -> str:
    """With a tile server, pictures may come from its origin too, and nothing else."""
    origin = origin_of(map_tiles)
    return HEADERS[POLICY].replace("img-src 'self'", f"img-src 'self' {origin}") if origin else HEADERS[POLICY]


def origin_of(address: str) -> str:
    """https://tiles.example:8443, of an address of tiles; {s} stands for any one of its hosts. Raises `ValueError` for an
    address that is none: a policy must not be widened by a slip of the pen."""
    if not address:
        return ""
    found = TILES.fullmatch(address)
    if found is None:
        raise ValueError(f"map_tiles is no address of tiles: {address}")
    return found[1].replace("{s}.", "*.")


def _begin() -> None:
    told = request.headers.get(TRACE_HEADER, "")
    g.began = time.perf_counter()
    if not request.path.startswith(API):
        request.max_content_length = LONGEST_PAGE_FORM
    if TRACE_PATTERN.fullmatch(told):
        telemetry.trace.set(told)
    else:
        telemetry.new_trace()
    bus.begin_request()
    g.visitor = recognise(parts(), request)


def _finish(response: Response, headers: dict[str, str]) -> Response:
    _read_to_the_end()
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    response.headers[TRACE_HEADER] = telemetry.current_trace()
    _tell(response)
    return response


def _read_to_the_end() -> None:
    """Of a body that was refused unread, so that the connection stays good for the next request."""
    body, left = request.environ["wsgi.input"], UNREAD_LIMIT
    while left > 0 and (part := body.read(min(left, PART))):
        left -= len(part)


def _tell(response: Response) -> None:
    """The access log: the route, never the address itself, which may hold somebody's name or number."""
    route = request.url_rule.rule if request.url_rule is not None else "none"
    seconds = time.perf_counter() - g.began
    telemetry.http_requests.labels(request.method, route, str(response.status_code)).inc()
    telemetry.http_request_seconds.labels(request.method, route).observe(seconds)
    visitor: Visitor | None = g.get("visitor")
    log.info(
        "request_answered",
        method=request.method,
        route=route,
        status=response.status_code,
        seconds=round(seconds, 4),
        account_id=visitor.account.id if visitor and visitor.account else None,
    )
