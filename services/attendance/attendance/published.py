"""The events that attendance publishes: their data, and examples that every reader's narrow view is tested against."""

from chassis.contract import Told

EVENTS: tuple[Told, ...] = ()
