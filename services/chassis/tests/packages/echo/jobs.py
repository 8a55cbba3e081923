import time
from datetime import timedelta

from chassis.process import Tools
from chassis.scheduler import Job
from echo.evidence import evidence_from


def jobs(tools: Tools) -> list[Job]:
    evidence = evidence_from(tools.settings)

    def fail() -> None:
        evidence("failing")
        raise RuntimeError

    def overrun() -> None:
        evidence("overrunning")
        time.sleep(300)

    return [
        Job("tick", timedelta(seconds=0.2), lambda: evidence("tick")),
        Job("fail", timedelta(seconds=0.2), fail),
        Job("overrun", timedelta(seconds=0.2), overrun, limit=timedelta(seconds=1)),
    ]
