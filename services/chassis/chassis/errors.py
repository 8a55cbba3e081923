"""Refusals: the few ways in which a request can be turned down.

    Refusal
    ├── Invalid       422   one or more fields break a rule
    ├── Forbidden     403   known, but may not
    ├── NotFound      404   no such thing, or not his to know of
    ├── Conflict      409   somebody or something stands in the way: who, since when
    └── Unavailable   503   not now; try again after a while

A refusal is an expected answer. It carries a stable machine word (`code`) and plain data (`detail`), never a
sentence for people: the gateway writes that, in the reader's language. Over the bus it travels in the reply's body
(`to_reply`, `raise_refusal`), never as a Python path.
"""

from typing import Any, ClassVar, NoReturn

FieldErrors = dict[str, list[dict[str, Any]]]


class Refusal(Exception):
    """A request was turned down for the reason `code`, with `detail` as JSON-ready data."""

    kind: ClassVar[str] = "refusal"

    def __init__(self, code: str, **detail: Any) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail

    def to_reply(self) -> dict[str, Any]:
        return {"refused": {"kind": self.kind, "code": self.code, "detail": self.detail}}


class Invalid(Refusal):
    """Fields break rules: `fields` maps a dotted path to a list of {"rule": code, …parameters}."""

    kind = "invalid"

    def __init__(self, fields: FieldErrors, code: str = "invalid_fields", **detail: Any) -> None:
        super().__init__(code, fields=fields, **detail)

    @property
    def fields(self) -> FieldErrors:
        fields: FieldErrors = self.detail["fields"]
        return fields

    @classmethod
    def field(cls, path: str, rule: str, **parameters: Any) -> "Invalid":
        """One field, one broken rule."""
        return cls({path: [{"rule": rule, **parameters}]})


class NotFound(Refusal):
    kind = "not_found"


class Forbidden(Refusal):
    kind = "forbidden"


class Conflict(Refusal):
    kind = "conflict"


class Unavailable(Refusal):
    """The answer cannot be had now; `retry_after` says in how many seconds to ask again."""

    kind = "unavailable"

    def __init__(self, code: str = "unavailable", retry_after: int = 5, **detail: Any) -> None:
        super().__init__(code, retry_after=retry_after, **detail)


KINDS: dict[str, type[Refusal]] = {kind.kind: kind for kind in (Invalid, NotFound, Forbidden, Conflict, Unavailable)}


def from_reply(refused: dict[str, Any]) -> Refusal:
    """The refusal that the `refused` part of a reply tells of; an unknown kind counts as `Unavailable`."""
    kind = KINDS.get(refused.get("kind", ""), Unavailable)
    refusal = kind.__new__(kind)
    Refusal.__init__(refusal, refused.get("code", "unavailable"), **refused.get("detail", {}))
    return refusal


def raise_refusal(refused: dict[str, Any]) -> NoReturn:
    raise from_reply(refused)
