"""What is done about each event heard, its data loaded by the schemas of `heard`: once, however often it comes."""

from chassis.clock import Clock
from chassis.database import Sessions, transaction
from chassis.envelope import Event
from chassis.inbox import first_time
from equipment import news, projects, stops
from equipment.heard import news_of_event
from equipment.terms import Occasion


def application(sessions: Sessions, event: Event, clock: Clock) -> None:
    """An application was submitted, returned, withdrawn, rejected or approved.

    Raises `Contradiction` where it cannot be put into effect: the delivery is tried again, then parked.
    """
    heard = news_of_event(event)
    if heard is None:
        return
    with transaction(sessions) as session:
        if first_time(session, event.id, reader=f"equipment.{event.type}"):
            news.apply(session, heard, Occasion(heard.at, clock(), heard.by))


def project(sessions: Sessions, event: Event, clock: Clock) -> None:
    """A project was registered, changed, merged into another, or closed."""
    with transaction(sessions) as session:
        if first_time(session, event.id, reader=f"equipment.{event.type}"):
            projects.hear(session, event.data, Occasion(event.occurred_at, clock(), event.principal))
            if event.data["merged_into"]:
                stops.move(session, event.data["project_id"], event.data["merged_into"])


def work_stopped(sessions: Sessions, event: Event) -> None:
    """An order stopped works of a project."""
    with transaction(sessions) as session:
        if first_time(session, event.id, reader=f"equipment.{event.type}"):
            stops.stop(session, event.data, event.occurred_at)


def work_resumed(sessions: Sessions, event: Event) -> None:
    """What an order had stopped may go on."""
    with transaction(sessions) as session:
        if first_time(session, event.id, reader=f"equipment.{event.type}"):
            stops.resume(session, event.data, event.occurred_at)
