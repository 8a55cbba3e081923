"""Refusals that only an HTTP server knows; those of the services are in `chassis.errors`."""

from chassis.errors import Refusal


class Unreadable(Refusal):
    """400: the request is not what HTTP or JSON demand."""

    kind = "unreadable"


class Unauthenticated(Refusal):
    """401: who is asking is not known."""

    kind = "unauthenticated"


class WrongMethod(Refusal):
    kind = "wrong_method"


class TooLarge(Refusal):
    """413; `limit` in bytes."""

    kind = "too_large"


class WrongType(Refusal):
    """415: the content's type is not one that this address takes."""

    kind = "wrong_type"


class TooMany(Refusal):
    """429; `retry_after` in seconds."""

    kind = "too_many"

    def __init__(self, code: str, retry_after: int) -> None:
        super().__init__(code, retry_after=retry_after)


class Broken(Refusal):
    """500: our own fault; only the trace is told."""

    kind = "broken"

    def __init__(self) -> None:
        super().__init__("internal_error")
