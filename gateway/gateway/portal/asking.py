"""Asking the services for a page: one RPC, as the visitor, with words beside every code that the reply holds."""

from typing import Any

from chassis.call import Answer
from chassis.errors import Refusal
from gateway import texts
from gateway.api.admission import as_whom, visitor
from gateway.bus import Body, Rpc
from gateway.parts import parts
from gateway.portal import words


def ask(rpc: Rpc, request: Body | None = None, *, key: str | None = None) -> Body:
    """The reply, ready to be shown: `stage_word` stands beside `stage`, a `message` in every finding.

    `key` makes a change repeatable: the key that the form was given when it was drawn. Raises what the service refuses.
    """
    reply = parts().bus.call(rpc, request or {}, as_whom(visitor()), key=key)
    return _shown(rpc, reply)


def ask_all(asked: dict[str, tuple[Rpc, Body]]) -> tuple[dict[str, Body | None], list[str]]:
    """Several services at the same time, for pages that gather: what came by its name, and the names that did not answer."""
    answers: list[Answer] = parts().bus.call_many(list(asked.values()), as_whom(visitor()))
    came: dict[str, Body | None] = {}
    silent: list[str] = []
    for (name, (rpc, _)), answer in zip(asked.items(), answers, strict=True):
        came[name] = None if isinstance(answer, Refusal) else _shown(rpc, answer)
        if isinstance(answer, Refusal) and answer.kind == "unavailable":
            silent.append(name)
    return came, silent


def _shown(rpc: Rpc, reply: Body) -> Body:
    explained: Any = words.beside_codes(rpc, texts.explain(reply))
    found: Body = explained
    return found
