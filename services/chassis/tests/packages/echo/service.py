import time
from datetime import UTC, date, datetime
from typing import Any

import eventlet.patcher
from sqlalchemy import text

from chassis.call import Call
from chassis.database import transaction
from chassis.errors import Conflict
from chassis.nameko.answers import answers
from chassis.nameko.sessions import Calls, Given, Sessions
from echo.evidence import evidence_from
from echo.schemas import BehaveReply, BehaveRequest, EchoReply, EchoRequest, MomentsReply, Nothing


class EchoService:
    name = "echo"
    sessions = Sessions()
    caller = Calls()
    evidence = Given(evidence_from)

    @answers(EchoRequest, EchoReply)
    def echo(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        self.evidence(f"began {request['text']}")
        time.sleep(request["seconds"])
        self.evidence(f"ended {request['text']}")
        return {
            "text": request["text"],
            "user_id": call.principal.user_id,
            "key": call.key,
            "trace": call.trace,
            "left": call.left(),
        }

    @answers(EchoRequest, EchoReply)
    def ask_again(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        return self.caller.call("echo", "echo", request, call.token, deadline=call.left(1.0), key=call.key)

    @answers(EchoRequest, EchoReply)
    def sleep_in_database(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        with transaction(self.sessions) as session:
            session.execute(text("select pg_sleep(:seconds)"), {"seconds": request["seconds"]})
        return {"text": request["text"]}

    @answers(Nothing, MomentsReply)
    def moments(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        return {"day": date(2026, 3, 2), "at": datetime(2026, 3, 2, tzinfo=UTC), "rate": 0.5, "parts": ("a", "b")}

    @answers(BehaveRequest, BehaveReply)
    def behave(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        match request["how"]:
            case "conflict":
                raise Conflict("machine_locked", held_by="甲项目", since="2026-03-02")
            case "bug":
                raise RuntimeError("phone 13812345678")
            case "wrong_refusal":
                raise Conflict("machine_locked", since=date(2026, 3, 2))
            case "wrong_reply":
                return {"day": object()}
            case "database_away":
                with transaction(self.sessions) as session:
                    session.execute(text("select pg_sleep(60)"))
            case "block_hub":
                self.evidence("began to block")
                eventlet.patcher.original("time").sleep(4)
                self.evidence("ended to block")
        return {"day": date(2026, 3, 2)}
