import os
import time

from chassis.database import transaction
from chassis.envelope import Event
from chassis.errors import Unavailable
from chassis.inbox import first_time
from chassis.nameko.sessions import Given, Sessions
from chassis.nameko.subscribe import hears
from echo.evidence import evidence_from
from echo.schemas import ThingHeard


class EchoSubscriptions:
    name = "echo-subscriptions"
    sessions = Sessions()
    evidence = Given(evidence_from)

    @hears("source", "thing_happened", version=1, as_=ThingHeard)
    def thing_happened(self, event: Event) -> None:
        text = event.data["text"]
        self.evidence(f"began {text}")
        time.sleep(event.data["seconds"])
        match event.data["how"]:
            case "fail":
                raise RuntimeError("identity 130102199003070014")
            case "outage":
                raise Unavailable("service_down")
            case "die":
                os._exit(9)
        with transaction(self.sessions) as session:
            if first_time(session, event.id, reader="echo.thing_happened"):
                self.evidence(f"handled {text}")
