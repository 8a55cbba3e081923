"""What equipment hears of filing and enforcement: one method an event, each safe to run twice, late and out of order."""

from chassis.clock import now
from chassis.envelope import Event
from chassis.nameko.sessions import Sessions
from chassis.nameko.subscribe import hears
from equipment import hearing
from equipment.heard import ApplicationHeard, ProjectHeard, WorksHeard


class EquipmentSubscriptions:
    name = "equipment-subscriptions"
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

    @hears("filing", "project_closed", version=1, as_=ProjectHeard)
    def project_closed(self, event: Event) -> None:
        hearing.project(self.sessions, event, now)

    @hears("enforcement", "work_stopped", version=1, as_=WorksHeard)
    def work_stopped(self, event: Event) -> None:
        hearing.work_stopped(self.sessions, event)

    @hears("enforcement", "work_resumed", version=1, as_=WorksHeard)
    def work_resumed(self, event: Event) -> None:
        hearing.work_resumed(self.sessions, event)
