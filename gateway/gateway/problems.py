"""Refusals become HTTP here and nowhere else: application/problem+json (RFC 9457), in the reader's language, with a stable code.

Outside the API the same problem is told as a page, by whom `PAGES` names among the application's extensions.
"""

from typing import Any

from flask import Flask, Response, current_app, json
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

from chassis import errors, telemetry
from chassis.errors import Refusal, Unavailable
from gateway import texts
from gateway.refusals import Broken, TooLarge, Unreadable, WrongMethod

log = telemetry.logger()

STATUS = {
    "unreadable": 400,
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "wrong_method": 405,
    "conflict": 409,
    "too_large": 413,
    "wrong_type": 415,
    "invalid": 422,
    "too_many": 429,
    "broken": 500,
    "unavailable": 503,
}
# Told as a conflict by the services, whose words are few; HTTP's drafts on Idempotency-Key name a status of its own.
STATUS_OF_CODE = {"idempotency_key_reused": 422}
TYPE = "/api/v1/docs#problem-"
MEDIA_TYPE = "application/problem+json"
PAGES = "pages of problems"


def install(app: Flask) -> None:
    """Whatever is raised in a view is answered as a problem."""
    app.register_error_handler(Refusal, answer)
    app.register_error_handler(HTTPException, lambda error: answer(_refusal_of(error)))
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(PoolTimeout, _database_away)
    app.register_error_handler(Exception, _bug)


def answer(refusal: Refusal) -> Any:
    """The refusal as a response: a page where there is one for the address, else a problem document."""
    page = current_app.extensions.get(PAGES)
    return (page(refusal) if page else None) or as_document(refusal)


def as_document(refusal: Refusal) -> Response:
    status = status_of(refusal)
    body = document(refusal, status)
    response = Response(json.dumps(body, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)
    if "retry_after" in refusal.detail:
        response.headers["Retry-After"] = str(refusal.detail["retry_after"])
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def status_of(refusal: Refusal) -> int:
    return STATUS_OF_CODE.get(refusal.code) or STATUS.get(refusal.kind, 500)


def document(refusal: Refusal, status: int) -> dict[str, Any]:
    """`fields` has one entry a broken rule; `data` what the refusal tells besides, for machines."""
    data = {name: value for name, value in refusal.detail.items() if name != "fields"}
    body = {
        "type": TYPE + refusal.code,
        "title": texts.title_of(refusal.code),
        "status": status,
        "detail": texts.detail_of(refusal.code, data),
        "code": refusal.code,
        "fields": _fields(refusal.detail.get("fields") or {}),
        "trace": telemetry.current_trace(),
    }
    return body | ({"data": texts.explain(data)} if data else {})


def _fields(fields: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [
        {"path": path, **broken, "message": texts.rule(broken.get("rule", ""), broken)}
        for path, rules in fields.items()
        for broken in rules
    ]


def _refusal_of(error: HTTPException) -> Refusal:
    """Flask's own refusals in our words."""
    if isinstance(error, MethodNotAllowed):
        return WrongMethod("method_not_allowed", allowed=sorted(error.valid_methods or []))
    if isinstance(error, NotFound):
        return errors.NotFound("no_such_address")
    if isinstance(error, RequestEntityTooLarge):
        return TooLarge("body_too_large")
    return Unreadable("bad_request")


def _database_away(error: Exception) -> Any:
    """Away, or too busy to answer in time: not our caller's fault, and over in a while."""
    log.warning("database_away", error=repr(error))
    return answer(Unavailable("database_away"))


def _bug(error: Exception) -> Any:
    log.error("request_broke", exc_info=error)
    return answer(Broken())
