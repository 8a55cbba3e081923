"""What enforcement does by itself, on time."""

from datetime import timedelta

from chassis.clock import now
from chassis.process import Tools
from chassis.scheduler import Job
from enforcement import case_time, numbering


def jobs(tools: Tools) -> list[Job]:
    """Numbers of blocks that lapsed unused are made void; clocks of cases that are past are told once."""
    return [
        Job("settle_number_blocks", timedelta(minutes=1), lambda: numbering.settle_blocks(tools.sessions, now)),
        Job("tell_past_clocks", timedelta(minutes=1), lambda: case_time.tell_past(tools.sessions, now)),
    ]
