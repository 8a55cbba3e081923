"""What enforcement does by itself, on time."""

from datetime import timedelta

from chassis.clock import now
from chassis.process import Tools
from chassis.scheduler import Job
from enforcement import numbering


def jobs(tools: Tools) -> list[Job]:
    """Numbers of blocks that lapsed unused are made void."""
    return [Job("settle_number_blocks", timedelta(minutes=1), lambda: numbering.settle_blocks(tools.sessions, now))]
