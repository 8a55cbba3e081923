"""What is done about each event heard, its data loaded by the schema in `heard`: once, however often it comes."""

from chassis.clock import Clock
from chassis.database import Sessions, transaction
from chassis.envelope import Event
from chassis.inbox import first_time
from personnel import news, projects
from personnel.heard import news_of_event
from personnel.terms import Occasion


def application(sessions: Sessions, event: Event, clock: Clock) -> None:
    """An application was submitted, returned, withdrawn, rejected or approved.

    Raises `Contradiction` where it cannot be put into effect: the delivery is tried again, then parked.
    """
    heard = news_of_event(event)
    if heard is None:
        return
    with transaction(sessions) as session:
        if first_time(session, event.id, reader=f"personnel.{event.type}"):
            news.apply(session, heard, Occasion(heard.at, clock(), heard.by))


def project(sessions: Sessions, event: Event, clock: Clock) -> None:
    """A project was registered, changed, suspended, resumed, merged into another, or closed."""
    with transaction(sessions) as session:
        if first_time(session, event.id, reader=f"personnel.{event.type}"):
            projects.hear(session, event.data, Occasion(event.occurred_at, clock(), event.principal))


def machine_unlocked(sessions: Sessions, event: Event, clock: Clock) -> None:
    """A machine left its project: dismantled, unlocked by an agency, or its notice came to nothing."""
    with transaction(sessions) as session:
        if first_time(session, event.id, reader=f"personnel.{event.type}"):
            occasion = Occasion(event.occurred_at, clock(), event.principal)
            news.machine_left(session, event.data["machine_id"], event.data["project_id"], occasion)
