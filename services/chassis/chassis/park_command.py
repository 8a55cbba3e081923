"""`python -m <service> parked list | show ID | mend ID < body.json | replay ID …`: the operator's way to parked messages."""

import json
import sys

from chassis import park
from chassis.database import transaction
from chassis.errors import Refusal
from chassis.process import Tools

USAGE = "parked list | show ID | mend ID < body.json | replay ID … | replay --all\n"


def run(tools: Tools, arguments: list[str]) -> int:
    """The exit code: 0 done, 1 refused (told in one line), 2 not understood."""
    try:
        return _act(tools, arguments)
    except Refusal as refusal:
        sys.stderr.write(f"{refusal.code}: {json.dumps(refusal.detail, ensure_ascii=False)}\n")
        return 1


def _act(tools: Tools, arguments: list[str]) -> int:
    match arguments:
        case ["list"]:
            with transaction(tools.sessions) as session:
                for each in park.listed(session):
                    _tell(each)
        case ["show", id]:
            with transaction(tools.sessions) as session:
                _tell(park.shown(session, id))
        case ["mend", id]:
            with transaction(tools.sessions) as session:
                park.mend(session, id, sys.stdin.buffer.read())
        case ["replay", "--all"]:
            with transaction(tools.sessions) as session:
                waiting = [str(each["id"]) for each in park.listed(session)]
            park.replay(tools.sessions, tools.settings.amqp_uri, tools.service, waiting)
        case ["replay", *ids] if ids:
            park.replay(tools.sessions, tools.settings.amqp_uri, tools.service, ids)
        case _:
            sys.stderr.write(USAGE)
            return 2
    return 0


def _tell(row: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
