"""What filing hears, in a process of its own."""

from chassis.envelope import Event
from chassis.nameko.sessions import Sessions
from chassis.nameko.subscribe import hears
from filing import stops, unlocking, vacancies
from filing.heard import MachineRetired, MachineUnlocked, PersonUnlocked, WorksHeard


class FilingSubscriptions:
    name = "filing-subscriptions"
    sessions = Sessions()

    @hears("equipment", "machine_unlocked", version=1, as_=MachineUnlocked)
    def machine_unlocked(self, event: Event) -> None:
        unlocking.machine_unlocked(self.sessions, event)

    @hears("equipment", "machine_retired", version=1, as_=MachineRetired)
    def machine_retired(self, event: Event) -> None:
        unlocking.machine_retired(self.sessions, event)

    @hears("personnel", "person_unlocked", version=1, as_=PersonUnlocked)
    def person_unlocked(self, event: Event) -> None:
        vacancies.person_unlocked(self.sessions, event)

    @hears("enforcement", "work_stopped", version=1, as_=WorksHeard)
    def work_stopped(self, event: Event) -> None:
        stops.work_stopped(self.sessions, event)

    @hears("enforcement", "work_resumed", version=1, as_=WorksHeard)
    def work_resumed(self, event: Event) -> None:
        stops.work_resumed(self.sessions, event)
