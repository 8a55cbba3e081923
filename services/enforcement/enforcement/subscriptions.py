"""What enforcement hears of filing: one method an event, each safe to run twice, late and out of order."""

from chassis.envelope import Event
from chassis.nameko.sessions import Sessions
from chassis.nameko.subscribe import hears
from enforcement import hearing
from enforcement.heard import OrganisationHeard, ProjectHeard


class EnforcementSubscriptions:
    name = "enforcement-subscriptions"
    sessions = Sessions()

    @hears("filing", "organisation_opened", version=1, as_=OrganisationHeard)
    def organisation_opened(self, event: Event) -> None:
        hearing.organisation(self.sessions, event)

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
