"""What personnel hears of filing and equipment: one method an event, each safe to run twice, late and out of order."""

from chassis.clock import now
from chassis.envelope import Event
from chassis.nameko.sessions import Sessions
from chassis.nameko.subscribe import hears
from personnel import hearing
from personnel.heard import ApplicationHeard, MachineUnlockedHeard, ProjectHeard


class PersonnelSubscriptions:
    name = "personnel-subscriptions"
    sessions = Sessions()

    @hears("filing", "application_submitted", version=1, as_=ApplicationHeard)
    def application_submitted(self, event: Event) -> None:
        hearing.application(self.sessions, event, now)

    @hears("filing", "application_returned", version=1, as_=ApplicationHeard)
    def application_returned(self, event: Event) -> None:
        hearing.application(self.sessions, event, now)

    @hears("filing", "application_withdrawn", version=1, as_=ApplicationHeard)
    def application_withdrawn(self, event: Event) -> None:
        hearing.application(self.sessions, event, now)

    @hears("filing", "application_rejected", version=1, as_=ApplicationHeard)
    def application_rejected(self, event: Event) -> None:
        hearing.application(self.sessions, event, now)

    @hears("filing", "application_approved", version=1, as_=ApplicationHeard)
    def application_approved(self, event: Event) -> None:
        hearing.application(self.sessions, event, now)

    @hears("filing", "project_registered", version=1, as_=ProjectHeard)
    def project_registered(self, event: Event) -> None:
        hearing.project(self.sessions, event, now)

    @hears("filing", "project_changed", version=1, as_=ProjectHeard)
    def project_changed(self, event: Event) -> None:
        hearing.project(self.sessions, event, now)

    @hears("filing", "project_suspended", version=1, as_=ProjectHeard)
    def project_suspended(self, event: Event) -> None:
        hearing.project(self.sessions, event, now)

    @hears("filing", "project_resumed", version=1, as_=ProjectHeard)
    def project_resumed(self, event: Event) -> None:
        hearing.project(self.sessions, event, now)

    @hears("filing", "project_closed", version=1, as_=ProjectHeard)
    def project_closed(self, event: Event) -> None:
        hearing.project(self.sessions, event, now)

    @hears("equipment", "machine_unlocked", version=1, as_=MachineUnlockedHeard)
    def machine_unlocked(self, event: Event) -> None:
        hearing.machine_unlocked(self.sessions, event, now)
