"""What attendance hears of filing and personnel: one method an event, each safe to run twice, late and out of order."""

from attendance import hearing
from attendance.heard import PersonHeard, ProjectHeard, ReplacedHeard, WorksHeard
from chassis.envelope import Event
from chassis.nameko.sessions import Sessions
from chassis.nameko.subscribe import hears


class AttendanceSubscriptions:
    name = "attendance-subscriptions"
    sessions = Sessions()

    @hears("filing", "project_registered", version=1, as_=ProjectHeard)
    def project_registered(self, event: Event) -> None:
        hearing.project(self.sessions, event)

    @hears("filing", "project_changed", version=1, as_=ProjectHeard)
    def project_changed(self, event: Event) -> None:
        hearing.project(self.sessions, event)

    @hears("filing", "project_suspended", version=1, as_=ProjectHeard)
    def project_suspended(self, event: Event) -> None:
        hearing.project(self.sessions, event)

    @hears("filing", "project_resumed", version=1, as_=ProjectHeard)
    def project_resumed(self, event: Event) -> None:
        hearing.project(self.sessions, event)

    @hears("filing", "project_closed", version=1, as_=ProjectHeard)
    def project_closed(self, event: Event) -> None:
        hearing.project(self.sessions, event)

    @hears("personnel", "person_locked", version=1, as_=PersonHeard)
    def person_locked(self, event: Event) -> None:
        hearing.duty_began(self.sessions, event)

    @hears("personnel", "person_unlocked", version=1, as_=PersonHeard)
    def person_unlocked(self, event: Event) -> None:
        hearing.duty_ended(self.sessions, event)

    @hears("personnel", "person_replaced", version=1, as_=ReplacedHeard)
    def person_replaced(self, event: Event) -> None:
        hearing.duty_passed_on(self.sessions, event)

    @hears("enforcement", "work_stopped", version=1, as_=WorksHeard)
    def work_stopped(self, event: Event) -> None:
        hearing.work_stopped(self.sessions, event)

    @hears("enforcement", "work_resumed", version=1, as_=WorksHeard)
    def work_resumed(self, event: Event) -> None:
        hearing.work_resumed(self.sessions, event)
